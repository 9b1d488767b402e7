#!/usr/bin/python3
"""Whatever names a file of this tree names one that exists. Prints each name that does not, as file:line, and fails when there is one.

Looked at are pages (*.md), and the comments of sources and scripts. A name counts
- with its folder, from the top or from src/: src/model/ridge/ridge.h, model/ridge/ridge.h, docs/design.md, planning/cost*.c, tests/faults;
- alone, as a C or Python file: ridge.h, whichever folder it is in;
- as the target of a link in a page, with the heading after its #.
A name with a part in CAPITALS, such as tests/unit/ROOM/NAME.c, or in braces stands for many and is passed over.

usage: paths.py SOURCE_DIR
"""
import re
import sys
from pathlib import Path

TOP = ("src", "docs", "tests", "bench", "scripts", "configs", ".ci")
ELSEWHERE = {"build", "data", "results", ".git", "__pycache__", ".cache"}
# Headers of libraries; and file.c, which stands for any.
FOREIGN = {"file.c", "file.h", "yaml.h", "mpi.h", "starpu.h", "starpu_mpi.h", "hdf5.h", "cblas.h", "lapacke.h", "nifti2_io.h", "xxhash.h", "stdint.h", "stdio.h"}
C_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
SCRIPT_COMMENT = re.compile(r'"""(?:.*?)"""|(?:^|(?<=\s))#[^\n]*', re.DOTALL | re.MULTILINE)
ALONE = re.compile(r"(?<![\w/.*{-])([a-z][a-z0-9_]*\*?\.(?:c|h|py))(?![\w/])")
LINK = re.compile(r"\]\(([^()\s]+)\)")


def sources(folder):
    inside = [path for top in TOP if (folder / top).is_dir() for path in (folder / top).rglob("*")]
    kinds = {".md", ".c", ".h", ".py", ".sh", ".txt", ".yaml", ".sbatch"}
    chosen = [path for path in [*folder.iterdir(), *inside] if path.is_file() and (path.suffix in kinds or path.parent.name == ".ci")]
    return sorted(path for path in chosen if not ELSEWHERE & set(path.relative_to(folder).parts) and "data" not in path.parts)


def prose(path):
    """(line number, text) of what is looked at in a file."""
    text = path.read_text(errors="replace")
    if path.suffix == ".md":
        return list(enumerate(text.split("\n"), 1))
    found = []
    for comment in (C_COMMENT if path.suffix in (".c", ".h") else SCRIPT_COMMENT).finditer(text):
        first = text.count("\n", 0, comment.start()) + 1
        found += enumerate(comment[0].split("\n"), first)
    return found


def slug(heading):
    """The name that a heading has in links."""
    words = re.sub(r"[`*_]|\[|\]\([^)]*\)", "", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", words).replace(" ", "-")


class Tree:
    def __init__(self, folder):
        self.folder = folder
        self.files = sources(folder)
        self.names = {path.name for path in self.files}
        rooms = {path.relative_to(folder / "src").parts[0] for path in (folder / "src").rglob("*.h")} if (folder / "src").is_dir() else set()
        heads = "|".join(re.escape(head) for head in sorted({*TOP, *rooms}, key=len, reverse=True))
        self.path = re.compile(rf"(?<![\w/.$<{{}}*-])((?:{heads})/[\w./*<>{{}}-]*)")

    def exists(self, name):
        name = name.rstrip("/")
        return any(root.joinpath(name).exists() or ("*" in name and any(root.glob(name))) for root in (self.folder, self.folder / "src"))

    def named_as_module(self, name):
        """model/ridge/ridge stands for the pair ridge.c and ridge.h; tests are named cli/runs, unit tests room/file."""
        roots = (self.folder, self.folder / "src", self.folder / "tests", self.folder / "tests" / "unit")
        return any(any(root.glob(name + ending)) for root in roots for ending in (".*", ""))

    def wrong_in(self, line, is_page, path):
        for found in self.path.finditer(line):
            name = found[1].rstrip(".-")
            if re.search(r"[A-Z]{2,}|[{}<>]", name) or name.rstrip("/") in TOP or self.exists(name) or self.named_as_module(name):
                continue
            yield f"{name}: no such file"
        for name in ALONE.findall(line):
            if name not in self.names and name not in FOREIGN and "*" not in name:
                yield f"{name}: no file of that name"
        for target in LINK.findall(line) if is_page else []:
            if "://" not in target:
                yield from self.wrong_link(target, path)

    def wrong_link(self, target, path):
        name, _, heading = target.partition("#")
        page = (path.parent / name) if name else path
        if not page.exists():
            yield f"{target}: the link leads nowhere"
        elif heading and heading not in {slug(line.lstrip("#")) for line in page.read_text().split("\n") if line.startswith("#")}:
            yield f"{target}: the page has no such heading"

    def wrong(self):
        for path in self.files:
            if path.name == "CHANGELOG.md" or path.parent == self.folder / "tests" / "house":  # the past; made-up trees
                continue
            for number, line in prose(path):
                for what in self.wrong_in(line, path.suffix == ".md", path):
                    yield f"{path.relative_to(self.folder)}:{number}: {what}"


def check(folder):
    tree = Tree(folder.resolve())
    return len(tree.files), list(tree.wrong())


def main():
    folder = Path(sys.argv[1]) if len(sys.argv) == 2 else None
    if folder is None or not (folder / "src").is_dir():
        sys.exit(__doc__)
    n_files, wrong = check(folder)
    print(*wrong, f"{n_files} files, {len(wrong)} names of what is not there", sep="\n")
    sys.exit(1 if wrong or n_files == 0 else 0)


if __name__ == "__main__":
    main()
