#!/usr/bin/python3
"""Good input: what `arete run` leaves behind for the tiny study, and that it is the same whatever the number of workers or the block size. Most of it is
with permutations drawn one by one; orbits.py has those in orbits.

    tests/cli/runs.py              # all of them
    tests/cli/runs.py Determinism  # one class
"""
import contextlib
import fcntl
import os
import pty
import re
import shutil
import signal
import struct
import subprocess
import sys
import termios
import unittest
from pathlib import Path

import h5py
import numpy as np

from support.campaign_file import crc32c_of
from support.simulate_plink import Population, simulate
from support.tiny_study import ARETE, GENOTYPES, TinyStudy

COLUMNS = ["target", "n", "n_missing", "r2", "r2_sd", "r", "penalty", "at_edge", "p", "p_se", "p_fwer", "q_fdr", "note"]
TARGETS = ["signal_1", "signal_2", "noise_1", "noise_2", "noise_3", "constant"]
ANALYSED = TARGETS[:5]

# A study without a reason to warn: siblings share a fold and change places only inside their site, which is a covariate.
# No warnings but these: families are kept together, people change places outside them, and sites differ in ancestry.
FAMILIES_WARNING = "arete: warning: model.keep_together while people change places outside their families: "
# And the largest heritability of the default grid is not large enough for the signals.
KNOWN_WARNINGS = re.compile(FAMILIES_WARNING + r"|arete: warning: [\d,]+ pairs of relatives |arete: warning: \d targets? with p_fwer < .05 chose the smallest ")
QUIET = ["covariates.genetic_pcs=2", "model.keep_together=FID", "permutations.within=site", "permutations.count=200", "permutations.method=independent"]


class RunTest(unittest.TestCase):
    """One tiny study a test; or one for a whole class, where setUpClass makes it."""

    study = None

    def setUp(self):
        if self.study is None:
            self.study = TinyStudy()
            self.addCleanup(self.study.remove)

    def run_study(self, *sets, output="out", quiet=True, options=()):
        done = run(self.study, *(QUIET if quiet else []), *sets, output=output, options=options)
        others = [line for line in done.stderr.splitlines() if not KNOWN_WARNINGS.match(line)]
        self.assertEqual((done.returncode, others if quiet else []), (0, []), done.stderr)
        return done

    def results(self, output="out"):
        return read_results(self.study.path(f"{output}/results.tsv"))

    def campaign(self, output="out"):
        return contextlib.closing(h5py.File(self.study.path(f"{output}/campaign.h5"), "r"))

    def log(self, output="out"):
        return self.study.read(f"{output}/run.log")

    def dataset(self, path, output="out"):
        with self.campaign(output) as campaign:
            return campaign[path][()]


def run(study, *sets, output="out", options=()):
    arguments = [part for one in sets for part in ("--set", one)]
    return study.arete("run", "study.yaml", "--output", output, *arguments, *options)


def read_results(path):
    """{target: {column: text}} in the order of the table."""
    header, *rows = [line.split("\t") for line in path.read_text().splitlines()]
    assert header == COLUMNS, header
    return {row[0]: dict(zip(header, row, strict=True)) for row in rows}


def numbers(results, column, targets=ANALYSED):
    return np.array([float(results[target][column]) for target in targets])


def texts(array):
    return [text.decode() for text in array]


