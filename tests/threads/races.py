#!/usr/bin/python3
"""The program under ThreadSanitizer (preset tsan): a small campaign with two workers, stopped and gone on with; the same in two ranks, in both
placements. No data race but those of support/tsan.supp, and the scores have the bits of one worker.

    cmake --build --preset tsan && ctest --preset tsan
"""
import os
import unittest
from pathlib import Path

from support.interruption import InterruptedStudy, count_is, units_done, wait_until
from support.ranks_study import APART, RanksStudy, placed
from support.tiny_study import PATIENCE_S

SUPPRESSIONS = Path(__file__).resolve().parent.parent / "support" / "tsan.supp"
COUNT = count_is(1600)  # 8 units


class Races(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        os.environ["TSAN_OPTIONS"] = f"suppressions={SUPPRESSIONS}:second_deadlock_stack=1:exitcode=66"
        study = InterruptedStudy()
        cls.addClassCleanup(study.remove)
        done = study.run(COUNT, "run.workers=1")
        cls.assert_clean(done.returncode, done.stderr)
        cls.expected = study.outcome(1600)

    @staticmethod
    def assert_clean(code, messages):
        if code != 0 or "ThreadSanitizer" in messages:
            raise AssertionError(f"exit code {code}\n{messages}")

    def test_two_workers_stopped_and_gone_on_with(self):
        study = InterruptedStudy()
        self.addCleanup(study.remove)
        process = study.start(COUNT, "run.workers=2")
        wait_until(units_done(study, 1), process)
        process.terminate()
        _, messages = process.communicate(timeout=PATIENCE_S)
        self.assertEqual(process.returncode, 75, messages)
        self.assertNotIn("ThreadSanitizer", messages)
        done = study.run(COUNT, "run.workers=2")
        self.assert_clean(done.returncode, done.stderr)
        self.assertEqual(study.outcome(1600), self.expected)

    def test_two_ranks(self):
        for sets in ([placed("replicate")], [placed("by-penalty"), APART]):
            with self.subTest(" ".join(sets)):
                study = RanksStudy()
                self.addCleanup(study.remove)
                code, _, messages = study.run_ranks(2, COUNT, "run.workers=1", *sets)
                self.assert_clean(code, messages)
                self.assertEqual(study.outcome(1600), self.expected)


if __name__ == "__main__":
    unittest.main()
