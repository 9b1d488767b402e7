#!/usr/bin/python3
"""Passes over the outer folds: the same bits however many there are, wherever a run ends between them, and whatever becomes of the sums.

    tests/resume/passes.py
"""
import os
import random
import re
import signal
import subprocess
import time
import unittest

import h5py
import numpy as np

from support.tiny_study import ARETE, PATIENCE_S, TinyStudy



class PassesTest(unittest.TestCase):
    """What follows runs one kind of permutations, ten units of the five targets; KINDS: settings of studies, the first of them the usual one."""

    @classmethod
    def setUpClass(cls):
        cls.study = TinyStudy()
        cls.addClassCleanup(cls.study.remove)
        cls.expected = {}
        for kind, sets in cls.KINDS.items():
            done = cls.study.arete("run", "study.yaml", "--output", kind, *cls.settings(*sets))
            assert done.returncode == 0, done.stderr
            cls.expected[kind] = cls.outcome(kind)

    @classmethod
    def settings(cls, *sets):
        return [part for one in (*cls.SETS, *sets) for part in ("--set", one)]

    def setUp(self):
        if self.study.path("out").exists():
            self.study.remove_folder("out")

    @classmethod
    def outcome(cls, output):
        with h5py.File(cls.study.path(f"{output}/campaign.h5")) as file:
            return [file[name][()].tobytes() for name in cls.DATASETS] + [cls.study.bytes(f"{output}/results.tsv")]

    def run_study(self, *sets, code=0):
        done = self.study.arete("run", "study.yaml", "--output", "out", *self.settings(*sets))
        self.assertEqual(done.returncode, code, done.stderr)
        return done

    def start(self, *sets):
        return subprocess.Popen([ARETE, "run", "study.yaml", "--output", "out", *self.settings(*sets)], cwd=self.study.folder,
                                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)

    def sums(self):
        return sorted(path.name for path in self.study.path("out").glob("campaign.folds-*"))

    def n_done(self, name):
        try:
            with h5py.File(self.study.path(f"out/{name}"), locking=False) as file:
                return int((file["sums/unit_crc" if "folds" in name else "null/unit_crc"][:] != 0).sum())
        except OSError:
            return 0

    def interrupt(self, name, *sets, number=signal.SIGKILL):
        """Ends a run when a unit stands in the file of that name."""
        with self.start(*sets) as run:
            end = time.monotonic() + PATIENCE_S
            while run.poll() is None and self.n_done(name) < 1 and time.monotonic() < end:
                time.sleep(0.002)
            self.assertIsNone(run.poll(), "it was too quick")
            run.send_signal(number)
            errors = run.communicate(timeout=PATIENCE_S)[1]
        return run.returncode, errors

    def check(self, kind=None):
        expected, found = self.expected[kind or next(iter(self.KINDS))], self.outcome("out")
        names = [*self.DATASETS, "results.tsv"]  # a difference of so many bytes would take minutes to be shown
        self.assertEqual([name for name, a, b in zip(names, expected, found, strict=True) if a != b], [], "these differ")
        self.assertEqual(self.sums(), [])

    def try_numbers_of_passes(self):
        """2 and 5 of all kinds; the log of the last one."""
        for passes in (2, 5):
            for kind, sets in self.KINDS.items():
                with self.subTest(passes=passes, kind=kind):
                    self.setUp()
                    self.run_study(f"run.passes={passes}", *sets)
                    self.check(kind)
        return self.study.read("out/run.log")

    def kill_in_every_pass(self):
        passes = "run.passes=3"  # folds 1-2, 3-4, 5
        for name in ("campaign.folds-2.h5", "campaign.folds-4.h5", "campaign.h5"):
            self.assertEqual(self.interrupt(name, passes)[0], -signal.SIGKILL)
        self.assertEqual(self.sums(), ["campaign.folds-4.h5"])
        self.run_study(passes)
        self.check()
        log = self.study.read("out/run.log")
        done = [int(count) for count in re.findall(rf"pass over outer folds 1 to 2 of 5: {self.COUNT}, of them (\d+) done", log)]
        self.assertGreater(done[1], 0, "units of the first pass were kept")

    def stop_and_ask(self, refusal):
        """What is said of a run that was stopped in the second of three passes; refusal: of its results."""
        code, errors = self.interrupt("campaign.folds-4.h5", "run.passes=3", number=signal.SIGTERM)
        self.assertEqual(code, 75, errors)
        self.assertRegex(errors, rf"stopped on request in the pass over outer folds 3 to 4 of 5 with [\d,]+ of {self.COUNT:,} permutations saved; the same command goes on")
        status = self.study.arete("status", "out/campaign.h5").stdout
        self.assertRegex(status, rf"done:       0 of {self.COUNT:,} permutations")
        self.assertRegex(status, r"pass:       outer folds 3 to 4 of 5: \d of 10 units; p comes with the last pass")
        done = self.study.arete("results", "out/campaign.h5")
        self.assertEqual(done.returncode, 1, "no p before the last pass")
        self.assertIn(refusal, done.stderr)


