#!/usr/bin/python3
"""Checks the quadratic forms of src/model/orbits and the scores made of them against refits of every fold (see README.md).

A refit of the identity's columns gives the matrices of the forms themselves: inner criterion and outer error of each outer fold
at each penalty, and the baseline's error. Scores are those of permuted residuals, which the covariates explain again in part: a
penalty whose criterion is the smallest (up to what nodes leave out and rounding) is chosen in every fold.

The driver is run as DRIVER INPUT OUTPUT; forms_driver.c describes both files.
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

FORM_TOLERANCE = 2e-7  # of the form's largest entry: products in single
SCORE_TOLERANCE = 2e-6
ZERO = 1e-10  # of unit variance: a test set's baseline error that counts as none


@dataclass
class FormsCase:
    case: oracle.Case
    penalties: np.ndarray
    tolerance: float = 0.0  # 0: every penalty is a node
    test_mean: bool = False
    pooled: bool = False

    def name(self) -> str:
        return (f"{self.case.name}, {len(self.penalties)} penalties" + (f" by nodes of {self.tolerance:g}" if self.tolerance else "")
                + (", test-mean" if self.test_mean else "") + (", pooled-r2" if self.pooled else ""))


@dataclass
class Found:
    nodes: np.ndarray
    bound: np.ndarray  # criterion, error
    amplification: float
    forms: np.ndarray  # F x (2 nodes + 1) x n x n
    scores: np.ndarray


def run_driver(driver: str, forms_case: FormsCase, Y: np.ndarray, folder: Path) -> Found:
    case, n, F = forms_case.case, len(Y), len(forms_case.case.inner)
    with open(folder / "input", "wb") as file:
        shape = [n, case.Z.shape[1], Y.shape[1], F, case.n_inner, len(forms_case.penalties), forms_case.test_mean, forms_case.pooled]
        np.array(shape, dtype="<i4").tofile(file)
        for array in (case.K, case.Z, Y, forms_case.penalties, np.array([forms_case.tolerance])):
            np.ascontiguousarray(array, dtype="<f8").tofile(file)
        for array in (case.outer, case.inner):
            np.ascontiguousarray(array, dtype="<i4").tofile(file)
    done = subprocess.run([driver, str(folder / "input"), str(folder / "output")], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{driver}: {forms_case.name()}: exit {done.returncode}: {done.stderr.strip()}")
    values = np.fromfile(folder / "output", dtype="<f8")
    m = int(values[0])
    expected = 4 + m + F * (2 * m + 1) * n * n + Y.shape[1]
    if values.size != expected:
        raise SystemExit(f"{driver}: {forms_case.name()}: {values.size} numbers written, expected {expected}")
    forms = values[4 + m: expected - Y.shape[1]].reshape(F, 2 * m + 1, n, n)
    return Found(values[4: 4 + m].astype(int), values[1:3], values[3], forms, values[expected - Y.shape[1]:])


def permuted_residuals(case: oracle.Case, count: int, rng: np.random.Generator) -> np.ndarray:
    """n x count: a target's residuals on the covariates, of unit variance, each column in an order of its own; one has 2 % cases"""
    Z, columns = folds.orthonormal(case.Z), []
    for k in range(count):
        y = case.Y[:, k % case.Y.shape[1]] if k % 4 else (np.arange(len(Z)) % 50 == 0).astype(float)
        y = y - Z @ (Z.T @ y)
        columns.append(rng.permutation(y / y.std()))
    return np.column_stack(columns)


def baseline_factor(forms_case: FormsCase, basis: np.ndarray, train: np.ndarray, test: np.ndarray) -> np.ndarray:
    """|test| x n: residuals of a refit of the covariates, or around the test set's mean of residuals made once more"""
    case = forms_case.case
    if not forms_case.test_mean:
        return oracle.refit_residual(dataclasses.replace(case, Y=np.eye(len(basis))), basis, train, test, np.inf)
    around = np.column_stack([np.ones(len(test)), folds.unseen(basis, train, test)])
    U, s, _ = np.linalg.svd(around, full_matrices=False)
    return folds.project_out(U[:, s > 1e-8], np.eye(len(basis))[test] - basis[test] @ basis.T)


def refitted_forms(forms_case: FormsCase) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """criterion and error, F x L x n x n, and the baseline's error, F x n x n"""
    case, penalties = forms_case.case, forms_case.penalties
    n, F, L = len(case.Z), len(case.inner), len(penalties)
    basis, everyone = folds.orthonormal(case.Z), dataclasses.replace(case, Y=np.eye(n))
    criterion, error, baseline = np.zeros((F, L, n, n)), np.zeros((F, L, n, n)), np.zeros((F, n, n))
    for f, inner in enumerate(case.inner):
        train, test = np.flatnonzero(inner >= 0), np.flatnonzero(inner < 0)
        E = baseline_factor(forms_case, basis, train, test)
        baseline[f] = E.T @ E
        for l, penalty in enumerate(penalties):
            E = oracle.refit_residual(everyone, basis, train, test, penalty)
            error[f, l] = E.T @ E
            for j in range(case.n_inner):
                validation, rest = np.flatnonzero(inner == j), np.flatnonzero((inner >= 0) & (inner != j))
                E = oracle.refit_residual(everyone, basis, rest, validation, penalty)
                criterion[f, l] += E.T @ E / (len(validation) * case.n_inner)
        if folds.unseen(basis, train, test).shape[1] == len(test):  # nothing is left to predict
            error[f] = baseline[f] = 0
    return criterion, error, baseline


