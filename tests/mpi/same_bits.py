#!/usr/bin/python3
"""A study over several ranks has the bits of one process: K, observed scores, the null distribution and the table.

    tests/mpi/same_bits.py               # two and three ranks, both placements
    tests/mpi/same_bits.py --all         # 1 to 4 ranks, memory shared and not, many shapes; minutes
"""
import itertools
import os
import re
import shutil
import sys
import unittest
from pathlib import Path

from support.ranks_study import APART, RanksTest, placed, wait_until

ALL = "--all" in sys.argv
MOUSE = Path(__file__).resolve().parents[2] / "data" / "mouse"
SHARED = "run.shared_memory=true"

# Each a list of settings on top of the tiny study: what makes the traffic differ.
FEW = ["permutations.count=3000"]  # 15 units, the last one whole
MANY_PENALTIES = ["permutations.count=1500", "model.heritability=[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]", "model.penalty_nodes=exact"]
GRID = "model.penalties={from: 0.1, to: 100, count: 20}"  # whose nodes are chosen
ONE_PENALTY = ["permutations.count=1500", "model.heritability=[0.4]"]
UNEVEN = 'exec "$@" --set "run.workers=$((OMPI_COMM_WORLD_RANK + 1))"\n'  # each rank of another size
SUMS = ["model.baseline=test-mean", "model.score=pooled-r2"]
TEST_MEAN = ["permutations.count=1500", *SUMS, "permutations.within=site"]
# Nobody stands still but who is alone at a site, and rank 0 alone knows of relatives that have left.
FEWER_PEOPLE = [*SUMS, "permutations.within=site", "genotypes.max_relatedness=0.5"]


class TwoRanks(RanksTest):
    """What every change is tested with."""

    def check(self, n_ranks, study, *more):
        self.run_to_end(n_ranks, *study, *more, options=["--fresh"])
        self.assert_same(*study)

    def test_by_fold(self):
        """Sums in double go from machine to machine; with two folds three machines are a chain and one left over."""
        self.check(2, FEW, placed("by-fold"), APART)
        self.assertIn("placement: by-fold: 1 chain of 2 machines, with the operators of at most 3 of 5 outer folds each", self.study.log())
        self.check(3, [*TEST_MEAN, GRID, "model.outer_folds=2"], placed("by-fold"), APART)

    def test_in_passes(self):
        """Of all machines, or of a chain, which is shorter than there are machines in the last one."""
        self.check(2, FEW, placed("replicate"), APART, "run.passes=3")
        self.check(2, TEST_MEAN, placed("by-fold"), APART, "run.passes=3")
        self.assertEqual([name for name in self.study.files() if "folds" in name], [])

    def test_killed_in_a_pass_by_fold(self):
        """One process goes on, with other passes."""
        study = [*MANY_PENALTIES, "permutations.count=20000"]
        job = self.begin(2, *study, placed("by-fold"), APART, "run.passes=2", options=["--fresh"])
        wait_until(lambda: self.study.has("campaign.folds-3.part-1.h5"), job)
        job.end()
        self.run_to_end(1, *study, "run.passes=3")
        self.assert_same(*study)

    def test_one_machine(self):
        """Memory is shared."""
        self.check(2, FEW, placed("replicate"))
        self.assertIn("ranks: 2 on 1 machine\n", self.study.log())

    def test_an_mpirun_of_one(self):
        self.check(1, FEW)

    def test_machines_of_different_sizes(self):
        """With all operators. Each would choose blocks of another size by itself, but both cut the same ones."""
        study = ["permutations.count=8000", "run.block=auto"]  # 40 units: a quarter of a share is five for one worker, two for two
        self.run_to_end(2, *study, placed("replicate"), APART, options=["--fresh"], launcher=[self.study.write_script("uneven.sh", UNEVEN)])
        self.assert_same(*study)


