#!/usr/bin/python3
"""Permutations in orbits, as `arete run` leaves them behind: the same whatever the number of workers, block size or count; what the campaign says of them;
p-values and permutations by the recipes of docs/campaign-file.md.

    tests/cli/orbits.py
"""
import contextlib
import re
import subprocess
import sys
import unittest
from pathlib import Path

import h5py
import numpy as np

from support.campaign_file import CampaignFile
from support.tiny_study import TinyStudy

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "campaign-file.md").read_text()
ANALYSED = ["signal_1", "signal_2", "noise_1", "noise_2", "noise_3"]
ORBITS = ["permutations.method=orbits", "permutations.count=200"]
OF_SITES = [*ORBITS, "permutations.within=site"]  # three of 40: rings of 40


def recipe(heading):
    return PAGE[PAGE.index(f"## {heading}") :].split("```python\n")[1].split("```")[0]


def texts(array):
    return [text.decode() for text in array]


class OrbitTest(unittest.TestCase):
    """A tiny study a test, or one for a class that makes it: 120 people."""

    study = None

    def setUp(self):
        if self.study is None:
            self.study = TinyStudy()
            self.addCleanup(self.study.remove)

    @classmethod
    def share_study(cls, *sets, output="out"):
        cls.study = TinyStudy()
        cls.addClassCleanup(cls.study.remove)
        done = cls.study.arete("run", "study.yaml", "--output", output, *(part for one in sets for part in ("--set", one)))
        assert done.returncode == 0, done.stderr

    def run_study(self, *sets, output="out", code=0):
        done = self.study.arete("run", "study.yaml", "--output", output, *(part for one in sets for part in ("--set", one)))
        self.assertEqual(done.returncode, code, done.stderr)
        return done

    def campaign(self, output="out"):
        return contextlib.closing(h5py.File(self.study.path(f"{output}/campaign.h5"), "r"))

    def dataset(self, path, output="out"):
        with self.campaign(output) as campaign:
            return campaign[path][()]

    def results(self, output="out"):
        header, *rows = [line.split("\t") for line in self.study.lines(f"{output}/results.tsv")]
        return {row[0]: dict(zip(header, row, strict=True)) for row in rows}

    def order(self, orbit, shift):
        done = self.study.arete("permutation", "out/campaign.h5", orbit, shift)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return [int(line) for line in done.stdout.splitlines()]

    def add_regions(self, first, second):
        """Three blocks, of so many people and of the others."""
        region = {f"S{k + 1:03d}": "a" if k < first else "b" if k < first + second else "c" for k in range(120)}
        self.study.add_column("covariates.tsv", "region", lambda fid, iid: region.get(iid, "c"))
        return ["permutations.method=orbits", "permutations.count=200", "permutations.within=region", "covariates.categorical=[site, region]"]

    def check_p_by_hand(self):
        done = subprocess.run([sys.executable, "-c", recipe("p-values by hand")], cwd=self.study.path("out"), capture_output=True, text=True, check=False)
        expected = ["\t".join(row[column] for column in ("target", "p", "p_fwer")) for row in self.results().values() if row["p"] != "NA"]
        self.assertEqual(done.stdout.splitlines(), expected, done.stderr)
        return expected


