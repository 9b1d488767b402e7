#!/usr/bin/python3
"""The guards of scripts/hardening.cmake are in the program: readelf sees them.

    tests/cli/hardened.py
"""
import subprocess
import unittest

from support.tiny_study import ARETE, PATIENCE_S


def readelf(option):
    done = subprocess.run(["readelf", "--wide", option, ARETE], capture_output=True, text=True, timeout=PATIENCE_S, check=True)
    return done.stdout.splitlines()


class Hardened(unittest.TestCase):
    def test_code_stands_at_addresses_that_nobody_foresees(self):
        self.assertTrue(any("Type:" in line and "DYN" in line for line in readelf("--file-header")))
        self.assertTrue(any("(FLAGS_1)" in line and "PIE" in line for line in readelf("--dynamic")))

    def test_nobody_writes_to_the_linkers_tables(self):
        self.assertTrue(any("(FLAGS)" in line and "BIND_NOW" in line for line in readelf("--dynamic")))
        segments = {line.split()[0]: line for line in readelf("--program-headers") if line.startswith("  GNU_")}
        self.assertIn("GNU_RELRO", segments)
        self.assertEqual(segments["GNU_STACK"].split()[6], "RW")

    def test_stacks_and_copies_are_checked(self):
        called = {line.split()[7].partition("@")[0] for line in readelf("--dyn-syms") if " UND " in line and len(line.split()) > 7}
        self.assertIn("__stack_chk_fail", called)
        for name in ("snprintf", "memcpy", "pread"):
            self.assertIn(f"__{name}_chk", called)


if __name__ == "__main__":
    unittest.main()
