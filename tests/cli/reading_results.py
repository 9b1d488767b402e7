#!/usr/bin/python3
"""The lines of docs/reading-results.md, run in an output folder: each says something, and Python and R the same where both are there."""
import re
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

from support.tiny_study import TinyStudy

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reading-results.md"
RSCRIPT = shutil.which("Rscript")


class ReadingResults(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.study = TinyStudy()
        done = cls.study.arete("run", "study.yaml", "--set", "permutations.count=100")
        assert done.returncode == 0, done.stderr
        cls.blocks = re.findall(r"^```(python|r)\n(.*?)^```$", PAGE.read_text(), re.DOTALL | re.MULTILINE)

    @classmethod
    def tearDownClass(cls):
        cls.study.remove()

    def run_block(self, language, code, folder="out"):
        command = [sys.executable, "-c", code] if language == "python" else [RSCRIPT, "-e", code]
        done = subprocess.run(command, cwd=self.study.path(folder), capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotEqual(done.stdout.strip(), "")
        return done.stdout

    def test_python(self):
        found = [self.run_block("python", code) for language, code in self.blocks if language == "python"]
        self.assertEqual(len(found), 4)
        r2 = [line.split("\t") for line in self.study.lines("out/results.tsv")]
        first = dict(zip(r2[0], r2[1]))
        self.assertAlmostEqual(float(re.search(r"r2 = (\S+)", found[1])[1]), float(first["r2"]), delta=1e-5)

    def test_one_target(self):
        """A table of one line."""
        name = self.study.read("out/results.tsv").split("\n")[1].split("\t")[0]
        done = self.study.arete("run", "study.yaml", "--set", f"targets.columns=[{name}]", "--set", "permutations.count=100", "--output", "one")
        self.assertEqual(done.returncode, 0, done.stderr)
        found = [self.run_block("python", code, "one") for language, code in self.blocks if language == "python"]
        self.assertTrue(found[0].startswith(name), found[0])
        self.assertTrue(found[2].startswith("1 targets, "), found[2])

    @unittest.skipUnless(RSCRIPT, "no R here")
    def test_r_prints_what_python_prints(self):
        pairs = [(a[1], b[1]) for a, b in zip(self.blocks, self.blocks[1:]) if (a[0], b[0]) == ("python", "r")]
        self.assertEqual(len(pairs), 3)
        for python, r in pairs:
            self.assertEqual(self.run_block("r", r), self.run_block("python", python))


if __name__ == "__main__":
    unittest.main()
