#!/usr/bin/python3
"""arete associate against least squares in numpy, pair by pair, and against plink2 --glm.

usage: associations_oracle.py --arete PROGRAM [--plink2 PROGRAM]
"""
import argparse
import csv
import gzip
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np
from scipy import stats

import plink
from report import Report
from support.simulate_plink import Population, simulate

SITES = {"Bergen": 0, "Dublin": 1, "Leuven": 2}
MANY_P = 1e-3
STUDY = """\
genotypes: {{plink: "{folder}/chr{{1..2}}", min_allele_frequency: 0.02}}
targets: {{table: "{folder}/targets.tsv"}}
covariates: {{table: "{folder}/covariates.tsv", columns: [age, sex], categorical: [site]}}
associate: {{report_p: 1}}
output: {folder}/out
"""


def run(arete: str, folder: Path, *sets: str) -> tuple[list[dict], list[dict], str]:
    """rows of associations.tsv, of targets.tsv, and what was written, byte for byte"""
    (folder / "study.yaml").write_text(STUDY.format(folder=folder))
    command = [arete, "associate", str(folder / "study.yaml"), *[word for one in sets for word in ("--set", one)]]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={"STARPU_WORKERS_NOBIND": "1", **os.environ})
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)}: exit {done.returncode}: {done.stderr.strip()}")
    tables = []
    for name in ("associations.tsv", "targets.tsv"):
        header, rows = plink.read_table(str(folder / "out" / name))
        tables.append([dict(zip(header, row)) for row in rows])
    return *tables, "".join((folder / "out" / name).read_text() for name in ("associations.tsv", "targets.tsv"))


class People:
    """calls, targets and covariates of the study, read independently"""

    def __init__(self, folder: Path) -> None:
        sets = [plink.read_fileset(f"{folder}/chr{k}") for k in (1, 2)]
        self.fid, self.iid = sets[0].fid, sets[0].iid
        self.snp = [name for one in sets for name in one.snp]
        self.calls = np.concatenate([plink.subject_calls(one, self.fid, self.iid) for one in sets])
        self.passes = plink.passing_snps(self.calls, {"min_allele_frequency": 0.02})
        columns = plink.read_columns(f"{folder}/covariates.tsv", self.fid, self.iid)
        site = np.array([SITES[word] for word in columns["site"]])
        self.sex = columns["sex"]
        self.z = np.column_stack([np.ones(len(site)), np.array(columns["age"], float), np.array(columns["sex"], float), site == 1, site == 2])
        self.targets = {name: np.array(words, float) for name, words in plink.read_columns(f"{folder}/targets.tsv", self.fid, self.iid).items()
                        if name not in ("FID", "IID")}

    def fit(self, snp: int, target: str) -> tuple[float, float, float, float, float]:
        """beta, its standard error, t, ln p, allele frequency: ordinary least squares"""
        calls = self.calls[snp].astype(float)
        mean = calls[calls >= 0].mean()
        design = np.column_stack([np.where(calls >= 0, calls, mean), self.z])
        coefficients, squares, _, _ = np.linalg.lstsq(design, self.targets[target], rcond=None)
        degrees = len(calls) - design.shape[1]
        error = np.sqrt(squares[0] / degrees * np.linalg.inv(design.T @ design)[0, 0])
        t = coefficients[0] / error
        return coefficients[0], error, t, stats.t.logsf(abs(t), degrees) + np.log(2), mean / 2


def check_numpy(report: Report, people: People, pairs: list[dict], targets: list[dict]) -> None:
    kept = np.flatnonzero(people.passes)
    number = {name: k for k, name in enumerate(people.snp)}
    report.true(f"{len(pairs)} pairs of {len(kept)} SNPs and {len(people.targets)} targets", len(pairs) == len(kept) * len(people.targets))
    expected = np.array([people.fit(number[row["variant_id"]], row["target"]) for row in pairs])
    columns = ["beta", "standard_error", "t_statistic"]
    for k, name in enumerate(columns):
        found = np.array([float(row[name]) for row in pairs])
        report.near(f"{name}, relative to its standard error", "", found / expected[:, 1] ** (k < 2), expected[:, k] / expected[:, 1] ** (k < 2), 1e-6)
        large = np.abs(expected[:, 2]) > 1
        report.near(f"{name}, relative where |t| > 1", "", found[large] / expected[large, k], np.ones(large.sum()), 6e-8)
    p = np.array([float(row["p_value"]) for row in pairs])
    report.near("p, relative", "", p / np.exp(expected[:, 3]), np.ones(len(p)), 1e-6)
    report.near("-log10 p", "", [float(row["neg_log_10_p_value"]) for row in pairs], -expected[:, 3] / np.log(10), 1e-6)
    report.near("allele frequency", "", [float(row["effect_allele_frequency"]) for row in pairs], expected[:, 4], 1e-5)
    report.true("smallest p first", bool(np.all(np.diff([float(row["neg_log_10_p_value"]) for row in pairs]) <= 0)))
    for row in targets:
        own = [k for k, pair in enumerate(pairs) if pair["target"] == row["target"]]
        best = own[int(np.argmin(expected[own, 3]))]
        report.true(f"best SNP of {row['target']}", row["variant_id"] == pairs[best]["variant_id"])
        chi = stats.chi2.isf(np.exp(expected[own, 3]), 1)
        report.near("lambda_GC, relative", row["target"], float(row["lambda_gc"]) / (np.median(chi) / stats.chi2.ppf(0.5, 1)), 1, 0.03)


