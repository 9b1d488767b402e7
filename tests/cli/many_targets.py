#!/usr/bin/python3
"""A target's numbers do not depend on how many others there are: over 1,000 targets, which are worked on in slices of several sizes, against a few of them alone."""
import csv
import unittest

from support.tiny_study import TinyStudy

N_TARGETS = 1003  # two slices of P y (from 501 on), two of residuals and permutations (1000), eight of orbits (126, 252 ...)
SOME = [0, 20, 125, 126, 500, 501, 757, 999, 1000, 1002]
PERMUTED = {"independent": 20, "orbits": 120}
STUDY = """\
genotypes: {plink: wide/chr1}
targets: {table: wide/targets.tsv}
model: {outer_folds: 4, inner_folds: 3, penalties: {from: 0.1, to: 100, count: 4}}
permutations: {count: 20, method: independent}
run: {workers: 2}
output: out
"""


class ManyTargets(unittest.TestCase):
    def setUp(self):
        self.study = TinyStudy()
        self.addCleanup(self.study.remove)
        self.study.write("sim.yaml", f"output: wide\nsubjects: 40\nsnps: 100\nchromosomes: 1\ntargets: {{count: {N_TARGETS}}}\n")
        self.study.write("study.yaml", STUDY)
        done = self.study.arete("simulate", "sim.yaml")
        self.assertEqual(done.returncode, 0, done.stderr)
        lines = [line.split("\t") for line in self.study.lines("wide/targets.tsv")]
        self.names = [lines[0][2 + t] for t in SOME]
        self.study.set_lines("some.tsv", ["\t".join(row[:2] + [row[2 + t] for t in SOME]) for row in lines])

    def run_study(self, table, output, method):
        sets = [f"targets.table={table}", f"permutations.method={method}", f"permutations.count={PERMUTED[method]}"]
        done = self.study.arete("run", "study.yaml", "--output", output, *(part for one in sets for part in ("--set", one)))
        self.assertEqual(done.returncode, 0, done.stderr)

    def rows(self, name):
        """Of the chosen targets."""
        with open(self.study.path(name), newline="") as file:
            return [row for row in csv.DictReader(file, delimiter="\t") if row["target"] in self.names]

    def check_same(self, name, keys, columns, delta):
        """Two tables' rows: the same keys and, up to rounding, the same numbers."""
        among, alone = ({tuple(row[key] for key in keys): row for row in self.rows(f"{output}/{name}")} for output in ("all", "some"))
        self.assertEqual(list(among), list(alone))
        self.assertGreaterEqual(len(alone), len(SOME))
        for key, row in alone.items():
            for column in columns:
                self.assertAlmostEqual(float(among[key][column]), float(row[column]), delta=delta, msg=f"{name}: {column} of {key}")

    def check(self, method):
        self.run_study("wide/targets.tsv", "all", method)
        self.run_study("some.tsv", "some", method)
        self.check_same("results.tsv", ["target"], ["r2", "r2_sd", "r", "penalty", "p"], 2e-6)
        self.check_same("predictions.tsv", ["IID", "target"], ["fold", "observed", "predicted"], 2e-5)

    def test_one_by_one(self):
        self.check("independent")

    def test_orbits(self):
        self.check("orbits")


if __name__ == "__main__":
    unittest.main()
