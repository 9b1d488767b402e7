#!/usr/bin/python3
"""Part files of other ranks beside a campaign, made here with h5py as docs/campaign-file.md describes them: what status and results see, and what the
next run makes of them."""
import json
import struct
import unittest

import h5py
import numpy as np

from support.tiny_study import TinyStudy

FORM = ("v108", "v108")  # the forms of HDF5 that arete writes, and alone reads
COUNT = {"independent": 1000, "orbits": 4800}  # five units of 200, of 8 orbits of 120


def set_text(file, name, text):
    file.attrs.create(name, np.bytes_(text), dtype=h5py.string_dtype("utf-8", len(text)))


class Parts(unittest.TestCase):
    method = "independent"

    @property
    def count(self):
        return COUNT[self.method]

    def settings(self):
        return [f"--set=permutations.count={self.count}", f"--set=permutations.method={self.method}"]

    def setUp(self):
        self.study = TinyStudy()
        self.addCleanup(self.study.remove)
        self.run_whole(self.study)
        self.campaign = self.study.bytes("out/campaign.h5")
        self.table = self.study.bytes("out/results.tsv")
        with h5py.File(self.study.path("out/campaign.h5")) as file:
            self.n_units = len(file["null/unit_crc"])
        self.assertGreaterEqual(self.n_units, 5)

    def run_whole(self, study, *more):
        done = study.arete(*study.arguments, *self.settings(), *more)
        self.assertEqual(done.returncode, 0, done.stderr)

    def make_part(self, study, rank, units):
        """The part of a rank that has done those units of the campaign."""
        with h5py.File(study.path("out/campaign.h5")) as whole, h5py.File(study.path(f"out/campaign.part-{rank}.h5"), "w", libver=FORM) as part:
            set_text(part, "format", "arete-campaign-part")
            for name in ("arete_version", "blas_core"):
                set_text(part, name, whole.attrs[name].decode())
            part.attrs["format_version"] = whole.attrs["format_version"]
            for name in ("G", "T", "count"):
                part.attrs[name] = np.int64(whole["permutation/block"].attrs[name])
            whole.copy("study/fingerprint", part.create_group("study"))
            whole.copy("null", part)
            if self.method == "orbits":
                whole.copy("permutation/method", part.create_group("permutation"))
                del part["permutation/method"].attrs["identity"]
            crc = part["null/unit_crc"]
            crc[...] = [value if unit in units else 0 for unit, value in enumerate(crc[:])]

    def forget(self, units):
        """As if the campaign had never had those units."""
        with h5py.File(self.study.path("out/campaign.h5")) as file:
            start = file["null/unit_crc"].id.get_offset()
        for unit in units:
            self.study.patch("out/campaign.h5", start + 4 * unit, struct.pack("<I", 0))

    def split(self):
        """The campaign keeps unit 0 and the last; parts 3 and 12 have the others, and one of them both."""
        middle = range(1, self.n_units - 1)
        self.make_part(self.study, 3, {unit for unit in middle if unit % 2 == 1})
        self.make_part(self.study, 12, {unit for unit in middle if unit % 2 == 0} | {1})
        self.forget(middle)

    def status(self):
        done = self.study.arete("status", "out/campaign.h5", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def test_status_and_results_count_parts(self):
        self.split()
        before = self.study.content()
        status = self.status()
        self.assertEqual((status["done"], status["total"], status["parts"], status["ignored_parts"]), (self.count, self.count, 2, 0))
        self.assertEqual((status["n_damaged"], status["ignored_because"]), (0, ""))
        text = self.study.arete("status", "out/campaign.h5").stdout
        self.assertRegex(text, rf"\ndone: +{self.count:,} of {self.count:,} permutations \(100.0 %\)\n")
        self.assertRegex(text, r"\nparts: +2 of other ranks, counted above\n")
        self.assertEqual(self.study.content(), before)
        done = self.study.arete("results", "out/campaign.h5", "again.tsv")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.study.bytes("again.tsv"), self.table)
        self.study.delete("out/campaign.part-3.h5")
        self.assertLess(self.status()["done"], self.count)

    def test_the_next_run_takes_parts_over(self):
        self.split()
        self.run_whole(self.study)
        self.assertEqual(sorted(path.name for path in self.study.path("out").iterdir()), ["campaign.h5", "campaign.lock", "predictions.tsv", "report.html", "results.tsv", "run.log"])
        self.assertEqual(self.study.bytes("out/campaign.h5"), self.campaign)
        self.assertEqual(self.study.bytes("out/results.tsv"), self.table)

    def test_a_part_of_another_study(self):
        other = TinyStudy()
        self.addCleanup(other.remove)
        self.run_whole(other, "--seed=77")
        self.make_part(other, 5, range(self.n_units))
        self.split()
        self.study.write("out/campaign.part-5.h5", other.bytes("out/campaign.part-5.h5"))
        status = self.status()
        self.assertEqual((status["done"], status["parts"], status["ignored_parts"]), (self.count, 2, 1))
        because = "out/campaign.part-5.h5: is a part of a campaign with other folds, seed; expected the study of the campaign beside it"
        self.assertIn(because, status["ignored_because"])
        self.assertIn(f"ignored:    1; {because}", self.study.arete("status", "out/campaign.h5").stdout)
        before = {name: content for name, content in self.study.content().items() if "campaign" in name and "lock" not in name}
        done = self.study.arete(*self.study.arguments, *self.settings())
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn(because, done.stderr)
        self.assertIn("--fresh starts over", done.stderr)
        self.assertEqual({name: self.study.bytes(name) for name in before}, before)
        self.run_whole(self.study, "--fresh")
        self.assertEqual(self.study.bytes("out/campaign.h5"), self.campaign)
        self.assertEqual(self.status()["parts"] + self.status()["ignored_parts"], 0)


class PartsOfOrbits(Parts):
    method = "orbits"


if __name__ == "__main__":
    unittest.main()
