#!/usr/bin/python3
"""Man pages and shell completion: they hold what the program takes, all of it, and nothing else. The build is $BUILD."""
import os
import re
import shutil
import subprocess
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BUILD = Path(os.environ.get("BUILD", ROOT / "build" / "dev")).absolute()
ARETE = Path(os.environ.get("ARETE", BUILD / "arete")).absolute()
PATIENCE_S = 60


def arete(*words):
    return subprocess.run([ARETE, *words], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE_S, check=False)


def commands():
    return re.findall(r"^  (\w+)  ", arete("--help").stdout, re.M)


def options(command):
    """(name, whether it takes a value), from the help."""
    return [(name, bool(value)) for name, value in re.findall(r"^  (--[a-z]+)(?: ([A-Z][A-Z,.=]*))?", arete(command, "--help").stdout, re.M)]


class Help(unittest.TestCase):
    """What completion and pages are made of is what the option tables of the program take."""

    def test_every_option_is_taken_as_it_is_described(self):
        for command in commands():
            for name, has_value in options(command):
                with self.subTest(command=command, option=name):
                    without = arete(command, name)
                    self.assertEqual(without.returncode, 2)
                    self.assertNotIn("unknown option", without.stderr)
                    if has_value:
                        self.assertIn(f"{name}: a value is missing", without.stderr)
                    elif command not in ("status",):
                        self.assertNotIn("a value is missing", without.stderr)

    def test_another_option_is_not(self):
        for command in commands():
            if command == "permutation":  # it has none, and counts its arguments
                continue
            self.assertIn("--fantasy", arete(command, "--fantasy").stderr, command)


class Bash(unittest.TestCase):
    page = BUILD / "completion" / "arete"

    def complete(self, *words, cwd=ROOT):
        script = f'source "{self.page}"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _arete; printf "%s\\n" "${{COMPREPLY[@]}}"'
        done = subprocess.run(["bash", "--norc", "-c", script, "bash", *words], cwd=cwd, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return sorted(filter(None, done.stdout.split("\n")))

    def test_commands(self):
        self.assertEqual(self.complete("arete", ""), sorted([*commands(), "--help", "--version"]))
        self.assertEqual(self.complete("arete", "sim"), ["simulate"])

    def test_options(self):
        for command in commands():
            self.assertEqual(self.complete("arete", command, "--"), sorted([*(name for name, _ in options(command)), "--help"]), command)
        self.assertEqual(self.complete("arete", "run", "--th"), ["--threads"])
        self.assertEqual(self.complete("arete", "run", "--threads", ""), [])

    def test_files(self):
        self.assertEqual(self.complete("arete", "run", "configs/t"), ["configs/tiny.yaml"])
        self.assertEqual(self.complete("arete", "run", "READ"), [])
        self.assertEqual(self.complete("arete", "run", "conf"), ["configs"])
        self.assertIn("README.md", self.complete("arete", "init", "READ"))


@unittest.skipUnless(shutil.which("zsh"), "no zsh")
class Zsh(unittest.TestCase):
    def test_it_is_read(self):
        page = BUILD / "completion" / "_arete"
        script = f'autoload -Uz compinit; compinit -D -u; _describe() {{ print -l $commands }}; words=(arete ""); CURRENT=2; source "{page}"'
        done = subprocess.run(["zsh", "-f", "-c", script], capture_output=True, text=True, timeout=PATIENCE_S, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual([line.split(":")[0] for line in done.stdout.split("\n") if ":" in line], commands())

    def test_specifications(self):
        page = BUILD / "completion" / "_arete"
        for command in commands():
            script = f'_arguments() {{ print -rl -- "$@" }}; words=(arete {command} ""); CURRENT=3; source "{page}"'
            done = subprocess.run(["zsh", "-f", "-c", script], capture_output=True, text=True, timeout=PATIENCE_S, check=False)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            found = [(name, bool(value)) for name, value in re.findall(r"^\*?(--[a-z]+)\[.*\](:)?", done.stdout, re.M)]
            self.assertEqual(found, [*options(command), ("--help", False)], command)


class StudyPage(unittest.TestCase):
    page = BUILD / "arete-study.5"

    def test_every_key_has_an_entry(self):
        text = self.page.read_text().replace("\\-", "-")
        entries = set(re.findall(r"\\fB([a-z_.]+)\\fR", "\n".join(re.findall(r"^\.TP\n(.*)", text, re.M))))
        keys = set(re.findall(r"^  (?:# )?([a-z_]+): ", (ROOT / "configs" / "cluster.yaml").read_text(), re.M))
        self.assertGreater(len(keys), 40)
        self.assertEqual(sorted(keys - entries), [])

    def test_every_key_stands_in_the_example(self):
        """What the program names, where a section has an unknown key, has a word in that section of configs/cluster.yaml."""
        path = ROOT / "configs" / "cluster.yaml"
        sections = re.split(r"^(\w+):", path.read_text(), flags=re.M)
        texts = dict(zip(sections[1::2], sections[2::2]))
        for section in ("genotypes", "targets", "covariates", "model", "permutations", "associate", "run", "network"):
            keys = re.search(r"expected one of: (.*)", arete("plan", path, "--set", f"{section}.zzz=1").stderr)[1].split(", ")
            self.assertEqual([key for key in keys if not re.search(rf"\b{key}\b", texts[section])], [], section)

    def test_it_is_set_without_complaint(self):
        if not shutil.which("groff"):
            self.skipTest("no groff")
        done = subprocess.run(["groff", "-man", "-Tutf8", "-P-c", "-P-bou", "-ww", self.page], capture_output=True, text=True, timeout=PATIENCE_S, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        for word in ("`", "](", "**"):
            self.assertFalse(word in done.stdout, word)


if __name__ == "__main__":
    unittest.main()
