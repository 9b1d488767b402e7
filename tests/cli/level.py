#!/usr/bin/python3
"""What a target's own values do to p: missing ones that go with families are warned of, and stand in `note`; values that are missing at random are not."""
import random
import unittest

from runs import RunTest
from support.simulate_plink import Population, simulate

MEAN = ["targets.missing=mean", "targets.max_missing_per_target=0.6", "permutations.count=50"]
TARGET = "level"
OTHERS = ["noise_1", "signal_1"]


class Level(RunTest):
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

    def test_missing_by_family(self):
        """All siblings have a value in half of the families, one of four in the others: the log says so again where a campaign goes on."""
        self.give_families(lambda k: k >= 60 and k % 4 > 0)
        expected = (["p may be too small: values are missing by relatedness or ancestry"], True)
        for command in ("run", "associate"):
            self.assertEqual(self.noted(*MEAN, command=command), expected)
            self.assertEqual(self.noted(*MEAN, "permutations.count=100", command=command), expected)
        self.assertEqual(self.noted(*MEAN, "associate.permute=false", command="associate"), expected)

    def test_missing_at_random(self):
        draw = random.Random(3)
        lacking = {k for k in range(120) if draw.random() < .3}
        self.give_families(lambda k: k in lacking)
        for command in ("run", "associate"):
            self.assertEqual(self.noted(*MEAN, command=command), ([], False))
        self.assertIn("missing values: 1 pattern(s) of who lacks a target, 1 of them held against the genotypes", self.study.read("out/run.log"))


if __name__ == "__main__":
    unittest.main()
