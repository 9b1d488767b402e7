#!/usr/bin/python3
"""What somebody, or a disk, does to campaign.h5 while a run works on it: the rows are looked at again before results come from them.

    tests/resume/rot.py
"""
import os
import signal
import subprocess
import time
import unittest

import h5py

from support.tiny_study import ARETE, PATIENCE_S, TinyStudy

MODEL = """\
model:
  outer_folds: 5
  inner_folds: 4
  penalty_nodes: exact
  heritability: [0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.09, 0.1, 0.12, 0.14, 0.16, 0.18, 0.2, 0.22, 0.24, 0.26, 0.28, 0.3]
"""
FIRST_PERMUTATIONS, ALL = 200, 4000


def fill(pipe):
    """Until a writer would wait; with how many bytes."""
    n_filled = 0
    os.set_blocking(pipe, False)
    try:
        while True:
            n_filled += os.write(pipe, bytes(4096))
    except BlockingIOError:
        os.set_blocking(pipe, True)
    return n_filled


class Rot(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.study = TinyStudy()
        cls.addClassCleanup(cls.study.remove)
        cls.study.replace("study.yaml", "model:\n  outer_folds: 5\n  inner_folds: 4\n", MODEL)
        cls.study.replace("study.yaml", "count: 20", f"method: independent\n  count: {ALL}")
        cls.study.replace("study.yaml", "workers: 1", f"workers: 1\n  block: {FIRST_PERMUTATIONS}")
        done = cls.study.arete(*cls.study.arguments)
        assert done.returncode == 0, done.stderr
        cls.table = cls.study.bytes("out/results.tsv")
        with h5py.File(cls.study.path("out/campaign.h5")) as file:
            cls.place = file["null/score"].id.get_offset()
            assert len(file["null/unit_crc"]) > 5, "units to damage"

    def run_and_meanwhile(self, action):
        """`action` is done to the campaign when its first units are saved."""
        if self.study.path("bad").exists():
            self.study.remove_folder("bad")
        campaign = self.study.path("bad/campaign.h5")
        with subprocess.Popen([ARETE, *self.study.arguments, "--output", "bad"], cwd=self.study.folder, stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as run:
            while run.poll() is None and self.n_done() < 2:
                time.sleep(0.005)
            self.assertIsNone(run.poll(), "it was too quick")
            action(campaign)
            errors = run.communicate(timeout=PATIENCE_S)[1]
        return run.returncode, errors

    def n_done(self):
        """Units saved, by their CRCs: a file that is opened for reading is not touched."""
        try:
            with h5py.File(self.study.path("bad/campaign.h5"), locking=False) as file:
                return int((file["null/unit_crc"][:] != 0).sum())
        except OSError:
            return 0

    def damage(self, campaign):
        with open(campaign, "r+b") as file:
            file.seek(self.place)
            file.write(b"\x7f" * 3000)

    def test_a_unit_that_rots_is_computed_again(self):
        code, errors = self.run_and_meanwhile(self.damage)
        self.assertEqual(code, 0, errors)
        self.assertRegex(errors, r"warning: bad/campaign.h5: \d+ of \d+ units were saved and are not whole any more: they are computed again")
        self.assertEqual(self.study.bytes("bad/results.tsv"), self.table)
        self.assertNotIn("damaged", self.study.arete("status", "bad/campaign.h5").stdout)

    def test_a_campaign_that_is_gone_or_another_or_cut_is_an_error(self):
        def replace(campaign):
            copy = campaign.with_name("copy.h5")
            copy.write_bytes(campaign.read_bytes())
            copy.rename(campaign)

        def cut(campaign):
            os.truncate(campaign, campaign.stat().st_size - 4096)

        for action in (os.unlink, replace, cut):
            code, errors = self.run_and_meanwhile(action)
            self.assertEqual(code, 1, f"{action}: {errors}")
            self.assertRegex(errors, r"arete: bad/campaign.h5: (was removed, replaced or cut by somebody else|is damaged: ends at byte)")
            self.assertFalse(self.study.path("bad/results.tsv").exists())

    def test_a_campaign_that_goes_while_tables_are_written_leaves_none(self):
        """The table is there and the report is not, as long as nobody takes what the run shows: more than its buffer, into a pipe that is full."""
        study = TinyStudy()
        self.addCleanup(study.remove)
        header, *rows = (line.split("\t") for line in study.lines("targets.tsv"))
        names = [32 * chr(0x1d6c2 + k) for k in range(25)]  # of a name 32 characters are shown; each of these is four bytes
        study.set_lines("targets.tsv", ["\t".join([*header[:2], *names]), *("\t".join([*row[:2], *(25 * row[4:5])]) for row in rows)])
        read_end, write_end = os.pipe()
        n_filled = fill(write_end)
        with subprocess.Popen([ARETE, *study.arguments], cwd=study.folder, stdin=subprocess.DEVNULL, stdout=write_end, stderr=subprocess.PIPE, text=True) as run:
            os.close(write_end)
            while run.poll() is None and not study.path("out/results.tsv").exists():
                time.sleep(0.005)
            self.assertIsNone(run.poll(), "it did not wait")
            study.delete("out/campaign.h5")
            with open(read_end, "rb") as shown:
                table = shown.read()[n_filled:].split(b"targets at p_fwer")[0]
            errors = run.communicate(timeout=PATIENCE_S)[1]
        self.assertGreater(len(table), 4096, "it need not have waited")
        self.assertEqual(run.returncode, 1, errors)
        self.assertIn("arete: out/campaign.h5: was removed, replaced or cut by somebody else", errors)
        self.assertEqual([name for name in ("results.tsv", "report.html") if study.path(f"out/{name}").exists()], [])

    def test_so_does_one_of_associate(self):
        """Stopped when its last table is there; it may have looked once more by then, and is tried again."""
        study = TinyStudy()
        self.addCleanup(study.remove)
        study.add_line("study.yaml", "associate: {full: [noise_1], permute: true}")
        last = study.path("out/targets.tsv")
        for _ in range(50):
            with subprocess.Popen([ARETE, "associate", "study.yaml", "--fresh"], cwd=study.folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.PIPE, text=True) as run:
                while run.poll() is None and not last.exists():
                    pass
                run.send_signal(signal.SIGSTOP)
                study.delete("out/associations.h5")
                run.send_signal(signal.SIGCONT)
                errors = run.communicate(timeout=PATIENCE_S)[1]
            if run.returncode != 0:
                break
            study.remove_folder("out")
        self.assertEqual(run.returncode, 1, errors)
        self.assertIn("arete: out/associations.h5: was removed, replaced or cut by somebody else", errors)
        left = [path.name for path in study.path("out").rglob("*") if path.is_file()]
        self.assertEqual(sorted(left), ["associate.log", "campaign.lock"])

    def test_results_makes_no_table_of_damaged_units(self):
        code, errors = self.run_and_meanwhile(lambda campaign: None)
        self.assertEqual(code, 0, errors)
        self.damage(self.study.path("bad/campaign.h5"))
        done = self.study.arete("results", "bad/campaign.h5", "again.tsv")
        self.assertEqual((done.returncode, self.study.path("again.tsv").exists()), (1, False), done.stderr)
        self.assertIn("no permutation is finished yet", done.stderr)  # units count from the first one without a gap


if __name__ == "__main__":
    unittest.main()