def score_range(forms_case: FormsCase, refitted: tuple[np.ndarray, ...], Y: np.ndarray, slack: float) -> tuple[np.ndarray, np.ndarray]:
    """lowest and highest score over penalties whose criterion is within slack x mean eigenvalue x |y|^2 of the smallest"""
    criterion, error, baseline = (np.einsum("it,...ij,jt->...t", Y, forms, Y, optimize=True) for forms in refitted)
    mean = np.trace(refitted[0], axis1=2, axis2=3) / len(Y)
    possible = criterion <= (criterion + slack * mean[:, :, None] * (Y ** 2).sum(0)).min(1, keepdims=True) \
        + slack * mean[:, :, None] * (Y ** 2).sum(0)
    best, worst = np.where(possible, error, np.inf).min(1), np.where(possible, error, -np.inf).max(1)
    baseline = np.where(baseline <= ZERO * (forms_case.case.inner < 0).sum(1)[:, None], 0, baseline)  # the fold has no r2
    if forms_case.pooled:
        return 1 - worst.sum(0) / baseline.sum(0), 1 - best.sum(0) / baseline.sum(0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return tuple(np.where(baseline > 0, 1 - of / baseline, 0).mean(0) for of in (worst, best))


def check(forms_case: FormsCase, driver: str, folder: Path, rng: np.random.Generator) -> int:
    """prints one line, and one for each mismatch; returns the number of mismatches"""
    Y = permuted_residuals(forms_case.case, 60, rng)
    found, refitted, problems = run_driver(driver, forms_case, Y, folder), refitted_forms(forms_case), []
    criterion, error, baseline = refitted
    m, worst = len(found.nodes), 0.0
    expected = np.concatenate([criterion[:, found.nodes], error[:, found.nodes], baseline[:, None]], axis=1)
    for f, q in np.ndindex(expected.shape[:2]):
        kind = "criterion" if q < m else "error" if q < 2 * m else "baseline"
        off = np.abs(found.forms[f, q] - expected[f, q]).max() / (np.abs(expected[f, q]).max() or 1)
        worst = max(worst, off)
        if not off <= FORM_TOLERANCE:
            penalty = f" at penalty {forms_case.penalties[found.nodes[q % m]]:g}" if q < 2 * m else ""
            problems.append(f"the {kind}'s form of outer fold {f}{penalty} is off by {off:.1e} of its largest entry")
    if forms_case.tolerance and not m < len(forms_case.penalties):
        problems.append("every penalty is a node")
    rounding = 3e-7 * max(found.amplification, 1)
    lowest, highest = score_range(forms_case, refitted, Y, found.bound[0] + rounding)
    room = SCORE_TOLERANCE + 4 * (found.bound[1] + (rounding if forms_case.tolerance else 0))
    for t in np.flatnonzero(~((found.scores >= lowest - room) & (found.scores <= highest + room))):
        problems.append(f"score {found.scores[t]:.7f} of column {t} is not within {lowest[t]:.7f} ... {highest[t]:.7f}")
    for problem in problems:
        print(f"MISMATCH {forms_case.name()}: {problem}")
    print(f"{forms_case.name()}: {m} nodes, forms off by at most {worst:.1e}, room of scores {room:.1e}, "
          f"{(highest - lowest > 1e-12).sum()} of {len(lowest)} columns with a tie")
    return len(problems)


def cases(rng: np.random.Generator) -> list[FormsCase]:
    few, long = np.array([0.01, 0.3, 3, 30]), np.logspace(-2, 2, 41)

    def people(covariates: int, uneven: bool = False) -> oracle.Case:
        of_folds = oracle.uneven_folds if uneven else oracle.even_folds
        kind = "people, uneven folds" if uneven else "people"
        return oracle.make_case(f"{kind}, {covariates} covariates", oracle.people(100, 900, rng), covariates, of_folds, rng)

    def many_inner_folds() -> oracle.Case:
        case = people(1)
        case.name, case.n_inner = f"{case.name}, 11 inner folds", 11
        case.inner = oracle.random_inner(case.outer, len(case.inner), case.n_inner, rng)
        return case

    def lost(where: str) -> oracle.Case:
        case = people(4)
        case.name += f", a site wholly in {where}"
        members = np.flatnonzero(case.outer == 2)[:9]
        if where == "an inner fold":
            for f in (0, 4):
                case.inner[f, members] = 1
        return oracle.add_site(case, members)

    def alone() -> oracle.Case:
        case = oracle.alone_at_their_sites(people(4), rng)
        case.name += ", folds of people who are each alone at a site"
        return case

    return [
        FormsCase(many_inner_folds(), few),
        FormsCase(people(12, uneven=True), few, pooled=True),
        FormsCase(people(4), few, test_mean=True),
        FormsCase(lost("an outer fold"), few),
        FormsCase(lost("an inner fold"), few, test_mean=True, pooled=True),
        FormsCase(alone(), few),
        FormsCase(alone(), few, test_mean=True, pooled=True),
        FormsCase(people(4), long, tolerance=1e-5),
        FormsCase(lost("an outer fold"), long, tolerance=1e-4, test_mean=True),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("driver", help="program built from forms_driver.c")
    arguments = parser.parse_args()
    rng = np.random.default_rng(22)
    with tempfile.TemporaryDirectory() as folder:
        n_mismatches = sum(check(case, arguments.driver, Path(folder), rng) for case in cases(rng))
    print(f"{n_mismatches} mismatches")
    sys.exit(1 if n_mismatches else 0)


if __name__ == "__main__":
    main()
