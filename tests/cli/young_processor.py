#!/usr/bin/python3
"""A processor that is younger than OpenBLAS, which takes kernels of 2004 for it (tests/support/old_blas.c): arete takes those that the processor can run.

    tests/cli/young_processor.py
"""
import os
import re
import subprocess
import time
import unittest
from pathlib import Path

import h5py

from support.tiny_study import ARETE, PATIENCE_S, TinyStudy

FLAGS = set(re.search(r"^flags\s*:(.*)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)[1].split())
BEST = "SkylakeX" if {"avx512f", "avx512bw", "avx512dq", "avx512vl"} <= FLAGS else "Haswell" if {"avx2", "fma"} <= FLAGS else "Prescott"
NONE_CHOSEN = {name: value for name, value in os.environ.items() if name != "OPENBLAS_CORETYPE"}


class YoungProcessor(unittest.TestCase):
    def setUp(self):
        self.study = TinyStudy()
        self.addCleanup(self.study.remove)

    def arete(self, *arguments, environment, program=()):
        done = subprocess.run([*program, ARETE, *arguments], cwd=self.study.folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=PATIENCE_S, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done

    def kernels(self, **how):
        """Those that `arete plan` measures."""
        return re.search(r"\(float32, (\w+) kernels, measured now\)", self.arete("plan", "study.yaml", **how).stdout)[1]

    def test_what_the_processor_can_do_is_taken(self):
        self.assertEqual(self.kernels(environment=NONE_CHOSEN), BEST)

    def test_a_choice_of_the_user_stands(self):
        self.assertEqual(self.kernels(environment={**NONE_CHOSEN, "OPENBLAS_CORETYPE": "Nehalem"}), "Nehalem")

    def test_the_command_line_is_the_same(self):
        """Also words that a shell would take apart, and those of a loader in front of the program, as in the bundle."""
        loader = re.search(r"interpreter: (\S+)\]", subprocess.run(["readelf", "-l", ARETE], capture_output=True, text=True, check=True).stdout)[1]
        for k, program in enumerate(([], [loader, "--argv0", "x y"])):
            output = f"out of '{k}' $HOME"
            self.arete("run", "study.yaml", "--set", f"output={output}", environment=NONE_CHOSEN, program=program)
            with h5py.File(self.study.path(output) / "campaign.h5") as campaign:
                self.assertEqual(campaign.attrs["blas_core"].decode(), BEST)

    def test_the_name_is_the_same(self):
        """Where a file system has no locks a second run finds the first by it."""
        run = subprocess.Popen([ARETE, "run", "study.yaml", "--set", "permutations.count=100000000"], cwd=self.study.folder, env=NONE_CHOSEN, stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            end = time.monotonic() + PATIENCE_S
            while not self.study.path("out/campaign.h5").exists() and time.monotonic() < end:
                time.sleep(0.05)
            self.assertEqual(Path(f"/proc/{run.pid}/comm").read_text().strip(), ARETE.name[:15])
        finally:
            run.kill()
            run.wait()

    @unittest.skipIf(BEST == "Prescott", "this processor is old")
    @unittest.skipIf("ASAN_OPTIONS" in os.environ, "the sanitizer itself needs /proc")
    def test_without_proc_it_goes_on_and_says_so(self):
        if os.geteuid() != 0 or subprocess.run(["unshare", "--mount", "true"], capture_output=True, check=False).returncode != 0:
            self.skipTest("mounts are not permitted here")
        done = subprocess.run(["unshare", "--mount", "sh", "-c", 'mount -t tmpfs none /proc && exec "$@"', "sh", ARETE, "plan", "study.yaml"], cwd=self.study.folder,
                              env=NONE_CHOSEN, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
        self.assertIn(f"arete: warning: OpenBLAS does not know this processor and takes its Prescott kernels, several times slower than its {BEST}: "
                      f"set OPENBLAS_CORETYPE={BEST}\n", done.stderr)
        self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == "__main__":
    unittest.main()
