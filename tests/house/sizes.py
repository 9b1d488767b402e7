#!/usr/bin/python3
"""How large things in src/ are, against what they may be: functions, files, parameters, the command line; and README.md, the front page. Fails when one is too large.

Lengths are lines: of a function from its name to its last brace, of a whole file. Functions and parameters are what universal-ctags finds.

usage: sizes.py SOURCE_DIR [--list]     --list: the longest functions and files as well
"""
import json
import math
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

MOST_PARAMETERS = 7  # of a function in a header; more stand in a struct


@dataclass
class Measured:
    functions: dict[str, int]   # lines, by name and place
    parameters: dict[str, int]  # of every function in a header
    files: dict[str, int]       # lines


def tags(source):
    """Functions and prototypes as ctags describes them."""
    command = ["ctags", "--output-format=json", "--fields=+neS", "--languages=C", "--langmap=C:.c.h", "--kinds-C=fp", "-o", "-", "-R", source]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    if done.returncode != 0 or not found:
        sys.exit(f"sizes.py: universal-ctags found nothing in {source}: {done.stderr.strip()}")
    return found


def n_parameters(signature):
    depth, commas = 0, 0
    for letter in signature[1:-1]:
        depth += (letter == "(") - (letter == ")")
        commas += letter == "," and depth == 0
    return 0 if signature in ("()", "(void)") else commas + 1


def measure(source):
    found = tags(source)
    name = {id(tag): f"{tag['name']} ({Path(tag['path']).relative_to(source.parent)}:{tag['line']})" for tag in found}
    return Measured(
        functions={name[id(tag)]: tag["end"] - tag["line"] + 1 for tag in found if tag["kind"] == "function"},
        parameters={name[id(tag)]: n_parameters(tag["signature"]) for tag in found if tag["path"].endswith(".h")},
        files={str(path.relative_to(source.parent)): len(path.read_text().splitlines()) for path in source.rglob("*.[ch]")},
    )


def share(values, portion):
    """The smallest value that so many of all do not exceed."""
    return sorted(values)[math.ceil(portion * len(values)) - 1]


def largest(title, values, count):
    print(f"{title}:")
    for name in sorted(values, key=values.get, reverse=True)[:count]:
        print(f"{values[name]:6} {name}")


def main():
    arguments = [argument for argument in sys.argv[1:] if argument != "--list"]
    if len(arguments) != 1 or not (Path(arguments[0]) / "src").is_dir():
        sys.exit(__doc__)
    measured = measure(Path(arguments[0]).resolve() / "src")
    limits = [
        ("function lines, median", share(measured.functions.values(), 0.5), 20),
        ("function lines, nine of ten", share(measured.functions.values(), 0.9), 40),
        ("file lines, nine of ten", share(measured.files.values(), 0.9), 300),
        ("lines of src/cli", sum(count for name, count in measured.files.items() if name.startswith("src/cli/")), 1800),
        ("bytes of README.md", (Path(arguments[0]) / "README.md").stat().st_size, 9000),
    ]
    for what, value, most in limits:
        print(f"{what}: {value}, at most {most}{'' if value <= most else ': TOO LARGE'}")
    many = {name: count for name, count in measured.parameters.items() if count > MOST_PARAMETERS}
    print(f"functions in headers with more than {MOST_PARAMETERS} parameters: {len(many)}")
    if many:
        largest("TOO MANY PARAMETERS", many, len(many))
    if "--list" in sys.argv:
        largest("longest functions", measured.functions, 20)
        largest("longest files", measured.files, 20)
    print(f"{len(measured.functions)} functions, {len(measured.files)} files")
    sys.exit(bool(many) or any(value > most for _, value, most in limits))


if __name__ == "__main__":
    main()
