#!/usr/bin/python3
"""Who may include whom in src/, and which rooms may use a library. Prints each crossing as file:line and fails when there is one.

A room is a folder of src/ that holds .c or .h files. What it sees stands in one place, its `arete_room(NAME USES ...)` in CMakeLists.txt:
itself, the rooms named there, and what those see. A room uses only rooms above it, so there is no circle. main.c sees cli and base.

usage: layers.py SOURCE_DIR (the folder that holds src/ and CMakeLists.txt)
"""
import fnmatch
import re
import sys
from pathlib import Path

# Headers of a library, what CMake calls it, and the rooms that may use it; a room that does names it in its own `USES`.
# Random123 is headers alone, which CMake has no name for.
LIBRARIES = [
    (["yaml.h"], "PkgConfig::YAML", ["config"]),
    (["nifti*.h", "znzlib.h", "nifti/*"], "arete_nifti", ["images"]),
    (["hdf5*.h", "H5*.h"], "PkgConfig::HDF5", ["checkpoint"]),
    (["mpi.h"], "MPI::MPI_C", ["ranks"]),
    (["starpu_mpi.h"], "PkgConfig::STARPUMPI", ["tasks"]),
    (["starpu*.h", "starpu/*"], "PkgConfig::STARPU", ["codelets", "tasks"]),
    (["cblas*.h", "openblas*.h", "openblas/*"], "PkgConfig::OPENBLAS", ["model/*", "planning"]),
    (["lapack*.h"], "PkgConfig::LAPACKE", ["model/*", "planning"]),
    (["xxhash.h", "xxh3.h"], "PkgConfig::XXHASH", ["input/*", "study"]),
    (["Random123/*"], None, ["model/stats"]),
]


def matches(name, patterns):
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)


def known_libraries():
    return {package: rooms for _, package, rooms in LIBRARIES if package}


class Rooms:
    """The rooms as CMakeLists.txt has them; `wrong` is what is wrong with that."""

    def __init__(self, cmake_lists):
        text = re.sub(r"#.*", "", cmake_lists)
        self.uses, self.sees, self.wrong = {}, {}, []
        groups = {name: names.split() for name, names in re.findall(r"target_link_libraries\((\w+) INTERFACE ([^)]*)\)", text)}
        for room, _, uses in re.findall(r"^arete_room\(([\w/]+)( USES ([^)]*))?\)", text, re.MULTILINE):
            self.uses[room] = [name for one in uses.split() for name in self.expanded(one, groups)]
            self.sees[room] = {room}.union(*(self.seen_through(room, name) for name in self.uses[room]))
        self.sees["main"], self.uses["main"] = {"base", "cli"}, []

    @staticmethod
    def expanded(name, groups):
        """A group of rooms, such as arete_model, stands for its members."""
        members = groups.get(name, [])
        return members if members and all(member.startswith("arete_") for member in members) else [name]

    def seen_through(self, room, name):
        rooms = {"arete_" + other.replace("/", "_"): other for other in self.sees}
        if name in rooms:
            return self.sees[rooms[name]]
        allowed = known_libraries().get(name)
        if allowed is not None and not matches(room, allowed):
            self.wrong.append(f"CMakeLists.txt: {room} uses {name}, which is only for {' '.join(allowed)}")
        elif name.startswith("arete_") and allowed is None:
            self.wrong.append(f"CMakeLists.txt: {room} uses {name}, which is no room above it")
        return set()

    def names(self):
        return set(self.sees) - {"main"}


def arrows(page):
    """(from, to) of every arrow in the picture of rooms on a page: the mermaid flowchart with `main --> cli`."""
    pictures = [block for block in re.findall(r"```mermaid\n(.*?)```", page, re.DOTALL) if "main --> cli" in block]
    found, members, group = [], {}, None
    for line in pictures[0].splitlines() if pictures else []:
        line = re.sub(r'\[".*?"\]', "", line).strip()
        if line.startswith("subgraph "):
            group = line.split()[1]
        elif line == "end":
            group = None
        stages = [re.split(r"\s*&\s*", stage.strip()) for stage in line.split("-->")]
        if group:
            members.setdefault(group, set()).update(name for stage in stages for name in stage if name.startswith(group + "_"))
        for one, next_one in zip(stages, stages[1:]):
            found += [(a, b) for a in one for b in next_one]
    return [(a, c) for a, b in found for c in sorted(members.get(b, {b}))]


