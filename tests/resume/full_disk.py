#!/usr/bin/python3
"""A disk that is full: one clear line, nothing that looks finished, and with room again the same command ends with the same bits.

    tests/resume/full_disk.py        # as root: the output folder is a small tmpfs

Skipped where mount is not permitted.
"""
import errno
import functools
import json
import os
import subprocess
import unittest

from support.interruption import SLOW, UNIT, InterruptedStudy, count_is, settings, units_done, wait_until
from support.tiny_study import ARETE, PATIENCE_S

CHEAP = ["model.heritability=[0.2, 0.5]", "run.block=auto"]
SMALL, LARGE = 2040, 100000  # permutations (the first whole orbits too): a campaign of 1.0 MB, and of 3.0 MB
ROOM = "16m"
NO_SPACE = os.strerror(errno.ENOSPC)


@functools.cache
def with_room(count, *sets):
    """/null/score and results.tsv of a run that had room."""
    study = InterruptedStudy()
    try:
        done = study.run(count_is(count), *sets)
        assert done.returncode == 0, done.stderr
        return study.outcome(count)
    finally:
        study.remove()


class FullDisk(unittest.TestCase):
    def setUp(self):
        self.study = InterruptedStudy()
        self.addCleanup(self.study.remove)
        self.folder = self.study.path("out")
        self.folder.mkdir()

    def mount(self, size):
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", self.folder], capture_output=True, text=True, timeout=30,
                              check=False)
        if done.returncode != 0:
            self.skipTest(f"mount is not permitted: {done.stderr.strip()}")
        self.addCleanup(subprocess.run, ["umount", "--lazy", self.folder], timeout=30, check=True)

    def resize(self, size):
        subprocess.run(["mount", "-o", f"remount,size={size}", self.folder], timeout=30, check=True)

    def fill(self):
        """Something else takes all the room there is."""
        with open(self.folder / "filler", "ab", buffering=0) as file:
            for piece in (1 << 16, 1 << 12, 1):
                try:
                    while True:
                        file.write(bytes(piece))
                except OSError as full:
                    self.assertEqual(full.errno, errno.ENOSPC)

    def assert_no_room(self, code, stderr, name, table=False):
        """One line that names the file and the cause, exit code 1, and no table (table: that of before stays)."""
        lines = [line for line in stderr.splitlines() if not line.startswith("arete: warning: ")]
        self.assertEqual((code, len(lines)), (1, 1), stderr)
        self.assertRegex(lines[0], rf"^arete: .*{name}.*{NO_SPACE}")
        self.assertEqual(self.study.has("results.tsv"), table)
        self.assertEqual([path.name for path in self.folder.iterdir() if path.name.endswith(".tmp")], [])


class CampaignTest(FullDisk):
    def run_without_room(self, name, *sets, table=False):
        done = self.study.run(*sets)
        self.assert_no_room(done.returncode, done.stderr, name, table)

    def run_to_end(self, count, *sets):
        done = self.study.run(count_is(count), *sets)
        self.assertEqual(done.returncode, 0, done.stderr)
        scores, results = self.study.outcome(count)
        expected_scores, expected_results = with_room(count, *sets)
        self.assertTrue(scores == expected_scores, "/null/score differs")
        self.assertEqual(results, expected_results)

    def status(self):
        done = self.study.arete("status", "out/campaign.h5", "--json")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return json.loads(done.stdout)

    def test_campaign_does_not_fit(self):
        self.mount("1m")
        self.run_without_room("campaign.h5", count_is(LARGE), *CHEAP)
        self.assertFalse(self.study.has("campaign.h5"))
        self.assertFalse(self.study.has("run.log"))  # before anything is computed
        self.resize(ROOM)
        self.run_to_end(LARGE, *CHEAP)

    def test_nothing_fits(self):
        """Not even the log and the lock."""
        self.mount("2m")
        self.fill()
        self.run_without_room("", count_is(SMALL), *CHEAP)
        self.assertFalse(self.study.has("campaign.h5"))
        (self.folder / "filler").unlink()
        self.run_to_end(SMALL, *CHEAP)

    def test_disk_fills_while_permutations_run(self):
        """Their room was taken at the beginning, so all are saved; the table finds none."""
        count = 40 * UNIT
        self.mount(ROOM)
        process = self.study.start(count_is(count), *SLOW, "run.workers=1")
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        wait_until(units_done(self.study, 2), process)
        self.fill()
        before = int(self.study.campaign().done().sum())
        _, stderr = process.communicate(timeout=PATIENCE_S)
        self.assertLess(before, 40, "the disk was filled too late")
        self.assert_no_room(process.returncode, stderr, "results.tsv")
        self.assertEqual(int(self.study.campaign().done().sum()), 40)
        (self.folder / "filler").unlink()
        self.run_to_end(count, *SLOW)
        self.assertEqual(len(self.study.said_done()), 1)  # nothing was left to compute

    def test_extension_does_not_fit(self):
        self.mount("2m")
        self.run_to_end(SMALL, *CHEAP)
        old = self.study.bytes("out/campaign.h5")
        self.run_without_room("campaign.h5", count_is(LARGE), *CHEAP, table=True)
        self.assertTrue(self.study.bytes("out/campaign.h5") == old, "the old campaign has changed")
        status = self.status()
        self.assertEqual((status["done"], status["total"], status["n_damaged"]), (SMALL, SMALL, 0))
        self.run_to_end(SMALL, *CHEAP)
        self.resize(ROOM)
        self.run_to_end(LARGE, *CHEAP)


class OthersTest(FullDisk):
    """Passes over the folds, whose sums take room unit by unit, and arete associate, which takes it at once and writes its tables at the end."""

    def tables(self, folder, arguments, names):
        done = self.study.arete(*arguments, "--output", folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        return [self.study.bytes(f"{folder}/{name}") for name in names]

    def check(self, arguments, waits, names):
        expected = self.tables("roomy", arguments, names)
        for wait, fails in waits:
            with self.subTest(wait=wait):
                self.mount(ROOM)
                process = subprocess.Popen([ARETE, *arguments, "--output", "out"], cwd=self.study.folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                           stderr=subprocess.PIPE, text=True)
                wait_until(lambda wait=wait: self.study.has(wait), process)
                self.fill()
                stderr = process.communicate(timeout=PATIENCE_S)[1]
                self.assert_no_room(process.returncode, stderr, fails)
                (self.folder / "filler").unlink()
                self.assertEqual(self.tables("out", arguments, names), expected)

    def test_sums_of_passes(self):
        sets = ["permutations.method=orbits", "permutations.count=96000", "run.block=960", "run.passes=3"]
        self.check(["run", "study.yaml", *settings(*sets)], [("campaign.h5", "campaign.folds-"), ("campaign.folds-2.h5", "campaign.folds-")], ["results.tsv"])

    def test_associations(self):
        self.study.add_line("study.yaml", "associate: {permute: true, report_p: 1e-3}")
        arguments = ["associate", "study.yaml", *settings("permutations.count=40000", "run.block=1")]
        self.check(arguments, [("associations.h5", "manhattan.svg")], ["targets.tsv", "associations.tsv"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