class Results(RunTest):
    """One run of the quiet study, looked at from all sides."""

    @classmethod
    def setUpClass(cls):
        cls.study = TinyStudy()
        cls.addClassCleanup(cls.study.remove)
        cls.done = run(cls.study, *QUIET)

    def test_exit_code_and_files(self):
        self.assertEqual(self.done.returncode, 0)
        self.assertTrue(all(KNOWN_WARNINGS.match(line) for line in self.done.stderr.splitlines()), self.done.stderr)
        self.assertEqual(sorted(path.name for path in self.study.path("out").iterdir()), ["campaign.h5", "campaign.lock", "predictions.tsv", "report.html", "results.tsv", "run.log"])

    def test_table_has_one_header_and_every_target_in_order(self):
        lines = self.study.lines("out/results.tsv")
        self.assertEqual(lines[0], "\t".join(COLUMNS))
        self.assertEqual([line.split("\t")[0] for line in lines[1:]], TARGETS)

    def test_a_target_without_analysis_keeps_its_row(self):
        row = self.results()["constant"]
        self.assertEqual([row[column] for column in COLUMNS], ["constant", "120", "0", *["NA"] * 9, "constant"])

    def test_signals_are_found_and_noise_is_not(self):
        results = self.results()
        self.assertTrue(np.all(numbers(results, "r2", ANALYSED[:2]) > 0.4))
        self.assertTrue(np.all(numbers(results, "r2", ANALYSED[2:]) < 0.1))
        self.assertEqual([results[target]["p"] for target in ANALYSED[:2]], ["0.00497512"] * 2)  # 1/201
        self.assertTrue(np.all(numbers(results, "p", ANALYSED[2:]) > 0.05))
        self.assertEqual({row["n"] for row in results.values()}, {"120"})
        kept = "families kept together, but permuted freely: p_fwer far too small"
        self.assertEqual({tuple(results[target]["note"].split("; ")[:2]) for target in ANALYSED}, {(kept, "relatives in different folds")})

    def test_campaign_has_the_documented_shapes(self):
        n, t, a, c, f, length, u, g = 120, 5, 6, 7, 5, 5, 1, 200
        expected = {
            "subjects/fid": ((n,), "S"),
            "subjects/iid": ((n,), "S"),
            "targets/name": ((a,), "S"),
            "targets/note": ((a,), "S"),
            "targets/analysed": ((a,), "u1"),
            "targets/n": ((a,), "i4"),
            "targets/n_missing": ((a,), "i4"),
            "targets/mm": ((0, 3), "f8"),
            "targets/residual": ((n, t), "f8"),
            "permutation/block": ((n,), "i4"),
            "covariates": ((n, c), "f8"),
            "folds/outer": ((n,), "i4"),
            "folds/inner": ((f, n), "i4"),
            "penalties": ((length,), "f8"),
            "gram": ((n, n), "f8"),
            "observed/r2": ((t,), "f8"),
            "observed/r2_everybody": ((t,), "f8"),
            "observed/r2_by_fold": ((f, t), "f8"),
            "observed/penalty_by_fold": ((f, t), "f8"),
            "observed/r": ((t,), "f8"),
            "observed/score": ((t,), "f4"),
            "null/score": ((u * g, t), "f4"),
            "null/unit_crc": ((u,), "u4"),
            "nodes/penalty": ((length,), "i4"),
            "nodes/weight": ((0, length + 1), "f8"),
            "power/heritability": ((3,), "f8"),
            "power/expected_r2": ((3,), "f8"),
        }
        with self.campaign() as campaign:
            for path, (shape, kind) in expected.items():
                with self.subTest(path):
                    self.assertEqual(campaign[path].shape, shape)
                    found = campaign[path].dtype
                    self.assertEqual(found.kind if kind == "S" else found, kind)
                    self.assertEqual("crc32c" in campaign[path].attrs, not path.startswith("null/"))
            attributes = dict(campaign["permutation/block"].attrs)
            self.assertEqual([attributes[name] for name in ("seed", "G", "T", "count")], [42, g, t, 200])
            self.assertEqual(campaign["folds/inner"].attrs["count"], 4)
            self.assertEqual((campaign.attrs["format"], campaign.attrs["format_version"]), (b"arete-campaign", 2))
            self.assertEqual(campaign["study/files"].dtype.names, ("path", "size", "modified_ns", "hash"))
            self.assertEqual({Path(path.decode()).name for path in campaign["study/files"]["path"]}, {*GENOTYPES, "targets.tsv", "covariates.tsv"})
            self.assertIn("penalties", texts(campaign["study/fingerprint"]["name"]))
            self.assertIn(b"count: 200", campaign["study/yaml"][()])

    def test_every_dataset_is_documented(self):
        documented = (Path(__file__).resolve().parent.parent.parent / "docs/campaign-file.md").read_text()
        with self.campaign() as campaign:
            campaign.visititems(lambda name, item: self.assertIn(f"`/{name}`", documented) if isinstance(item, h5py.Dataset) else None)

    def test_campaign_keeps_what_was_said_of_the_study(self):
        """Warnings, who and what was left out, power: as they stand in run.log."""
        said = [line[len("arete: warning: ") :] for line in self.done.stderr.splitlines() if "with p_fwer" not in line]  # that is the table's
        first_run = self.log().split(" done in ")[0]  # other tests run it again
        filtered = {what: re.findall(rf"^\S+ \S+ {what}: (\d+) dropped: (.*)$", first_run, re.M) for what in ("subjects", "SNPs")}
        with self.campaign() as campaign:
            self.assertEqual(texts(campaign["study/warnings"]), said)
            self.assertGreater(len(said), 0)
            for what, n_before, n_after in (("subjects", 120, 120), ("SNPs", 600, campaign["gram"].attrs["snps"])):
                kept = campaign[f"filters/{what.lower()}"][:]
                self.assertEqual([(str(row["dropped"]), row["why"].decode()) for row in kept], filtered[what])
                self.assertGreater(len(kept), 2)
                left = [n_before, *kept["left"].tolist()]
                self.assertEqual([before - after for before, after in zip(left, left[1:])], kept["dropped"].tolist())
                self.assertEqual(left[-1], n_after)
            power = campaign["power/heritability"].attrs["standard_error"], campaign["power/heritability"][:], campaign["power/expected_r2"][:]
        line = "power: SE(h2) = {:.3f}; expected r2 in people related as these at h2 = {:g}, {:g}, {:g}: {:.4f}, {:.4f}, {:.4f}".format(power[0], *power[1], *power[2])
        self.assertIn(f" {line}\n", self.log())
        told = self.study.arete("results", "out/campaign.h5", "again.tsv")
        self.assertEqual(told.stderr, self.done.stderr)
        self.assertIn("\n" + line.replace("power: ", "power:    ") + "\n", told.stdout)

    def test_campaign_is_consistent(self):
        with self.campaign() as campaign:
            outer, inner = campaign["folds/outer"][:], campaign["folds/inner"][:]
            self.assertTrue(np.all(np.diff(outer) >= 0))  # subjects are sorted by fold
            self.assertTrue(np.array_equal(inner == -1, outer[None, :] == np.arange(5)[:, None]))
            self.assertEqual(np.unique(inner).tolist(), [-1, 0, 1, 2, 3])
            self.assertEqual(texts(campaign["targets/name"]), TARGETS)
            self.assertEqual(campaign["targets/analysed"][:].tolist(), [1, 1, 1, 1, 1, 0])
            self.assertTrue(np.all(np.diff(campaign["penalties"][:]) > 0))
            self.assertTrue(np.array_equal(campaign["gram"][:], campaign["gram"][:].T))
            z, y = campaign["covariates"][:], campaign["targets/residual"][:]
            np.testing.assert_allclose(z.T @ y, 0, atol=1e-9)
            np.testing.assert_allclose((y**2).sum(axis=0) / len(y), 1, rtol=0.1)  # unit variance, up to its divisor
            np.testing.assert_allclose(campaign["observed/score"][:], campaign["observed/r2"][:], atol=1e-5)

    def test_p_values_by_hand(self):
        """The recipe of docs/campaign-file.md, word for word, also where permutations have no score."""
        page = (Path(__file__).resolve().parents[2] / "docs" / "campaign-file.md").read_text()
        code = page[page.index("## p-values by hand") :].split("```python\n")[1].split("```")[0]
        study = TinyStudy()
        self.addCleanup(study.remove)
        self.assertEqual(run(study, "permutations.count=150", "permutations.method=independent").returncode, 0)  # fewer than a unit holds
        for without_score in (False, True):
            if without_score:
                with h5py.File(study.path("out/campaign.h5"), "r+") as campaign:
                    rows = campaign["null/score"][:]
                    rows[10:40, 0] = np.nan
                    rows[20:50, 3] = np.nan
                    rows[60] = np.nan
                    campaign["null/score"][:] = rows
                    campaign["null/unit_crc"][:] = crc32c_of(rows.tobytes())
                self.assertEqual(study.arete("results", "out/campaign.h5").returncode, 0)
            done = subprocess.run([sys.executable, "-c", code], cwd=study.path("out"), capture_output=True, text=True, check=False)
            results = read_results(study.path("out/results.tsv"))
            self.assertEqual(done.stdout.splitlines(), ["\t".join(results[target][column] for column in ("target", "p", "p_fwer")) for target in ANALYSED],
                             done.stderr)

    def test_p_values_follow_from_the_null_scores(self):
        """Recomputed; q after Benjamini and Hochberg."""
        with self.campaign() as campaign:
            null, observed = campaign["null/score"][:200].astype(float), campaign["observed/score"][:].astype(float)
            self.assertTrue(np.all(campaign["null/unit_crc"][:] != 0))
        least = observed - 1e-6
        p = (1 + np.sum(null >= least, axis=0)) / 201
        p_fwer = (1 + np.sum(null.max(axis=1)[:, None] >= least, axis=0)) / 201
        order, q = np.argsort(p), np.empty(5)
        q[order] = np.minimum.accumulate((p[order] * 5 / np.arange(1, 6))[::-1])[::-1]
        for column, expected in (("p", p), ("p_se", np.sqrt(p * (1 - p) / 201)), ("p_fwer", p_fwer), ("q_fdr", q)):
            np.testing.assert_allclose(numbers(self.results(), column), expected, rtol=1e-5, err_msg=column)

    def test_columns_that_the_campaign_keeps(self):
        """Where `arete results --help` says that a column is kept, the very number stands."""
        text = self.study.arete("results", "--help").stdout
        lines = text[text.index("Columns, ") :].splitlines()[1:]
        columns = [(line.split()[0], re.search(r" \[(/\S+)\]", line)) for line in lines]
        self.assertEqual([name for name, _ in columns], [*COLUMNS[:-1], "x_mm", "y_mm", "z_mm", "note"])
        results = self.results()
        kept = {name: path[1] for name, path in columns if path and path[1] != "/targets/mm"}
        self.assertEqual(self.dataset("targets/mm").shape, (0, 3))  # the targets are no images
        self.assertEqual(list(kept), ["target", "n", "n_missing", "r2", "r"])
        for name, path in kept.items():
            values = self.dataset(path)
            if name == "target":
                self.assertEqual([row[name] for row in results.values()], texts(values))
            else:
                np.testing.assert_allclose(numbers(results, name, ANALYSED), values[: len(ANALYSED)], atol=1e-6, err_msg=name)

    def test_the_other_columns_follow_from_the_folds(self):
        results = self.results()
        with self.campaign() as campaign:
            by_fold, penalty, grid = campaign["observed/r2_by_fold"][:], campaign["observed/penalty_by_fold"][:], campaign["penalties"][:]
        np.testing.assert_allclose(numbers(results, "r2"), by_fold.mean(axis=0), atol=1e-6)
        np.testing.assert_allclose(numbers(results, "r2_sd"), by_fold.std(axis=0, ddof=1), atol=1e-6)
        np.testing.assert_allclose(numbers(results, "penalty"), np.median(penalty, axis=0), rtol=1e-5)
        np.testing.assert_allclose(numbers(results, "at_edge"), np.isin(penalty, grid[[0, -1]]).mean(axis=0), rtol=1e-5)

    def test_log_has_version_study_counts_penalties_and_times(self):
        version = self.study.arete("--version").stdout.split()[1]
        for pattern in (
            rf"arete {re.escape(version)}: study\.yaml",
            r"study file with every --set applied:\ngenotypes:\n  plink: chr\{1\.\.2\}",
            r"  count: 200",
            r"SNPs: 600 in 2 filesets",
            r"SNPs: 0 dropped: not on chromosomes 1-22",
            r"SNPs: 74 dropped: do not vary",
            r"SNPs: 526 kept; K in \d+\.\d s",
            r"subjects: 120 in chr1\.fam",
            r"subjects: 1 of 121 in targets\.tsv are not in the genotypes: not used",
            r"subjects: 0 dropped: not in covariates\.tsv \(covariates\)",
            r"subjects: 0 dropped: more than 0\.1 of the calls missing",
            r"subjects: 120 kept",
            r"targets: constant left out: constant",
            r"targets: 5 analysed of 6",
            r"workers: 1 of \d+ cores; BLAS kernels \w+",
            r"folds: 5 outer \(test sets of 24 to 24 subjects\) x 4 inner",
            r"K: mean eigenvalue beyond the covariates d = 0\.\d+",
            r"penalty 1: lambda [\d.]+ \(heritability 0\.8000, scikit-learn's alpha [\d.]+\)",
            r"penalty 5: lambda [\d.]+ \(heritability 0\.0200, scikit-learn's alpha [\d.]+\)",
            r"power: SE\(h2\) = 0\.\d+; expected r2",
            r"permutations: 200 in \d+\.\d s",
            r"done in \d+\.\d s",
        ):
            self.assertRegex(self.log(), pattern)
        for line in self.log().splitlines():  # every line has its time, but for those of the study file
            self.assertRegex(line, r"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \w| *\w+:|$)")

    def test_stdout_has_the_table_and_says_where_the_files_are(self):
        self.assertRegex(self.done.stdout, r"^target +n +r2 +r2_sd +r +penalty +p +p_fwer +q_fdr +note\n")
        for target in TARGETS:
            self.assertIn(f"\n{target} ", self.done.stdout)
        self.assertTrue(self.done.stdout.endswith("\n\n2 of 5 targets at p_fwer < .05; r2 up to .619\n\n"
                                                  "report:   out/report.html\nresults:  out/results.tsv\ncampaign: out/campaign.h5\nlog:      out/run.log\n"), self.done.stdout)
        self.assertRegex(self.log(), r" results: 2 of 5 targets at p_fwer < \.05; r2 up to \.619\n")

    def test_without_a_terminal_there_are_no_escape_codes(self):
        self.assertNotRegex(self.done.stdout + self.done.stderr, r"[\033\r\b]")

    def test_a_finished_campaign_is_not_computed_again(self):
        before = self.study.content()
        self.assertEqual(run(self.study, *QUIET).returncode, 0)
        again = self.study.content()
        for name in ("out/results.tsv", "out/campaign.h5"):
            self.assertEqual(again[name], before[name])
        self.assertEqual(run(self.study, *QUIET, options=["--fresh"]).returncode, 0)
        self.assertEqual(self.study.content()["out/results.tsv"], before["out/results.tsv"])