class InOrbits(RanksTest):
    """15 units of 8 orbits, or one orbit of each of two slices of targets."""

    ORBITS = ["permutations.method=orbits", f"permutations.count={15 * 960}", "run.block=960"]

    def check(self, n_ranks, *more, study=ORBITS):
        self.run_to_end(n_ranks, *study, *more, options=["--fresh"])
        self.assert_same(*study)

    def forms_of(self, *said):
        """run.log has a line of forms for each pass."""
        self.assertEqual(re.findall(r"forms: .* outer folds (\d to \d), in .* MB(.*)", self.study.log())[-len(said) :], list(said))

    def test_ranks_of_one_machine_build_together(self):
        """Five penalties at five folds in three pieces: two penalties are cut. Predictions, and errors of those who have a value, are made in pieces too."""
        study = [*self.ORBITS, "targets.missing=mean", "run.predictions=true"]
        self.check(3, study=study)
        self.assertIn("permutations: method orbits: ", self.study.log())
        self.forms_of(("1 to 5", ", by 3 of the 3 processes of a machine"))
        self.check(2, "run.passes=2", placed("by-fold"), study=study)
        self.forms_of(*[(folds, ", by 2 of the 2 processes of a machine") for folds in ("1 to 3", "4 to 5")])

    def test_more_ranks_than_there_is_to_build(self):
        """One penalty, a fold at a time: a piece for one of two ranks."""
        self.check(2, "run.passes=5", study=[*self.ORBITS, "model.heritability=[0.4]"])

    def test_many_penalties_on_one_machine(self):
        """Observed scores and sketches of twenty penalties in pieces, then forms of the nodes."""
        self.check(2, study=[*self.ORBITS, GRID, "permutations.count=1000"])

    def test_in_passes(self):
        self.check(2, APART, "run.passes=3")
        self.assertEqual([name for name in self.study.files() if "folds" in name], [])

    def test_killed_in_a_pass(self):
        """What both ranks saved of a pass goes on in one, with other passes."""
        job = self.begin(2, *self.ORBITS, "run.passes=5", options=["--fresh"])
        wait_until(lambda: self.study.has("campaign.folds-2.part-1.h5"), job)
        job.end()
        self.assertTrue(self.study.has("campaign.folds-2.h5") or self.study.has("campaign.folds-1.h5"))
        self.run_to_end(1, *self.ORBITS, "run.passes=3")
        self.assert_same(*self.ORBITS)
        self.assertEqual([name for name in self.study.files() if "folds" in name], [])

    def test_fewer_people_inside_blocks(self):
        self.check(2, APART, study=[*self.ORBITS, *FEWER_PEOPLE])

    def test_many_penalties(self):
        self.check(3, APART, study=[*self.ORBITS, GRID, "permutations.count=1000"])


class ByFold(RanksTest):
    """Machines hold some of the five outer folds each and hand sums on to one another."""

    def check(self, n_ranks, *more, study=InOrbits.ORBITS, **how):
        self.run_to_end(n_ranks, *study, placed("by-fold"), *more, options=["--fresh"], **how)
        self.assert_same(*study)

    def test_two_machines(self):
        self.check(2, APART)
        self.assertIn("placement: by-fold: 1 chain of 2 machines, with the forms of at most 3 of 5 outer folds each", self.study.log())

    def test_more_machines_than_folds(self):
        """Two chains and a machine that is left over."""
        study = [*InOrbits.ORBITS, "model.outer_folds=2"]
        self.check(5, APART, study=study)
        self.assertIn("by-fold: 2 chains of 2 machines, with the forms of 1 of 2 outer folds each; 1 machine idle", self.study.log())

    def test_in_passes(self):
        """Of two folds, and of one: then the chain is shorter than there are machines."""
        self.check(2, APART, "run.passes=3")
        self.assertEqual([name for name in self.study.files() if "folds" in name], [])

    def test_fewer_people_inside_blocks(self):
        """Two sums a shift are handed on, by the second machine of three too."""
        self.check(3, APART, study=[*InOrbits.ORBITS, *FEWER_PEOPLE])

    def test_many_penalties(self):
        """Whose nodes are chosen on all machines before each builds its folds."""
        self.check(2, APART, study=[*InOrbits.ORBITS, GRID, "permutations.count=1000"])

    def test_ranks_of_different_sizes(self):
        self.check(2, APART, "run.block=auto", launcher=[self.study.write_script("uneven.sh", UNEVEN)])

    def test_targets_in_slices(self):
        """A unit is one orbit of a slice of the targets; the identity's orbit is several units, whose states travel too."""
        self.study.write("sim.yaml", "output: wide\nsubjects: 60\nsnps: 500\nchromosomes: 1\ntargets: {count: 300}\n")
        made = self.study.arete("simulate", "sim.yaml")
        self.assertEqual(made.returncode, 0, made.stderr)
        self.study.write("study.yaml", "genotypes: {plink: wide/chr1}\ntargets: {table: wide/targets.tsv}\npermutations: {count: 600}\noutput: out\nrun: {workers: 1}\n")
        sets = ["permutations.method=orbits", "run.block=60"]
        done = self.study.run(*sets)
        self.assertEqual(done.returncode, 0, done.stderr)
        expected = self.study.bits()
        self.run_to_end(3, *sets, placed("by-fold"), APART, options=["--fresh"])
        found = self.study.bits()
        self.assertEqual([key for key in expected if expected[key] != found[key]], [])

    def in_a_pass(self, *study):
        """A job whose first pass, over three of the five folds, is under way."""
        job = self.begin(2, *study, placed("by-fold"), APART, "run.passes=2", options=["--fresh"])
        wait_until(lambda: self.study.has("campaign.folds-3.part-1.h5"), job)
        return job

    def test_killed_in_a_pass(self):
        """Only the last machine of the chain saves; one process goes on, with other passes."""
        study = [*InOrbits.ORBITS, "permutations.count=192000"]
        self.in_a_pass(*study).end()
        self.run_to_end(1, *study, "run.passes=3")
        self.assert_same(*study)

    def test_stopped_in_a_pass(self):
        """What is in flight goes down the chain and is saved; two machines go on without passes."""
        study = [*InOrbits.ORBITS, "permutations.count=192000"]
        job = self.in_a_pass(*study)
        job.send_usr1(1)
        code, _, err = job.wait(60)
        self.assertEqual(code, 75, err)
        self.assertRegex(err, "arete: stopped on request in the pass over outer folds 1 to 3 of 5 with ")
        self.run_to_end(2, *study, placed("by-fold"), APART)
        self.assert_same(*study)


