#!/usr/bin/python3
"""`arete associate` with permutations when a call fails: a sample of the calls of each kind. Each time one clear line, exit code 1 (2 where an input file cannot be
read), no table, plot or map with another content than that of a run without faults; and the same command without a fault then ends with those contents.

    tests/faults/fail_associate.py         # a sample
    tests/faults/fail_associate.py --all   # every call, minutes
"""
import os
import subprocess
import sys
import unittest
from pathlib import Path

import h5py

from support.image_study import ImageStudy

FAULTY = Path(os.environ.get("ARETE_FAULTY", "arete_faulty")).absolute()
FAULTS = ["memory:{}:ENOMEM", "memory:{}:ENOMEM:for-good", "write:{}:EIO", "pwrite:{}:EIO", "pread:{}:EIO", "fsync:{}:EIO", "fdatasync:{}:ENOSPC", "rename:{}:EIO",
          "open:{}:EIO", "fopen:{}:EIO", "fopen:{}:EMFILE:for-good", "fallocate:{}:ENOSPC", "ftruncate:{}:EIO", "close:{}:EIO"]
SAMPLE = 4  # calls of each
ALL = "--all" in sys.argv
FORGIVABLE = ("memory", "close")  # a line of the log is lost; a file that was only read closes badly


class Faults(unittest.TestCase):
    def setUp(self):
        self.study = ImageStudy()
        self.addCleanup(self.study.remove)
        self.study.add_line("study.yaml", "associate: {permute: true, report_p: 0.01, full: [3_Cuneus], snps: [rs1003]}")
        self.study.replace("study.yaml", "count: 20", "count: 3000")
        self.run_whole()
        self.whole = self.results()
        self.scores = self.null()

    def run_whole(self):
        done = self.study.arete("associate", "study.yaml")
        self.assertEqual(done.returncode, 0, done.stderr)

    def results(self):
        return {name: content for name, content in self.study.content().items()
                if name.startswith("out/") and content is not None and not name.endswith((".log", ".lock", ".h5", ".tmp"))}

    def null(self):
        with h5py.File(self.study.path("out/associations.h5")) as file:
            return file["null/score"][()].tobytes()

    def run_faulty(self, fault):
        """what came of it, and how many calls of each kind there were"""
        calls = self.study.path("calls")
        calls.unlink(missing_ok=True)
        environment = os.environ | {"ARETE_FAULT_CALLS": str(calls)} | ({"ARETE_FAULT": fault} if fault else {})
        done = subprocess.run([FAULTY, "associate", "study.yaml"], cwd=self.study.folder, env=environment, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=60, check=False)
        return done, {kind: int(count) for kind, count in (line.split() for line in calls.read_text().splitlines())}

    def trial(self, fault, kind):
        done, _ = self.run_faulty(fault)
        left = self.results()
        if done.returncode == 0:
            self.assertIn(kind, FORGIVABLE)
            self.assertEqual(left, self.whole)
            return
        lines = [line for line in done.stderr.splitlines() if not line.startswith("arete: warning: ")]
        self.assertEqual((len(lines), lines[0][:7]), (1, "arete: "), done.stderr)
        self.assertIn(done.returncode, (1, 2))
        self.assertEqual({name for name in left if left[name] != self.whole.get(name)}, set())
        self.run_whole()
        self.assertEqual(self.results(), self.whole)
        self.assertEqual(self.null(), self.scores)

    def remove_results(self):
        self.study.remove_folder("out")

    def check(self, goes_on):
        """A new campaign, or one that is there to go on with."""
        if not goes_on:
            self.remove_results()
        _, counts = self.run_faulty(None)
        for fault in FAULTS:
            kind = fault.split(":", maxsplit=1)[0]
            n_calls = counts[kind]
            chosen = range(n_calls) if ALL else sorted({n_calls * k // SAMPLE for k in range(SAMPLE)} | {max(n_calls - 1, 0)})
            for call in chosen if n_calls > 0 else []:
                if not goes_on:
                    self.remove_results()
                with self.subTest(fault=fault.format(call), goes_on=goes_on):
                    self.trial(fault.format(call), kind)

    def test_new(self):
        self.check(goes_on=False)

    def test_campaign_is_there(self):
        self.check(goes_on=True)


if __name__ == "__main__":
    if ALL:
        sys.argv.remove("--all")
    unittest.main()
