#!/usr/bin/python3
"""Inputs of the fuzz targets that are meant to be right still are: a check that was made stricter since must not leave the targets with refusals alone.

    tests/fuzz/accepted.py
"""
import os
import struct
import subprocess
import tempfile
import unittest
from pathlib import Path

CORPUS = Path(__file__).resolve().parent / "corpus"
ARETE, SEEDS = (Path(os.environ[name]).absolute() for name in ("ARETE", "ARETE_SEEDS"))
RIGHT = ["campaign/half_of_it_and_a_part", "campaign/orbits_and_a_part", "campaign/within", "campaign/missing", "campaign/nodes_orbits", "plots/associate_within"]


class Accepted(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="arete-accepted-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def test_campaigns(self):
        for name in RIGHT:
            seed = (CORPUS / name).read_bytes()
            end = 4 + struct.unpack("<I", seed[:4])[0]
            (self.folder / "campaign.h5").write_bytes(seed[4:end])
            (self.folder / "campaign.part-1.h5").write_bytes(seed[end:]) if seed[end:] else (self.folder / "campaign.part-1.h5").unlink(missing_ok=True)
            for command in ("status", "report"):
                done = subprocess.run([ARETE, command, "campaign.h5"], cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
                self.assertEqual(done.returncode, 0, f"{command} {name}: {done.stderr}")

    def test_what_is_made(self):
        for room in ("campaign", "sums"):
            (self.folder / room).mkdir()
        subprocess.run([SEEDS, self.folder], check=True)
        made = [path for path in self.folder.rglob("*") if path.is_file()]
        self.assertEqual(len(made), 3)
        for path in made:
            self.assertTrue((CORPUS / path.relative_to(self.folder)).is_file(), path.name)


if __name__ == "__main__":
    unittest.main()
