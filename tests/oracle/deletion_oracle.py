#!/usr/bin/python3
"""Refits every fold by brute force, in double, and compares with the deletion formulas of src/model (see README.md).

The driver is run as DRIVER INPUT OUTPUT.
INPUT: int32 n, c, T, F, J, L; float64 row-major K (n x n), Z (n x c), Y (n x T, not residualised), penalties (L); int32 outer
fold (n, ascending), inner fold (F x n, -1 in the outer test set).
OUTPUT, float64, in squared units of Y: inner criterion (F x L x T), outer error (F x L x T), error of the covariates alone
(F x T); then the same three of the float32 path.
"""
import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.linalg import cho_factor, cho_solve

import folds

TOLERANCE = {"double": 1e-10, "float32": 1e-5}
PENALTIES = np.array([1e-3, 1e-2, 1e-1, 1, 10, 100])


@dataclass
class Case:
    name: str
    K: np.ndarray
    Z: np.ndarray
    Y: np.ndarray
    outer: np.ndarray
    inner: np.ndarray
    n_inner: int

    def write(self, path: Path) -> None:
        (n, c), T = self.Z.shape, self.Y.shape[1]
        with open(path, "wb") as file:
            np.array([n, c, T, len(self.inner), self.n_inner, len(PENALTIES)], dtype="<i4").tofile(file)
            for array in (self.K, self.Z, self.Y, PENALTIES):
                np.ascontiguousarray(array, dtype="<f8").tofile(file)
            for array in (self.outer, self.inner):
                np.ascontiguousarray(array, dtype="<i4").tofile(file)

    def shapes(self) -> dict[str, tuple[int, ...]]:
        F, L, T = len(self.inner), len(PENALTIES), self.Y.shape[1]
        return {"criterion": (F, L, T), "error": (F, L, T), "covariates-only error": (F, T)}


def refit_residual(case: Case, basis: np.ndarray, train: np.ndarray, test: np.ndarray, penalty: float) -> np.ndarray:
    """|test| x T: ridge on the training rows, covariates by generalised least squares; infinity = the covariates alone"""
    Z, Y = basis[train], case.Y[train]
    if np.isinf(penalty):
        coefficients = np.linalg.lstsq(Z, Y, rcond=folds.RANK_TOLERANCE)[0]
        residual = case.Y[test] - basis[test] @ coefficients
    else:
        V = cho_factor(case.K[np.ix_(train, train)] + penalty * np.eye(len(train)))
        VZ = cho_solve(V, Z)
        coefficients = np.linalg.lstsq(Z.T @ VZ, VZ.T @ Y, rcond=1e-12)[0]
        weights = cho_solve(V, Y - Z @ coefficients)
        residual = case.Y[test] - basis[test] @ coefficients - case.K[np.ix_(test, train)] @ weights
    return folds.project_out(folds.unseen(basis, train, test), residual)


def brute_force(case: Case) -> dict[str, np.ndarray]:
    basis = folds.orthonormal(case.Z)
    numbers = {kind: np.zeros(shape) for kind, shape in case.shapes().items()}
    for f, inner in enumerate(case.inner):
        train, test = np.flatnonzero(inner >= 0), np.flatnonzero(inner < 0)
        numbers["covariates-only error"][f] = (refit_residual(case, basis, train, test, np.inf) ** 2).sum(0)
        for l, penalty in enumerate(PENALTIES):
            numbers["error"][f, l] = (refit_residual(case, basis, train, test, penalty) ** 2).sum(0)
            for j in range(case.n_inner):
                validation, rest = np.flatnonzero(inner == j), np.flatnonzero((inner >= 0) & (inner != j))
                squares = (refit_residual(case, basis, rest, validation, penalty) ** 2).sum(0)
                numbers["criterion"][f, l] += squares / (len(validation) * case.n_inner)
    return numbers


def people(n: int, p: int, rng: np.random.Generator) -> np.ndarray:
    """standardised genotypes of unrelated people, n x p"""
    frequency = rng.uniform(0.05, 0.5, p)
    return (rng.binomial(2, frequency, (n, p)) - 2 * frequency) / np.sqrt(2 * frequency * (1 - frequency))


