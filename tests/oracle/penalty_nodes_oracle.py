#!/usr/bin/python3
"""Checks penalty nodes against refits of every fold at every penalty (see README.md).

A refit of the identity's columns gives the matrices of the quadratic forms themselves: inner criterion and outer error of each
outer fold at each penalty. What a combination of the nodes' forms leaves out must have a spectral norm under the bound that
the program claims, and scores must be those of a penalty whose criterion is the smallest, up to that bound.

The driver is run as DRIVER INPUT OUTPUT; penalty_nodes_driver.c describes both files.
"""
import argparse
import dataclasses
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import deletion_oracle as oracle
import folds

PENALTIES = np.logspace(-3, 3, 25)
SCORE_TOLERANCE = 1e-5
FORMS = ("criterion", "error")


@dataclass
class Found:
    nodes: np.ndarray
    bound: dict[str, float]
    amplification: float
    observed_error: float
    weights: np.ndarray  # forms x F x L x (nodes + 1)
    combined: np.ndarray  # T scores
    exact: np.ndarray


def run_driver(driver: str, case: oracle.Case, tolerance: float, folder: Path) -> Found:
    (n, c), T = case.Z.shape, case.Y.shape[1]
    F, L = len(case.inner), len(PENALTIES)
    with open(folder / "input", "wb") as file:
        np.array([n, c, T, F, case.n_inner, L], dtype="<i4").tofile(file)
        for array in (case.K, case.Z, case.Y, PENALTIES, np.array([tolerance])):
            np.ascontiguousarray(array, dtype="<f8").tofile(file)
        for array in (case.outer, case.inner):
            np.ascontiguousarray(array, dtype="<i4").tofile(file)
    done = subprocess.run([driver, str(folder / "input"), str(folder / "output")], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{driver}: {case.name}: exit {done.returncode}: {done.stderr.strip()}")
    values = np.fromfile(folder / "output", dtype="<f8")
    m = int(values[0])
    first = 7 + m
    weights = values[first: len(values) - 2 * T].reshape(2, F, L, m + 1)
    return Found(values[7:first].astype(int), dict(zip(FORMS, values[1:3])), values[3], values[4], weights,
                 values[-2 * T: -T], values[-T:])


def residual_operators(case: oracle.Case) -> dict[str, np.ndarray]:
    """forms -> F x (L + 1) x n x n, infinity last (the criterion has none)"""
    n, F, L = len(case.Z), len(case.inner), len(PENALTIES)
    basis, everyone = folds.orthonormal(case.Z), dataclasses.replace(case, Y=np.eye(n))
    forms = {name: np.zeros((F, L + 1, n, n)) for name in FORMS}
    for f, inner in enumerate(case.inner):
        train, test = np.flatnonzero(inner >= 0), np.flatnonzero(inner < 0)
        for l, penalty in enumerate((*PENALTIES, np.inf)):
            E = oracle.refit_residual(everyone, basis, train, test, penalty)
            forms["error"][f, l] = E.T @ E
            for j in range(case.n_inner if np.isfinite(penalty) else 0):
                validation, rest = np.flatnonzero(inner == j), np.flatnonzero((inner >= 0) & (inner != j))
                E = oracle.refit_residual(everyone, basis, rest, validation, penalty)
                forms["criterion"][f, l] += E.T @ E / (len(validation) * case.n_inner)
    return forms


def left_out(forms: np.ndarray, found: Found, weights: np.ndarray) -> float:
    """the largest spectral norm, over all folds and penalties, relative to the mean eigenvalue"""
    columns = [*found.nodes, len(PENALTIES)]
    worst = 0.0
    for fold, fold_weights in zip(forms, weights):
        for l, penalty_weights in enumerate(fold_weights):
            difference = fold[l] - np.tensordot(penalty_weights, fold[columns], 1)
            worst = max(worst, np.abs(np.linalg.eigvalsh(difference)).max() / (np.trace(fold[l]) / len(difference)))
    return worst


def score_range(case: oracle.Case, forms: dict[str, np.ndarray], slack: float) -> tuple[np.ndarray, np.ndarray]:
    """lowest and highest mean r2 over penalties whose criterion is within slack x mean eigenvalue x |y|^2 of the smallest"""
    Z = folds.orthonormal(case.Z)
    Y = case.Y - Z @ (Z.T @ case.Y)
    values = {name: np.einsum("it,flij,jt->flt", Y, form, Y, optimize=True) for name, form in forms.items()}
    criterion, error = values["criterion"][:, :-1], values["error"]
    mean = np.trace(forms["criterion"][:, :-1], axis1=2, axis2=3) / len(Y)
    room = 2 * slack * mean[:, :, None] * (Y ** 2).sum(0)
    possible = criterion <= criterion.min(1, keepdims=True) + room
    r2 = 1 - error[:, :-1] / error[:, -1:]
    return np.where(possible, r2, np.inf).min(1).mean(0), np.where(possible, r2, -np.inf).max(1).mean(0)


def check(case: oracle.Case, tolerance: float, driver: str, folder: Path) -> int:
    """prints one line, and one for each mismatch; returns the number of mismatches"""
    found, forms, problems = run_driver(driver, case, tolerance, folder), residual_operators(case), []
    exact = {name: left_out(forms[name], found, found.weights[i]) for i, name in enumerate(FORMS)}
    for name in FORMS:
        if not found.bound[name] <= tolerance:
            problems.append(f"the {name}'s bound {found.bound[name]:.2e} is over the tolerance")
        if not exact[name] <= found.bound[name] * (1 + 1e-6) + 1e-11:
            problems.append(f"the {name}'s bound is {found.bound[name]:.2e}, but {exact[name]:.2e} is left out")
        if not found.bound[name] <= 4 * exact[name]:
            problems.append(f"the {name}'s bound {found.bound[name]:.2e} is far over the {exact[name]:.2e} that are left out")
    if len(found.nodes) >= len(PENALTIES):
        problems.append("every penalty is a node")
    if np.any(found.weights[0, :, :, -1] != 0):
        problems.append("the criterion uses the covariates-only error")
    rounding = 3e-7 * found.amplification
    lowest, highest = score_range(case, forms, tolerance + rounding)
    wrong = ~((found.combined >= lowest - SCORE_TOLERANCE) & (found.combined <= highest + SCORE_TOLERANCE))
    for t in np.flatnonzero(wrong):
        problems.append(f"score {found.combined[t]:.7f} of target {t} is not within {lowest[t]:.7f} ... {highest[t]:.7f}")
    for problem in problems:
        print(f"MISMATCH {case.name}, tolerance {tolerance:g}: {problem}")
    print(f"{case.name}, tolerance {tolerance:g}: {len(found.nodes)} nodes of {len(PENALTIES)}, bounds "
          + ", ".join(f"{found.bound[name]:.1e} ({exact[name]:.1e} left out)" for name in FORMS)
          + f", amplification {found.amplification:.1f}, on targets {found.observed_error:.1e}, "
          f"scores differ by {np.abs(found.combined - found.exact).max():.1e}")
    return len(problems)


def cases(rng: np.random.Generator) -> list[tuple[oracle.Case, float]]:
    people = oracle.make_case("people, 4 covariates", oracle.people(300, 2500, rng), 4, oracle.even_folds, rng, 40)
    mice = oracle.make_case("mice, uneven folds", oracle.mice(290, 1700, rng), 3, oracle.uneven_folds, rng, 40)
    site = oracle.make_case("people, a site wholly in one outer fold", oracle.people(100, 1200, rng), 4, oracle.even_folds, rng)
    oracle.add_site(site, np.flatnonzero(site.outer == 2)[:9])
    return [(people, 1e-4), (people, 1e-6), (mice, 1e-4), (mice, 1e-5), (site, 1e-5)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("driver", help="program built from penalty_nodes_driver.c")
    arguments = parser.parse_args()
    rng = np.random.default_rng(21)
    with tempfile.TemporaryDirectory() as folder:
        n_mismatches = sum(check(case, tolerance, arguments.driver, Path(folder)) for case, tolerance in cases(rng))
    print(f"{n_mismatches} mismatches")
    sys.exit(1 if n_mismatches else 0)


if __name__ == "__main__":
    main()