class Results(OrbitTest):
    """One run, looked at from all sides."""

    @classmethod
    def setUpClass(cls):
        cls.share_study(*ORBITS)

    def test_campaign_has_the_documented_shapes(self):
        n, t, f, m, shifts, g = 120, 5, 5, 5, 120, 8
        expected = {
            "permutation/subject": ((1, shifts), "i4"), "permutation/source": ((1, shifts), "i4"), "permutation/fixed": ((0,), "i4"),
            "observed/node_error": ((f * m, t), "f8"), "observed/baseline_error": ((f, t), "f8"), "observed/score": ((0,), "f4"),
            "null/score": ((g * t, shifts), "f4"), "null/tolerance": ((t,), "f8"), "null/unit_crc": ((1,), "u4"),
        }
        with self.campaign() as campaign:
            for path, (shape, kind) in expected.items():
                with self.subTest(path):
                    self.assertEqual((campaign[path].shape, campaign[path].dtype), (shape, kind))
            self.assertEqual(campaign["permutation/method"][()], b"orbits")
            method, block = campaign["permutation/method"].attrs, campaign["permutation/block"].attrs
            self.assertEqual([method[name] for name in ("shifts", "slice", "identity")], [shifts, t, 0])
            self.assertEqual([block[name] for name in ("G", "T", "count")], [g, t, 200])
            self.assertEqual(campaign.attrs["format_version"], 3)
            self.assertEqual(sorted(campaign["permutation/subject"][0]), list(range(n)))

    def test_every_dataset_is_documented(self):
        with self.campaign() as campaign:
            campaign.visititems(lambda name, item: self.assertIn(f"`/{name}`", PAGE) if isinstance(item, h5py.Dataset) else None)

    def test_count_is_rounded_up_to_whole_orbits(self):
        self.assertEqual([self.results()[target]["p"] for target in ANALYSED[:2]], ["0.00416667"] * 2)  # 1/240
        self.assertIn(" permutations: 240 in ", self.study.read("out/run.log"))
        status = self.study.arete("status", "out/campaign.h5").stdout
        self.assertRegex(status, r"\ndone: +240 of 240 permutations \(100.0 %\)\norbits: +2 of 120 permutations each\n")

    def test_the_log_says_what_orbits_there_are(self):
        self.assertIn(" permutations: method orbits: permutations.method asks for it\n", self.study.read("out/run.log"))
        self.assertIn(" permutations: 2 orbits of 120 shifts make 240; nobody stands still; V 1.00; a p of .05 has a Monte Carlo standard error of 0.014\n",
                      self.study.read("out/run.log"))

    def test_the_observed_score_is_the_first_of_all(self):
        score = self.dataset("null/score")[: len(ANALYSED), 0]
        np.testing.assert_allclose(score, self.dataset("observed/r2"), atol=1e-5)
        tolerance = self.dataset("null/tolerance")
        self.assertTrue(np.all((tolerance >= 1e-6) & (tolerance < 1e-4)), tolerance)

    def test_p_by_hand(self):
        self.assertEqual(len(self.check_p_by_hand()), 5)

    def test_the_table_is_that_of_permutations_drawn_one_by_one(self):
        """All but p: so near that five digits are the same, for it is computed in double either way."""
        self.run_study("permutations.method=independent", output="single")
        mine, single = self.results(), self.results("single")
        for target in ANALYSED:
            for column in ("n", "n_missing", "r2", "r2_sd", "r", "penalty", "at_edge"):
                self.assertEqual(mine[target][column], single[target][column])

    def test_results_are_told_again(self):
        done = self.study.arete("results", "out/campaign.h5", "again.tsv")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("(240 of 240 permutations)", done.stdout)
        self.assertEqual(self.study.bytes("again.tsv"), self.study.bytes("out/results.tsv"))


class FirstOrbit(OrbitTest):
    def test_no_results_before_it(self):
        """The observed scores stand in it, however many others are whole."""
        self.run_study(*ORBITS, "permutations.count=4000")
        with h5py.File(self.study.path("out/campaign.h5"), "r+") as campaign:
            self.assertGreater(campaign["null/unit_crc"].size, 1)
            campaign["null/unit_crc"][0] = 0
        done = self.study.arete("results", "out/campaign.h5")
        self.assertEqual(done.returncode, 1)
        self.assertIn("out/campaign.h5: the first orbit is not finished yet; expected at least that", done.stderr)


