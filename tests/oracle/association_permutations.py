#!/usr/bin/python3
"""Permutations of arete associate: every maximum over SNPs against the same permutation made by itself in numpy (Freedman and Lane), p counted
from them, and p of null studies.

usage: association_permutations.py --arete PROGRAM [--studies N]
"""
import argparse
import os
import subprocess
import tempfile
from pathlib import Path

import h5py
import numpy as np
import yaml

import plink
from orbits_oracle import all_orders
from report import Report
from support.simulate_plink import Population, simulate

TIE = 1e-6


def run(arete: str, folder: Path, sections: dict, count: int) -> list[dict]:
    """rows of targets.tsv"""
    study = {"genotypes": {"plink": f"{folder}/genotypes"}, "targets": {"table": f"{folder}/targets.tsv"}, "associate": {"permute": True},
             "permutations": {"count": count}, "output": f"{folder}/out", **sections}
    if "within" in sections.get("permutations", {}) or "method" in sections.get("permutations", {}):
        study["permutations"] = {"count": count, **sections["permutations"]}
    (folder / "study.yaml").write_text(yaml.safe_dump(study))
    done = subprocess.run([arete, "associate", str(folder / "study.yaml"), "--fresh"], capture_output=True, text=True, check=False,
                          env={"STARPU_WORKERS_NOBIND": "1", **os.environ})
    if done.returncode != 0:
        raise SystemExit(f"arete associate: exit {done.returncode}: {done.stderr.strip()}")
    header, rows = plink.read_table(str(folder / "out" / "targets.tsv"))
    return [dict(zip(header, row)) for row in rows]


def maxima(folder: Path, file: h5py.File, orders: np.ndarray) -> np.ndarray:
    """targets x permutations: the largest r^2 of any SNP with the permuted residual, both beyond the covariates"""
    fid, iid = ([name.decode() for name in file[f"subjects/{kind}"][:]] for kind in ("fid", "iid"))
    calls = plink.subject_calls(plink.read_fileset(f"{folder}/genotypes"), fid, iid)
    calls = calls[plink.passing_snps(calls, {})].astype(float)
    present = calls >= 0
    mean = np.where(present, calls, 0).sum(1) / present.sum(1)
    basis, _ = np.linalg.qr(file["covariates"][:])

    def residual(columns: np.ndarray) -> np.ndarray:
        return columns - basis @ (basis.T @ columns)

    x = residual(np.where(present, calls, mean[:, None]).T)
    x /= np.linalg.norm(x, axis=0)
    targets = file["targets/residual"][:]
    found = np.empty((targets.shape[1], len(orders)))
    for k, order in enumerate(orders):
        y = residual(targets[order])
        found[:, k] = np.abs(x.T @ (y / np.linalg.norm(y, axis=0))).max(axis=0) ** 2
    return found


def check(report: Report, arete: str, name: str, population: Population, sections: dict, n_orbits: int) -> None:
    with tempfile.TemporaryDirectory(prefix="arete-maxima-") as place:
        folder = Path(place)
        simulate(folder, population)
        if "covariates" in sections:
            sections = {**sections, "covariates": {"table": f"{folder}/covariates.tsv", **sections["covariates"]}}
        run(arete, folder, sections, 1)
        with h5py.File(folder / "out" / "associations.h5") as file:
            shifts = int(file["permutation/method"].attrs["shifts"])
        rows = run(arete, folder, sections, n_orbits * shifts)
        path = folder / "out" / "associations.h5"
        orders = all_orders(path, arete, n_orbits)
        with h5py.File(path) as file:
            identity = int(file["permutation/method"].attrs["identity"])
            expected = maxima(folder, file, orders)
            n_targets, scores = expected.shape[0], file["null/score"][:]
        scores = scores[: n_orbits * n_targets].reshape(n_orbits, n_targets, shifts).transpose(1, 0, 2).reshape(n_targets, -1)
        report.near("maximum r^2 of each target and permutation", f"{name}, {len(orders)}", scores, expected, 5e-7)
        observed = expected[:, identity]
        p = (expected >= observed[:, None] - TIE).mean(axis=1)
        p_fwer = (expected.max(axis=0)[None] >= observed[:, None] - TIE).mean(axis=1)
        report.near("p_snps", name, [float(row["p_snps"]) for row in rows], p, 1e-6)
        report.near("p_fwer", name, [float(row["p_fwer"]) for row in rows], p_fwer, 1e-6)
        report.note(f"{name}: {n_orbits} orbits of {shifts}; smallest p_snps {p.min():.4f}")


def check_null(report: Report, arete: str, n_studies: int) -> None:
    """no SNP has an effect; covariates do"""
    covariates = {"columns": ["age", "sex"], "categorical": ["site"]}
    with tempfile.TemporaryDirectory(prefix="arete-maxima-") as place:
        folder = Path(place)
        simulate(folder, Population(subjects=90, snps=200, targets=400, covariates=True, seed=11))
        rows = run(arete, folder, {"covariates": {"table": f"{folder}/covariates.tsv", **covariates}}, 360)
        share = np.mean([float(row["p_snps"]) <= 0.05 for row in rows])
        report.near("share of null targets with p_snps <= .05", "400 targets", share, 0.05, 3 * np.sqrt(0.05 * 0.95 / 400))
    n_found = 0
    for seed in range(n_studies):
        with tempfile.TemporaryDirectory(prefix="arete-maxima-") as place:
            folder = Path(place)
            simulate(folder, Population(subjects=60, snps=60, targets=8, covariates=True, seed=100 + seed))
            rows = run(arete, folder, {"covariates": {"table": f"{folder}/covariates.tsv", **covariates}, "run": {"workers": 1}}, 240)
            n_found += min(float(row["p_fwer"]) for row in rows) <= 0.05
    report.near(f"share of null studies with a p_fwer <= .05", f"{n_studies}", n_found / n_studies, 0.05, 3.5 * np.sqrt(0.05 * 0.95 / n_studies))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--arete", required=True)
    parser.add_argument("--studies", type=int, default=25)
    arguments = parser.parse_args()
    report = Report("permutations of associations")
    people = Population(subjects=95, snps=301, targets=5, signal_targets=1, missing=0.002, covariates=True, seed=3)
    design = {"columns": ["age", "sex"], "categorical": ["site"]}
    check(report, arguments.arete, "free", people, {"covariates": design}, 3)
    check(report, arguments.arete, "within sites of unequal size", people, {"covariates": design, "permutations": {"within": "site"}}, 2)
    check(report, arguments.arete, "one by one, within sites", people,
          {"covariates": design, "permutations": {"within": "site", "method": "independent"}}, 40)
    check(report, arguments.arete, "200 targets", Population(subjects=60, snps=120, targets=200, seed=4), {}, 2)
    check_null(report, arguments.arete, arguments.studies)
    report.finish()


if __name__ == "__main__":
    main()
