#!/usr/bin/python3
"""What a target's own values do to p: missing ones that go with families or test sets, test sets without variance, few cases. Each is warned of, and stands in
`note`; values that are missing at random are not."""
import random
import unittest

from runs import RunTest
from support.simulate_plink import Population, simulate

MEAN = ["targets.missing=mean", "targets.max_missing_per_target=0.6", "permutations.count=50"]
TARGET = "level"
OTHERS = ["noise_1", "signal_1"]
FOLDS = 10  # of 12 people each


class Level(RunTest):
    def add_target(self, value_of):
        """value_of(k) of the person in line k of the .fam, from 0; None: a number by chance."""
        draw = random.Random(7)
        chance = [draw.gauss(0, 1) for _ in self.study.lines("chr1.fam")]
        self.add_column("targets.tsv", TARGET, lambda k: chance[k] if value_of(k) is None else value_of(k))

    def add_column(self, table, name, value_of):
        values = {line.split()[1]: value_of(k) for k, line in enumerate(self.study.lines("chr1.fam"))}
        self.study.add_column(table, name, lambda fid, iid: values.get(iid, "NA"))

    def give_clinics(self):
        """Test sets that are clinics, a column of the covariates too."""
        self.study.give_folds(lambda k: f"f{k % FOLDS}")
        self.add_column("covariates.tsv", "clinic", lambda k: f"f{k % FOLDS}")

    def noted(self, *sets, part="p may be too small", command="run"):
        """The target's notes of that kind, and whether it was warned of."""
        arguments = [argument for one in sets for argument in ("--set", one)]
        done = self.study.arete(command, "study.yaml", *arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        header, *rows = [line.split("\t") for line in self.study.lines("out/results.tsv" if command == "run" else "out/targets.tsv")]
        notes = {row[0]: row[header.index("note")].split("; ") for row in rows}
        for target in OTHERS:  # nothing is missing there
            self.assertFalse([note for note in notes[target] if part in note])
        warned = [line for line in done.stderr.splitlines() if line.startswith(f"arete: warning: in 1 of 6 targets ({TARGET}) ")]
        return [note for note in notes[TARGET] if part in note], bool(warned)

    def give_families(self, lacks):
        """Sibships of four, instead of the tiny study's people. lacks(k): whether person k lacks the target."""
        simulate(self.study.path("people"), Population(120, 800, families=4, targets=6, seed=2))
        header, *rows = [line.split("\t") for line in self.study.lines("people/targets.tsv")]
        header[2:] = [TARGET, *OTHERS, "a", "b", "c"]
        for k, row in enumerate(rows):
            row[2] = "NA" if lacks(k) else row[2]
        self.study.set_lines("people/targets.tsv", map("\t".join, [header, *rows]))
        self.study.write("study.yaml", "genotypes: {plink: people/genotypes}\ntargets: {table: people/targets.tsv}\noutput: out\n"
                                       "model: {outer_folds: 5, inner_folds: 3}\nassociate: {permute: true}\n")

    def give_ancestries(self, lacks):
        """Two ancestries, instead of the tiny study's people. lacks(k, other): whether person k, who is of the other one or not, lacks the target."""
        self.study.write("people.yaml", "subjects: 150\nsnps: 600\nchromosomes: 1\nancestries: {share: 0.4, fst: 0.3}\n"
                                        "targets: {count: 6, with_signal: 0}\nseed: 2\noutput: people\n")
        self.assertEqual(self.study.arete("simulate", "people.yaml").returncode, 0)
        header, *rows = [line.split("\t") for line in self.study.lines("people/targets.tsv")]
        labels, *ancestry = [line.split("\t") for line in self.study.lines("people/covariates.tsv")]
        header[2:] = [TARGET, *OTHERS, "a", "b", "c"]
        for k, row in enumerate(rows):
            self.assertEqual(ancestry[k][:2], row[:2])
            row[2] = "NA" if lacks(k, ancestry[k][labels.index("ancestry")] == "ancestry2") else row[2]
        self.study.set_lines("people/targets.tsv", map("\t".join, [header, *rows]))
        self.study.write("study.yaml", "genotypes: {plink: people/chr1}\ntargets: {table: people/targets.tsv}\noutput: out\n"
                                       "covariates: {genetic_pcs: 2}\nassociate: {permute: true}\n")

    def test_missing_by_family(self):
        """All siblings have a value in half of the families, one of four in the others: the log says so again where a campaign goes on."""
        self.give_families(lambda k: k >= 60 and k % 4 > 0)
        expected = (["p may be too small: values are missing by relatedness or ancestry"], True)
        self.assertEqual(self.noted(*MEAN), expected)
        self.assertEqual(self.noted(*MEAN, "permutations.count=100"), expected)

    def test_missing_by_ancestry(self):
        """SNPs differ in what they vary by among the others, whatever genetic PCs there are."""
        self.give_ancestries(lambda k, other: other)
        expected = (["p may be too small: values are missing by relatedness or ancestry"], True)
        self.assertEqual(self.noted(*MEAN, command="associate"), expected)
        self.assertEqual(self.noted(*MEAN, "permutations.count=100", command="associate"), expected)
        self.assertEqual(self.noted(*MEAN, "associate.permute=false", command="associate"), expected)

    def test_half_of_the_values_missing_at_random(self):
        """Among people of two ancestries, too."""
        draw = random.Random(4)
        lacking = {k for k in range(150) if draw.random() < .5}
        self.give_ancestries(lambda k, other: k in lacking)
        for command in ("run", "associate"):
            self.assertEqual(self.noted(*MEAN, command=command), ([], False))

    def test_missing_at_random(self):
        draw = random.Random(3)
        lacking = {k for k in range(120) if draw.random() < .3}
        self.give_families(lambda k: k in lacking)
        for command in ("run", "associate"):
            self.assertEqual(self.noted(*MEAN, command=command), ([], False))
        self.assertIn("missing values: 1 pattern(s) of who lacks a target, 1 of them held against the genotypes", self.study.read("out/run.log"))

    def test_missing_by_test_set(self):
        self.give_clinics()
        self.add_target(lambda k: "NA" if k % FOLDS == 4 else None)
        expected = (["p may be too small: values are missing by test set"], True)
        self.assertEqual(self.noted(*MEAN), expected)
        self.assertEqual(self.noted(*MEAN, "permutations.count=100"), expected)
        for others in (["model.score=pooled-r2"], ["permutations.within=clinic", "covariates.categorical=[clinic]"]):
            self.study.remove_folder("out")
            self.assertEqual(self.noted(*MEAN, *others), ([], False))

    def test_no_variance_in_test_sets(self):
        """Cases in two clinics only: the residuals beyond the clinic are 0 in the others, but not when permuted."""
        self.give_clinics()
        self.add_target(lambda k: int(k % FOLDS in (2, 5) and k % 4 < 2))
        clinic = ["covariates.columns=null", "covariates.categorical=[clinic]", "permutations.count=50"]
        self.assertEqual(self.noted(*clinic), (["p may be too small: no variance in test sets that vary when permuted"], True))
        for others in (["model.score=pooled-r2"], ["permutations.within=clinic"], ["covariates=null", "model.baseline=test-mean"]):
            self.study.remove_folder("out")
            self.assertEqual(self.noted(*clinic, *others), ([], False))

    def test_few_test_sets_decide(self):
        """Six cases, in three of ten test sets: the others have next to no variance."""
        self.give_clinics()
        self.add_target(lambda k: int(k in (0, 2, 20, 23, 32, 43)))
        sets = ["permutations.count=50"]
        part = "few test sets decide mean-r2"
        self.assertEqual(self.noted(*sets, part=part), (["few test sets decide mean-r2: score: pooled-r2 has more power"], True))
        self.study.remove_folder("out")
        self.assertEqual(self.noted(*sets, "model.score=pooled-r2", part=part), ([], False))

    def test_fewer_cases_than_covariates(self):
        self.add_target(lambda k: int(k in (0, 31, 62, 83)))
        sets = ["permutations.count=50", "associate.permute=true"]
        part = "fewer cases than covariates"
        self.assertEqual(self.noted(*sets, "covariates.genetic_pcs=10", part=part, command="associate"),
                         (["p_fwer may be too small: fewer cases than covariates"], True))
        self.study.remove_folder("out")
        self.assertEqual(self.noted(*sets, "covariates=null", part=part, command="associate"), ([], False))


if __name__ == "__main__":
    unittest.main()