class InOrbits(PassesTest):
    COUNT = 9600  # 80 orbits of 120 people
    SETS = ["permutations.method=orbits", f"permutations.count={COUNT}", "run.block=960"]
    DATASETS = ["null/score", "null/tolerance", "null/unit_crc"]
    KINDS = {score: [f"model.score={score}"] for score in ("mean-r2", "pooled-r2")}

    def test_any_number_of_passes(self):
        log = self.try_numbers_of_passes()
        self.assertEqual(len(re.findall(r"forms: 11 of 5 penalties, outer folds \d to \d", log)), 5)

    def test_killed_in_the_first_pass_in_another_and_in_the_last(self):
        self.kill_in_every_pass()

    def test_stopped_and_told_of(self):
        self.stop_and_ask("the first orbit is not finished yet")

    def test_other_memory_on_the_way(self):
        self.interrupt("campaign.folds-3.h5", "run.passes=2")
        self.run_study("run.passes=5")  # one fold at a time: the sums over three at once are given up
        self.check()
        self.assertIn("the sums over the first 3 folds are given up", self.study.read("out/run.log"))
        self.setUp()
        self.interrupt("campaign.folds-2.h5", "run.passes=5")
        self.run_study("run.passes=1")
        self.check()

    def test_more_permutations_on_the_way(self):
        for name in ("campaign.folds-2.h5", "campaign.folds-4.h5", "campaign.h5"):
            with self.subTest(name=name):
                self.setUp()
                self.interrupt(name, "run.passes=3", "permutations.count=4800")
                self.assertNotIn("warning: out/campaign.h5", self.run_study("run.passes=3").stderr)
                self.check()

    def test_sums_that_rot(self):
        for name in ("campaign.folds-2.h5", "campaign.folds-4.h5"):
            with self.subTest(name=name):
                self.setUp()
                self.interrupt("campaign.h5" if name == "campaign.folds-4.h5" else name, "run.passes=3")
                path = self.study.path(f"out/{name}")
                with h5py.File(path) as file:
                    place = file["sums/row"].id.get_offset()
                with open(path, "r+b") as file:
                    file.seek(place)
                    file.write(np.full(3000, 7, dtype="u1").tobytes())
                self.run_study("run.passes=3")
                self.check()

    def test_sums_that_a_power_cut_left(self):
        """They were removed, but the folder had not reached the disk."""
        self.interrupt("campaign.h5", "run.passes=3")
        left = self.study.bytes("out/campaign.folds-4.h5")
        self.run_study("run.passes=3")
        self.study.write("out/campaign.folds-4.h5", left)
        self.run_study("run.passes=3")
        self.check()

    def test_sums_of_another_study_are_not_looked_at(self):
        self.interrupt("campaign.folds-4.h5", "run.passes=3", "seed=7")
        self.run_study("run.passes=3", code=2)  # another campaign stands there
        done = self.study.arete("run", "study.yaml", "--output", "out", "--fresh", *self.settings("run.passes=3"))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.check()

    def test_killed_at_random(self):
        rng = random.Random(int(os.environ.get("ARETE_SEED", "20261129")))
        for _ in range(int(os.environ.get("ARETE_KILLS", "6"))):
            passes = f"run.passes={rng.randint(2, 5)}"
            with self.start(passes) as run:
                time.sleep(rng.uniform(0.1, 1.2))
                if run.poll() is None:
                    run.kill()
                run.communicate(timeout=PATIENCE_S)
        self.run_study("run.passes=4")
        self.check()


class DrawnOneByOne(PassesTest):
    COUNT = 2000
    PENALTIES = "model.heritability=" + str([round(0.03 * k, 2) for k in range(1, 31)])
    SETS = ["permutations.method=independent", f"permutations.count={COUNT}", "run.block=200", "model.penalty_nodes=exact", PENALTIES]
    DATASETS = ["null/score", "null/unit_crc", "observed/score"]
    KINDS = {
        "all penalties": [],
        "penalty nodes": ["model.penalty_nodes=auto"],
        "strata": ["permutations.within=site", "model.baseline=test-mean", "model.score=pooled-r2"],
    }

    def test_any_number_of_passes(self):
        """Permutation 0 goes through them before the others."""
        log = self.try_numbers_of_passes()
        self.assertEqual(len(re.findall(r"operators of \d+ penalties, outer folds \d to \d, in", log)), 10)

    def test_killed_in_the_first_pass_in_another_and_in_the_last(self):
        self.kill_in_every_pass()

    def test_stopped_and_told_of(self):
        self.stop_and_ask("no permutation is finished yet")

    def test_more_permutations_and_other_memory_on_the_way(self):
        self.interrupt("campaign.folds-2.h5", "run.passes=3", "permutations.count=1400")
        self.run_study("run.passes=2")
        self.check()

    def test_as_many_passes_as_memory_needs(self):
        plan = self.study.arete("plan", "study.yaml", *self.settings("run.memory=28M"))
        self.assertRegex(plan.stdout, r"passes: +[2-5] passes over the outer folds: \d+ MB with the operators of \d of 5 folds at once fit into 28M")
        self.assertRegex(plan.stdout, r"disk: .* for sums between passes")

    def test_blocks_that_are_too_large_for_memory(self):
        asked = ["permutations.count=1000000", "run.memory=50M"]
        refused = self.study.arete("run", "study.yaml", *self.settings(*asked, "run.block=1000000"))
        self.assertEqual(refused.returncode, 2)
        self.assertRegex(refused.stderr, r"the study needs about \d+ MB of memory .*; expected at most 50M \(run.memory\): a smaller run.block, or a larger run.memory\n$")
        self.assertFalse(self.study.path("out/campaign.h5").exists())
        self.assertRegex(self.study.arete("plan", "study.yaml", *self.settings(*asked, "run.block=1000")).stdout, r"memory: +[34]\d MB")


if __name__ == "__main__":
    unittest.main()