class Determinism(OrbitTest):
    """2,900 permutations are 25 orbits in 4 units of 8."""

    SETS = ["permutations.method=orbits", "permutations.count=2900"]

    @classmethod
    def setUpClass(cls):
        cls.share_study(*cls.SETS, "run.block=1", output="first")

    def content(self, output):
        with self.campaign(output) as campaign:
            paths = [f"{group}/{name}" for group in ("observed", "null", "permutation") for name in campaign[group]]
            return {path: np.asarray(campaign[path][()]).tobytes() for path in paths} | {"results.tsv": self.study.bytes(f"{output}/results.tsv")}

    def check_same(self, *sets):
        self.run_study(*self.SETS, *sets, output="second")
        first, second = self.content("first"), self.content("second")
        self.assertEqual(len(first), 19)
        for path, value in first.items():
            self.assertEqual(value, second[path], path)
        self.study.remove_folder("second")

    def test_two_workers(self):
        self.check_same("run.workers=2", "run.block=1")

    def test_one_block(self):
        self.check_same("run.block=10000")

    def test_two_workers_and_one_block(self):
        self.check_same("run.workers=2", "run.block=10000")

    def test_fewer_permutations_are_the_first_ones_and_more_are_added(self):
        rows = self.dataset("null/score", "first")
        for count, orbits in ((100, 1), (1500, 13)):  # in one campaign, which the second extends
            self.run_study("permutations.method=orbits", f"permutations.count={count}")
            found = self.dataset("null/score")
            self.assertEqual(found.tobytes(), rows[: len(found)].tobytes())
            scores = rows[: 5 * orbits].reshape(orbits, 5, 120).transpose(0, 2, 1).reshape(-1, 5).astype(float)
            p = (scores >= scores[0] - self.dataset("null/tolerance")).mean(axis=0)
            np.testing.assert_allclose([float(self.results()[target]["p"]) for target in ANALYSED], p, rtol=1e-5)
            self.check_p_by_hand()

    def test_another_seed_has_other_rings_and_arrangements(self):
        self.run_study(*self.SETS, "seed=43", output="other")
        for path in ("permutation/subject", "null/score"):
            self.assertFalse(np.array_equal(self.dataset(path, "other"), self.dataset(path, "first")), path)


