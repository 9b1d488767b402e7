#!/usr/bin/python3
"""arete associate on the tiny study: what it reads, prints, writes, and refuses. The numbers: tests/oracle/associations_oracle.py."""
import fcntl
import gzip
import os
import re
import subprocess
import unittest
from functools import partialmethod
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
from scipy import stats

import bad_inputs
import nifti
from support.image_study import TARGETS, ImageStudy, labels, mask
from support.tiny_study import TinyStudy

SVG = "{http://www.w3.org/2000/svg}"
# Keys of its own.
OWN = {
    "report_p": ("associate: {report_p: 0}", "associate.report_p: 0 found; expected a number over 0, up to 1"),
    "report_p_over_1": ("associate: {report_p: 1.5}", "associate.report_p: 1.5 found; expected a number over 0, up to 1"),
    "most_hits": ("associate: {most_hits: 0}", "associate.most_hits: 0 found; expected an integer from 1 to 100000000"),
    "unknown_key": ("associate: {p: 0.1}", "associate.p: unknown key; expected one of: report_p, most_hits, permute, full, snps"),
}
# What is known only when the input has been read.
NAMES = {
    "no_target": ("{full: [signal_1, amygdala]}", 'study.yaml: associate.full: "amygdala" is no target; expected names as in targets.tsv'),
    "no_snp": ("{snps: [rs1001, rs7]}", 'study.yaml: associate.snps: "rs7" is no variant; expected IDs of the genotypes that extract and exclude leave'),
    "one_file": ("{full: [noise/1, 'noise 1']}", "associate: two of the names would have one file, full/target_noise_1.tsv.gz; expected one of them"),
    "long_name": ("{full: [" + "x" * 250 + "]}", f'associate: "{"x" * 64}..." is too long for the name of a file; expected a shorter one'),
}
# Of what `arete run` is given in bad_inputs.py every so many-th is given to `arete associate`, which must say the same.
SHARED = [name for name, (_, lines, leaves_log) in bad_inputs.CASES.items()
          if lines[0].startswith(("study.yaml:", "--set ", "chr", "targets.tsv", "covariates.tsv", "missing")) and not leaves_log
          and not name.startswith("plan")][::4]


