#!/usr/bin/python3
"""arete associate over several ranks: every table, plot and permutation has the bits of one process; stopped, killed and gone on with by any number of ranks.

    tests/mpi/association_ranks.py                  # seconds; 2 kills
    tests/mpi/association_ranks.py --kills 50       # SIGKILL of a rank, or of mpirun and all ranks, at so many random instants
"""
import functools
import json
import os
import random
import re
import signal
import sys
import time
import unittest

import h5py

from support import tiny_study
from support.interruption import settings
from support.ranks_study import APART, MPI, Job, wait_until

KILLS = 2
UNIT = 1000  # shifts: ten orbits of 100 people
N_UNITS = 60
COUNT = f"permutations.count={UNIT * N_UNITS}"
SETS = ["associate={permute: true, report_p: 0.01, full: [T1, T3], snps: [1:1, 2:2]}", "covariates={table: made/half.tsv, columns: [half], genetic_pcs: 2}",
        "genotypes.max_relatedness=0.215", COUNT, "run.workers=1"]  # four of 104 people leave
BLOCKS = re.compile(r"associations\.rank-\d+\.block")


class Study(tiny_study.TinyStudy):
    """Made up: 8 tiles of SNPs, 5 targets; the last SNP, which the last rank tests, is a covariate."""

    def __init__(self):
        super().__init__()
        self.environment = os.environ | MPI
        self.write("sim.yaml", "{subjects: 104, snps: 4000, chromosomes: 2, missing_calls: 0.01, targets: {count: 5}, seed: 1, output: made}\n")
        made = self.arete("simulate", "sim.yaml")
        assert made.returncode == 0, made.stderr
        half = "".join(f"{line.split()[0]}\t{line.split()[1]}\t{k % 2}\n" for k, line in enumerate(self.lines("made/chr2.fam")))
        self.write("made/half.tsv", "FID\tIID\thalf\n" + half)
        self.patch("made/chr2.bed", len(self.bytes("made/chr2.bed")) - 26, 26 * b"\xcc")  # 0, 2, 0, 2 of every four
        names = [self.lines(f"made/chr{k}.bim")[7].split()[1] for k in (1, 2)]  # one for each rank
        self.sets = [one.replace("[1:1, 2:2]", f"['{names[0]}', '{names[1]}']") for one in SETS]

    def command(self, *sets, options=()):
        return [str(tiny_study.ARETE), "associate", "made/study.yaml", "--output", "out", *settings(*self.sets, *sets), *options]

    def begin(self, n_ranks, *sets, options=(), launcher=()):
        return Job(n_ranks, [*map(str, launcher), *self.command(*sets, options=options)], self.folder, self.environment)

    def bits(self):
        """Every result, and the permutations; the campaign's lock, its other content, the report, which tells the settings, and the log may differ."""
        found = {name: content for name, content in self.content().items()
                 if name.startswith("out/") and content is not None and not name.endswith((".html", ".log", ".lock", ".h5"))}
        with h5py.File(self.path("out/associations.h5"), "r") as file:
            return found | {name: file[name][()].tobytes() for name in ("null/score", "null/unit_crc", "observed/r2")}

    def files(self):
        return set(os.listdir(self.path("out"))) if self.path("out").exists() else set()

    def log(self):
        return self.read("out/associate.log") if "associate.log" in self.files() else ""


