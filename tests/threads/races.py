#!/usr/bin/python3
"""The program under ThreadSanitizer (preset tsan): a small campaign with two workers, stopped and gone on with; the same in two ranks; one in orbits,
in two ranks by fold; and arete associate with more SNP tiles than buffers, in two workers and two ranks. No data race but those of support/tsan.supp,
and the scores have the bits of one worker.

    cmake --build --preset tsan && ctest --preset tsan
"""
import os
import unittest
from pathlib import Path

import h5py

from support.interruption import count_is, settings, units_done, wait_until
from support.ranks_study import APART, Job, RanksStudy, placed
from support.tiny_study import ARETE, PATIENCE_S

SUPPRESSIONS = Path(__file__).resolve().parent.parent / "support" / "tsan.supp"
COUNT = count_is(1600)  # 8 units
os.environ["TSAN_OPTIONS"] = f"suppressions={SUPPRESSIONS}:second_deadlock_stack=1:exitcode=66"


class Races(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        study = RanksStudy()
        cls.addClassCleanup(study.remove)
        done = study.run(COUNT, "run.workers=1")
        cls.assert_clean(done.returncode, done.stderr)
        cls.expected = study.outcome(1600)

    @staticmethod
    def assert_clean(code, messages):
        if code != 0 or "ThreadSanitizer" in messages:
            raise AssertionError(f"exit code {code}\n{messages}")

    def test_two_workers_stopped_and_gone_on_with(self):
        study = RanksStudy()
        self.addCleanup(study.remove)
        process = study.start(COUNT, "run.workers=2")
        wait_until(units_done(study, 1), process)
        process.terminate()
        _, messages = process.communicate(timeout=PATIENCE_S)
        self.assertEqual(process.returncode, 75, messages)
        self.assertNotIn("ThreadSanitizer", messages)
        done = study.run(COUNT, "run.workers=2")
        self.assert_clean(done.returncode, done.stderr)
        self.assertTrue(study.outcome(1600) == self.expected)

    def test_two_ranks(self):
        for sets in ([], [APART]):
            with self.subTest(" ".join(sets)):
                study = RanksStudy()
                self.addCleanup(study.remove)
                code, _, messages = study.run_ranks(2, COUNT, "run.workers=1", *sets)
                self.assert_clean(code, messages)
                self.assertTrue(study.outcome(1600) == self.expected)

    def test_two_ranks_by_fold(self):
        study = RanksStudy()
        self.addCleanup(study.remove)
        sets = ["permutations.method=orbits", "permutations.count=4800", "run.block=960", "run.workers=1"]
        done = study.run(*sets)
        self.assert_clean(done.returncode, done.stderr)
        expected = study.bits()
        code, _, messages = study.run_ranks(2, *sets, placed("by-fold"), APART, options=["--fresh"])
        self.assert_clean(code, messages)
        self.assertTrue(study.bits() == expected)


class Associations(unittest.TestCase):
    """8 tiles of SNPs take turns in the 4 buffers of two workers, while 4 tiles of columns of one block are correlated."""

    SETS = ["associate.permute=true", "associate.report_p=0.01", "permutations.count=5000", "run.block=1000000", "covariates.genetic_pcs=0"]

    def setUp(self):
        self.study = RanksStudy()
        self.addCleanup(self.study.remove)
        self.study.write("sim.yaml", "{subjects: 60, snps: 4000, chromosomes: 1, targets: {count: 5}, seed: 1, output: made}\n")
        self.assertEqual(self.study.arete("simulate", "sim.yaml").returncode, 0)

    def command(self, *sets):
        return [str(ARETE), "associate", "made/study.yaml", "--output", "out", "--fresh", *settings(*self.SETS, *sets)]

    def outcome(self):
        with h5py.File(self.study.path("out/associations.h5")) as file:
            return file["null/score"][()].tobytes(), self.study.read("out/associations.tsv"), self.study.read("out/targets.tsv")

    def run_alone(self, workers):
        done = self.study.arete(*self.command(f"run.workers={workers}")[1:])
        Races.assert_clean(done.returncode, done.stderr)
        return self.outcome()

    def test_more_tiles_than_buffers(self):
        expected = self.run_alone(1)
        self.assertTrue(self.run_alone(2) == expected)
        code, _, messages = Job(2, self.command("run.workers=1"), self.study.folder, self.study.environment).wait(PATIENCE_S)
        Races.assert_clean(code, messages)
        self.assertTrue(self.outcome() == expected)


if __name__ == "__main__":
    unittest.main()
