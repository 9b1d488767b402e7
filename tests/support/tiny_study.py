"""A folder with the tiny study of tests/data/tiny in it, to break or to run. The binary is $ARETE."""
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

ARETE = Path(os.environ.get("ARETE", "arete")).absolute()
PATIENCE_S = 600  # what takes longer hangs, also on a busy machine and under a sanitizer
TINY = Path(__file__).resolve().parent.parent / "data" / "tiny"
GENOTYPES = [f"chr{k}.{ending}" for k in (1, 2) for ending in ("bed", "bim", "fam")]

STUDY = """\
genotypes:
  plink: chr{1..2}
targets:
  table: targets.tsv
covariates:
  table: covariates.tsv
  columns: [age, sex]
  categorical: [site]
model:
  outer_folds: 5
  inner_folds: 4
permutations:
  count: 20
output: out
run:
  workers: 1
"""


class TinyStudy:
    """120 subjects (FID F01 ... F60, IID S001 ... S120), 600 SNPs (rs1000 ... rs1299, rs2000 ... rs2299), six targets, three covariates. All paths
    are relative to its folder, in which every command starts."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="arete-cli-"))
        for name in [*GENOTYPES, "targets.tsv", "covariates.tsv"]:
            shutil.copyfile(TINY / name, self.folder / name)
        self.write("study.yaml", STUDY)
        self.arguments = ["run", "study.yaml"]

    def remove(self):
        shutil.rmtree(self.folder)

    # Running

    def arete(self, *arguments):
        return subprocess.run([ARETE, *map(str, arguments)], cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              errors="replace", timeout=PATIENCE_S, check=False)

    def path(self, name):
        return self.folder / name

    def content(self):
        """Every file and folder with its bytes, to see whether a command wrote anything. Who held a lock last does not count."""
        found = {str(path.relative_to(self.folder)): path.read_bytes() if path.is_file() else None for path in self.folder.rglob("*")}
        return {name: b"host" if name.endswith(".lock") and (content or b"").startswith(b"host ") else content for name, content in found.items()}

    # Whole files

    def write(self, name, text):
        self.path(name).write_bytes(text if isinstance(text, bytes) else text.encode())

    def read(self, name):
        return self.path(name).read_text()

    def bytes(self, name):
        return self.path(name).read_bytes()

    def patch(self, name, offset, new):
        old = self.bytes(name)
        self.write(name, old[:offset] + new + old[offset + len(new) :])

    def cut(self, name, size):
        """Keeps the first bytes, or all but the last -size."""
        self.write(name, self.bytes(name)[:size])

    def remove_folder(self, name):
        shutil.rmtree(self.path(name))

    def delete(self, name):
        self.path(name).unlink()

    def replace(self, name, old, new):
        """Changes a text that stands there once."""
        text = self.read(name)
        assert text.count(old) == 1, f"{name}: {text.count(old)} of {old!r}"
        self.write(name, text.replace(old, new))

    # Lines (counted from 1, as in messages) and fields

    def lines(self, name):
        return self.read(name).splitlines()

    def set_lines(self, name, lines):
        self.write(name, "".join(f"{line}\n" for line in lines))

    def set_line(self, name, number, text):
        lines = self.lines(name)
        lines[number - 1] = text
        self.set_lines(name, lines)

    def add_line(self, name, text):
        self.set_lines(name, [*self.lines(name), text])

    def keep_lines(self, name, count):
        self.set_lines(name, self.lines(name)[:count])

    def set_value(self, name, iid, column, value):
        """The field of one subject of a table, or of every subject (iid None)."""
        lines = [line.split("\t") for line in self.lines(name)]
        position = lines[0].index(column)
        rows = [row for row in lines[1:] if iid in (None, row[1])]
        assert rows, f"{name}: no subject {iid}"
        for row in rows:
            row[position] = value
        self.set_lines(name, map("\t".join, lines))

    def add_column(self, name, column, value_of):
        """One more column of a table: value_of(fid, iid) of every subject."""
        lines = [line.split("\t") for line in self.lines(name)]
        rows = ["\t".join([*row, str(value_of(row[0], row[1]))]) for row in lines[1:]]
        self.set_lines(name, ["\t".join([*lines[0], column]), *rows])

    def give_folds(self, label_of):
        """folds.tsv with label_of(k) for the subject in line k of the .fam (from 0), used as outer folds."""
        people = [line.split()[:2] for line in self.lines("chr1.fam")]
        self.set_lines("folds.tsv", ["FID\tIID\tfold", *(f"{fid}\t{iid}\t{label_of(k)}" for k, (fid, iid) in enumerate(people))])
        self.replace("study.yaml", "outer_folds: 5", "outer_folds: {column: fold, table: folds.tsv}")