def check_plink2(report: Report, people: People, pairs: list[dict], folder: Path, program: str) -> None:
    """complete genotypes only: plink2 leaves a person with a missing call out of the test of that SNP"""
    found = {(row["target"], row["variant_id"]): row for row in pairs}
    (folder / "glm.cov").write_text("#FID\tIID\tage\tsex1\tsiteB\tsiteC\n" + "".join(
        f"{fid}\t{iid}\t{z[1]:.17g}\t{z[2]:g}\t{z[3]:g}\t{z[4]:g}\n" for fid, iid, z in zip(people.fid, people.iid, people.z)))
    (folder / "glm.pheno").write_text("#FID\tIID\t" + "\t".join(people.targets) + "\n" + "".join(
        f"{fid}\t{iid}\t" + "\t".join(f"{values[i]:.17g}" for values in people.targets.values()) + "\n"
        for i, (fid, iid) in enumerate(zip(people.fid, people.iid))))
    n_compared = 0
    for chromosome in (1, 2):
        out = folder / f"glm{chromosome}"
        command = [program, "--bfile", str(folder / f"chr{chromosome}"), "--pheno", str(folder / "glm.pheno"), "--covar", str(folder / "glm.cov"),
                   "--glm", "hide-covar", "allow-no-covars", "--covar-variance-standardize", "age", "--threads", "1", "--out", str(out)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise SystemExit(f"{' '.join(command)}: exit {done.returncode}: {done.stderr.strip()}{done.stdout}")
        for target in people.targets:
            header, rows = plink.read_table(f"{out}.{target}.glm.linear")
            for row in (dict(zip(header, words)) for words in rows):
                ours = found.get((target, row["ID"]))
                if ours is None or int(row["OBS_CT"]) != len(people.iid):
                    continue
                sign = 1 if row["A1"] == ours["effect_allele"] else -1
                if {row["REF"], row["ALT"]} != {ours["effect_allele"], ours["other_allele"]}:
                    report.mismatch(f"{row['ID']}: plink2 has other alleles")
                for name, theirs in (("beta", "BETA"), ("standard_error", "SE"), ("p_value", "P")):
                    value = float(row[theirs]) * (sign if name == "beta" else 1)
                    scale = abs(value) if abs(value) > 1e-2 or name == "p_value" else 1e-2
                    report.near(f"{name} of plink2, relative", f"{row['ID']} {target}", float(ours[name]) / scale, value / scale, 1e-5)
                n_compared += 1
    report.true(f"{n_compared} pairs compared with plink2", n_compared > 500)


def give_missing(folder: Path, people: People, share: float) -> None:
    """targets.tsv becomes 30 of chance and `causal`, of the first SNP; in each values are missing at random, in `chance0` a whole site's"""
    draw = np.random.default_rng(3)
    n = len(people.iid)
    calls = people.calls[np.flatnonzero(people.passes)[0]].astype(float)
    calls[calls < 0] = calls[calls >= 0].mean()
    people.targets = {f"chance{k}": draw.normal(size=n) for k in range(30)}
    people.targets["causal"] = 0.3 * (calls - calls.mean()) / calls.std() + draw.normal(size=n)
    for name, values in people.targets.items():
        values[people.z[:, -1] == 1 if name == "chance0" else draw.random(n) < share] = np.nan
    with (folder / "targets.tsv").open("w") as out:
        out.write("\t".join(["FID", "IID", *people.targets]) + "\n")
        for i, (fid, iid) in enumerate(zip(people.fid, people.iid)):
            out.write("\t".join([fid, iid, *("NA" if np.isnan(values[i]) else repr(float(values[i])) for values in people.targets.values())]) + "\n")


def fit_filled(people: People, x: np.ndarray, values: np.ndarray) -> tuple[float, float, float, float]:
    """x: a SNP beyond the covariates. beta, its standard error and t as docs/associate.md has them; t of those who have a value alone"""
    has = ~np.isnan(values)
    n, m, c = len(values), has.sum(), people.z.shape[1]
    c_then = np.linalg.matrix_rank(people.z[has])
    residual = values[has] - people.z[has] @ np.linalg.lstsq(people.z[has], values[has], rcond=None)[0]
    slope = x[has] @ residual / (x @ x)
    error = np.sqrt((residual @ residual - slope**2 * (x @ x)) / (x @ x) / (n - c - 1))
    own = x[has] - people.z[has] @ np.linalg.lstsq(people.z[has], x[has], rcond=None)[0]
    r = own @ residual / np.sqrt((own @ own) * (residual @ residual))
    longer = (n - c) / (m - c_then)
    return slope * longer, error * longer, slope / error, r * np.sqrt((m - c_then - 1) / (1 - r**2))


def check_filled(report: Report, people: People, pairs: list[dict], targets: list[dict]) -> None:
    """missing: mean, 30 % missing at random"""
    number = {name: k for k, name in enumerate(people.snp)}
    beyond = {}
    for name in {row["variant_id"] for row in pairs}:
        calls = people.calls[number[name]].astype(float)
        calls[calls < 0] = calls[calls >= 0].mean()
        beyond[name] = calls - people.z @ np.linalg.lstsq(people.z, calls, rcond=None)[0]
    expected = np.array([fit_filled(people, beyond[row["variant_id"]], people.targets[row["target"]]) for row in pairs])
    found = np.array([[float(row[name]) for name in ("beta", "standard_error", "t_statistic")] for row in pairs])
    p = np.array([float(row["p_value"]) for row in pairs])
    report.near("filled: beta, in standard errors", "", found[:, 0] / expected[:, 1], expected[:, 0] / expected[:, 1], 1e-6)
    report.near("filled: standard error, relative", "", found[:, 1] / expected[:, 1], np.ones(len(p)), 1e-6)
    report.near("filled: t", "", found[:, 2], expected[:, 2], 1e-6)
    report.near("filled: t is beta over its standard error", "", found[:, 0] / found[:, 1], found[:, 2], 1e-5)
    degrees = len(people.iid) - people.z.shape[1] - 1
    report.near("filled: p, relative", "", p / (2 * stats.t.sf(np.abs(expected[:, 2]), degrees)), np.ones(len(p)), 1e-6)
    chance = np.array([row["target"] != "causal" for row in pairs])
    report.near("filled: mean t^2 of chance", "", np.mean(found[chance, 2] ** 2), 1, 0.03)
    report.near("filled: share of chance with p <= .001", "", np.mean(p[chance] <= 1e-3), 1e-3, 6e-4)
    report.near("filled: median lambda_gc of chance", "", np.median([float(row["lambda_gc"]) for row in targets if row["target"] != "causal"]), 1, 0.05)
    (causal,) = [k for k, row in enumerate(pairs) if row["target"] == "causal" and number[row["variant_id"]] == np.flatnonzero(people.passes)[0]]
    report.near("filled: t of the causal SNP, over that of those who have a value", "", found[causal, 2] / expected[causal, 3], 1, 0.06)


def beyond(z: np.ndarray, values: np.ndarray) -> np.ndarray:
    """n x k: what z leaves, of length 1"""
    left = values - z @ np.linalg.lstsq(z, values, rcond=None)[0]
    return left / np.linalg.norm(left, axis=0)


def give_many(folder: Path, people: People, count: int) -> None:
    """targets.tsv becomes `count` of them: chance, but for one in 97, which has a SNP's effect"""
    draw = np.random.default_rng(5)
    snps = people.calls[np.flatnonzero(people.passes)].clip(0)
    values = draw.normal(size=(len(people.iid), count))
    for t in range(0, count, 97):
        values[:, t] += 2 * snps[t % len(snps)]
    people.targets = {f"target{t}": values[:, t] for t in range(count)}
    np.savetxt(folder / "targets.tsv", np.column_stack([people.fid, people.iid, values]), fmt="%s", delimiter="\t", comments="",
               header="\t".join(["FID", "IID", *people.targets]))


def check_many(report: Report, people: People, pairs: list[dict], targets: list[dict], one_snp: list[dict], snp: int) -> None:
    """more targets than a strip (256) and a task (3,072) take: what each has is its own"""
    snps = np.flatnonzero(people.passes)
    calls = people.calls[snps].astype(float)
    calls = np.where(calls < 0, (calls.clip(0).sum(1) / (calls >= 0).sum(1))[:, None], calls)
    degrees = len(people.iid) - people.z.shape[1] - 1
    r = beyond(people.z, calls.T).T @ beyond(people.z, np.column_stack(list(people.targets.values())))
    t = r * np.sqrt(degrees / (1 - r**2))
    p = 2 * stats.t.sf(np.abs(t), degrees)
    names = list(people.targets)
    report.true(f"{len(names)} targets in their order", [row["target"] for row in targets] == names)
    report.near("many targets: p of the best SNP, relative", "", [float(row["p_value"]) for row in targets] / p.min(0), np.ones(len(names)), 1e-6)
    report.true("many targets: n_hits", [int(row["n_hits"]) for row in targets] == (p <= MANY_P).sum(0).tolist())
    median = np.sqrt([float(row["lambda_gc"]) * stats.chi2.ppf(0.5, 1) for row in targets])
    lower, higher = np.sort(stats.norm.isf(p / 2), axis=0)[[(len(p) - 1) // 2, len(p) // 2]]
    report.near("many targets: median |z|, from lambda_gc", "", median, np.clip(median, lower, higher), 0.02)
    found = {(row["variant_id"], row["target"]): float(row["t_statistic"]) for row in pairs}
    expected = {(people.snp[snps[k]], names[j]): t[k, j] for k, j in zip(*np.nonzero(p <= MANY_P))}
    report.true(f"many targets: {len(expected)} pairs", len(pairs) == len(found) and set(found) == set(expected))
    report.near("many targets: t of pairs, relative", "", [found.get(key, np.nan) / value for key, value in expected.items()], np.ones(len(expected)), 1e-6)
    report.near("many targets: t of one SNP", "", [float(row["t_statistic"]) for row in one_snp], t[snp], 1e-6)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--arete", required=True)
    parser.add_argument("--plink2", default="plink2")
    arguments = parser.parse_args()
    report = Report("associations")
    with tempfile.TemporaryDirectory(prefix="arete-associations-") as name:
        folder = Path(name)
        simulate(folder, Population(subjects=173, snps=700, chromosomes=2, missing=0.001, targets=3, signal_targets=1, covariates=True, seed=5))
        people = People(folder)
        pairs, targets, text = run(arguments.arete, folder, "run.workers=1")
        check_numpy(report, people, pairs, targets)
        report.true("the same bytes with two workers", run(arguments.arete, folder, "run.workers=2")[2] == text)
        few, few_targets, _ = run(arguments.arete, folder, "associate.report_p=0.01", "associate.most_hits=7")
        report.true("most_hits keeps the smallest", [row["p_value"] for row in few] == [row["p_value"] for row in pairs[:7]])
        n_hits = sum(float(row["p_value"]) <= 0.01 for row in pairs)
        report.true(f"{n_hits} hits are counted beyond it", sum(int(row["n_hits"]) for row in few_targets) == n_hits)
        if shutil.which(arguments.plink2):
            check_plink2(report, people, pairs, folder, arguments.plink2)
        else:
            report.note("plink2 is not installed: not compared with it")
        simulate(folder, Population(subjects=500, snps=700, chromosomes=2, missing=0.001, targets=1, covariates=True, seed=6))
        people = People(folder)
        give_missing(folder, people, 0.3)
        check_filled(report, people, *run(arguments.arete, folder, "targets.missing=mean", "targets.max_missing_per_target=0.5")[:2])
        simulate(folder, Population(subjects=40, snps=30, chromosomes=2, missing=0.01, targets=1, covariates=True, seed=7))
        people = People(folder)
        give_many(folder, people, 3100)
        snp = people.snp[np.flatnonzero(people.passes)[4]]
        pairs, targets, _ = run(arguments.arete, folder, f"associate.report_p={MANY_P}", f"associate.snps=[{snp}]", "run.workers=2")
        with gzip.open(folder / "out" / "full" / f"snp_{snp}.tsv.gz", "rt") as table:
            check_many(report, people, pairs, targets, list(csv.DictReader(table, delimiter="\t")), 4)
    report.finish()


if __name__ == "__main__":
    main()