class Folds(RunTest):
    def labels(self, column_of):
        """{IID: label} of the subjects as the campaign has them."""
        with self.campaign() as campaign:
            return dict(zip(texts(campaign["subjects/iid"]), column_of(campaign), strict=True))

    def test_given_folds_are_taken(self):
        self.study.give_folds(lambda k: "abcd"[k // 3 % 4])
        self.run_study("permutations.count=5", quiet=False)
        outer = self.labels(lambda campaign: campaign["folds/outer"][:])
        for line in self.study.lines("folds.tsv")[1:]:
            _, iid, label = line.split("\t")
            self.assertEqual(outer[iid], "abcd".index(label))

    def check_together(self, group_of):
        outer = self.labels(lambda campaign: campaign["folds/outer"][:])
        inner = self.labels(lambda campaign: map(tuple, campaign["folds/inner"][:].T))
        for folds in (outer, inner):
            of_group = {}
            for iid, fold in folds.items():
                self.assertEqual(of_group.setdefault(group_of[iid], fold), fold, iid)

    def test_keep_together_families(self):
        self.run_study("permutations.count=5")
        self.check_together({line.split()[1]: line.split()[0] for line in self.study.lines("chr1.fam")})

    def test_keep_together_a_column(self):
        group_of = {f"S{k + 1:03d}": k // 3 for k in range(120)} | {"S999": 40}
        self.study.add_column("covariates.tsv", "household", lambda fid, iid: group_of[iid])
        self.run_study("model.keep_together=household", "permutations.count=5")
        self.check_together(group_of)
        self.assertRegex(self.log(), "folds: groups kept together by household; the largest has 3 subjects")

    def test_keep_together_relatives(self):
        least = 0.5
        self.run_study(f"model.keep_together={{relatedness: {least}}}", "permutations.count=5")
        with self.campaign() as campaign:
            gram, h, iids = campaign["gram"][:], campaign["relatives/heterozygosity"][:], texts(campaign["subjects/iid"])
        distance = np.diag(gram)[:, None] + np.diag(gram) - 2 * gram
        related = 1 - distance / (2 * np.minimum(h[:, None], h)) > least
        component = np.arange(120)
        for _ in range(120):  # the smallest label spreads along every chain
            component = np.array([component[related[i]].min(initial=component[i]) for i in range(120)])
        self.assertTrue(10 < len(set(component)) < 115)
        self.check_together(dict(zip(iids, component, strict=True)))

    def test_folds_do_not_depend_on_the_targets(self):
        self.run_study("permutations.count=5")
        self.run_study("permutations.count=5", "targets.columns=[noise_1]", output="one")
        for path in ("folds/outer", "folds/inner", "subjects/iid"):
            self.assertTrue(np.array_equal(self.dataset(path), self.dataset(path, "one")))


class Determinism(RunTest):
    """600 permutations of 5 targets are 3 units of 200."""

    @classmethod
    def setUpClass(cls):
        cls.study = TinyStudy()
        cls.addClassCleanup(cls.study.remove)
        cls.done = run(cls.study, *QUIET, "permutations.count=600", "run.block=1", output="first")
        assert cls.done.returncode == 0, cls.done.stderr

    def content(self, output):
        with self.campaign(output) as campaign:
            paths = [path for group in ("observed", "null") for path in (f"{group}/{name}" for name in campaign[group])]
            return {path: campaign[path][()].tobytes() for path in paths} | {"results.tsv": self.study.bytes(f"{output}/results.tsv")}

    def check_same(self, *sets):
        self.run_study("permutations.count=600", *sets, output="second")
        first, second = self.content("first"), self.content("second")
        self.assertLess({"observed/r2", "null/score", "results.tsv"}, set(first))
        for path, value in first.items():
            self.assertEqual(value, second[path], path)
        self.study.remove_folder("second")

    def test_two_workers(self):
        self.check_same("run.workers=2", "run.block=1")

    def test_one_block(self):
        self.check_same("run.block=600")

    def test_two_workers_and_one_block(self):
        self.check_same("run.workers=2", "run.block=600")

    def test_again(self):
        self.check_same("run.block=1")

    def test_targets_in_slices(self):
        """With more than a thousand targets P is applied to slices of them; ten of them alone score the same."""
        study = TinyStudy()
        self.addCleanup(study.remove)
        study.write("sim.yaml", "output: wide\nsubjects: 150\nsnps: 2000\nchromosomes: 1\ntargets: {count: 1001}\n")
        study.write("wide.yaml", "genotypes: {plink: wide/chr1}\ntargets: {table: wide/targets.tsv}\npermutations: {count: 3}\noutput: one\n")
        self.assertEqual(study.arete("simulate", "sim.yaml").returncode, 0)
        study.write("ten.tsv", "".join("\t".join(line.split("\t")[:12]) + "\n" for line in study.lines("wide/targets.tsv") if line))
        for output, *more in (("one", "run.workers=1"), ("two", "run.workers=2"), ("ten", "targets.table=ten.tsv")):
            done = study.arete("run", "wide.yaml", "--output", output, "--set", *more)
            self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(study.bytes("one/results.tsv"), study.bytes("two/results.tsv"))
        wide, ten = ([line.split("\t")[:6] for line in study.lines(f"{output}/results.tsv")[1:] if line] for output in ("one", "ten"))
        self.assertEqual((len(wide), len(ten)), (1001, 10))
        self.assertEqual([row[0] for row in wide[:10]], [row[0] for row in ten])
        np.testing.assert_allclose(np.array([row[1:] for row in wide[:10]], float), np.array([row[1:] for row in ten], float), atol=1e-7)

    def test_genetic_components(self):
        """of more people than the last step of the reduction takes: the same on two workers, and those that numpy finds of K"""
        study, count = TinyStudy(), 4
        self.addCleanup(study.remove)
        simulate(study.path("many"), Population(600, 300, targets=2, seed=4))
        study.write("many.yaml", "genotypes: {plink: many/genotypes}\ntargets: {table: many/targets.tsv}\npermutations: {count: 3}\noutput: one\n"
                                 f"covariates: {{genetic_pcs: {count}}}\nmodel: {{outer_folds: 3, inner_folds: 2, heritability: [0.5]}}\n")
        for output, workers in (("one", 1), ("two", 2)):
            done = study.arete("run", "many.yaml", "--output", output, "--threads", workers)
            self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(study.read("two/run.log"), rf"genetic principal components: {count} in \d+\.\d s")
        self.assertEqual(study.bytes("one/results.tsv"), study.bytes("two/results.tsv"))
        with h5py.File(study.path("one/campaign.h5")) as one, h5py.File(study.path("two/campaign.h5")) as two:
            design, gram = one["covariates"][()], one["gram"][()]
            self.assertEqual(design.tobytes(), two["covariates"][()].tobytes())
        expected = np.linalg.eigh(gram)[1][:, ::-1][:, :count]
        expected *= np.sign(expected[np.abs(expected).argmax(axis=0), range(count)])
        np.testing.assert_allclose(design[:, 1:], expected, atol=1e-10)

    def test_fewer_permutations_are_the_first_ones(self):
        all_rows = self.dataset("null/score", "first")
        for count in (100, 250):
            self.run_study(f"permutations.count={count}", output=f"count{count}")
            rows = self.dataset("null/score", f"count{count}")
            self.assertEqual(len(rows), -(-count // 200) * 200)
            self.assertEqual(rows.tobytes(), all_rows[: len(rows)].tobytes())
            p = (1 + (rows[:count].astype(float) >= self.dataset("observed/score", "first") - 1e-6).sum(axis=0)) / (1 + count)
            np.testing.assert_allclose(numbers(self.results(f"count{count}"), "p"), p, rtol=1e-5)

    def test_another_seed_is_another_study(self):
        self.run_study("permutations.count=600", "seed=43", output="other")
        for path in ("subjects/iid", "null/score", "observed/r2"):
            self.assertFalse(np.array_equal(self.dataset(path, "other"), self.dataset(path, "first")), path)


class Permutation(RunTest):
    @classmethod
    def setUpClass(cls):
        cls.study = TinyStudy()
        cls.addClassCleanup(cls.study.remove)
        run(cls.study, *QUIET)

    def order(self, number):
        done = self.study.arete("permutation", "out/campaign.h5", number)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return [int(line) for line in done.stdout.splitlines()]

    def test_number_0_is_the_identity(self):
        self.assertEqual(self.order(0), list(range(120)))

    def test_beyond_the_campaign_there_is_none(self):
        for number in (201, 10**9):
            done = self.study.arete("permutation", "out/campaign.h5", number)
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.assertEqual(done.stderr, f"arete: out/campaign.h5: permutation {number} found; expected 0 to 200, its count\n")

    def test_others_are_permutations_inside_their_block(self):
        block = self.dataset("permutation/block")
        site = {line.split("\t")[1]: line.split("\t")[4] for line in self.study.lines("covariates.tsv")}
        people = texts(self.dataset("subjects/iid"))
        of_site = {site[iid]: label for iid, label in zip(people, block, strict=True)}
        self.assertEqual([of_site[site[iid]] for iid in people], block.tolist())
        self.assertEqual(sorted(of_site), ["Bergen", "Dublin", "Leuven"])
        self.assertEqual(len(set(of_site.values())), 3)
        seen = set()
        for number in (1, 2, 200):
            order = self.order(number)
            self.assertEqual(sorted(order), list(range(120)))
            self.assertTrue(np.array_equal(block[order], block))
            self.assertGreater(np.count_nonzero(np.array(order) != np.arange(120)), 90)
            seen.add(tuple(order))
        self.assertEqual(len(seen), 3)

    def test_the_null_score_is_that_of_the_permuted_targets(self):
        """Row i - 1 of /null/score is what a study gets that holds permutation i's targets."""
        order = self.order(3)
        with self.campaign() as campaign:
            ids, residual = list(zip(texts(campaign["subjects/fid"]), texts(campaign["subjects/iid"]), strict=True)), campaign["targets/residual"][:]
        rows = ["\t".join([*ids[k], *(f"{value:.17g}" for value in residual[order[k]])]) for k in range(120)]
        self.study.set_lines("permuted.tsv", ["\t".join(["FID", "IID", *ANALYSED]), *rows])
        self.run_study("targets.table=permuted.tsv", "permutations.count=1", output="permuted")
        np.testing.assert_allclose(self.dataset("observed/r2", "permuted"), self.dataset("null/score")[2], atol=2e-5)


class Missing(RunTest):
    """noise_1 lacks two values, noise_2 one of the same people's."""

    def setUp(self):
        super().setUp()
        self.run_study("permutations.count=50", output="whole")
        for iid, column in (("S002", "noise_1"), ("S028", "noise_1"), ("S028", "noise_2")):
            self.study.set_value("targets.tsv", iid, column, "n/a")

    def counts(self, output="out"):
        return {target: row["n"] for target, row in self.results(output).items()}

    def check_n_missing(self, output="out"):
        expected = dict.fromkeys(TARGETS, "0") | {"noise_1": "2", "noise_2": "1"}
        self.assertEqual({target: row["n_missing"] for target, row in self.results(output).items()}, expected)

    def test_values_missing_before_any_handling(self):
        """Whatever becomes of them, also where the campaign goes on; a campaign of an older program does not know."""
        self.run_study("permutations.count=20", "targets.missing=mean")
        self.run_study("permutations.count=20", "targets.missing=drop-subject", output="dropped")
        self.run_study("permutations.count=20", "targets.max_missing_per_target=0.01", "targets.missing=drop-subject", output="left_out")
        for output in ("out", "dropped", "left_out"):
            self.check_n_missing(output)
        before = self.study.bytes("dropped/results.tsv")
        self.run_study("permutations.count=20", "targets.missing=drop-subject", output="dropped")
        self.assertEqual(self.study.bytes("dropped/results.tsv"), before)
        with h5py.File(self.study.path("dropped/campaign.h5"), "r+") as campaign:
            del campaign["targets/n_missing"]
        self.run_study("permutations.count=1200", "targets.missing=drop-subject", output="dropped")
        self.assertEqual({row["n_missing"] for row in self.results("dropped").values()}, {"NA"})

    def test_mean_keeps_everybody_and_every_other_target(self):
        self.run_study("permutations.count=50", "targets.missing=mean")
        self.assertEqual(self.counts(), dict.fromkeys(TARGETS, "120") | {"noise_1": "118", "noise_2": "119"})
        whole, missing = self.results("whole"), self.results()
        for target in ("signal_1", "signal_2", "noise_3"):
            self.assertEqual([missing[target][column] for column in COLUMNS[:9]], [whole[target][column] for column in COLUMNS[:9]])
        self.assertNotEqual(missing["noise_1"]["r2"], whole["noise_1"]["r2"])
        with self.campaign() as campaign:  # who is missing has the fit of the covariates: residual 0
            rows = [texts(campaign["subjects/iid"]).index(iid) for iid in ("S002", "S028")]
            self.assertEqual(campaign["targets/residual"][:][rows, 2].round(12).tolist(), [0, 0])

    def test_what_was_filled_in_is_not_scored_in_the_table(self):
        """Of every fourth person without a value: r2 is of the others, what p compares is of everybody, and the note has both."""
        for k in range(0, 120, 4):
            self.study.set_value("targets.tsv", f"S{k + 1:03d}", "signal_1", "NA")
        self.run_study("permutations.count=50", "targets.missing=mean", "targets.max_missing_per_target=0.5")
        everybody, score, r2 = (self.dataset(f"observed/{name}") for name in ("r2_everybody", "score", "r2"))
        np.testing.assert_allclose(score, everybody, atol=1e-5)
        self.assertGreater(r2[0], everybody[0] + 0.05)
        self.assertLess(abs(r2[0] - float(self.results("whole")["signal_1"]["r2"])), 0.2)
        np.testing.assert_array_equal(r2[[1, 4]], everybody[[1, 4]])  # signal_2 and noise_3 have all values
        of_all = f"{everybody[0]:.3f}"[1:]
        expected = f"25 % of values filled in: r2 is that of the others, p compares that of all ({of_all}) and has less power than with missing: drop-subject"
        self.assertIn(expected, self.results()["signal_1"]["note"].split("; "))
        for target in TARGETS[1:]:  # 2 of 120 are not worth a note
            self.assertNotIn("filled in", self.results()[target]["note"])
        with h5py.File(self.study.path("out/campaign.h5"), "r+") as campaign:  # as an older program left it
            del campaign["observed/r2_everybody"]
        self.assertEqual(self.study.arete("results", "out/campaign.h5").returncode, 0)
        self.assertIn("25 % of values filled in and scored: ", self.results()["signal_1"]["note"])

    def test_drop_subject_drops_them_for_all(self):
        self.run_study("permutations.count=50", "targets.missing=drop-subject")
        self.assertEqual(self.counts(), dict.fromkeys(TARGETS, "118"))
        self.assertIn("subjects: 2 dropped: a target is missing (noise_1: 2, noise_2: 1)\n", self.log())
        self.assertNotIn(b"S028", self.dataset("subjects/iid"))

    def test_a_target_with_too_many_missing_is_left_out_first(self):
        self.run_study("permutations.count=50", "targets.max_missing_per_target=0.01", "targets.missing=drop-subject")
        self.assertEqual(self.results()["noise_1"]["note"], "2 of 120 values missing, more than max_missing_per_target 0.01")
        self.assertEqual(self.results()["noise_1"]["p"], "NA")
        self.assertEqual(self.counts(), dict.fromkeys(TARGETS, "119") | {"noise_1": "118"})

    def test_a_declared_code_is_missing(self):
        self.run_study("permutations.count=50", "targets.missing=drop-subject", output="na")
        self.study.set_value("targets.tsv", "S002", "noise_1", "-9")
        self.run_study("permutations.count=50", "targets.missing=drop-subject", "targets.missing_codes=[-9]")
        self.assertEqual(self.results(), self.results("na"))

    def test_a_value_that_looks_like_a_code(self):
        """A centred age of -9 stays one, where the targets have -9 for missing; so does a target, where covariates have it."""
        self.run_study("permutations.count=5", "targets.missing=drop-subject", output="na")
        self.study.set_value("targets.tsv", "S002", "noise_1", "-9")  # which is missing
        self.study.set_value("covariates.tsv", "S001", "age", "-9.0")
        given = ["permutations.count=5", "targets.missing=drop-subject", "targets.missing_codes=[-9]", "covariates.not_missing=[-9]"]
        self.run_study(*given, output="age")
        self.assertEqual(self.counts("age"), dict.fromkeys(TARGETS, "118"))
        self.assertNotEqual(self.results("age"), self.results("na"))
        done = self.study.arete("run", "study.yaml", "--output", "age", *(word for pair in given[:-1] for word in ("--set", pair)), "--set", "covariates.missing=drop-subject")
        self.assertEqual(done.returncode, 2)
        self.assertIn("covariates.not_missing was [-9], is not set", done.stderr)
        self.run_study("permutations.count=5", "targets.missing=drop-subject", "targets.not_missing=[-9]", "covariates.not_missing=[-9]", output="all")
        self.assertEqual(self.counts("all"), dict.fromkeys(TARGETS, "119"))

    def test_zero_beside_cases_and_controls(self):
        """Column 6 of a .fam: PLINK's 0 is missing, or said to be a value."""
        for name in ("chr1.fam", "chr2.fam"):
            lines = [line.rsplit(maxsplit=1)[0] for line in self.study.lines(name)]
            self.study.set_lines(name, [f"{line} {0 if number < 20 else 1 + number % 2}" for number, line in enumerate(lines)])
        self.study.replace("study.yaml", "  table: targets.tsv\n", "  fam_columns: {CASE: 6}\n")
        missing = ["targets.missing_codes=[0]", "targets.missing=drop-subject", "covariates.not_missing=[0]", "targets.max_missing_per_target=0.5"]
        self.run_study("permutations.count=5", *missing, output="missing", quiet=False)
        self.assertEqual(self.counts("missing"), {"CASE": "100"})
        self.run_study("permutations.count=5", "targets.not_missing=[0]", output="values")
        self.assertEqual(self.counts("values"), {"CASE": "120"})

    def test_snps_that_plink_ignores_are_told_of(self):
        lines = [line.split("\t") for line in self.study.lines("chr1.bim")]
        self.study.set_lines("chr1.bim", ["\t".join([*line[:3], f"-{line[3]}" if k < 7 else "-" if k == 7 else line[3], *line[4:]]) for k, line in enumerate(lines)])
        done = self.study.arete("plan", "study.yaml", "--set", "targets.missing=mean")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("7 of 600 SNPs have a negative position, e.g. rs1000: PLINK ignores them, here they are used; genotypes.exclude leaves them out\n",
                      done.stderr)

    def test_a_code_that_occurs_nowhere_is_warned_of(self):
        """-9 stands for missing in a target and a covariate, written as numbers are; -999 nowhere."""
        self.study.set_value("targets.tsv", "S007", "noise_1", "-9.0")
        done = self.run_study("targets.missing_codes=[-9, -999]", "targets.missing=mean", "permutations.count=5", quiet=False)
        self.assertIn("arete: warning: targets.missing_codes: -999 is declared, but no value of a target, covariate or label of these subjects is it\n", done.stderr)
        self.assertNotIn("missing_codes: -9 ", done.stderr)
        self.assertEqual(self.results()["noise_1"]["n"], "117")  # two are missing in this class


class Forms(RunTest):
    """The same study in other clothes gives the same table."""

    def check_same(self, *sets):
        self.run_study("permutations.count=20", *sets, output="second")
        self.assertEqual(self.study.read("second/results.tsv"), self.study.read("first/results.tsv"))

    def setUp(self):
        super().setUp()
        self.run_study("permutations.count=20", output="first")

    def test_commas_and_other_line_ends(self):
        self.study.write("targets.tsv", self.study.read("targets.tsv").replace("\t", ",").replace("\n", "\r\n"))
        self.check_same()

    def test_blanks_and_a_hash(self):
        self.study.write("targets.tsv", "#" + self.study.read("targets.tsv").replace("\t", "   "))
        self.check_same()

    def test_iid_alone_and_participant_id(self):
        self.study.set_lines("targets.tsv", [line.split("\t", 1)[1] for line in self.study.lines("targets.tsv")])
        self.study.set_lines("covariates.tsv", ["sub-" + line.split("\t", 1)[1] for line in self.study.lines("covariates.tsv")])
        self.study.replace("covariates.tsv", "sub-IID", "participant_id")
        self.check_same()

    def test_rows_in_another_order(self):
        for name in ("targets.tsv", "covariates.tsv"):
            header, *rows = self.study.lines(name)
            self.study.set_lines(name, [header, *sorted(rows)])
        self.check_same()

    def test_a_fileset_with_its_subjects_in_another_order(self):
        order = np.random.default_rng(1).permutation(120)
        self.study.set_lines("chr2.fam", np.array(self.study.lines("chr2.fam"))[order])
        packed = np.frombuffer(self.study.bytes("chr2.bed")[3:], np.uint8).reshape(300, 30)
        calls = (packed[:, :, None] >> np.array([0, 2, 4, 6], np.uint8) & 3).reshape(300, 120)[:, order].reshape(300, 30, 4)
        packed = calls[:, :, 0] | calls[:, :, 1] << 2 | calls[:, :, 2] << 4 | calls[:, :, 3] << 6
        self.study.write("chr2.bed", b"\x6c\x1b\x01" + packed.astype(np.uint8).tobytes())
        self.check_same()


class Scores(RunTest):
    """The folds' scores by a refit of every fold in numpy."""

    def refit(self, t):
        """For each outer fold at its chosen penalty: sum of squared errors of the model, of the covariates alone, and of the test set's mean."""
        with self.campaign() as campaign:
            k, z, y = campaign["gram"][:], campaign["covariates"][:], campaign["targets/residual"][:, t]
            outer, penalty = campaign["folds/outer"][:], campaign["observed/penalty_by_fold"][:, t]
        sums = []
        for fold, chosen in enumerate(penalty):
            test, train = outer == fold, outer != fold
            weight = np.linalg.inv(k[np.ix_(train, train)] + chosen * np.eye(train.sum()))
            effects = np.linalg.solve(z[train].T @ weight @ z[train], z[train].T @ weight @ y[train])
            error = y[test] - z[test] @ effects - k[np.ix_(test, train)] @ weight @ (y[train] - z[train] @ effects)
            baseline = y[test] - z[test] @ np.linalg.lstsq(z[train], y[train], rcond=None)[0]
            sums.append([error @ error, baseline @ baseline, np.sum((y[test] - y[test].mean()) ** 2)])
        return np.array(sums).T

    def check(self, score_of, *sets):
        self.run_study("permutations.count=20", *sets)
        for t, target in enumerate(ANALYSED):
            self.assertAlmostEqual(float(self.results()[target]["r2"]), score_of(*self.refit(t)), delta=2e-6)

    def test_mean_r2(self):
        self.check(lambda error, covariates, mean: np.mean(1 - error / covariates))

    def test_pooled_r2(self):
        self.check(lambda error, covariates, mean: 1 - error.sum() / covariates.sum(), "model.score=pooled-r2")

    def test_test_mean(self):
        self.check(lambda error, covariates, mean: np.mean(1 - error / mean), "model.baseline=test-mean")

    def test_pooled_against_the_test_mean(self):
        self.check(lambda error, covariates, mean: 1 - error.sum() / mean.sum(), "model.score=pooled-r2", "model.baseline=test-mean")


class Edges(RunTest):
    """A good target whose penalty stands at an end of the grid: said with the key to widen; others stand there for want of a signal."""

    EDGE = "penalty at the edge of the grid: widen "

    def notes(self):
        return {target: row["note"] for target, row in self.results().items() if self.EDGE in row["note"]}

    def check(self, grid, edge, cure):
        done = self.run_study("permutations.count=50", grid, quiet=False)
        key = grid.split("=")[0]
        results = self.results()
        self.assertTrue(all(float(results[target]["at_edge"]) == 1 for target in ANALYSED))
        self.assertEqual(sorted(self.notes()), ["signal_1", "signal_2"])
        self.assertTrue(all(note.endswith(self.EDGE + key) for note in self.notes().values()))
        warning = (f"2 targets with p_fwer < .05 chose the {edge} penalty of the grid in nearly every outer fold: another one may predict better "
                   f"(add {cure} to {key})\n")
        self.assertIn("arete: warning: " + warning, done.stderr)
        self.assertIn(" warning: " + warning, self.log())
        again = self.study.arete("results", "out/campaign.h5")
        self.assertIn("arete: warning: " + warning, again.stderr)
        shutil.rmtree(self.study.path("out"))

    def test_widen(self):
        self.check("model.penalties=[10, 20]", "smallest", "smaller values")
        self.check("model.penalties=[0.0001, 0.0002]", "largest", "larger values")
        self.check("model.heritability=[0.01, 0.02]", "smallest", "larger values")
        self.check("model.heritability=[0.9999, 0.99999]", "largest", "smaller values")

    def test_a_grid_that_is_wide_enough_or_has_no_choice(self):
        self.run_study("permutations.count=50", "model.penalties={from: 1e-3, to: 1e3, count: 9}", quiet=False)
        self.assertEqual(self.notes(), {})
        self.run_study("permutations.count=50", "model.penalties=[1]", output="one", quiet=False)
        self.assertNotIn(self.EDGE, self.study.read("one/results.tsv"))

    def test_closing_sentence_without_a_finding(self):
        done = self.run_study("permutations.count=50", "targets.columns=[noise_1, noise_2, constant]", quiet=False)
        self.assertRegex(done.stdout, r"\n\n0 of 2 targets at p_fwer < \.05; the smallest p_fwer is (\.\d{3}|1\.000)\n\nreport: ")


class Covariates(RunTest):
    def test_the_design_has_dummies_and_genetic_pcs(self):
        self.run_study("permutations.count=5")
        table = {line.split("\t")[1]: line.split("\t")[2:] for line in self.study.lines("covariates.tsv")}
        with self.campaign() as campaign:
            names, design = texts(campaign["covariates"].attrs["names"]), campaign["covariates"][:]
            iids, vectors = texts(campaign["subjects/iid"]), np.linalg.eigh(campaign["gram"][:])[1]
        self.assertEqual(names, ["intercept", "age", "sex", "site=Dublin", "site=Leuven", "genetic_pc1", "genetic_pc2"])
        for iid, row in zip(iids, design, strict=True):
            age, sex, site = table[iid]
            self.assertEqual(row[:5].tolist(), [1, float(age), float(sex), site == "Dublin", site == "Leuven"])
        for k in (1, 2):
            component = design[:, 4 + k] / np.linalg.norm(design[:, 4 + k])
            self.assertAlmostEqual(abs(component @ vectors[:, -k]), 1, delta=1e-9)

    def test_a_covariate_that_adds_nothing_is_left_out_and_said(self):
        self.study.add_column("covariates.tsv", "months", lambda fid, iid: 0)
        for line in self.study.lines("covariates.tsv")[1:]:
            fields = line.split("\t")
            self.study.set_value("covariates.tsv", fields[1], "months", str(12 * int(fields[2])))
        self.run_study("permutations.count=5", output="first", quiet=False)
        done = self.run_study("permutations.count=5", "covariates.columns=[age, sex, months]", quiet=False)
        self.assertIn("arete: warning: covariate months is a combination of the columns before it and was left out\n", done.stderr)
        self.assertEqual(self.results(), self.results("first"))

    def test_a_wild_value_is_named(self):
        self.study.set_value("covariates.tsv", "S007", "age", "9999")
        done = self.run_study("permutations.count=5", quiet=False)
        self.assertRegex(done.stderr, r"arete: warning: covariate age: FID F04 IID S007 has 9999, which alone makes 9\d\.\d % of what the column varies")
        self.study.set_value("covariates.tsv", "S007", "age", "79")
        self.study.add_column("covariates.tsv", "case", lambda fid, iid: int(iid == "S009"))  # an indicator is no slip
        done = self.run_study("permutations.count=5", "covariates.columns=[age, case]", quiet=False, options=["--fresh"])
        self.assertNotIn("which alone makes", done.stderr)

    def test_siblings_with_a_covariate_far_from_all_others(self):
        """Left out together, they leave single precision nothing: orbits, whose forms are in double, or none."""
        self.study.add_column("covariates.tsv", "family", lambda fid, iid: fid)
        for subject in ("S007", "S008"):
            self.study.set_value("covariates.tsv", subject, "age", "88000")
        done = self.run_study("permutations.count=5", "model.keep_together=family", quiet=False)
        self.assertRegex(done.stderr, "arete: warning: covariates: FID F04 IID S00[78], FID F04 IID S00[78] and perhaps others have covariates so far from all others' ")
        self.assertIn("permutations: method orbits: single precision would be too rough", self.study.path("out/run.log").read_text())
        refused = self.study.arete("run", "study.yaml", "--fresh", "--set", "model.keep_together=family", "--set", "permutations.method=independent")
        self.assertEqual(refused.returncode, 2)
        self.assertRegex(refused.stderr, r"arete: study.yaml: permutations.method: independent found, but a few people of outer fold \d, .*; expected orbits, or other covariates\n$")
        self.assertIn("S007", self.study.path("out/run.log").read_text())

    def test_labels_that_folds_hold_are_one_warning(self):
        """Two siblings a label, together in their fold: each fold has all of its 12 labels to itself."""
        self.study.add_column("covariates.tsv", "family", lambda fid, iid: fid)
        done = self.run_study("permutations.count=5", "covariates.categorical=family", "model.keep_together=family", quiet=False)
        self.assertEqual([line for line in done.stderr.splitlines() if "hold all subjects" in line],
                         ["arete: warning: 5 of 5 outer folds (1 the first) hold all subjects of a covariate direction (a site, say), up to 12 directions: "
                          "projected out of their scores, as no training subject tells about them"])

    def test_a_time_in_seconds_is_kept(self):
        """It varies by 1e-9 of its mean, and is age all the same."""
        self.study.add_column("covariates.tsv", "born", lambda fid, iid: 0)
        for line in self.study.lines("covariates.tsv")[1:]:
            fields = line.split("\t")
            self.study.set_value("covariates.tsv", fields[1], "born", str(1700000000 - int(fields[2]) % 3))
        done = self.run_study("permutations.count=5", "covariates.columns=[age, born]", quiet=False)
        self.assertNotIn("born", done.stderr)
        with self.campaign() as campaign:
            self.assertIn("born", texts(campaign["covariates"].attrs["names"]))


class Warnings(RunTest):
    def check(self, note, pattern, *sets):
        done = self.run_study("permutations.count=20", *sets, quiet=False)
        lines = done.stderr.splitlines()
        self.assertEqual([line for line in lines if not line.startswith("arete: warning: ")], [])
        found = [line for line in lines if re.match(f"arete: warning: {pattern}", line)]
        self.assertEqual(len(found), 1, done.stderr)
        self.assertRegex(self.log(), re.compile(rf"^\S+ \S+ {re.escape(found[0][len('arete: '):])}$", re.M))
        for target in ANALYSED:
            self.assertIn(note, self.results()[target]["note"].split("; "))
        self.assertEqual(self.results()["constant"]["note"], "constant")

    def test_relatives_in_different_folds(self):
        self.check("relatives in different folds", r"\d+ pairs of relatives \(related over 0.32\) stand in different outer folds while people change places outside their families")

    def test_strangers_with_few_snps_are_no_relatives(self):
        """K_ij of 300 people and 300 SNPs varies by .06, and the largest of 44,850 pairs is over .23, which would be a first cousin's; r_ij by .1."""
        simulate(self.study.path("few"), Population(300, 300, targets=2, seed=3))
        self.study.write("few.yaml", "genotypes: {plink: few/genotypes}\ntargets: {table: few/targets.tsv}\npermutations: {count: 10}\noutput: few/out\n")
        done = self.study.arete("run", "few.yaml")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn("relatives", done.stderr + self.study.read("few/out/results.tsv"))
        self.assertRegex(self.study.read("few/out/run.log"), r"relatives: 0 pairs related over 0\.46, 0 of them")
        with h5py.File(self.study.path("few/out/campaign.h5"), "r") as campaign:
            gram = campaign["gram"][:]
        self.assertGreater(gram[np.tril_indices(300, -1)].max(), 4 / np.sqrt(300))

    def test_relatives_in_different_folds_although_people_stay_in_their_site(self):
        self.check("relatives in different folds", r"\d+ pairs of relatives", "covariates.genetic_pcs=2", "permutations.within=site")

    def test_relatives_in_one_test_set(self):
        done = self.run_study()
        self.assertTrue(any(line.startswith(FAMILIES_WARNING) for line in done.stderr.splitlines()), done.stderr)

    def test_nothing_to_warn_of(self):
        """Not even that FID is no covariate: people change places inside their families."""
        done = self.run_study("permutations.within=FID", "model.penalties=[1e-4, 1e-2, 1, 100, 1e4]")  # so wide that no target ends at its edge
        self.assertEqual(done.stderr, "")
        self.assertNotIn("warning", self.log())

    def test_no_genetic_pcs(self):
        self.check("no genetic PCs", "no genetic principal components among the covariates")

    def test_within_is_no_covariate(self):
        self.check("within is no covariate", "permutations.within: the column is not among covariates.categorical", "permutations.within=site", "covariates.categorical=null")

    def add_stratum(self, label_of):
        self.study.add_column("covariates.tsv", "stratum", label_of)
        return "covariates.categorical=[site]", "permutations.within=stratum"

    def test_strata_of_one(self):
        sets = self.add_stratum(lambda fid, iid: "alone" if iid == "S001" else "others")
        self.check("strata of one", "permutations.within: 1 strata have one member, whom no permutation moves", *sets)

    def test_strata_that_allow_few_permutations(self):
        sets = self.add_stratum(lambda fid, iid: iid if iid not in ("S001", "S002") else "pair")
        self.check("few permutations possible", "permutations.within: the strata allow fewer different permutations than asked for", *sets)

    def test_small_test_sets(self):
        done = self.run_study("model.outer_folds=10", "permutations.count=5", quiet=False)
        self.assertIn("arete: warning: the smallest test set has 12 subjects: r2 of a fold that small says little\n", done.stderr)


class Failing(RunTest):
    def test_a_failing_task_stops_the_graph_with_its_message(self):
        done = run(self.study, *QUIET, "model.penalties=[1e-9, 1]")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertRegex(
            done.stderr.splitlines()[-1],
            r"^arete: model: a penalty of lambda = 1e-09 found; expected at least \S+ \(1e-6 of the largest eigenvalue of K, "
            r"\S+\): a smaller one cannot be computed in single precision$",
        )
        self.assertFalse({"results.tsv", "campaign.h5"} & {path.name for path in self.study.path("out").iterdir()})

    def test_a_penalty_too_large_is_refused_with_the_largest_that_is_not(self):
        """Scores shrink as 1/lambda, into the tolerance for ties: p was near 1. The largest lambda allowed has the p of one ten times smaller."""
        done = run(self.study, *QUIET, "model.penalties=[1, 1e6]")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        limit = re.fullmatch(r"arete: model: a penalty of lambda = 1e\+06 found; expected at most (\S+): a larger one predicts alike, but its scores are too "
                             r"near 0 for single precision \(scikit-learn's alpha is lambda times the number of SNPs\)", done.stderr.splitlines()[-1]).group(1)
        self.assertFalse({"results.tsv", "campaign.h5"} & {path.name for path in self.study.path("out").iterdir()})
        for output, penalty in (("most", limit), ("less", str(float(limit) / 10))):
            self.run_study(f"model.penalties=[{penalty}]", "permutations.method=independent", output=output)
        most, less = (numbers(self.results(output), "p") for output in ("most", "less"))
        self.assertAlmostEqual(most[0], 1 / 201, delta=1e-6)
        self.assertLessEqual(np.abs(most - less).max(), 0.08)  # the tolerance is a tenth of the spread, whose density is .4


class CommandLine(RunTest):
    OPTIONS = {
        "init": ["--study"],
        "run": ["--set", "--threads", "--memory", "--seed", "--output", "--fresh"],
        "associate": ["--set", "--threads", "--memory", "--seed", "--output", "--fresh"],
        "plan": ["--nodes", "--ranks", "--set", "--threads", "--memory", "--seed", "--output", "--sbatch", "--shape"],
        "status": ["--json"],
        "results": [],
        "report": [],
        "permutation": [],
        "simulate": ["--set", "--seed", "--output", "--fresh"],
        "parcellate": ["--parcels", "--set", "--output", "--fresh"],
    }

    def test_help_lists_every_command(self):
        done = self.study.arete("--help")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(re.findall(r"^  (\w+)  ", done.stdout, re.M), list(self.OPTIONS))
        for other in ("-h", "help"):
            self.assertEqual(self.study.arete(other).stdout, done.stdout)
        nothing = self.study.arete()
        self.assertEqual((nothing.returncode, nothing.stdout), (2, ""))
        self.assertEqual(nothing.stderr, done.stdout + "arete: no command found; expected one of those above\n")

    def test_help_of_every_command_tells_of_every_option(self):
        for command, options in self.OPTIONS.items():
            done = self.study.arete(command, "--help")
            self.assertEqual((done.returncode, done.stderr), (0, ""), command)
            self.assertTrue(done.stdout.startswith(f"usage: arete {command} "))
            self.assertEqual(re.findall(r"^  (--\w+)", done.stdout, re.M), options)
            self.assertEqual(self.study.arete(command, "-h").stdout, done.stdout)

    def test_version(self):
        done = self.study.arete("--version")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertRegex(done.stdout, r"^arete \d+\.\d+\.\d+\n$")
        self.run_study("permutations.count=5")
        with self.campaign() as campaign:
            self.assertEqual(f"arete {campaign.attrs['arete_version'].decode()}\n", done.stdout)

    def test_short_options_are_their_sets(self):
        self.run_study("permutations.count=20", "seed=7", output="first")
        self.run_study("permutations.count=20", options=["--seed", "7", "--threads", "2", "--memory=8G"])
        self.assertEqual(self.results(), self.results("first"))
        self.assertIn("workers: 2 of ", self.log())

    def test_plan_writes_nothing(self):
        before = self.study.content()
        done = self.study.arete("plan", "study.yaml")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("120 subjects, 600 SNPs, 5 targets, 5 penalties, 5 x 4 folds, 20 permutations", done.stdout)
        self.assertIn("sbatch ", done.stdout)
        self.assertNotIn("\033", done.stdout)
        self.assertRegex(done.stdout, r"disk:     \d+ MB, 1 MB for predictions.tsv\n")
        self.assertNotIn("predictions.tsv", self.plan("study.yaml", "--set", "run.predictions=false"))
        self.assertEqual(self.study.content(), before)

    def test_options_for_a_job_that_must_fail_are_none(self):
        for options in ([], ["--sbatch"]):
            done = self.study.arete("plan", "study.yaml", "--memory", "20M", *options)
            self.assertEqual((done.returncode, "--mem=" in done.stdout), (2, not options), done.stdout)
            self.assertIn("expected at most 20M (run.memory)", done.stderr)

    def plan(self, *arguments):
        done = self.study.arete("plan", *arguments)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout

    def test_plan_of_several_machines(self):
        text = self.plan("study.yaml", "--nodes", "4", "--ranks=2", "--threads", "1", "--set", "network.bandwidth_gbit_s=2.5")
        self.assertIn("machines: 4, with 2 processes of 1 worker each\n          placement replicate: ", text)
        self.assertRegex(text, r"network:  4 MB in all at 2\.5 Gbit/s and 20 us: ")
        self.assertRegex(text, r"sbatch --nodes=4 --ntasks-per-node=2 --cpus-per-task=1 --mem=\d+G --time=\d+ ")
        self.assertIn("extrapolated: every machine is taken to be like this one", text)
        asked = self.plan("study.yaml", "--nodes", "4", "--set", "run.placement=by-fold", "--set", "permutations.method=orbits")
        self.assertIn("placement by-fold: 1 chain of 4 machines, with the forms of at most 2 of 5 outer folds each\n", asked)
        self.assertRegex(asked, r"\n +forms 0 MB, observed scores .*, sums of folds [1-9]\d* MB; ")
        single = self.plan("study.yaml", "--nodes", "4", "--set", "run.placement=by-fold", "--set", "permutations.method=independent", "--set", "permutations.count=100000")
        self.assertIn("placement by-fold: 1 chain of 4 machines, with the operators of at most 2 of 5 outer folds each\n", single)
        self.assertRegex(single, r"\n +operators 0 MB, observed scores .*, sums of folds 12 MB; ")  # 100,000 x 5 targets, 8 bytes, 3 steps
        self.assertNotIn("network:", self.plan("study.yaml"))

    def test_plan_of_a_long_grid(self):
        """the number of penalty nodes: of so few people the plan's sample is everybody, in other folds"""
        grid = ("--set", "model.penalties={from: 1e-2, to: 1e3, count: 31}")
        planned = re.search(r"\n +as if (\d+) of 31 penalties were computed, as a sample of the genotypes asks for;", self.plan("study.yaml", *grid))
        self.assertEqual(self.study.arete("run", "study.yaml", *grid).returncode, 0)
        found = re.search(r"penalty nodes: (\d+) of 31 penalties", self.study.path("out/run.log").read_text())
        self.assertLess(int(found[1]), 31)
        self.assertLessEqual(abs(int(planned[1]) - int(found[1])), 1)
        self.assertNotIn("as if", self.plan("study.yaml", *grid, "--set", "model.penalty_nodes=exact"))
        guessed = self.plan("--shape", "subjects=1500,snps=500000,targets=1000,penalties=41")
        self.assertIn("as if 5 of 41 penalties were computed, as a sample of unrelated people of one ancestry asks for;", guessed)
        self.assertNotIn("as if", self.plan("--shape", "subjects=1500,snps=500000,targets=1000,penalties=41,penalty_nodes=7"))

    def test_plan_of_a_shape(self):
        large = self.plan("--shape", "subjects=40000,snps=500000,targets=1000,memory_gb=64", "--nodes", "1000", "--ranks", "2")
        self.assertIn("40000 subjects, 500000 SNPs, 1000 targets, 5 penalties, 10 x 5 folds, 40000 permutations\n", large)
        self.assertRegex(large, r"placement by-fold: 100 chains of 10 machines, with the forms of 1 of 10 outer folds each; 1 of 2 processes build them\n")
        self.assertRegex(large, r"memory:   [\d.]+ GB a machine \(of it 35\.2 GB for the forms")
        self.assertIn("extrapolated: speed was measured with 2048 subjects\n", large)
        self.assertNotIn("refuses", large)
        huge = self.plan("--shape", "subjects=100000,snps=1000000,targets=1000,memory_gb=4000", "--nodes", "16")
        self.assertRegex(huge, r"memory:   [1-9]\d+\.\d GB a machine ")
        self.assertRegex(huge, r"disk:     [1-9]\d\.\d GB\n")
        self.assertRegex(huge, r"time:     about [1-9]\d*h\d\dm ")
        self.assertRegex(self.plan("--shape=subjects=60,snps=9,targets=2", "--threads=1", "--sbatch"), r"^--ntasks=1 --cpus-per-task=1 --mem=1G --time=\d\n$")

    def test_stdout_that_takes_no_more(self):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([ARETE, "run", "--help"], stdout=full, stderr=subprocess.PIPE, check=False)
        self.assertEqual((done.returncode, done.stderr), (1, b"arete: standard output could not be written\n"))


class Terminal(RunTest):
    """A terminal of 80 columns: a bar redrawn in place, whole lines when done, nothing wider than the terminal."""

    COLUMNS = 80

    def run_on_terminal(self, *arguments, watch=None):
        """Exit code, and what was written to it. watch(process, terminal, text so far) after each piece."""
        ours, theirs = pty.openpty()
        self.resize(theirs, self.COLUMNS)
        with subprocess.Popen([ARETE, *arguments], cwd=self.study.folder, stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs) as process:
            os.close(theirs)
            text = b""
            with contextlib.suppress(OSError):  # the other side was closed
                while piece := os.read(ours, 65536):
                    text += piece
                    if watch is not None:
                        watch(process, ours, text.decode(errors="replace"))
        os.close(ours)
        return process.returncode, text.decode()

    @staticmethod
    def resize(terminal, columns):
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))

    def lines_shown(self, text):
        """What stands on the terminal in the end: \\r goes back, \\033[K clears to the right, what is too long goes on in a new line."""
        screen, column = [""], 0
        for part in re.findall(r"\033\[K|\r|\n|[^\033\r\n]", text):
            if part == "\033[K":
                screen[-1] = screen[-1][:column]
            elif part == "\r":
                column = 0
            elif part == "\n":
                screen.append("")
                column = 0
            else:
                if column == self.COLUMNS:
                    screen.append("")
                    column = 0
                screen[-1] = screen[-1][:column] + part + screen[-1][column + 1 :]
                column += 1
        self.assertNotIn("\033", re.sub(r"\033\[K", "", text))
        return screen

    @staticmethod
    def drawn(text):
        """Every bar that was drawn, one over the other."""
        return re.findall(r"\r([^\r\n]*?)\033\[K", text)

    SETS = [part for one in [*QUIET, "permutations.count=20000", "run.block=200"] for part in ("--set", one)]

    def test_progress_bar(self):
        code, text = self.run_on_terminal("run", "study.yaml", *self.SETS)
        self.assertEqual(code, 0)
        self.assertGreater(len([line for line in self.drawn(text) if " permutations " in line]), 1)  # more than the last one
        lines = self.lines_shown(text)
        bars = [line for line in lines if line.startswith("[")]
        duration, rate = r"\d+(?:\.\d)?s", r"[\d,.]+(?: million SNPs)?"
        expected = [rf"reading genotypes: SNPs 600 of 600 in {duration}, {rate}/s", rf"building operators: penalties 5 of 5 in {duration}, {rate}/s",
                    rf"permutations 20,000 of 20,000 in {duration}, {rate}/s"]
        self.assertEqual(len(bars), len(expected), bars)
        for bar, what in zip(bars, expected, strict=True):
            self.assertRegex(bar, rf"^\[#+\] {what}$")
        self.assertLess(len(lines), 40)  # it does not flood
        self.assertTrue(all(len(line) < self.COLUMNS - 2 for line in self.drawn(text)))  # a ^C fits behind it

    def test_rate_and_time_left(self):
        _, text = self.run_on_terminal("run", "study.yaml", *self.SETS)
        under_way = [line for line in self.drawn(text) if " permutations " in line and " in " not in line and "/s" in line]
        self.assertTrue(under_way)
        for line in under_way:
            self.assertRegex(line, r"^\[#*-*\] permutations [\d,]+ of 20,000, \S+s left, [\d,.]+/s$")

    def test_table(self):
        code, text = self.run_on_terminal("run", "study.yaml", *self.SETS)
        self.assertEqual(code, 0)
        lines = self.lines_shown(text)
        first = next(k for k, line in enumerate(lines) if line.startswith("target "))
        self.assertEqual(lines[first].split()[:2], ["target", "n"])
        self.assertTrue({"r2", "p", "p_fwer"} <= set(lines[first].split()))
        table = lines[first : lines.index("", first)]
        self.assertEqual([line.split()[0] for line in table[1:7]], ["signal_2", "signal_1", *(line.split()[0] for line in table[3:6]), "constant"])
        self.assertEqual(table[7:], ["a: families kept together, but permuted freely: p_fwer far too small", "b: relatives in different folds",
                                     "c: penalty at the edge of the grid: widen model.heritability", "d: constant"])
        self.assertEqual([line.split()[-1] for line in table[1:7]], ["a,b,c", *["a,b"] * 4, "d"])
        self.assertTrue(all(len(line) <= self.COLUMNS for line in table))

    def test_a_window_that_shrinks(self):
        narrow = 50
        seen = []

        def watch(process, terminal, text):
            if not seen and " permutations " in text:
                self.resize(terminal, narrow)
                seen.append(len(text))

        code, text = self.run_on_terminal("run", "study.yaml", *self.SETS, watch=watch)
        self.assertEqual(code, 0)
        later = self.drawn(text[seen[0] :])[1:]  # one may have been on its way
        self.assertTrue(later)
        self.assertTrue(all(len(line) < narrow for line in later), later)
        self.assertRegex(later[-1], "permutations 20,000 of 20,000")

    def test_a_stop_says_how_long_it_takes(self):
        asked = []

        def watch(process, _, text):
            if not asked and re.search(r"permutations [\d,]+ of [\d,]+, \S+ left", text):
                process.send_signal(signal.SIGINT)
                asked.append(True)

        code, text = self.run_on_terminal("run", "study.yaml", *self.SETS, "--set", "permutations.count=2000000", watch=watch)
        self.assertEqual(code, 75, text)
        lines = self.lines_shown(text)
        self.assertTrue(all(len(line) <= self.COLUMNS for line in lines))
        bars = [line for line in lines if line.startswith("[") and " permutations " in line]
        self.assertEqual(len(bars), 1, lines)  # the one that was drawn before went, and this one tells of the way to the stop
        self.assertRegex(bars[0], r"^\[#+\] stopping: permutations ([\d,]+) of \1 in \S+s, [\d,.]+/s$")
        self.assertRegex(re.sub(r"\r\n {7}", " ", text), r"\r\033\[Karete: stopping \(SIGINT\): [\d,]+ permutations in flight are being finished and saved, in about \d+s; "
                               r"a second Ctrl-C stops at once, without them\r\n")

    def test_a_second_ctrl_c_begins_a_line(self):
        sent = []

        def watch(process, _, text):
            if len(sent) < 2 and ("stopping (SIGINT)" in text if sent else re.search(r"permutations [\d,]+ of [\d,]+, \S+ left", text)):
                process.send_signal(signal.SIGINT)
                sent.append(True)

        slow = ("--set", "permutations.count=2000000", "--set", "run.block=500000")
        code, text = self.run_on_terminal("run", "study.yaml", *self.SETS, *slow, watch=watch)
        self.assertEqual(code, 75, text)
        self.assertTrue(text.endswith("\r\narete: stopped at once\r\n"), text[-200:])

    def test_a_stop_while_operators_are_built(self):
        asked = []

        def watch(process, _, text):
            if not asked and re.search(r"building operators: penalties [1-9][\d,]* of 1,000, ", text):
                process.send_signal(signal.SIGINT)
                asked.append(True)

        many = ("--set", "model.penalties={from: 1e-2, to: 1e2, count: 1000}", "--set", "model.penalty_nodes=exact")
        code, text = self.run_on_terminal("run", "study.yaml", *self.SETS, *many, watch=watch)
        self.assertEqual(code, 75, text)
        self.assertRegex(re.sub(r"\r\n {7}", " ", text), r"\r\033\[Karete: stopping \(SIGINT\): what has begun is finished first; a second Ctrl-C stops at once\r\n")
        self.assertNotIn("penalties 1,000 of 1,000", text)

    def test_warnings_have_their_own_lines(self):
        code, text = self.run_on_terminal("run", "study.yaml")
        self.assertEqual(code, 0)
        lines = re.sub(r"\r[^\r\n]*\033\[K", "", text).split("\r\n")  # without the bars
        warnings = [line for line in lines if "warning" in line]
        self.assertTrue(any(line.startswith("arete: warning: no genetic principal components") for line in warnings), lines)
        self.assertTrue(all(line.startswith("arete: warning: ") for line in warnings), lines)
        self.assertTrue(all(len(line) <= self.COLUMNS for line in lines), lines)
        plain = self.study.arete("run", "study.yaml", "--output", "plain")  # one line each where it is no terminal
        whole = re.sub(r"\n {7}", " ", "\n".join(lines))
        for line in plain.stderr.splitlines():
            self.assertIn(line, whole)

    def test_no_bar_for_bad_input(self):
        self.study.delete("targets.tsv")
        self.assertEqual(self.run_on_terminal("run", "study.yaml"), (2, "arete: targets.tsv: cannot be read: No such file or directory\r\n"))


if __name__ == "__main__":
    unittest.main()