@unittest.skipUnless(ALL, "by hand")
class AllShapes(RanksTest):
    """Ranks x memory x placement x size of blocks x kind of study."""

    def test_everything(self):
        studies = {"few": FEW, "many penalties": MANY_PENALTIES, "one penalty": ONE_PENALTY, "test mean": TEST_MEAN}
        for (name, study), n_ranks, placement, memory, block in itertools.product(
                studies.items(), (1, 2, 3, 4), ("replicate", "by-fold"), (SHARED, APART), ("200", "600", "auto")):
            if n_ranks == 1 and (placement, memory) != ("replicate", SHARED):
                continue
            for method in ("independent", "orbits"):
                with self.subTest(study=name, method=method, ranks=n_ranks, placement=placement, memory=memory, block=block):
                    one = [*study, f"permutations.method={method}"]
                    self.run_to_end(n_ranks, *one, placed(placement), memory, f"run.block={block}", options=["--fresh"])
                    self.assert_same(*one)

    def test_targets_in_slices(self):
        """More than a thousand targets: a unit is one permutation in slices."""
        self.study.write("sim.yaml", "output: wide\nsubjects: 150\nsnps: 2000\nchromosomes: 1\ntargets: {count: 2300}\n")
        made = self.study.arete("simulate", "sim.yaml")
        self.assertEqual(made.returncode, 0, made.stderr)
        self.study.write("study.yaml", "genotypes: {plink: wide/chr1}\ntargets: {table: wide/targets.tsv}\npermutations: {count: 30}\noutput: out\nrun: {workers: 1}\n")
        done = self.study.run("run.block=3")
        self.assertEqual(done.returncode, 0, done.stderr)
        expected = self.study.bits()
        for memory in (SHARED, APART):
            with self.subTest(memory=memory):
                self.run_to_end(3, memory, "run.block=3", options=["--fresh"])
                found = self.study.bits()
                self.assertEqual([key for key in expected if expected[key] != found[key]], [])

    @unittest.skipUnless((MOUSE / "chr1.bed").exists() or list(MOUSE.glob("*.bed")), "no data/mouse")
    def test_mice(self):
        shutil.copy(MOUSE.parents[1] / "configs" / "mouse.yaml", self.study.path("study.yaml"))
        os.symlink(MOUSE.parent, self.study.path("data"))
        sets = ["permutations.count=4000", "run.block=1000", "permutations.method=orbits", "output=out", "run.workers=1"]
        done = self.study.run(*sets)
        self.assertEqual(done.returncode, 0, done.stderr)
        expected = self.study.bits()
        for n_ranks, placement, memory in itertools.product((2, 3, 4), ("replicate", "by-fold"), (SHARED, APART)):
            with self.subTest(ranks=n_ranks, placement=placement, memory=memory):
                self.run_to_end(n_ranks, *sets, placed(placement), memory, options=["--fresh"])
                found = self.study.bits()
                self.assertEqual([key for key in expected if expected[key] != found[key]], [])


if __name__ == "__main__":
    sys.argv = [argument for argument in sys.argv if argument != "--all"]
    unittest.main()
