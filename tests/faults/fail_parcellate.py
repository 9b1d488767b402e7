#!/usr/bin/python3
"""`arete parcellate` when a call fails: call 0, 1, 2, ... of every kind (of memory a sample). Each time one clear line, exit code 1 (2 where an input file cannot be
read), no file with another content than that of a run without faults; and the same command without a fault then ends with those contents.

    tests/faults/fail_parcellate.py         # a sample
    tests/faults/fail_parcellate.py --all   # every call
"""
import os
import subprocess
import sys
import unittest
from pathlib import Path

from support.parcel_study import ParcelStudy

FAULTY = Path(os.environ.get("ARETE_FAULTY", "arete_faulty")).absolute()
FAULTS = ["memory:{}:ENOMEM", "memory:{}:ENOMEM:for-good", "pwrite:{}:EIO", "pread:{}:EIO", "fsync:{}:EIO", "rename:{}:EIO", "open:{}:EIO",
          "fopen:{}:EIO", "fopen:{}:EMFILE:for-good", "fallocate:{}:ENOSPC", "ftruncate:{}:EIO", "close:{}:EIO"]
MOST_CALLS = 1000  # more would be a sign that the loop does not end
STRIDE = 31  # of the calls for memory


class Faults(unittest.TestCase):
    def setUp(self):
        self.study = ParcelStudy()
        self.addCleanup(self.study.remove)
        self.assertEqual(self.study.arete("parcellate", "parcels.yaml").returncode, 0)
        self.whole = self.results()

    def results(self):
        return {name: content for name, content in self.study.content().items() if name.startswith("out/") and not name.endswith((".log", ".lock"))}

    def trial(self, fault, kind, call):
        """Whether the call was met."""
        calls = self.study.path("calls")
        environment = os.environ | {"ARETE_FAULT": fault.format(call), "ARETE_FAULT_CALLS": str(calls)}
        done = subprocess.run([FAULTY, "parcellate", "parcels.yaml"], cwd=self.study.folder, env=environment, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=30, check=False)
        counts = dict(line.split() for line in calls.read_text().splitlines())
        left = self.results()
        if done.returncode == 0:
            self.assertEqual(left, self.whole)
            if int(counts[kind]) <= call:
                return False
            self.assertIn(kind, ("memory", "close"))  # a line of the log is lost; a file that was only read closes badly
            return True
        self.assertRegex(done.stderr, r"\Aarete: [^\n]+\n\Z")
        self.assertIn(done.returncode, (1, 2))
        self.assertEqual({name for name in left if left[name] != self.whole.get(name)}, set())
        return True

    def fail_each(self, fault, again):
        kind = fault.split(":")[0]
        for call in range(0, MOST_CALLS, STRIDE if kind == "memory" else 1):
            if not again:
                self.study.remove_folder("out")
            with self.subTest(fault=fault.format(call), again=again):
                if not self.trial(fault, kind, call):
                    return
                self.assertEqual(self.study.arete("parcellate", "parcels.yaml").returncode, 0)
                self.assertEqual(self.results(), self.whole)
        self.fail(f"{fault}: still met after {MOST_CALLS} calls")

    def test_new(self):
        for fault in FAULTS:
            self.fail_each(fault, again=False)

    def test_tree_is_there(self):
        for fault in FAULTS:
            self.fail_each(fault, again=True)


if __name__ == "__main__":
    if "--all" in sys.argv:
        sys.argv.remove("--all")
        STRIDE = 1
    unittest.main()
