#!/usr/bin/python3
"""What cmake --install brings, and that it works from any folder. The build is $BUILD."""
import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

from support.tiny_study import PATIENCE_S, TinyStudy

ROOT = Path(__file__).resolve().parent.parent.parent
BUILD = Path(os.environ.get("BUILD", ROOT / "build" / "dev")).absolute()


def run(*command, **options):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=PATIENCE_S, check=False, **options)


class Install(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="arete install ")
        cls.addClassCleanup(folder.cleanup)
        cls.prefix = Path(folder.name)
        done = run("cmake", "--install", BUILD, "--prefix", cls.prefix)
        assert done.returncode == 0, done.stderr
        cls.arete = cls.prefix / "bin" / "arete"
        cls.share = cls.prefix / "share" / "arete"
        cls.study = TinyStudy()
        cls.addClassCleanup(cls.study.remove)

    def page(self):
        return (self.prefix / "share" / "man" / "man1" / "arete.1").read_text()

    def test_files(self):
        for name in ("scripts/map-picture.py", "scripts/slurm/arete.sbatch", "scripts/brain-data.py", "configs/cluster.yaml", "configs/brain.yaml"):
            self.assertEqual((self.share / name).read_bytes(), (ROOT / name).read_bytes())
        for name in ("README.md", "docs/study-file.md", "docs/cluster.md"):
            self.assertTrue((self.prefix / "share" / "doc" / "arete" / name).exists(), name)
        self.assertTrue(os.access(self.share / "scripts" / "map-picture.py", os.X_OK))
        self.assertEqual(run(self.share / "scripts" / "map-picture.py", "--help").returncode, 0)

    def test_configs_read_nothing_that_is_not_installed(self):
        for config in (self.share / "configs").iterdir():
            self.assertNotIn("tests/", config.read_text(), config.name)

    def test_the_man_page_says_what_help_says(self):
        plain = self.page().replace("\\-", "-").replace("\\&", "").replace("\\e", "\\")
        commands = re.findall(r"^  (\w+)  ", run(self.arete, "--help").stdout, re.M)
        self.assertIn("run", commands)
        for command in commands:
            self.assertIn(f'.SH "ARETE {command.upper()}"\n.nf\n{run(self.arete, command, "--help").stdout}.fi\n', plain)
        self.assertIn(".SH NAME\narete - which parts of the brain can our genes predict?\n", plain)

    def test_the_man_page_is_set_without_complaint(self):
        try:
            done = run("groff", "-man", "-Tutf8", "-ww", "-z", self.prefix / "share" / "man" / "man1" / "arete.1")
        except FileNotFoundError:
            self.skipTest("no groff")
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_the_other_page_and_completion(self):
        study = (self.prefix / "share" / "man" / "man5" / "arete-study.5").read_text()
        self.assertTrue(study.startswith('.TH ARETE\\-STUDY 5 "" "arete '))
        self.assertIn("complete -o filenames -F _arete arete\n", (self.prefix / "share" / "bash-completion" / "completions" / "arete").read_text())
        self.assertTrue((self.prefix / "share" / "zsh" / "site-functions" / "_arete").read_text().startswith("#compdef arete\n"))

    def test_suggested_commands(self):
        """The script is where it was installed; names with blanks are quoted."""
        self.study.write("my study.yaml", self.study.read("study.yaml"))
        done = run(self.arete, "plan", "my study.yaml", "--set", "permutations.count=30", cwd=self.study.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        line = re.search(r"slurm: +sbatch (.*)", done.stdout).group(1)
        words = run("sh", "-c", f"printf '%s\\n' {line}").stdout.splitlines()
        self.assertEqual(words[-4:], [str(self.share / "scripts" / "slurm" / "arete.sbatch"), "my study.yaml", "--set", "permutations.count=30"])
        in_checkout = self.study.arete("plan", "study.yaml").stdout
        self.assertIn(f" {ROOT}/scripts/slurm/arete.sbatch study.yaml\n", in_checkout)

    def test_what_simulate_suggests(self):
        self.study.write("sim.yaml", "{subjects: 100, snps: 200, targets: {count: 3}, output: my sim}")
        made = run(self.arete, "simulate", "sim.yaml", cwd=self.study.folder)
        self.assertEqual(made.returncode, 0, made.stderr)
        suggested = re.search(r"next: +(.*)", made.stdout).group(1)
        self.assertEqual(suggested, "arete run 'my sim/study.yaml'")
        path = {"PATH": f"{self.arete.parent}:{os.environ['PATH']}"}
        done = run("sh", "-c", suggested + " --set permutations.count=9 --threads 1", cwd=self.study.folder, env=os.environ | path)
        self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == "__main__":
    unittest.main()