class Associations(unittest.TestCase):
    def setUp(self):
        self.study = Study()
        self.addCleanup(self.study.remove)

    def begin(self, n_ranks, *sets, **how):
        job = self.study.begin(n_ranks, *sets, **how)
        self.addCleanup(job.end)
        return job

    def run_to_end(self, n_ranks, *sets, **how):
        code, _, err = self.begin(n_ranks, *sets, **how).wait(tiny_study.PATIENCE_S)
        self.assertEqual(code, 0, err)

    @staticmethod
    @functools.cache
    def alone():
        """The bits of one process that nothing interrupted."""
        study = Study()
        try:
            done = study.arete(*study.command()[1:])
            assert done.returncode == 0, done.stderr
            return study.bits()
        finally:
            study.remove()

    def assert_same(self):
        expected, found = self.alone(), self.study.bits()
        self.assertEqual(expected.keys(), found.keys())
        self.assertEqual([name for name in expected if expected[name] != found[name]], [], "these differ")

    def test_same_bits(self):
        """one machine and several; more ranks than some have SNPs or units"""
        for n_ranks, sets in ((2, []), (2, [APART, "run.block=1"]), (3, [APART, "run.block=2000"])):
            with self.subTest(ranks=n_ranks, sets=sets):
                self.run_to_end(n_ranks, *sets, options=["--fresh"])
                self.assert_same()

    def test_ranks_of_different_sizes(self):
        self.study.write("uneven.sh", '#!/bin/sh\nexec "$@" --set "run.workers=$((OMPI_COMM_WORLD_RANK + 1))"\n')
        self.study.path("uneven.sh").chmod(0o755)
        self.run_to_end(2, APART, launcher=[self.study.path("uneven.sh")])
        self.assert_same()

    def stop(self, n_ranks, rank, *sets, pause=0.05):
        """Whether it was in time, after the ranks have begun with permutations."""
        job = self.begin(n_ranks, *sets)
        wait_until(lambda: f"associations.part-{n_ranks - 1}.h5" in self.study.files() or job.poll() is not None)
        time.sleep(pause)
        try:
            job.send_usr1(rank)
        except (KeyError, ProcessLookupError):
            pass  # it has ended
        code, _, err = job.wait(60)
        self.assertIn(code, (0, 75), err)
        if code == 75:
            self.assertRegex(err, r"arete: stopped on request with [\d,]+ of 60,000 permutations saved; the same command goes on\n")
            self.assertNotIn("associations.tsv", self.study.files())
            self.assertFalse([name for name in self.study.files() if "part" in name])
        return code == 75

    def stop_in_time(self, *how):
        """An idle machine may be through before the signal is there: then anew."""
        for pause in (0.05, 0, 0.02, 0.1, 0, 0.05, 0.2, 0):
            if self.stop(*how, pause=pause):
                return True
            self.study.remove_folder("out")
        return False

    def test_stopped(self):
        """by a rank; what each has of its block goes on with machines and with one process"""
        self.assertTrue(self.stop_in_time(2, 1))
        self.stop(2, 0, APART)
        self.run_to_end(1)
        self.assert_same()
        self.assertEqual(self.blocks(), [])

    def blocks(self):
        return [name for name in self.study.files() if BLOCKS.fullmatch(name)]

    def leave_blocks(self):
        """Stops two ranks inside their blocks, which takes a few attempts on a busy machine, and on a quick one; how many are left."""
        for pause in 2 * (0, 0.02, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6):
            self.stop(2, 1, "run.block=1000000", pause=pause)
            if self.blocks():
                return len(self.blocks())
            if "associations.tsv" in self.study.files():
                self.study.remove_folder("out")
        return 0

    def test_begun_blocks_are_gone_on_with(self):
        """of two ranks, by two and by one: only what is left of them is computed"""
        self.assertGreater(self.leave_blocks(), 0)
        self.stop(2, 0)
        self.run_to_end(1)
        self.assert_same()

    def test_another_study_and_fresh(self):
        self.stop(2, 0)
        code, _, err = self.begin(2, "seed=7").wait(60)
        self.assertEqual(code, 2, err)
        self.assertIn("seed", err)
        self.run_to_end(2, options=["--fresh"])
        self.assert_same()

    def test_bad_input(self):
        for sets, message in ((["associate.full=[amygdala]"], '"amygdala" is no target'), (["run.memory=10M"], "arete associate needs about")):
            code, _, err = self.begin(2, *sets).wait(60)
            self.assertEqual(code, 2, err)
            self.assertEqual(err.count("arete: "), 1, err)
            self.assertIn(message, err)
            self.assertEqual(self.study.files(), set())

    def test_precision_of_what_is_there(self):
        """K is summed again by all ranks, in the precision that the campaign was begun with"""
        self.run_to_end(1, "genotypes.precision=single", "permutations.count=3000")
        before = self.study.bits()
        self.run_to_end(2, "permutations.count=3000")
        self.assertTrue(self.study.bits() == before)

    def status(self):
        return json.loads(self.study.arete("status", "out/associations.h5", "--json").stdout)

    def test_status(self):
        """while two ranks save, and then"""
        job = self.begin(2, "run.block=1")
        wait_until(lambda: "associations.part-1.h5" in self.study.files(), job)
        while_saving = self.status()
        self.assertEqual(job.wait(tiny_study.PATIENCE_S)[0], 0)
        self.assertEqual(while_saving["parts"], 1)
        self.assertLess(while_saving["done"], 60000)
        self.assertEqual((self.status()["parts"], self.status()["done"]), (0, 60000))

    def kill(self, rng, number):
        """Of a rank or of all, at any moment, every third time of a run that goes on with begun blocks; whether it was in time."""
        n_ranks = 2
        if number % 3 == 2:
            self.leave_blocks()
        job = self.begin(n_ranks, *([APART] if number % 2 else []), f"run.block={rng.choice([1, 2000, 1000000])}")
        pids = job.wait_for_ranks()
        time.sleep(rng.uniform(0, self.usual_s))
        victims = list(pids.values()) + [job.pid] if number % 5 == 4 else [pids[number % n_ranks]]
        for pid in victims:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        if number % 5 == 4:
            job.end()
            return "associations.tsv" not in self.study.files()
        return job.wait(30)[0] != 0

    def test_killed(self):
        rng = random.Random(3)
        began = time.monotonic()
        self.run_to_end(2)
        self.usual_s = time.monotonic() - began
        killed = 0
        while killed < KILLS:
            if self.study.path("out").exists():
                self.study.remove_folder("out")
            in_time = self.kill(rng, killed)
            killed += in_time
            blocks = len(self.blocks())
            parts = len([name for name in self.study.files() if "part" in name])
            self.run_to_end(rng.choice([1, 2, 3]))
            self.assert_same()
            self.assertFalse([name for name in self.study.files() if "block" in name or "part" in name or "tmp" in name])
            if KILLS > 2:
                print(f"  {'killed' if in_time else 'too late'}: {blocks} blocks and {parts} parts were left; the same bits", flush=True)
        print(f"{killed} kills: the same bits")


if __name__ == "__main__":
    if "--kills" in sys.argv:
        at = sys.argv.index("--kills")
        KILLS = int(sys.argv[at + 1])
        del sys.argv[at:at + 2]
    unittest.main()