def picture_faults(rooms, page):
    """Where the picture on the page and CMakeLists.txt say different things."""
    ids = {room.replace("/", "_"): room for room in rooms.sees}
    reach = {name: {name} for name in ids}
    drawn = arrows(page)
    wrong = [f"docs/design.md: the picture has {name}, which is no room" for name in sorted({end for arrow in drawn for end in arrow} - set(ids))]
    for _ in ids:
        for a, b in drawn:
            reach.setdefault(a, {a}).update(reach.get(b, {b}))
    for name, room in sorted(ids.items()):
        sees = {other.replace("/", "_") for other in rooms.sees[room]} if room != "main" else {name, *reach["cli"]}
        wrong += [f"docs/design.md: the picture lets {room} use {ids[other]}, CMakeLists.txt does not" for other in sorted(reach[name] - sees) if other in ids]
        wrong += [f"docs/design.md: the picture does not let {room} use {ids[other]}, CMakeLists.txt does" for other in sorted(sees - reach[name])]
    return wrong


def crossing(rooms, room, header, source):
    """What is wrong with this include in a file of that room; None when it is right."""
    if header == "":
        return "an include without a name cannot be checked"
    if header.startswith("/") or ".." in header.split("/"):
        return "not a path from src/"
    for patterns, package, allowed in LIBRARIES:
        if matches(header, patterns):
            if not matches(room, allowed):
                return f"only for {' '.join(allowed)}"
            named = package is None or any(name.startswith(package) for name in rooms.uses[room])
            return None if named else f"CMakeLists.txt does not name {package} for {room}"
    folder = header.rpartition("/")[0]
    if folder and (source / folder).is_dir():
        return None if folder in rooms.sees[room] else f"{room} sees only: {' '.join(sorted(rooms.sees[room]))}"
    if (source / header).exists() or (source / room / header).exists():
        return "not a path from src/"
    return None


def check(folder):
    """(includes looked at, what is wrong)"""
    source = folder / "src"
    rooms = Rooms((folder / "CMakeLists.txt").read_text())
    wrong, n_includes = list(rooms.wrong), 0
    files = sorted(path for path in source.rglob("*.[ch]"))
    here = {str(path.parent.relative_to(source)) for path in files} - {"."}
    wrong += [f"src/{room}: no arete_room({room} ...) in CMakeLists.txt" for room in sorted(here - rooms.names())]
    wrong += [f"CMakeLists.txt: arete_room({room} ...), and no source in src/{room}" for room in sorted(rooms.names() - here)]
    page = folder / "docs" / "design.md"
    wrong += picture_faults(rooms, page.read_text()) if page.exists() else []
    for path in files:
        room = str(path.parent.relative_to(source)).replace(".", "main")
        for number, line in enumerate(path.read_text().splitlines(), 1):
            found = re.match(r'\s*#\s*include\s*(?:["<]([^">]*)[">])?', line)
            if not found:
                continue
            n_includes += 1
            why = crossing(rooms, room, found[1] or "", source) if room in rooms.sees else "its room is not known"
            if why:
                wrong.append(f"{path.relative_to(folder)}:{number}: includes {found[1] or line.strip()} ({why})")
    return n_includes, wrong


def main():
    folder = Path(sys.argv[1]) if len(sys.argv) == 2 else None
    if folder is None or not (folder / "src").is_dir():
        sys.exit(__doc__)
    n_includes, wrong = check(folder)
    print(*wrong, f"{n_includes} includes, {len(wrong)} crossings", sep="\n")
    sys.exit(1 if wrong or n_includes == 0 else 0)


if __name__ == "__main__":
    main()
