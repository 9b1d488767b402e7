#!/usr/bin/python3
"""A name says where a file is: no two of one name in src/, none in tests/. Prints each pair and fails when there is one.

In src/ `file.c` and `file.h` of one folder are one module, and no other folder has a file of that name. In tests/ whole names count, as
`folds.c` and `folds.py` are not mistaken for each other; folders that hold sources have one README.md and one CMakeLists.txt each. Unit
tests stand in the room that they test: tests/unit/ROOM/ needs src/ROOM/. Python files find each other without changing
sys.path, by PYTHONPATH.

usage: names.py SOURCE_DIR (the folder that holds src/ and tests/)
"""
import collections
import sys
from pathlib import Path

IN_EVERY_FOLDER = {"CMakeLists.txt", "README.md", "__init__.py"}
NO_SOURCES = {"data", "__pycache__"}  # folders


def files(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file() and not NO_SOURCES & set(path.relative_to(folder).parts))


def used_twice(folder, name_of, place_of):
    """A line for each name that stands for two different places."""
    places = collections.defaultdict(set)
    for path in files(folder):
        if path.name not in IN_EVERY_FOLDER:
            places[name_of(path)].add(str(place_of(path).relative_to(folder.parent)))
    return [f"{name} is the name of {', '.join(sorted(found))}" for name, found in sorted(places.items()) if len(found) > 1]


def unit_tests_without_room(folder):
    unit = folder / "tests" / "unit"
    rooms = sorted({path.parent.relative_to(unit) for path in files(unit)})
    return [f"tests/unit/{room}: there is no src/{room}" for room in rooms if not (folder / "src" / room).is_dir()]


def path_hops(folder):
    hop = "sys.path" + "."
    scripts = [path for path in files(folder / "tests") if path.suffix == ".py"]
    return [f"{path.relative_to(folder)}: changes sys.path (tests/README.md says how helpers are found)" for path in scripts
            if hop in path.read_text()]


def check(folder):
    return [
        *used_twice(folder / "src", lambda path: path.stem, lambda path: path.with_suffix("")),
        *used_twice(folder / "tests", lambda path: path.name, lambda path: path),
        *unit_tests_without_room(folder),
        *path_hops(folder),
    ]


def main():
    folder = Path(sys.argv[1]) if len(sys.argv) == 2 else None
    if folder is None or not (folder / "src").is_dir() or not (folder / "tests").is_dir():
        sys.exit(__doc__)
    wrong = check(folder)
    print(*wrong, f"{len(files(folder / 'src'))} files in src, {len(files(folder / 'tests'))} in tests, {len(wrong)} faults", sep="\n")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
