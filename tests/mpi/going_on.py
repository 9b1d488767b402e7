#!/usr/bin/python3
"""A campaign of several ranks that was stopped, killed, extended or begun afresh goes on, with any number of ranks, to the same bits.

    tests/mpi/going_on.py                          # permutations drawn one by one, in both placements
    ARETE_METHOD=orbits tests/mpi/going_on.py      # in orbits
"""
import json
import re
import signal
import unittest

from support.interruption import METHOD
from support.ranks_study import APART, PLACEMENTS, UNIT, RanksTest, count_is, placed, wait_until

MANY = {"independent": 60, "orbits": 300}[METHOD]  # units: one process takes a second or two
# Every penalty computed: a few thousand permutations a second.
STUDY = ["model.heritability=" + str([round(0.02 * k, 2) for k in range(1, 41)]), "model.penalty_nodes=exact"]
COUNT = count_is(MANY * UNIT)
ONCE = unittest.skipIf(METHOD == "orbits", "has nothing to do with how permutations are made")


class GoingOn(RanksTest):
    def status(self):
        done = self.study.arete("status", "out/campaign.h5", "--json")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return json.loads(done.stdout)

    def units_counted(self):
        return self.status()["done"] // UNIT if self.study.has("campaign.h5") else 0

    def part_units(self, rank):
        """Whether a rank has saved units of its own."""
        return self.study.has(f"campaign.part-{rank}.h5")

    def begin_and_wait(self, n_ranks, *sets, least=6):
        """A job of which so many units are done, in the campaign and, of them some, in parts."""
        job = self.begin(n_ranks, *STUDY, COUNT, *sets)

        def begun():
            counted = self.units_counted() if self.part_units(n_ranks - 1) else 0
            return counted >= least and counted > self.study.campaign().done().sum()

        wait_until(begun, job, pause=0.02)
        return job

    def stop(self, rank, *sets, n_ranks=2):
        """SIGUSR1 to one rank stops all, and everything stands in the campaign."""
        job = self.begin_and_wait(n_ranks, *sets)
        job.send_usr1(rank)
        code, _, err = job.wait(60)
        self.assertEqual(code, 75, err)
        found = re.search(rf"arete: stopped on request with ([\d,]+) of {MANY * UNIT:,} permutations saved; the same command goes on\n", err)
        self.assertTrue(found, err)
        self.assertEqual(err.count("arete: stop"), 2, err)  # one line at the beginning, one in the end
        done = int(self.study.campaign().done().sum())
        self.assertEqual(int(found[1].replace(",", "")), done * UNIT)
        self.assertGreaterEqual(done, 6)
        self.assertLess(done, MANY)
        self.assertEqual(self.study.files(), {"campaign.h5", "campaign.lock", "run.log"})
        return done

    def go_on(self, n_ranks, done, *sets):
        self.run_to_end(n_ranks, *STUDY, COUNT, *sets)
        self.assertEqual(self.study.said_done()[-1], (MANY * UNIT, done * UNIT))
        self.assertEqual(self.study.said_computed()[-1], (MANY - done) * UNIT)
        self.assert_same(*STUDY, COUNT)

    def test_stopped_by_rank_0_goes_on_with_more(self):
        self.go_on(3, self.stop(0, placed("replicate")), placed(PLACEMENTS[-1]), APART)

    def test_stopped_by_another_goes_on_with_one(self):
        """Where sums travel all ranks of a chain finish the same blocks."""
        done = self.stop(1, placed(PLACEMENTS[-1]), APART)
        self.assertIn("stopping (another rank was asked to)", self.study.log())
        finished = self.study.run(*STUDY, COUNT)
        self.assertEqual(finished.returncode, 0, finished.stderr)
        self.assertEqual(self.study.said_computed()[-1], (MANY - done) * UNIT)
        self.assert_same(*STUDY, COUNT)

    def test_stopped_by_mpirun(self):
        """SIGUSR1, which mpirun hands to all of them."""
        job = self.begin_and_wait(2, placed(PLACEMENTS[-1]), APART)
        job.process.send_signal(signal.SIGUSR1)
        code, _, err = job.wait(60)
        self.assertEqual(code, 75, err)
        self.go_on(2, int(self.study.campaign().done().sum()))

    @ONCE
    def test_parts_stay_where_the_campaign_was_replaced(self):
        """As by a copy that was put back. They were merged into the file that was gone, and removed."""
        job = self.begin_and_wait(2)
        campaign = self.study.campaign().path
        copy = campaign.with_name("copy.h5")
        copy.write_bytes(campaign.read_bytes())
        copy.rename(campaign)
        job.send_usr1(1)
        code, _, err = job.wait(60)
        self.assertEqual(code, 1, err)
        self.assertIn("campaign.h5: was removed, replaced or cut by somebody else while it was open", err)
        self.assertNotIn("saved; the same command goes on", err)
        self.assertTrue(self.part_units(1))

    @ONCE
    def test_stopped_before_there_is_a_campaign(self):
        """While one rank computes alone or all read: every rank leaves, and nothing is kept."""
        self.study.write("sim.yaml", "output: large\nsubjects: 900\nsnps: 60000\nchromosomes: 1\ntargets: {count: 5}\n")
        made = self.study.arete("simulate", "sim.yaml")
        self.assertEqual(made.returncode, 0, made.stderr)
        self.study.write("study.yaml", "genotypes: {plink: large/chr1}\ntargets: {table: large/targets.tsv}\noutput: out\nrun: {workers: 1}\n")
        for line in (" workers: ", " SNPs: 60000 kept"):
            for rank in (0, 1):
                with self.subTest(line=line, rank=rank):
                    job = self.begin(2)
                    wait_until(lambda: line in self.study.log(), job)
                    job.send_usr1(rank)
                    code, _, err = job.wait(30)
                    self.assertEqual(code, 75, err)
                    self.assertEqual(len(re.findall("^arete: stopped on request .*; the same command goes on$", err, re.M)), 1, err)
                    self.assertEqual(self.study.files(), {"campaign.lock", "run.log"})
                    self.study.remove_folder("out")

    def kill_all(self, *sets, n_ranks=2):
        """Units done, of which some stand in parts only."""
        job = self.begin_and_wait(n_ranks, *sets)
        job.end()
        counted = self.units_counted()
        self.assertLess(int(self.study.campaign().done().sum()), counted)
        self.assertEqual(self.status()["parts"], n_ranks - 1)
        self.assertLess(counted, MANY)
        return counted

    def test_killed_with_parts_left(self):
        done = self.kill_all(*(placed(PLACEMENTS[0]), APART), n_ranks=3)
        self.go_on(2, done, placed(PLACEMENTS[-1]), APART)
        self.assertIn("units taken over from part files", self.study.log())

    def test_killed_and_begun_afresh(self):
        self.kill_all()
        self.run_to_end(2, *STUDY, count_is(3 * UNIT), options=["--fresh"])
        self.assertEqual(self.study.said_done()[-1], (3 * UNIT, 0))
        self.assert_same(*STUDY, count_is(3 * UNIT))

    def test_killed_and_extended(self):
        """Room for more is made while parts are there."""
        self.run_to_end(2, *STUDY, count_is(4 * UNIT))
        self.go_on(2, self.kill_all())

    def test_all_done(self):
        self.run_to_end(2, *STUDY, count_is(4 * UNIT))
        self.study.delete("out/results.tsv")
        self.run_to_end(2, *STUDY, count_is(4 * UNIT))
        self.assertIn(f"permutations: all {4 * UNIT} are done", self.study.log())
        self.assert_same(*STUDY, count_is(4 * UNIT))

    @ONCE
    def test_no_second_job(self):
        self.begin_and_wait(2)
        code, _, err = self.study.run_ranks(2, *STUDY, COUNT, seconds=30)
        self.assertEqual(code, 1, err)
        self.assertEqual(len(re.findall("another arete run is working on it", err)), 1, err)


if __name__ == "__main__":
    unittest.main()
