#!/usr/bin/python3
"""arete associate with permutations: stopped, killed, gone on with, extended, spoilt, with other workers and blocks. The same bits always.

    tests/resume/associations.py [--rounds N]     N kills at random instants (default 6)
"""
import os
import random
import signal
import subprocess
import sys
import time
import unittest

import h5py

from support import tiny_study
from support.campaign_file import with_units_of

COUNT = 40000
ROUNDS = 6
EVERY_S = 10  # MAXIMUM_PART_EVERY_S


class Associations(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.study = tiny_study.TinyStudy()
        cls.study.add_line("study.yaml", "associate: {permute: true, report_p: 1e-3}")
        cls.run_study(f"permutations.count={COUNT}")
        cls.expected = cls.outcome()

    @classmethod
    def tearDownClass(cls):
        cls.study.remove()

    @classmethod
    def command(cls, *sets, options=()):
        return [str(tiny_study.ARETE), "associate", "study.yaml", *(part for one in sets for part in ("--set", one)), *options]

    @classmethod
    def run_study(cls, *sets, options=(), code=0):
        done = cls.study.arete(*cls.command(*sets, options=options)[1:])
        assert done.returncode == code, f"exit {done.returncode}: {done.stderr}"
        return done

    @classmethod
    def outcome(cls):
        """scores, and the tables"""
        with h5py.File(cls.study.path("out/associations.h5")) as file:
            scores = file["null/score"][:].tobytes()
        return scores, cls.study.read("out/targets.tsv"), cls.study.read("out/associations.tsv")

    def units_done(self):
        try:
            with h5py.File(self.study.path("out/associations.h5")) as file:
                return int((file["null/unit_crc"][:] != 0).sum())
        except (OSError, KeyError):
            return 0

    def check_same(self):
        self.assertTrue(self.outcome() == self.expected)

    def test_workers_and_blocks(self):
        self.run_study(f"permutations.count={COUNT}", "run.workers=2", "run.block=3000", options=["--fresh"])
        self.check_same()

    # A study of more SNP tiles than there are buffers, computed in one block.

    def make(self):
        if self.study.path("made").exists():
            return
        self.study.write("sim.yaml", "{subjects: 100, snps: 8000, chromosomes: 2, targets: {count: 5}, seed: 1, output: made}\n")
        self.assertEqual(self.study.arete("simulate", "sim.yaml").returncode, 0)

    def made_command(self, workers, *options, count=15000):
        return [str(tiny_study.ARETE), "associate", "made/study.yaml", "--output", "many", "--threads", str(workers), *options,
                "--set=associate.permute=true", f"--set=permutations.count={count}", "--set=run.block=1000000"]

    def made_outcome(self):
        with h5py.File(self.study.path("many/associations.h5")) as file:
            return file["null/score"][:].tobytes()

    def run_made(self, workers, *options, count=15000):
        done = self.study.arete(*self.made_command(workers, *options, count=count)[1:])
        self.assertEqual(done.returncode, 0, done.stderr)
        return self.made_outcome()

    def test_more_tiles_than_buffers(self):
        """SNP tiles take turns in a few buffers, while several tiles of columns are correlated"""
        self.make()
        self.assertEqual(len({self.run_made(workers, "--fresh") for workers in (1, 2, 2, 3, 3)}), 1)

    def test_stopped_inside_a_block(self):
        """what is done of it is kept; where the file of it is damaged, or of more permutations, nothing is"""
        self.make()
        count = 60000  # one block of seconds
        expected, block = self.run_made(1, "--fresh", count=count), self.study.path("many/associations.rank-0.block")
        self.assertFalse(block.exists())
        self.study.path("many/associations.h5").unlink()
        kept = [self.stop_made(count) and block.exists() for _ in range(3)]
        self.assertIn(True, kept)
        if block.exists():
            content = bytearray(block.read_bytes())
            content[len(content) // 2] ^= 1
            block.write_bytes(bytes(content))
        self.stop_made(count)
        self.assertTrue(self.run_made(2, count=count) == expected)
        self.assertFalse(block.exists())

    def test_killed_where_a_block_is_saved(self):
        """of itself, every ten seconds: a process that stands still lets them pass. Killed at the first sign of the file, then when it is whole"""
        self.make()
        count = 60000
        expected = self.run_made(1, "--fresh", count=count)
        for whole in (False, True):
            self.assertTrue(any(self.kill_made(count, whole) for _ in range(3)), "it was too quick")
            self.assertTrue(self.run_made(2, count=count) == expected)
            self.assertEqual(self.blocks(), [])

    def blocks(self):
        return [name for name in os.listdir(self.study.path("many")) if ".block" in name]

    def kill_made(self, count, whole):
        """Starts anew, and kills when the block's file is there, whole or under its temporary name; whether it was."""
        self.study.path("many/associations.h5").unlink()
        seen = False
        with self.begin_made(count) as process:
            time.sleep(0.05)
            process.send_signal(signal.SIGSTOP)
            time.sleep(EVERY_S + 0.5)
            process.send_signal(signal.SIGCONT)
            while process.poll() is None and not seen:
                seen = any(name.endswith(".block") == whole for name in self.blocks())
            process.kill()
        return seen

    def begin_made(self, count):
        """Goes on, until the permutations have begun or it has ended."""
        log = self.study.path("many/associate.log")
        begun = log.read_text().count("orbits of all shifts") if log.exists() else 0
        process = subprocess.Popen(self.made_command(2, count=count), cwd=self.study.folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        while process.poll() is None and log.read_text().count("orbits of all shifts") == begun:
            time.sleep(0.01)
        return process

    def stop_made(self, count):
        """Goes on, and stops soon after the permutations have begun; whether it was in time."""
        process = self.begin_made(count)
        time.sleep(0.05)  # a tile of SNPs is enough, and all of them take little more than a second
        process.send_signal(signal.SIGTERM)
        self.assertIn(process.wait(), (0, 75))
        return process.returncode == 75

    def test_extended(self):
        self.run_study("permutations.count=3000", options=["--fresh"])
        self.assertNotEqual(self.outcome()[0], self.expected[0])
        self.run_study(f"permutations.count={COUNT}")
        self.check_same()

    def test_all_are_done(self):
        self.run_study(f"permutations.count={COUNT}", options=["--fresh"])
        self.run_study(f"permutations.count={COUNT}")
        self.assertIn("permutations: all are done", self.study.read("out/associate.log"))
        self.check_same()

    def interrupt(self, how, rng):
        """Starts anew and interrupts; the exit code, and what was said."""
        for name in ("associations.h5", "campaign.lock"):
            self.study.path(f"out/{name}").unlink(missing_ok=True)
        process = subprocess.Popen(self.command(f"permutations.count={COUNT}", "run.block=1", options=["--fresh"]), cwd=self.study.folder,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        least = rng.randrange(0, 30)
        while process.poll() is None and self.units_done() < least:
            time.sleep(0.0005)
        time.sleep(rng.uniform(0, 0.01))
        process.send_signal(how)
        said = process.communicate()[1]
        return process.returncode, said

    def test_killed(self):
        rng = random.Random(1)
        killed = 0
        for _ in range(ROUNDS):
            killed += self.interrupt(signal.SIGKILL, rng)[0] == -signal.SIGKILL
            self.run_study(f"permutations.count={COUNT}")
            self.check_same()
        self.assertGreater(killed, ROUNDS // 2)

    def test_stopped(self):
        ends = [self.interrupt(signal.SIGTERM, random.Random(seed)) for seed in range(3)]
        self.assertIn(75, [code for code, _ in ends])
        for said in (said for code, said in ends if code == 75 and " saved" in said):
            self.assertIn("the same command without --fresh goes on", " ".join(said.split()))
        self.run_study(f"permutations.count={COUNT}")
        self.check_same()

    def test_spoilt_unit(self):
        self.run_study(f"permutations.count={COUNT}", options=["--fresh"])
        with h5py.File(self.study.path("out/associations.h5"), "r+") as file:
            file["null/score"][11, 5] += 0.5
        done = self.study.arete("status", "out/associations.h5")
        self.assertIn("damaged:    1 of ", done.stdout)
        self.run_study(f"permutations.count={COUNT}")
        self.check_same()

    def meanwhile(self, action, *sets):
        """`action` is done to the campaign when some of its units are saved."""
        self.study.path("out/associations.h5").unlink(missing_ok=True)
        with subprocess.Popen(self.command(f"permutations.count={COUNT}", "run.block=1", *sets, options=["--fresh"]), cwd=self.study.folder,
                              stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as run:
            while run.poll() is None and self.units_done() < 3:
                time.sleep(0.002)
            self.assertIsNone(run.poll(), "it was too quick")
            action(self.study.path("out/associations.h5"))
            errors = run.communicate(timeout=tiny_study.PATIENCE_S)[1]
        return run.returncode, errors

    def test_a_unit_that_rots_meanwhile(self):
        def damage(campaign):
            with h5py.File(campaign, locking=False) as file:
                place = file["null/score"].id.get_offset()
            with open(campaign, "r+b") as file:
                file.seek(place)
                file.write(b"\x7f" * 3000)

        code, errors = self.meanwhile(damage)
        self.assertEqual(code, 0, errors)
        self.assertRegex(errors, r"warning: out/associations.h5: \d+ of \d+ units were saved and are not whole any more: they are computed again")
        self.check_same()

    def test_a_campaign_that_is_gone_meanwhile(self):
        def cut(campaign):
            os.truncate(campaign, campaign.stat().st_size - 4096)

        for action in (os.unlink, cut):
            code, errors = self.meanwhile(action)
            self.assertEqual(code, 1, errors)
            self.assertRegex(errors, r"arete: out/associations.h5: (was removed, replaced or cut by somebody else|is damaged: ends at byte)")
            self.assertFalse(self.study.path("out/targets.tsv").exists())

    def test_calls_that_change_meanwhile(self):
        """They are read again and again, for every block of permutations, long after they were hashed."""
        self.make()
        count, bed = 60000, self.study.path("made/chr1.bed")
        expected, whole, log = self.run_made(1, "--fresh", count=count), bed.read_bytes(), self.study.path("many/associate.log")
        begun = log.read_text().count("orbits of all shifts")
        with subprocess.Popen(self.made_command(2, "--fresh", count=count), cwd=self.study.folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, text=True) as run:
            while run.poll() is None and log.read_text().count("orbits of all shifts") == begun:
                time.sleep(0.005)
            self.assertIsNone(run.poll(), "it was too quick")
            self.addCleanup(bed.write_bytes, whole)
            with open(bed, "r+b") as file:
                file.write(whole[:3] + bytes(byte ^ 0xFF for byte in whole[3:]))
            errors = run.communicate(timeout=tiny_study.PATIENCE_S)[1]
        self.assertEqual(run.returncode, 1, errors)
        self.assertIn("arete: made/chr1.bed: was changed while it was read; expected it to stay as it is", errors)
        self.assertFalse(self.study.path("many/targets.tsv").exists())
        bed.write_bytes(whole)
        self.assertTrue(self.run_made(2, count=count) == expected)

    def test_precision_of_what_is_there(self):
        """K, and with it genetic PCs, is computed again: as it was."""
        sets = ("permutations.count=3000", "covariates.genetic_pcs=2")
        self.run_study(*sets, "genotypes.precision=single", options=["--fresh"])
        before = self.outcome()
        self.study.path("out/targets.tsv").unlink()
        self.run_study(*sets)
        self.assertTrue(self.outcome() == before)
        done = self.run_study(*sets, "genotypes.precision=double", code=2)
        self.assertIn("was made with other genotypes.precision; expected the same study", done.stderr)

    def test_another_study(self):
        self.run_study("permutations.count=1000", options=["--fresh"])
        before = self.study.content()
        for change, what in (("seed=7", "seed was not set, is 7"), ("covariates.columns=[age]", "covariates.columns was ")):
            done = self.run_study("permutations.count=1000", change, code=2)
            self.assertIn(what, done.stderr)
            after = self.study.content()
            for content in (before, after):
                content.pop("out/campaign.lock", None)
            self.assertEqual(after, before)
        self.run_study("permutations.count=1000", "model.penalties=[2]", "model.score=pooled-r2")  # of no matter here

    def test_units_of_another_size(self):
        """Rows were computed by 8 orbits of 5 targets and saved by what the campaign says: p was wrong, or memory was read that is not there."""
        self.run_study("permutations.count=1000", options=["--fresh"])
        for unit, width, what in ((1, 5, "expected 8 of 5"), (16, 5, "expected 8 of 5"), (1, 2, "expected 8 of 5"), (8, 2, "expected one orbit, or all of 5 targets")):
            with h5py.File(self.study.path("out/associations.h5"), "r+", libver=("v108", "latest")) as file:
                with_units_of(file, unit, width)
            before = self.study.content()
            done = self.run_study("permutations.count=1000", code=1)
            self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
            self.assertIn(f"a unit of {unit} orbits of {width} targets found; {what}", done.stderr)
            self.assertEqual(self.study.content(), before)

    def test_other_commands(self):
        self.run_study("permutations.count=1000", options=["--fresh"])
        self.assertIn("1,080 of 1,080 permutations", self.study.arete("status", "out/associations.h5").stdout)
        order = self.study.arete("permutation", "out/associations.h5", "1", "7").stdout.split()
        self.assertEqual(sorted(map(int, order)), list(range(120)))
        self.study.arete("run", "study.yaml", "--set", "permutations.count=1000", "--set", "permutations.method=orbits", "--output", "ridge")
        ridge = self.study.arete("permutation", "ridge/campaign.h5", "1", "7")
        self.assertEqual(ridge.stdout.split(), order)  # the permutations of arete run
        done = self.study.arete("results", "out/associations.h5")
        self.assertIn("is a campaign of arete associate; expected one of arete run", done.stderr)
        self.assertEqual(done.returncode, 2)
        os.rename(self.study.path("out/associations.h5"), self.study.path("ridge/campaign.h5"))
        done = self.study.arete("run", "study.yaml", "--output", "ridge")
        self.assertIn("is a campaign of arete associate; expected one of arete run", done.stderr)
        self.assertEqual(done.returncode, 2)


if __name__ == "__main__":
    if "--rounds" in sys.argv:
        at = sys.argv.index("--rounds")
        ROUNDS = int(sys.argv[at + 1])
        del sys.argv[at:at + 2]
    unittest.main()