class Associate(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.study = TinyStudy()
        self.addCleanup(self.study.remove)

    def run_study(self, *arguments, code=0):
        done = self.study.arete("associate", "study.yaml", *arguments)
        self.assertEqual(done.returncode, code, done.stderr)
        return done

    def rows(self, name):
        header, *lines = (line.split("\t") for line in self.study.lines(f"out/{name}"))
        return [dict(zip(header, line)) for line in lines]

    def check_bad(self, lines):
        before = self.study.content()
        done = self.run_study(code=2)
        self.assertEqual(done.stderr, "".join(f"arete: {line}\n" for line in lines))
        self.assertEqual(done.stdout, "")
        self.assertEqual(self.study.content(), before)

    def check_own(self, text, message):
        self.study.add_line("study.yaml", text)
        self.check_bad([f"study.yaml:17:13: {message}"])

    def check_names(self, keys, message):
        for name in ("noise/1", "noise 1", "x" * 250):
            self.study.add_column("targets.tsv", name, lambda fid, iid: int(iid[1:]))
        self.study.add_line("study.yaml", f"associate: {keys}")
        self.check_bad([message])

    def check_shared(self, name):
        spoil, lines, _ = bad_inputs.CASES[name]
        spoil(self.study)
        before = self.study.content()
        done = self.study.arete("associate", *self.study.arguments[1:])
        self.assertEqual(done.stderr, "".join(f"arete: {line}\n" for line in lines))
        self.assertEqual(done.returncode, 2)
        self.assertEqual(self.study.content(), before)

    def test_tables(self):
        self.study.add_line("study.yaml", "associate: {report_p: 1e-3}")
        done = self.run_study()
        pairs, targets = self.rows("associations.tsv"), self.rows("targets.tsv")
        self.assertIn(f"{len(pairs)} pairs at p <= 0.001; the smallest p is ", done.stdout)
        self.assertEqual([row["target"] for row in targets], ["signal_1", "signal_2", "noise_1", "noise_2", "noise_3", "constant"])
        self.assertEqual(list(pairs[0]), ["target", "chromosome", "base_pair_location", "effect_allele", "other_allele", "beta", "standard_error",
                                          "effect_allele_frequency", "p_value", "variant_id", "n", "t_statistic", "neg_log_10_p_value"])
        self.assertTrue(all(float(row["p_value"]) <= 1e-3 for row in pairs))
        self.assertEqual(sum(int(row["n_hits"]) for row in targets[:5]), len(pairs))
        self.assertEqual(targets[5]["p_value"], "NA")
        self.assertEqual(targets[5]["note"], "constant")
        self.assertEqual({name for name in self.study.content() if name.startswith("out/")},
                         {"out/associations.tsv", "out/associations.html", "out/targets.tsv", "out/manhattan.svg", "out/qq.svg", "out/associate.log", "out/campaign.lock"})
        self.assertEqual((targets[0]["p_snps"], targets[0]["p_fwer"]), ("NA", "NA"))
        self.assertNotIn("nan", self.study.read("out/associations.tsv").lower())

    def test_tables_of_one_folder_are_of_one_study(self):
        self.run_study()
        before = self.study.content()
        with open(self.study.path("out/campaign.lock"), "r+b") as lock:
            fcntl.lockf(lock, fcntl.LOCK_EX)  # another arete writes there
            done = self.study.arete("associate", "study.yaml", "--set", "covariates.columns=[age]")
            self.assertEqual(done.returncode, 1, done.stderr)
            self.assertIn("out/associations.h5: another arete run is working in its folder (", done.stderr)
            done = self.study.arete("associate", "study.yaml", "--set", "associate.permute=true")  # before every pair is computed
            self.assertEqual(done.returncode, 1, done.stderr)
            self.assertIn("out/associations.h5: another arete run is working in its folder (", done.stderr)
        self.assertEqual(self.study.content(), before)

    def test_warnings(self):
        """Student's p among relatives: said on the terminal and in the note of every target."""
        done = self.run_study()
        self.assertIn("pairs of relatives (related over 0.32): p from Student's t is not valid among them", done.stderr)
        self.assertIn("no genetic principal components among the covariates", done.stderr)
        self.assertEqual(self.rows("targets.tsv")[0]["note"], "relatives: p not valid; no genetic PCs")
        self.study.replace("study.yaml", "[site]", "[site]\n  genetic_pcs: 2")
        self.assertNotIn("no genetic PCs", self.run_study().stderr)
        self.assertEqual(self.rows("targets.tsv")[0]["note"], "relatives: p not valid")

    def test_the_people_of_run(self):
        self.study.write("remove.txt", "".join(f"F{k:02d} S{2 * k:03d}\n" for k in range(1, 9)))
        self.study.replace("study.yaml", "chr{1..2}", "chr{1..2}\n  remove: remove.txt\n  max_relatedness: 0.4")
        self.run_study()
        self.study.arete("run", "study.yaml", "--output", "ridge")
        kept = [[line.split(" ", 2)[2] for line in self.study.lines(log) if " subjects: " in line and " warning: " not in line or " SNPs: " in line and "; K in" not in line]
                for log in ("out/associate.log", "ridge/run.log")]
        self.assertGreater(len(kept[0]), 5)
        self.assertEqual(*kept)
        self.assertEqual(self.study.read("out/relatives_dropped.tsv"), self.study.read("ridge/relatives_dropped.tsv"))

    def test_snp_that_covariates_explain(self):
        """sex stands among the SNPs as well"""
        names = [line.split("\t") for line in self.study.lines("covariates.tsv")[1:]]
        sex = {row[1]: int(row[3]) for row in names}
        codes = [0b11 if sex[line.split()[1]] == 1 else 0b00 for line in self.study.lines("chr1.fam")]
        row = bytes(sum(code << 2 * k for k, code in enumerate(codes[at:at + 4])) for at in range(0, 120, 4))
        self.study.patch("chr1.bed", 3 + 30 * 7, row)
        done = self.run_study("--set", "associate.report_p=1")
        self.assertRegex(done.stderr, r"1 of 52\d SNPs not tested: the covariates explain them")
        tested = {row["variant_id"] for row in self.rows("associations.tsv")}
        self.assertNotIn("rs1007", tested)
        page = self.study.read("out/associations.html")
        self.assertEqual(re.findall(r"<dt>SNPs</dt><dd>(\d+)|<caption>SNPs</caption>[^$]*?analysed</th><td></td><td>(\d+)", page),
                         [(f"{len(tested)}", ""), ("", f"{len(tested)}")])
        self.assertRegex(page, rf"beyond the covariates</th><td>1</td><td>{len(tested)}</td>")

    def test_missing_values(self):
        self.study.set_value("targets.tsv", "S011", "noise_1", "NA")
        self.study.replace("study.yaml", "table: targets.tsv", "table: targets.tsv\n  missing: mean")
        done = self.run_study("--set", "associate.permute=true", "--set", "permutations.count=200")
        row = self.rows("targets.tsv")[2]
        self.assertEqual(row["n"], "119")
        page = self.study.read("out/associations.html")
        self.assertRegex(done.stdout, r"p_fwer <= .05 where p <= \S+; ")
        self.assertRegex(page, r"is under .05 where p is under \S+\. ")
        self.assertRegex(page, r"which is p &lt; \S+ of Student\S+ t\.")
        self.assertTrue(row["note"].startswith("missing values filled in: beta is scaled to those who have one; "))

    def test_few_values(self):
        """A target whose values are too few for the covariates is left out, as one that does not vary is."""
        self.study.add_column("targets.tsv", "few", lambda fid, iid: int(iid[1:]) if int(iid[1:]) <= 15 else "NA")
        done = self.run_study("--set", "targets.missing=mean", "--set", "targets.max_missing_per_target=0.99", "--set", "covariates.genetic_pcs=8")
        row = self.rows("targets.tsv")[-1]
        self.assertEqual((row["target"], row["p_value"], row["note"]), ("few", "NA", "too few values for the covariates"))
        self.assertIn("targets: 1 of 6 left out: too few values for the covariates, as it takes 3 more than columns of these (with the intercept)\n", done.stderr)

    def test_the_line_for_the_gwas_catalog(self):
        """The shell of docs/associate.md makes of a table what GWAS-SSF takes: chromosomes as PLINK numbers and names them, and what it leaves out."""
        self.run_study("--set", "associate.full=[signal_1]")
        header, row, *_ = gzip.decompress(self.study.bytes("out/full/target_signal_1.tsv.gz")).decode().splitlines()
        rest = row.split("\t", 2)[2].replace("rs1000", "{}")
        codes = {"7": "7", "X": "23", "chrX": "23", "XY": "23", "25": "23", "Y": "24", "M": "25", "MT": "25", "26": "25", "23": "23"}
        rows = [f"{code}\t5\t{rest.format('rs12')}" for code in codes] + [f"3\tNA\t{rest.format('rs12')}", f"3\t5\t{rest.format('3:5')}"]
        self.study.path("results/gwas/full").mkdir(parents=True)
        self.study.write("results/gwas/full/target_CD8.tsv.gz", gzip.compress("\n".join([header, *rows, ""]).encode()))
        section = (Path(__file__).parents[2] / "docs" / "associate.md").read_text().split("### Tables for the GWAS Catalog", 1)[1]
        subprocess.run(["sh", "-c", section.split("```sh\n", 1)[1].split("```", 1)[0]], cwd=self.study.folder, check=True)
        made = [line.split("\t") for line in gzip.decompress(self.study.bytes("CD8.tsv.gz")).decode().splitlines()]
        self.assertEqual(made[0], header.replace("variant_id", "rsid").split("\t"))
        self.assertEqual([line[0] for line in made[1:]], [*codes.values(), "3"])
        self.assertEqual([line[8] for line in made[1:]], ["rs12"] * len(codes) + ["#NA"])

    def test_most_hits(self):
        done = self.run_study("--set", "associate.report_p=0.01", "--set", "associate.most_hits=3")
        self.assertEqual(len(self.rows("associations.tsv")), 3)
        self.assertIn("associations.tsv has the 3 pairs of the smallest p (associate.most_hits), of ", done.stderr)

    def test_folds_and_penalties_without_effect(self):
        self.run_study()
        before = self.study.read("out/targets.tsv")
        self.study.replace("study.yaml", "inner_folds: 4", "inner_folds: 4\n  penalties: [1]\n  score: pooled-r2")
        self.run_study()
        self.assertEqual(self.study.read("out/targets.tsv"), before)
        self.study.replace("study.yaml", "outer_folds: 5", "outer_folds: 10")
        self.assertNotIn("test set", self.run_study().stderr)

    def test_folds_are_not_trained_in(self):
        """Inner training sets of 72 people are too few for 75 covariates; a regression has 120 people."""
        rng = np.random.default_rng(1)
        for k in range(70):
            self.study.add_column("covariates.tsv", f"c{k}", lambda fid, iid: f"{rng.normal():.6f}")
        columns = ", ".join(f"c{k}" for k in range(70))
        self.study.replace("study.yaml", "[age, sex]", f"[age, sex, {columns}]")
        done = self.run_study()
        self.assertNotIn("projected out", done.stderr)
        row = self.rows("targets.tsv")[0]
        degrees = 120 - 75 - 1
        p = 2 * stats.t.sf(abs(float(row["t_statistic"])), degrees)
        self.assertAlmostEqual(float(row["p_value"]) / p, 1, 4)
        more = ", ".join(f"age{k}" for k in range(43))
        for k in range(43):
            self.study.add_column("covariates.tsv", f"age{k}", lambda fid, iid: f"{rng.normal():.6f}")
        self.study.replace("study.yaml", "[age, sex,", f"[{more}, age, sex,")
        self.check_bad(["study.yaml: covariates: 120 subjects found for 118 covariates (with the intercept); expected at least 121 subjects"])

    def packed_rows(self, name):
        header, *lines = (line.split("\t") for line in gzip.decompress(self.study.bytes(f"out/full/{name}.tsv.gz")).decode().splitlines())
        return [dict(zip(header, line)) for line in lines]

    def test_named_targets_and_snps(self):
        """the same numbers as in associations.tsv, where report_p: 1 lists every pair"""
        self.study.add_line("study.yaml", "associate: {full: [noise_1, constant], snps: [rs2007, rs1003], report_p: 1}")
        done = self.run_study()
        self.assertIn("associate.full: constant is not analysed: no table of it", done.stderr)
        self.assertEqual(sorted(os.listdir(self.study.path("out/full"))), ["snp_rs1003.tsv.gz", "snp_rs2007.tsv.gz",
                                                                        "target_noise_1.tsv.gz", "target_noise_1_manhattan.svg", "target_noise_1_qq.svg"])
        pairs = {(row["target"], row["variant_id"]): row for row in self.rows("associations.tsv")}
        target = self.packed_rows("target_noise_1")
        self.assertEqual(len(target), len(pairs) / 5)
        order = [line.split()[1] for k in (1, 2) for line in self.study.lines(f"chr{k}.bim")]
        self.assertEqual([row["variant_id"] for row in target], [name for name in order if ("noise_1", name) in pairs])
        for row in target:
            self.assertEqual({"target": "noise_1", **row}, pairs["noise_1", row["variant_id"]])
        for name in ("rs2007", "rs1003"):
            rows = self.packed_rows(f"snp_{name}")
            self.assertEqual([row["target"] for row in rows], ["signal_1", "signal_2", "noise_1", "noise_2", "noise_3"])
            for row in rows:
                self.assertEqual(row, pairs[row["target"], name])

    def test_named_snp_that_is_not_tested(self):
        self.study.add_line("study.yaml", "associate: {snps: [rs1004]}")
        self.run_study()
        self.assertTrue(self.study.path("out/full/snp_rs1004.tsv.gz").exists())
        self.study.replace("study.yaml", "chr{1..2}", "chr{1..2}\n  min_allele_frequency: 0.45")
        self.assertIn("associate.snps: rs1004 was not tested", self.run_study().stderr)
        self.assertFalse(self.study.path("out/full/snp_rs1004.tsv.gz").exists())

    def test_id_of_two_variants(self):
        lines = self.study.lines("chr1.bim")
        self.study.set_line("chr1.bim", 6, lines[5].replace("rs1005", "rs1003"))
        self.study.add_line("study.yaml", "associate: {snps: [rs1003]}")
        self.check_bad(['study.yaml: associate.snps: "rs1003" is the ID of several variants; expected an ID that one variant has'])

    def circles(self, name):
        """the points of a QQ plot, as -log10 p (expected, observed), from its axes' ticks"""
        root = ElementTree.fromstring(self.study.read(name))
        axis = {anchor: [(float(text.text), float(text.get(at))) for text in root.iter(f"{SVG}text")
                         if text.get("class") == "tick" and text.get("text-anchor") == anchor] for anchor, at in (("middle", "x"), ("end", "y"))}
        maps = [np.polyfit([at for _, at in ticks], [value for value, _ in ticks], 1) for ticks in (axis["middle"], [(v, y - 4) for v, y in axis["end"]])]
        return np.array([[np.polyval(maps[0], float(dot.get("cx"))), np.polyval(maps[1], float(dot.get("cy")))] for dot in root.iter(f"{SVG}circle")])

    def test_plots(self):
        """points of the QQ plots lie where the tables have them; a strong SNP has its name"""
        self.study.add_line("study.yaml", "associate: {full: [noise_1], report_p: 1e-3, permute: true}")
        self.run_study("--set", "permutations.count=500")
        log10p = -np.sort(-np.array([float(row["neg_log_10_p_value"]) for row in self.packed_rows("target_noise_1")]))
        expected = -np.log10((np.arange(len(log10p)) + 0.5) / len(log10p))
        for point in self.circles("out/full/target_noise_1_qq.svg"):
            self.assertLess(np.abs(np.column_stack([expected, log10p]) - point).sum(axis=1).min(), 0.02, point)
        pairs = self.rows("associations.tsv")
        pooled = self.circles("out/qq.svg")
        self.assertAlmostEqual(pooled[:, 1].max(), max(float(row["neg_log_10_p_value"]) for row in pairs), 1)
        everything = self.study.arete("associate", "study.yaml", "--output", "all", "--set", "associate={report_p: 1}")
        self.assertEqual(everything.returncode, 0, everything.stderr)
        header, *lines = (line.split("\t") for line in self.study.lines("all/associations.tsv"))
        log10p = np.array([float(line[header.index("neg_log_10_p_value")]) for line in lines])
        for point in pooled:  # of bins: so many pairs are over the observed
            self.assertAlmostEqual(-np.log10(max((log10p > point[1]).mean(), 0.5 / len(log10p))), point[0], delta=0.05 if point[0] < 2 else 0.35)
        limits = [text.text for text in ElementTree.fromstring(self.study.read("out/manhattan.svg")).iter(f"{SVG}text") if text.get("class") == "note"]
        self.assertEqual(limits, ["p = 5e-8", "p_fwer = .05", "5e-8 / 5 targets"])

    def test_limit_of_p_fwer(self):
        """targets up to the p that is told have p_fwer <= .05, and no other"""
        self.study.add_line("study.yaml", "associate: {permute: true, report_p: 1e-2}")
        limit = float(re.search(r"p_fwer <= .05 where p <= (\S+);", self.run_study("--set", "permutations.count=2000").stdout)[1])
        rows = [row for row in self.rows("targets.tsv") if row["p_value"] != "NA"]
        self.assertEqual([float(row["p_fwer"]) <= 0.05 for row in rows], [float(row["p_value"]) <= limit for row in rows])

    def test_maps(self):
        self.study = ImageStudy()
        self.addCleanup(self.study.remove)
        self.study.add_line("study.yaml", "associate: {snps: [rs1003], permute: true}")
        done = self.run_study("--set", "permutations.count=200")
        self.assertIn("\nmaps:         out/maps\n", done.stdout)
        self.assertEqual(sorted(os.listdir(self.study.path("out/maps"))),
                         ["best_logp.nii.gz", "best_logp_fwer.nii.gz", "best_logp_snps.nii.gz", "best_t.nii.gz", "snp_rs1003_t.nii.gz"])
        best = {row["target"]: row for row in self.rows("targets.tsv")}
        snp = {row["target"]: row for row in self.packed_rows("snp_rs1003")}
        for name, value in {"best_t": lambda name: float(best[name]["t_statistic"]), "best_logp": lambda name: float(best[name]["neg_log_10_p_value"]),
                            "best_logp_snps": lambda name: -np.log10(float(best[name]["p_snps"])),
                            "best_logp_fwer": lambda name: -np.log10(float(best[name]["p_fwer"])),
                            "snp_rs1003_t": lambda name: float(snp[name]["t_statistic"])}.items():
            expected = np.zeros(mask().shape)
            for number, target in enumerate(TARGETS, 1):
                expected[labels() * mask() == number] = value(target)
            np.testing.assert_allclose(nifti.read(self.study.path(f"out/maps/{name}.nii.gz"))[0], expected, rtol=1e-5, atol=1e-6, err_msg=name)

    # A SNP that is planted in one of four parcels of images.

    PLANTED, PARCEL, EFFECT = "rs2052", 3, 1.0

    def plant(self):
        """The images anew: noise in every voxel, and in the parcel's the copies of the effect allele besides; returns the copies, by IID."""
        rng = np.random.default_rng(17)
        self.study = ImageStudy()
        self.addCleanup(self.study.remove)
        packed = self.study.bytes("chr2.bed")[3 + 30 * 52:3 + 30 * 53]
        copies = {line.split()[1]: {0: 2, 1: 0, 2: 1, 3: 0}[packed[k // 4] >> 2 * (k % 4) & 3] for k, line in enumerate(self.study.lines("chr2.fam"))}
        self.assertGreater(len(set(copies.values())), 1)
        for _, iid in self.study.people:
            if iid != "S999":
                values = rng.standard_normal(mask().shape)
                values[labels() == self.PARCEL] += self.EFFECT * copies.get(iid, 0)
                self.study.write_image(iid, values)
        self.study.add_line("study.yaml", f"associate: {{snps: [{self.PLANTED}], permute: true}}")

    def map_of(self, name):
        return nifti.read(self.study.path(f"out/maps/{name}.nii.gz"))[0]

    def check_planted(self, n_targets):
        """Found by the targets of its parcel, past chance over all SNPs and targets, and by no other; every map shows the parcel."""
        self.run_study("--set", "permutations.count=2000")
        inside, outside = labels() == self.PARCEL, (labels() != self.PARCEL) & (mask() > 0)
        targets = [row for row in self.rows("targets.tsv") if row["variant_id"] != "NA"]
        self.assertEqual(len(targets), n_targets)
        found = [row for row in targets if float(row["p_fwer"]) <= 0.05]
        self.assertEqual({row["variant_id"] for row in found}, {self.PLANTED})
        self.assertEqual(len(found), n_targets // 4)
        self.assertTrue(all(float(row["beta"]) > 0.5 for row in found))
        significant = self.map_of("best_logp_fwer") >= -np.log10(0.05)
        np.testing.assert_array_equal(significant, inside)
        t = self.map_of(f"snp_{self.PLANTED}_t")
        self.assertGreater(t[inside].min(), np.abs(t[outside]).max())
        np.testing.assert_array_equal(t[mask() == 0], 0)
        np.testing.assert_allclose(self.map_of("best_t")[inside], t[inside], rtol=1e-6)

    def test_planted_in_a_parcel(self):
        self.plant()
        self.check_planted(4)

    def test_planted_in_voxels(self):
        self.plant()
        self.study.replace("study.yaml", "  atlas: brain/atlas.nii.gz\n", "  voxels: true\n")
        self.check_planted(32)

    def test_memory(self):
        """more than there is: refused before anything is written; what the plan says is enough"""
        before = self.study.content()
        done = self.run_study("--memory", "10M", code=2)
        self.assertRegex(done.stderr, r"^arete: study.yaml: arete associate needs about \d+ MB of memory; expected at most 10M \(run.memory\): "
                                      r"fewer targets, or a larger run.memory\n$")
        self.assertEqual(self.study.content(), before)
        planned = re.search(r"\nassociate: about \S+ and (\d+) MB: .*, permutations \S+\n",
                            self.study.arete("plan", "study.yaml", "--set", "associate.permute=true").stdout)
        self.run_study("--memory", f"{int(planned[1]) + 1}M", "--set", "associate.permute=true")

    def test_foreign_file_stays(self):
        self.study.path("out").mkdir()
        self.study.write("out/targets.tsv", "mine\n")
        done = self.run_study(code=2)
        self.assertIn("out/targets.tsv", done.stderr)
        self.assertEqual(self.study.read("out/targets.tsv"), "mine\n")

    def test_tiny_p(self):
        """a target that is a SNP, nearly: far below any double"""
        iid = [line.split()[1] for line in self.study.lines("chr1.fam")]
        packed = self.study.bytes("chr1.bed")[3 + 30 * 3:3 + 30 * 4]
        copies = {name: {0: 2, 1: 1, 2: 1, 3: 0}[packed[k // 4] >> 2 * (k % 4) & 3] for k, name in enumerate(iid)}
        self.study.add_column("targets.tsv", "planted", lambda fid, name: copies.get(name, 0) + 1e-6 * (int(name[1:]) ** 2 % 101))
        self.run_study()
        planted = self.rows("targets.tsv")[-1]
        self.assertEqual(planted["target"], "planted")
        self.assertGreater(float(planted["neg_log_10_p_value"]), 330)
        self.assertRegex(planted["p_value"], r"^[1-9](\.\d+)?e-\d{3,}$")
        exponent = planted["p_value"].split("e-")[1]
        self.assertGreater(int(exponent), 330)
        for plot in ("manhattan.svg", "qq.svg"):
            self.assertNotRegex(self.study.read(f"out/{plot}"), r"[\"' ,M]-?(nan|inf)\b")


for name, (text, message) in OWN.items():
    setattr(Associate, f"test_bad_{name}", partialmethod(Associate.check_own, text, message))
for name, (keys, message) in NAMES.items():
    setattr(Associate, f"test_bad_{name}", partialmethod(Associate.check_names, keys, message))
for name in SHARED:
    setattr(Associate, f"test_bad_{name}", partialmethod(Associate.check_shared, name))

if __name__ == "__main__":
    unittest.main()