def mice(n: int, p: int, rng: np.random.Generator) -> np.ndarray:
    """sibships of 6 from two inbred-like founders each, drawn from four strains: strong and uneven relatedness"""
    strains = rng.binomial(1, 0.5, (4, p))
    rows = []
    for _ in range(-(-n // 6)):
        parents = rng.choice(4, (2, 2))
        for _ in range(6):
            alleles = [np.where(rng.random(p) < 0.5, strains[a], strains[b]) for a, b in parents]
            rows.append(alleles[0] + alleles[1])
    g = np.array(rows[:n], dtype=float)
    g = g[:, g.std(0) > 0]
    return (g - g.mean(0)) / g.std(0)


def even_folds(n: int, n_outer: int, n_inner: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    outer = np.sort(np.arange(n) % n_outer)
    return outer, random_inner(outer, n_outer, n_inner, rng)


def random_inner(outer: np.ndarray, n_outer: int, n_inner: int, rng: np.random.Generator) -> np.ndarray:
    inner = np.full((n_outer, len(outer)), -1)
    for f in range(n_outer):
        train = np.flatnonzero(outer != f)
        inner[f, train] = rng.permutation(np.arange(len(train)) % n_inner)
    return inner


def uneven_folds(n: int, n_outer: int, n_inner: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    outer = np.sort(np.minimum(rng.geometric(0.35, n) - 1, n_outer - 1))
    outer[:n_outer] = np.arange(n_outer)
    outer = np.sort(outer)
    inner = np.full((n_outer, n), -1)
    for f in range(n_outer):
        train = np.flatnonzero(outer != f)
        crowded = rng.integers(0, n_inner, len(train) - n_inner) // 2
        inner[f, train] = rng.permutation(np.r_[np.arange(n_inner), crowded])
    return outer, inner


def make_case(name: str, X: np.ndarray, c: int, folds_of: Callable, rng: np.random.Generator, T: int = 6) -> Case:
    n = len(X)
    outer, inner = folds_of(n, 5, 4, rng)
    Z = np.column_stack([np.ones(n), 20 + 60 * rng.random((n, c - 1))])
    effects = rng.standard_normal((X.shape[1], T)) / np.sqrt(X.shape[1])
    Y = 7 + Z @ rng.standard_normal((c, T)) + X @ effects * np.arange(T) / T + rng.standard_normal((n, T))
    return Case(name, X @ X.T / X.shape[1], Z, Y, outer, inner, 4)


def add_site(case: Case, members: np.ndarray) -> Case:
    case.Z = np.column_stack([case.Z, np.isin(np.arange(len(case.Z)), members).astype(float)])
    return case


def cases(rng: np.random.Generator) -> list[Case]:
    """the last ones have sites that no training row, or no inner training row, has seen"""
    found = [
        make_case("people, p > n, intercept", people(120, 1500, rng), 1, even_folds, rng),
        make_case("people, p > n, 4 covariates", people(121, 1500, rng), 4, even_folds, rng),
        make_case("people, p < n, 4 covariates", people(150, 60, rng), 4, even_folds, rng),
        make_case("people, p > n, 12 covariates", people(160, 2000, rng), 12, even_folds, rng),
        make_case("people, uneven folds, 4 covariates", people(140, 1500, rng), 4, uneven_folds, rng),
        make_case("mice, p > n, intercept", mice(132, 1500, rng), 1, even_folds, rng),
        make_case("mice, p < n, 12 covariates", mice(150, 80, rng), 12, even_folds, rng),
        make_case("mice, uneven folds, 12 covariates", mice(140, 900, rng), 12, uneven_folds, rng),
    ]
    for kind, genotypes in (("people", people), ("mice", mice)):
        def related(what: str) -> Case:
            return make_case(f"{kind}, {what}", genotypes(130, 1200, rng), 4, even_folds, rng)

        case = related("a site wholly in one outer fold")
        found.append(add_site(case, np.flatnonzero(case.outer == 2)[:9]))
        case = related("a site that is one outer fold")
        found.append(add_site(case, np.flatnonzero(case.outer == 2)))
        case = related("a site wholly in one inner fold of two outer folds")
        site = np.flatnonzero(case.outer == 0)[:7]
        case.inner[1, site] = 2
        case.inner[3, site] = 0
        found.append(add_site(case, site))
        case = related("a site in one outer fold and one inner fold beside it")
        site = np.r_[np.flatnonzero(case.outer == 0)[:4], np.flatnonzero(case.outer == 4)[-5:]]
        case.inner[0, site[4:]] = 1
        case.inner[4, site[:4]] = 3
        found.append(add_site(case, site))
        found.append(alone_at_their_sites(related("folds of people who are each alone at a site"), rng))
    return found


def alone_at_their_sites(case: Case, rng: np.random.Generator) -> Case:
    """Two people, who are outer fold 2, an inner fold of outer fold 0, and one of them an inner fold of outer fold 4: nothing is left to predict there."""
    alone = np.flatnonzero(case.outer == 2)[:2]
    case.outer[alone[1] + 1 :] = np.maximum(case.outer[alone[1] + 1 :], 3)
    case.inner = random_inner(case.outer, 5, 4, rng)
    case.inner[0, case.inner[0] == 1] = 2
    case.inner[0, alone] = 1
    case.inner[4, case.inner[4] == 3] = 0
    case.inner[4, alone] = [3, 1]
    for person in alone:
        add_site(case, np.array([person]))
    return case


def run_driver(driver: str, case: Case, folder: Path) -> dict[str, dict[str, np.ndarray]]:
    """float32 or double -> kind -> numbers"""
    case.write(folder / "input")
    command = [driver, str(folder / "input"), str(folder / "output")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{driver}: {case.name}: exit {done.returncode}: {done.stderr.strip()}")
    values = np.fromfile(folder / "output", dtype="<f8")
    expected = 2 * sum(int(np.prod(shape)) for shape in case.shapes().values())
    if values.size != expected:
        raise SystemExit(f"{driver}: {case.name}: {values.size} numbers written, expected {expected}")
    found: dict[str, dict[str, np.ndarray]] = {}
    first = 0
    for precision in ("double", "float32"):
        found[precision] = {}
        for kind, shape in case.shapes().items():
            size = int(np.prod(shape))
            found[precision][kind] = values[first: first + size].reshape(shape)
            first += size
    return found


def compare(case: Case, driver: str, folder: Path) -> int:
    """prints one line; returns the number of mismatches"""
    expected, found = brute_force(case), run_driver(driver, case, folder)
    worst: dict[str, float] = {}
    n_mismatches = 0
    for precision, kinds in found.items():
        worst[precision] = 0.0
        for kind, numbers in kinds.items():
            # where nothing is left to score both are 0, up to rounding
            floor = 1e-12 if precision == "double" else 1e-6
            relative = np.abs(numbers - expected[kind]) / np.maximum(expected[kind], floor * expected[kind].max())
            if precision == "float32" and relative.ndim == 3:  # inv(P_oo) multiplies the rounding of P y, the more the smaller the penalty
                relative /= np.maximum(1, 5e-3 / PENALTIES)[:, None]
            relative[~np.isfinite(relative)] = np.inf
            worst[precision] = max(worst[precision], float(relative.max()))
            if relative.max() > TOLERANCE[precision]:
                at = np.unravel_index(int(relative.argmax()), relative.shape)
                penalty = f", penalty {PENALTIES[at[1]]:g}" if len(at) == 3 else ""
                print(f"MISMATCH {case.name}: {precision} {kind} of target {at[-1]} in outer fold {at[0]}{penalty}: "
                      f"{numbers[at]:.17g}, expected {expected[kind][at]:.17g}: {relative.max():.1e} relative (at small penalties less), "
                      f"allowed {TOLERANCE[precision]:g}")
                n_mismatches += 1
    print(f"{case.name}: largest relative difference {worst['double']:.1e} in double, "
          f"{worst['float32']:.1e} in float32")
    return n_mismatches


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("driver", help="program built from deletion_driver.c")
    arguments = parser.parse_args()
    rng = np.random.default_rng(20)
    with tempfile.TemporaryDirectory() as folder:
        n_mismatches = sum(compare(case, arguments.driver, Path(folder)) for case in cases(rng))
    print(f"{n_mismatches} mismatches")
    sys.exit(1 if n_mismatches else 0)


if __name__ == "__main__":
    main()
