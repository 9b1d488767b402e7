#!/usr/bin/python3
"""Runs the Python of documentation pages: every ```python block that a ```text block follows prints just that text."""
import argparse
import re
import subprocess
import sys
from pathlib import Path

EXAMPLE = re.compile(r"^```python\n(.*?)^```\n\n```text\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def check(page: Path) -> int:
    """prints one line for each example; returns the number of mismatches"""
    examples, n_mismatches = EXAMPLE.findall(page.read_text()), 0
    for number, (code, expected) in enumerate(examples, 1):
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        agrees = done.returncode == 0 and done.stdout == expected
        n_mismatches += not agrees
        print(f"{'' if agrees else 'MISMATCH '}{page.name}, example {number}")
        if not agrees:
            print(f"expected:\n{expected}found:\n{done.stdout}{done.stderr}")
    if not examples:
        print(f"MISMATCH {page.name} has no example")
    return n_mismatches + (not examples)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("page", type=Path, nargs="+")
    n_mismatches = sum(check(page) for page in parser.parse_args().page)
    print(f"{n_mismatches} mismatches")
    sys.exit(1 if n_mismatches else 0)


if __name__ == "__main__":
    main()