class Permutation(OrbitTest):
    def check_orders(self, within):
        """The recipe of the page makes every order that the program prints; people stay inside their block; orbit 0 has the identity."""
        block, made = self.dataset("permutation/block"), {}
        exec(recipe("A permutation by hand"), made)  # noqa: S102
        with self.campaign() as campaign:
            shifts, identity = (int(campaign["permutation/method"].attrs[key]) for key in ("shifts", "identity"))
        self.assertEqual(self.order(0, identity), list(range(120)))
        for orbit in (0, 1):
            arrangement, seen = self.order(orbit, identity), set()
            for shift in (0, 1, shifts // 2, shifts - 1):
                order = self.order(orbit, shift)
                self.assertEqual(made["shifted"](self.study.path("out/campaign.h5"), arrangement, shift).tolist(), order)
                self.assertEqual(sorted(order), list(range(120)))
                self.assertTrue(np.array_equal(block[order], block))
                seen.add(tuple(order))
            self.assertGreaterEqual(len(seen), 3)
        self.assertEqual(len(set(block)), within)
        return shifts, identity

    def test_free(self):
        self.run_study(*ORBITS)
        self.assertEqual(self.check_orders(1), (120, 0))

    def test_rings_inside_sites(self):
        self.run_study(*OF_SITES)
        self.assertEqual(self.check_orders(3), (40, 0))
        self.check_p_by_hand()

    def test_unequal_blocks_in_rings_of_one_length(self):
        self.run_study(*self.add_regions(53, 40))
        self.assertEqual(self.check_orders(3), (13, 0))
        self.assertEqual(len(self.dataset("permutation/fixed")), 3)
        self.check_p_by_hand()

    def test_unequal_blocks_each_a_ring(self):
        self.run_study(*self.add_regions(48, 43))
        self.assertEqual(self.check_orders(3), (46, 16))
        self.assertEqual(self.dataset("permutation/subject").shape[0], 1)
        self.check_p_by_hand()

    def test_scores_are_those_of_the_permuted_targets(self):
        """A study that holds the targets of a shift of orbit 1 gets its score, with free exchange and inside unequal blocks."""
        for sets in (ORBITS, self.add_regions(48, 43)):
            self.run_study(*sets)
            order = self.order(1, 11)
            with self.campaign() as campaign:
                ids = list(zip(texts(campaign["subjects/fid"]), texts(campaign["subjects/iid"]), strict=True))
                residual, score = campaign["targets/residual"][:], campaign["null/score"][5:10, 11]
            rows = ["\t".join([*ids[k], *(f"{value:.17g}" for value in residual[order[k]])]) for k in range(120)]
            self.study.set_lines("permuted.tsv", ["\t".join(["FID", "IID", *ANALYSED]), *rows])
            self.run_study(*sets, "targets.table=permuted.tsv", "permutations.count=1", output="permuted")
            np.testing.assert_allclose(self.dataset("observed/r2", "permuted"), score, atol=2e-5)
            self.study.remove_folder("out")
            self.study.remove_folder("permuted")

    def test_beyond_the_campaign_there_is_none(self):
        self.run_study(*ORBITS)
        for words, said in (((2, 0), "orbit 2 found; expected 0 to 1, its last"), ((0, 120), "shift 120 found; expected 0 to 119"),
                            ((1,), "its permutations come in orbits; expected ORBIT and SHIFT")):
            done = self.study.arete("permutation", "out/campaign.h5", *words)
            self.assertEqual((done.returncode, done.stdout, done.stderr), (2, "", f"arete: out/campaign.h5: {said}\n"))
        self.run_study("permutations.method=independent", output="single")
        done = self.study.arete("permutation", "single/campaign.h5", 1, 1)
        self.assertEqual((done.returncode, done.stderr), (2, "arete: single/campaign.h5: its permutations are drawn one by one; expected one NUMBER\n"))


class Slices(OrbitTest):
    def test_many_targets(self):
        """131 targets are two slices of 66, the last with a place that no target has: the same scores as seven of them alone."""
        self.study.write("sim.yaml", "output: wide\nsubjects: 60\nsnps: 500\nchromosomes: 1\ntargets: {count: 131}\n")
        self.study.write("study.yaml", "genotypes: {plink: wide/chr1}\ntargets: {table: wide/targets.tsv}\npermutations: {count: 150, method: orbits}\n"
                         "output: out\n")
        self.assertEqual(self.study.arete("simulate", "sim.yaml").returncode, 0)
        self.run_study("run.workers=1")
        self.run_study("run.workers=2", "run.block=1", output="two")
        self.assertEqual(self.study.bytes("out/results.tsv"), self.study.bytes("two/results.tsv"))
        self.assertEqual(self.dataset("null/score").shape, (3 * 2 * 66, 60))
        self.assertTrue(np.all(CampaignFile(self.study.path("out/campaign.h5")).done()))
        self.assertEqual(len(self.check_p_by_hand()), 131)
        self.study.write("seven.tsv", "".join("\t".join(line.split("\t")[:9]) + "\n" for line in self.study.lines("wide/targets.tsv") if line))
        self.run_study("targets.table=seven.tsv", output="seven")
        wide, seven = self.dataset("null/score").reshape(3, 132, 60)[:, :7], self.dataset("null/score", "seven")
        seven = seven.reshape(-1, 7, 60)[:3]
        np.testing.assert_allclose(wide, seven, atol=1e-6)


class Method(OrbitTest):
    def test_auto(self):
        """Few permutations of few targets are drawn one by one; many come in orbits; a campaign keeps what it began with."""
        for count, said in ((3, "independent: orbits would take more work"), (3000, "orbits: least work")):
            self.run_study(f"permutations.count={count}", output=f"count{count}")
            self.assertIn(f"permutations: method {said}", self.study.read(f"count{count}/run.log"))
        self.run_study("permutations.count=300", output="count3")  # goes on as it began
        with self.campaign("count3") as campaign:
            self.assertNotIn("permutation/method", campaign)
            self.assertEqual(campaign["permutation/block"].attrs["count"], 300)

    def test_auto_goes_on_one_by_one(self):
        """Also where the count is such by now that orbits would be a fraction of the work: that is said, and planned."""
        saving = r"1/\d+ of the work"
        done = self.run_study("permutations.count=20", output="few")
        self.assertNotIn("of the work", done.stderr)
        plan = self.study.arete("plan", "study.yaml", "--set", "permutations.count=20000", "--output", "few").stdout
        self.assertRegex(plan, rf"\nmethod: +independent: as the campaign that is there was begun; orbits would take {saving} \(--fresh, or another output folder\)\n")
        self.assertIn(", 20000 permutations\n", plan)
        done = self.run_study("permutations.count=20000", output="few")
        said = rf"permutations are drawn one by one, as this campaign was begun: all 20,000 in orbits would take {saving} of the 19,800 left \(--fresh, or another"
        self.assertRegex(done.stderr, f"arete: note: {said}")
        self.assertRegex(self.study.read("few/run.log"), said)
        done = self.run_study("permutations.count=20000", output="few")  # nothing is left
        self.assertNotIn("of the work", done.stderr)
        for more in (["permutations.count=30000", "permutations.method=independent"], ["permutations.count=20000"]):  # who asks for it, and who begins anew
            done = self.run_study(*more, output="few" if len(more) > 1 else "many")
            self.assertNotIn("of the work", done.stderr)
        plan = self.study.arete("plan", "study.yaml", "--set", "permutations.count=3", "--output", "many").stdout
        self.assertRegex(plan, r"\nmethod: +orbits: as the campaign that is there was begun\n")

    def test_the_plan(self):
        def plan(*more):
            return self.study.arete("plan", "study.yaml", *(part for one in more for part in ("--set", one))).stdout

        text = plan("permutations.count=10000")
        self.assertRegex(text, r", 10080 permutations\nmethod: +orbits: least work\n +84 orbits of 120 shifts make 10080; nobody stands still; V 1\.00; "
                               r"a p of \.05 has a Monte Carlo standard error of 0\.0022\n")
        self.assertIn(" MB for the forms)\n", text)
        self.assertRegex(plan("permutations.count=3"), r", 3 permutations\nmethod: +independent: orbits would take more work")
        self.assertRegex(plan("permutations.method=independent"), r"\nmethod: +independent: permutations.method asks for it\nwork:")
        shape = self.study.arete("plan", "--shape", "subjects=1500,snps=500000,targets=1000", "--threads", 2).stdout
        self.assertRegex(shape, r"\nmethod: +orbits: least work\n +7 orbits of 1500 shifts make 10500; ")

    def test_orbits_that_cannot_be(self):
        done = self.run_study("permutations.method=orbits", "permutations.within=IID", code=2)
        self.assertRegex(done.stderr, "permutations.method: orbits found, but no two people may change places; expected independent")


class NothingToPredict(OrbitTest):
    def test_an_outer_fold_of_people_alone_at_their_sites(self):
        """Its errors are 0 but for rounding, which must not be taken for the rounding of the other folds."""
        for iid, site in (("S001", "alone"), ("S002", "alone too")):
            self.study.set_value("covariates.tsv", iid, "site", site)
        self.study.give_folds(lambda k: "A" if k < 2 else "BCDE"[k % 4])
        for score in ("mean-r2", "pooled-r2"):
            for baseline in ("covariates", "test-mean"):
                with self.subTest(score=score, baseline=baseline):
                    self.run_study(*ORBITS, f"model.score={score}", f"model.baseline={baseline}", output=f"{score}-{baseline}")
                    self.assertLess(self.dataset("null/tolerance", f"{score}-{baseline}").max(), 2e-5)
                    by_fold = self.dataset("observed/r2_by_fold", f"{score}-{baseline}")
                    self.assertEqual(set(by_fold[0]), {0})
                    self.assertGreater(self.dataset("observed/r2", f"{score}-{baseline}").min(), -1)


if __name__ == "__main__":
    unittest.main()
