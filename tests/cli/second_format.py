#!/usr/bin/python3
"""The whole program with one genotype format more, which only tests have: the same calls give the same bytes.

    ARETE=build/arete ARETE_CALLS=build/tests/cli/arete_calls tests/cli/second_format.py
"""
import os
import subprocess
import unittest
from pathlib import Path

import h5py
import numpy as np

from support.tiny_study import TinyStudy

ARETE_CALLS = Path(os.environ["ARETE_CALLS"]).absolute()
TEXT_OF_CODE = np.array(["2", ".", "1", "0"])  # 00 both alleles 1, 01 missing, 10 one, 11 none


def write_calls(study, name):
    """name.bed, .bim, .fam as one name.calls; the three are removed."""
    people = [line.split()[:2] for line in study.lines(f"{name}.fam")]
    raw = np.frombuffer(study.bytes(f"{name}.bed"), dtype=np.uint8)[3:]
    codes = np.stack([raw >> shift & 3 for shift in (0, 2, 4, 6)], axis=1).reshape(-1, (len(people) + 3) // 4 * 4)[:, : len(people)]
    lines = ["id chromosome position counted other " + " ".join(f"{fid}:{iid}" for fid, iid in people)]
    for line, calls in zip(study.lines(f"{name}.bim"), TEXT_OF_CODE[codes], strict=True):
        chromosome, snp, _, position, counted, other = line.split()
        lines.append(f"{snp} {chromosome} {position} {counted} {other} " + " ".join(calls))
    study.set_lines(f"{name}.calls", lines)
    for ending in ("bed", "bim", "fam"):
        study.delete(f"{name}.{ending}")


class SecondFormat(unittest.TestCase):
    def setUp(self):
        self.plink, self.calls = TinyStudy(), TinyStudy()
        self.addCleanup(self.plink.remove)
        self.addCleanup(self.calls.remove)
        for study in (self.plink, self.calls):
            study.write("remove.txt", "F02 S003\nF40 S080\n")
            study.replace("study.yaml", "plink: chr{1..2}", "plink: chr{1..2}\n  remove: remove.txt\n  max_missing_per_subject: 0.2")

    def with_calls(self, *arguments):
        return subprocess.run([ARETE_CALLS, *arguments], cwd=self.calls.folder, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=120, check=False)

    def compare(self):
        done = self.plink.arete("run", "study.yaml")
        self.assertEqual(done.returncode, 0, done.stderr)
        done = self.with_calls("run", "study.yaml")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.calls.read("out/results.tsv"), self.plink.read("out/results.tsv"))
        with h5py.File(self.plink.path("out/campaign.h5")) as ours, h5py.File(self.calls.path("out/campaign.h5")) as theirs:
            self.assertEqual(theirs["gram"][()].tobytes(), ours["gram"][()].tobytes())
            self.assertEqual(theirs["null/score"][()].tobytes(), ours["null/score"][()].tobytes())
            self.assertEqual(theirs["gram"].shape, (118, 118))

    def test_one_fileset_of_two(self):
        write_calls(self.calls, "chr2")
        self.compare()

    def test_all_filesets_and_going_on(self):
        write_calls(self.calls, "chr1")
        write_calls(self.calls, "chr2")
        self.compare()
        done = self.with_calls("run", "study.yaml", "--set", "permutations.count=40")
        self.assertEqual(done.returncode, 0, done.stderr)
        log = self.calls.read("out/run.log")
        self.assertIn("their calls have kept size and time and were not read again", log)
        self.assertIn("going on with", log)

    def test_other_calls_are_another_study(self):
        write_calls(self.calls, "chr2")
        self.compare()
        lines = self.calls.lines("chr2.calls")
        head, last = lines[7].rsplit(" ", 1)
        self.calls.set_line("chr2.calls", 8, f"{head} {'1' if last != '1' else '2'}")
        done = self.with_calls("run", "study.yaml", "--set", "permutations.count=40")
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("was made with other genotypes", done.stderr)

    def test_only_that_program_reads_it(self):
        write_calls(self.calls, "chr2")
        done = self.calls.arete("run", "study.yaml")
        self.assertEqual(done.returncode, 2)
        self.assertIn("chr2.bed: cannot be read: No such file or directory", done.stderr)
        done = self.with_calls("plan", "study.yaml")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("600 selected", done.stdout)


if __name__ == "__main__":
    unittest.main()
