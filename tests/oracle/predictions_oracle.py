#!/usr/bin/python3
"""predictions.tsv against results.tsv and against ridge fits of its own: r2 and r follow from the table, and each prediction is what a plain solve of
the training set's equations gives for the test set, with both baselines, with values filled in, and with folds that lose a covariate."""
import csv
import unittest

import h5py
import numpy as np
from support.tiny_study import TinyStudy

MEAN = ["targets.missing=mean", "targets.max_missing_per_target=0.3"]


def read(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def number(text):
    return float("nan") if text == "NA" else float(text)


def fold_r2(observed, predicted, around_mean):
    seen = ~np.isnan(observed)
    y, fitted = observed[seen], predicted[seen]
    return np.sum((y - fitted) ** 2), np.sum((y - around_mean * y.mean()) ** 2)


class Predictions(unittest.TestCase):
    def setUp(self):
        self.study = TinyStudy()
        self.addCleanup(self.study.remove)

    def run_study(self, *sets, lacks=True):
        if lacks:  # 12 of 120 people lack the first target
            name = self.study.lines("targets.tsv")[0].split("\t")[2]
            for k in range(12):
                self.study.set_value("targets.tsv", f"S{5 + 9 * k:03}", name, "NA")
        done = self.study.arete("run", "study.yaml", *(word for one in (*sets, "permutations.count=5") for word in ("--set", one)))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.results = {row["target"]: row for row in read(self.study.path("out/results.tsv"))}
        self.table = {}
        for row in read(self.study.path("out/predictions.tsv")):
            self.table.setdefault(row["target"], []).append((int(row["fold"]), number(row["observed"]), number(row["predicted"])))

    def check_scores(self, around_mean=False, pooled=False, with_r=True):
        n_filled = 0
        for name, rows in self.table.items():
            fold, observed, predicted = np.array(rows).T
            sums = [fold_r2(observed[fold == k], predicted[fold == k], around_mean) for k in np.unique(fold)]
            error, baseline = np.array(sums).T
            r2 = 1 - error.sum() / baseline.sum() if pooled else np.mean(1 - error / baseline)
            self.assertAlmostEqual(r2, float(self.results[name]["r2"]), delta=2e-6, msg=name)
            seen = ~np.isnan(observed)
            n_filled += np.sum(~seen)
            if with_r:
                self.assertAlmostEqual(np.corrcoef(observed[seen], predicted[seen])[0, 1], float(self.results[name]["r"]), delta=2e-6, msg=name)
        self.assertEqual(set(self.table), {name for name, row in self.results.items() if row["r2"] != "NA"})
        return n_filled

    def check_fits(self, test_mean=False):
        """Each prediction against the training set's own equations, (K + lambda) a + Z b = y, Z'a = 0."""
        with h5py.File(self.study.path("out/campaign.h5")) as campaign:
            gram, z, y = (campaign[name][:] for name in ("gram", "covariates", "targets/residual"))
            fold, penalty = campaign["folds/outer"][:], campaign["observed/penalty_by_fold"][:]
            predicted = campaign["observed/predicted"][:]
        c = z.shape[1]
        for o in range(fold.max() + 1):
            test, train = fold == o, fold != o
            covariates_only = z[test] @ np.linalg.lstsq(z[train], y[train], rcond=None)[0]
            beyond = y[test] - (y[test].mean(axis=0) if test_mean else covariates_only)
            for t in range(y.shape[1]):
                k = gram[np.ix_(train, train)] + penalty[o, t] * np.eye(train.sum())
                whole = np.block([[k, z[train]], [z[train].T, np.zeros((c, c))]])
                solved = np.linalg.solve(whole, np.concatenate([y[train, t], np.zeros(c)]))
                fitted = gram[np.ix_(test, train)] @ solved[:-c] + z[test] @ solved[-c:]
                np.testing.assert_allclose(predicted[test, t], beyond[:, t] - (y[test, t] - fitted), atol=2e-5)

    def test_covariates(self):
        self.run_study(lacks=False)
        self.check_scores()
        self.check_fits()

    def test_covariates_and_values_filled_in(self):
        self.run_study(*MEAN)
        self.assertEqual(self.check_scores(), 12)
        self.check_fits()

    def test_mean_of_the_test_set(self):
        self.run_study("model.baseline=test-mean", *MEAN)
        self.assertEqual(self.check_scores(around_mean=True, with_r=False), 12)
        self.check_fits(test_mean=True)

    def test_pooled(self):
        self.run_study("model.score=pooled-r2", *MEAN)
        self.check_scores(pooled=True)

    def test_one_penalty_and_all(self):
        self.run_study("model.penalties=[1.5]", lacks=False)
        self.check_scores()
        self.check_fits()

    def test_penalty_nodes(self):
        """Most penalties of a long grid are no nodes; predictions are of every one."""
        self.run_study("model.penalties={from: 0.01, to: 100, count: 40}", lacks=False)
        self.check_scores()
        self.check_fits()

    def test_where_they_are_not_wanted(self):
        self.run_study(lacks=False)
        done = self.study.arete("run", "study.yaml", "--fresh", "--set", "permutations.count=5", "--set", "run.predictions=false")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertFalse(self.study.path("out/predictions.tsv").exists())
        with h5py.File(self.study.path("out/campaign.h5")) as campaign:
            self.assertEqual(campaign["observed/predicted"].shape[0], 0)


if __name__ == "__main__":
    unittest.main()
