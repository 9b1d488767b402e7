#!/usr/bin/python3
"""Relatives: the unrelated part of the people that `genotypes.max_relatedness` keeps, what `keep_together: {relatedness: ...}` takes for a
family, and the lists of both. Simulated people whose families are known.

    tests/cli/relatives.py
"""
import contextlib
import gzip
import os
import re
import unittest
from pathlib import Path

import h5py
import numpy as np

from support.simulate_plink import Population, pack, simulate
from support.tiny_study import TinyStudy

SNPS = 3000
FAMILY, FAMILIES = 3, 40
STUDY = """\
genotypes: {plink: people/genotypes}
targets: {table: people/targets.tsv}
covariates: {table: people/covariates.tsv, columns: [age], categorical: [site]}
model: {outer_folds: 4, inner_folds: 3}
permutations: {count: 40}
output: out
run: {workers: 1}
"""


def relatedness(gram, heterozygosity):
    """r of docs/design.md"""
    diagonal = np.diag(gram)
    return 1 - (diagonal[:, None] + diagonal - 2 * gram) / (2 * np.minimum(heterozygosity[:, None], heterozygosity))


class Relatives(unittest.TestCase):
    def setUp(self):
        self.study = TinyStudy()
        self.addCleanup(self.study.remove)
        self.study.write("study.yaml", STUDY)

    def siblings(self):
        simulate(self.study.path("people"), Population(FAMILIES * FAMILY, SNPS, families=FAMILY, targets=3, covariates=True, seed=5))

    def arete(self, *sets, output="out", command="run", options=(), study="study.yaml"):
        arguments = [part for one in sets for part in ("--set", one)]
        done = self.study.arete(command, study, "--output", output, *arguments, *options)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done

    def table(self, name):
        return [tuple(line.split("\t")) for line in self.study.lines(name) if line]

    def campaign(self, output="out"):
        return contextlib.closing(h5py.File(self.study.path(f"{output}/campaign.h5"), "r"))

    def test_one_of_each_family_stays(self):
        self.siblings()
        done = self.arete("genotypes.max_relatedness=0.25")
        n_dropped = FAMILIES * (FAMILY - 1)
        self.assertIn(f"arete: note: genotypes.max_relatedness: {n_dropped} of {FAMILIES * FAMILY} subjects left out, so that no pair is related "
                      f"over 0.25 ({FAMILIES * FAMILY} pairs are; relatives.tsv and relatives_dropped.tsv name them); {FAMILIES} stay\n", done.stderr)
        for other in ("keep_together", "pairs of relatives", "strangers"):
            self.assertNotIn(other, done.stderr)
        pairs, dropped = self.table("out/relatives.tsv"), self.table("out/relatives_dropped.tsv")
        self.assertEqual(pairs[0], ("FID", "IID", "FID2", "IID2", "relatedness"))
        self.assertEqual({(a[0], a[2]) for a in pairs[1:]}, {(f"F{k:05d}", f"F{k:05d}") for k in range(1, FAMILIES + 1)})
        self.assertEqual(len(set(pairs)) - 1, FAMILIES * FAMILY)
        for line in pairs[1:]:
            self.assertAlmostEqual(float(line[4]), 0.5, delta=0.15)
        self.assertEqual((dropped[0], len(set(dropped)) - 1), (("FID", "IID"), n_dropped))
        with self.campaign() as campaign:
            kept = list(zip(campaign["subjects/fid"].asstr()[:], campaign["subjects/iid"].asstr()[:], strict=True))
            self.assertEqual(campaign["filters/subjects"][-1].tolist(),
                             (b"related to somebody who is kept (r over 0.25)", n_dropped, FAMILIES))
            self.assertEqual([tuple(line.decode().split("\t")) for line in campaign["relatives/dropped"]], dropped[1:])
        self.assertEqual(len({fid for fid, _ in kept}), FAMILIES)
        self.assertEqual(set(kept) | set(dropped[1:]), {line[:2] for line in self.table("people/targets.tsv")[1:]})
        self.assertEqual({line[1] for line in self.table("out/results.tsv")[1:]}, {str(FAMILIES)})

    def test_k_has_the_frequencies_of_everybody(self):
        self.siblings()
        self.arete("genotypes.max_relatedness=0.25")
        self.arete(output="all")
        with self.campaign() as some, self.campaign("all") as everybody:
            iids = everybody["subjects/iid"][:].tolist()
            at = [iids.index(iid) for iid in some["subjects/iid"][:]]
            self.assertTrue(np.array_equal(some["gram"][:], everybody["gram"][:][np.ix_(at, at)]))
            self.assertTrue(np.array_equal(some["relatives/heterozygosity"][:], everybody["relatives/heterozygosity"][:][at]))

    def test_it_is_the_study_of_those_who_stay(self):
        """Folds, design, permutations: as if the others had been left out by a list, but for K."""
        self.siblings()
        within = ("permutations.within=site", "permutations.method=orbits")
        self.arete("genotypes.max_relatedness=0.25", *within)
        self.study.write("dropped.txt", "".join("\t".join(line) + "\n" for line in self.table("out/relatives_dropped.tsv")[1:]))
        self.arete("genotypes.remove=dropped.txt", *within, output="list")
        with self.campaign() as one, self.campaign("list") as other:
            for path in ("subjects/iid", "folds/outer", "folds/inner", "covariates", "targets/residual", "permutation/block",
                         "permutation/subject"):
                self.assertTrue(np.array_equal(one[path][()], other[path][()]), path)
        said = [re.search(r" permutations: \d+ orbits? of .*", self.study.read(f"{output}/run.log"))[0] for output in ("out", "list")]
        self.assertEqual(*said)

    def test_a_list_with_blanks_in_the_ids(self):
        """What is written as a list is read as one."""
        self.siblings()
        for name in ("genotypes.fam", "targets.tsv", "covariates.tsv"):
            first, *lines = self.study.lines(f"people/{name}")
            quoted = [re.sub(r"^(\S+)", r'"family \1"', line) for line in lines]
            self.study.set_lines(f"people/{name}", [first if name.endswith("tsv") else re.sub(r"^(\S+)", r'"family \1"', first), *quoted])
        self.arete("genotypes.max_relatedness=0.25")
        self.assertRegex(self.study.lines("out/relatives_dropped.tsv")[1], r'^"family \S+"\t\S+$')
        self.assertRegex(self.study.lines("out/relatives.tsv")[1], r'^"family \S+"\t\S+\t"family \S+"\t\S+\t\S+$')
        self.arete("genotypes.remove=out/relatives_dropped.tsv", output="list")
        with self.campaign() as one, self.campaign("list") as other:
            self.assertTrue(np.array_equal(one["subjects/iid"][()], other["subjects/iid"][()]))

    def test_a_list_of_nobody(self):
        """Where no pair is related enough the list has a header alone: as `remove` it leaves nobody out, and so does a file without a byte."""
        self.siblings()
        self.arete("genotypes.max_relatedness=0.9")
        self.assertEqual(self.study.read("out/relatives_dropped.tsv"), "FID\tIID\n")
        self.study.write("nothing.txt", "")
        done = self.arete("genotypes.remove=out/relatives_dropped.tsv", "genotypes.exclude=nothing.txt", output="list")
        self.assertIn("arete: note: out/relatives_dropped.tsv (remove): nobody in it: it leaves nobody out\n", done.stderr)
        self.assertIn("arete: note: nothing.txt (exclude): no SNP in it: it leaves none out\n", done.stderr)
        with self.campaign() as one, self.campaign("list") as other:
            for path in ("subjects/iid", "gram"):
                self.assertTrue(np.array_equal(one[path][()], other[path][()]), path)
        refused = self.study.arete("plan", "study.yaml", "--set", "genotypes.keep=out/relatives_dropped.tsv")
        self.assertEqual((refused.returncode, refused.stderr), (2, "arete: out/relatives_dropped.tsv: no subject found; expected FID IID, one subject a line\n"))

    def test_snps_are_tested_by_their_frequency_among_those_who_stay(self):
        """`arete associate`: as if the others had been left out by a list, while the SNPs of K are those of everybody."""
        self.siblings()
        for name, key in (("out", "max_relatedness=0.25"), ("list", "remove=out/relatives_dropped.tsv")):
            done = self.study.arete("associate", "study.yaml", "--output", name, "--set", f"genotypes.{key}",
                                    "--set", "genotypes.min_allele_frequency=0.06", "--set", "associate.full=[T1]")
            self.assertEqual(done.returncode, 0, done.stderr)
        tested, as_listed = ([line.split("\t") for line in gzip.decompress(self.study.bytes(f"{name}/full/target_T1.tsv.gz")).decode().splitlines()]
                             for name in ("out", "list"))
        self.assertEqual(tested, as_listed)
        frequencies = [float(line[tested[0].index("effect_allele_frequency")]) for line in tested[1:]]
        self.assertGreaterEqual(min(min(f, 1 - f) for f in frequencies), 0.06)
        kept = int(re.search(r"SNPs: (\d+) kept; K", self.study.read("out/associate.log"))[1])
        self.assertNotEqual(len(frequencies), kept)

    def test_targets_are_judged_among_those_who_stay_too(self):
        """Of three siblings the first stays: 5 of those lack T1, 4 % of everybody and 12.5 % of who stays."""
        self.siblings()
        header, *lines = self.table("people/targets.tsv")
        for k in range(0, 5 * FAMILY, FAMILY):
            lines[k] = (*lines[k][:2], "NA", *lines[k][3:])
        self.study.write("people/targets.tsv", "".join("\t".join(line) + "\n" for line in [header, *lines]))
        self.arete("targets.missing=mean", output="all")
        self.arete("targets.missing=mean", "genotypes.max_relatedness=0.25")
        notes = {output: {line[0]: line[-1] for line in self.table(f"{output}/results.tsv")[1:]} for output in ("all", "out")}
        self.assertIn("5 of 40 values missing, more than max_missing_per_target 0.1", notes["out"]["T1"])
        self.assertNotIn("max_missing_per_target", notes["all"]["T1"] + notes["out"]["T2"])

    def going_on(self, touch):
        self.siblings()
        sets = ("genotypes.max_relatedness=0.25", "covariates.genetic_pcs=1")
        self.arete(*sets, "permutations.count=90", output="once")
        self.arete(*sets)
        if touch:
            os.utime(self.study.path("people/genotypes.bed"))
        lists = [self.study.bytes(f"out/{name}") for name in ("relatives.tsv", "relatives_dropped.tsv")]
        done = self.arete(*sets, "permutations.count=90")
        self.assertNotIn("left out", done.stderr)
        self.assertEqual(self.study.bytes("out/results.tsv"), self.study.bytes("once/results.tsv"))
        self.assertEqual([self.study.bytes(f"out/{name}") for name in ("relatives.tsv", "relatives_dropped.tsv")], lists)

    def test_going_on(self):
        self.going_on(touch=False)

    def test_going_on_after_the_files_were_touched(self):
        """The calls are read again, and whoever left then leaves again."""
        self.going_on(touch=True)

    def test_going_on_with_families_kept_together(self):
        """Who is related to whom is found again in the campaign's K and heterozygosity, whose people stand in the order of their folds."""
        self.siblings()
        together = "model.keep_together={relatedness: 0.5}"  # about half of the siblings: heterozygosity decides
        self.arete(together, "permutations.count=90", output="once")
        self.arete(together)
        self.arete(together, "permutations.count=90")
        self.assertEqual(self.study.bytes("out/results.tsv"), self.study.bytes("once/results.tsv"))
        self.assertEqual(self.study.bytes("out/relatives.tsv"), self.study.bytes("once/relatives.tsv"))

    def test_lists_of_another_study_do_not_stay(self):
        self.siblings()
        for command in ("run", "associate"):
            self.arete("genotypes.max_relatedness=0.25", command=command, options=["--fresh"])
            self.assertEqual(self.lists(), ["relatives.tsv", "relatives_dropped.tsv"])
            self.arete("seed=99", "model.keep_together={relatedness: 0.25}", command=command, options=["--fresh"])
            self.assertEqual(self.lists(), ["relatives.tsv"])
            self.arete("seed=98", command=command, options=["--fresh"])
            self.assertEqual(self.lists(), [])

    def lists(self):
        return sorted(path.name for path in self.study.path("out").glob("relatives*"))

    def test_nobody_who_stays_is_a_relative_of_who_stays(self):
        """Strangers, of few SNPs in linkage. Among the 151 who stay of 240 chance reaches less far, so that pairs that were left in became relatives."""
        self.study.write("strangers.yaml", "{subjects: 240, snps: 800, chromosomes: 2, targets: {count: 3}, seed: 1, output: strangers}")
        self.assertEqual(self.study.arete("simulate", "strangers.yaml").returncode, 0)
        options = ["--set", "genotypes.max_relatedness=0.05", "--set", "covariates.genetic_pcs=1", "--output", "out"]

        def said(command, count):
            done = self.study.arete(command, "strangers/study.yaml", *options, "--set", f"permutations.count={count}")
            self.assertEqual(done.returncode, 0, done.stderr)
            return done.stderr

        self.assertIn("89 of 240 subjects left out, so that no pair is related over 0.28", said("associate", 20))
        for touch, count in ((False, 20), (False, 30), (True, 40)):
            if touch:
                os.utime(self.study.path("strangers/chr1.bed"))
            self.assertNotIn("pairs of relatives", said("run", count))
            self.assertNotIn("relatives", self.study.read("out/results.tsv"))
        for log, n_runs in (("associate.log", 1), ("run.log", 3)):
            self.assertEqual(self.study.read(f"out/{log}").count("relatives: 0 pairs related over 0.28"), n_runs)

    def test_the_threshold_that_a_warning_names_spares_strangers(self):
        self.study.write("strangers.yaml", "{subjects: 240, snps: 6000, chromosomes: 2, targets: {count: 3}, seed: 1, output: strangers}")
        self.assertEqual(self.study.arete("simulate", "strangers.yaml").returncode, 0)
        for key, value in (("genotypes.max_relatedness", "{}"), ("model.keep_together", "{{relatedness: {}}}")):
            warned = self.arete(f"{key}={value.format(0.17)}", "model.outer_folds=2", study="strangers/study.yaml", command="associate").stderr
            advised = re.search(rf"{key}: (\d+) of the \1 pairs over 0.17 may be strangers: .* a threshold of (.*) spares strangers\n", warned)
            self.assertTrue(advised, warned)
            self.arete(f"{key}={value.format(advised[2])}", output="spared", study="strangers/study.yaml", command="associate", options=["--fresh"])
            self.assertEqual(self.study.path("spared/relatives.tsv").exists() and self.study.lines("spared/relatives.tsv")[1:], [])
            self.assertNotIn("may be strangers", self.study.read("spared/associate.log"))

    def test_another_threshold_is_another_study(self):
        self.siblings()
        self.arete("genotypes.max_relatedness=0.25")
        done = self.study.arete("run", "study.yaml", "--set", "genotypes.max_relatedness=0.3")
        self.assertEqual(done.returncode, 2)
        self.assertIn("other genotype filters and scale", done.stderr)
        self.assertIn("genotypes.max_relatedness was 0.25, is 0.3", done.stderr)

    def test_families_kept_together_are_listed_and_warned_of(self):
        self.siblings()
        done = self.arete("model.keep_together={relatedness: 0.25}")
        self.assertIn("arete: warning: model.keep_together while people change places outside their families: ", done.stderr)
        for line in self.table("out/results.tsv")[1:]:
            self.assertIn("families kept together, but permuted freely: p_fwer far too small", line[-1])
        self.assertEqual(len(self.table("out/relatives.tsv")) - 1, FAMILIES * FAMILY)
        self.assertFalse(self.study.path("out/relatives_dropped.tsv").exists())
        with self.campaign() as campaign:
            fold, fid = campaign["folds/outer"][:], campaign["subjects/fid"].asstr()[:]
            r = relatedness(campaign["gram"][:], campaign["relatives/heterozygosity"][:])
        for family in set(fid):
            self.assertEqual(len(set(fold[fid == family])), 1, family)
        listed = {(a[1], a[3]): float(a[4]) for a in self.table("out/relatives.tsv")[1:]}
        self.assertEqual(len(listed), int((r[np.tril_indices(len(r), -1)] > 0.25).sum()))

    def test_too_few_snps_to_tell(self):
        self.siblings()
        done = self.arete("genotypes.max_relatedness=0.01")
        self.assertRegex(done.stderr, r"warning: genotypes.max_relatedness: 0.01 is what strangers reach by chance with 3000 SNPs; pairs over 0.13 are")
        self.assertEqual(len(self.table("out/relatives.tsv")) - 1, FAMILIES * FAMILY)

    def test_ancestry_is_no_kinship(self):
        """600 unrelated people of two ancestries: K calls 5,890 pairs of them relatives, and chains of them were larger than a fold."""
        self.mixed()
        done = self.arete("genotypes.plink=mixed/genotypes", "targets.table=mixed/targets.tsv", "permutations.count=1",
                          "model.keep_together={relatedness: 0.1}", "covariates={genetic_pcs: 10}")
        self.assertEqual(self.table("out/relatives.tsv")[1:], [])
        self.assertNotIn("elatives in different folds", done.stderr + self.study.read("out/results.tsv"))
        self.assertNotIn("keep_together while", done.stderr)
        with self.campaign() as campaign:
            gram = campaign["gram"][:]
        self.assertGreater((gram[np.tril_indices(600, -1)] > 0.1).sum(), 5000)

    def mixed(self):
        """300 people of each ancestry, F_st = .15 (Balding and Nichols), SNPs independent."""
        fst, rng = 0.15, np.random.default_rng(1)
        folder = self.study.path("mixed")
        folder.mkdir()
        common = rng.uniform(0.05, 0.95, 4000)
        calls = np.concatenate([rng.binomial(2, rng.beta(common * (1 - fst) / fst, (1 - common) * (1 - fst) / fst), (300, 4000)) for _ in range(2)]).T
        ids = [(f"F{i}", f"S{i}") for i in range(600)]
        Path(folder / "genotypes.bed").write_bytes(b"\x6c\x1b\x01" + pack(calls.astype(np.uint8), None))
        self.study.write("mixed/genotypes.bim", "".join(f"1\trs{k}\t0\t{k + 1}\tA\tG\n" for k in range(4000)))
        self.study.write("mixed/genotypes.fam", "".join(f"{fid} {iid} 0 0 0 -9\n" for fid, iid in ids))
        self.study.write("mixed/targets.tsv", "FID\tIID\ty\n" + "".join(f"{fid}\t{iid}\t{rng.standard_normal():.5f}\n" for fid, iid in ids))


if __name__ == "__main__":
    unittest.main()
