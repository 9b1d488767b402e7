#!/usr/bin/python3
"""Every shift of every orbit, and permutations drawn one by one, against quadratic forms of a refit of every fold (see README.md).

Each study is run with permutations in orbits and drawn one by one. Forms are made once by refits of the identity's columns
(forms_oracle.py); what stands at whose place follows from what the campaign says of its rings. A score may differ by the target's
tolerance, which the campaign has; where two penalties' criteria tie, either may have been chosen. One target has 2 % cases,
another an outlier of 30 standard deviations, in every study. p and p_fwer are counted again from these scores; what may count or
not is what may differ: a tolerance that swallows the observed score does not pass.
"""
import argparse
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np

import campaign as campaign_file
import deletion_oracle
import forms_oracle
import plink
import study
from study import Population, Study

TIE = 3e-7     # of a criterion's mean eigenvalue times |y|^2: rounding of single precision
OPEN = 0.1    # of the scores may lie so near to the observed one that rounding decides which of them count
DOUBT = 2e-5    # of a baseline's scale: smaller ones may be taken for none (ORBIT_SCORE_ZERO is 5e-6 of about the same)
SMALL = 2e-6   # of its scale: what rounding does to a baseline
SINGLE = 2e-5  # permutations drawn one by one, of ordinary targets
COVARIATES = {"columns": ["age", "sex"], "categorical": ["site"]}
FOLDS = {"outer_folds": 5, "inner_folds": 4}
GRID = {"from": 0.05, "to": 50.0, "count": 4}


@dataclass
class OrbitCase:
    people: Population
    sections: dict
    n_orbits: int = 2
    blocks: tuple[int, ...] = ()    # people of each exchangeability block, in the order of the .fam; the column "block"
    site_in_one_fold: bool = False  # folds.tsv has all of one site in fold 1
    leaves_blocks_out: bool = False  # blocks are the outer folds; the first target has no values in one of them


def people(n: int, targets: int = 4, **more: int) -> Population:
    return Population(n, 500, targets=targets, signal_targets=min(targets, 2), covariates=True, seed=n, **more)


def sections(**more: dict) -> dict:
    return {"model": {**FOLDS, "penalties": GRID}, "covariates": COVARIATES, **more}


def left_out(covariates: dict, **model: str) -> dict:
    """each block is a test set, and people are exchanged inside: 0/1 targets have no case in most of them under any permutation"""
    return sections(model={"outer_folds": {"column": "block", "table": "{folder}/covariates.tsv"}, "inner_folds": 4, "penalties": GRID, **model},
                    covariates=covariates, permutations={"within": "block"}, targets={"missing": "mean", "max_missing_per_target": 0.2})


BLOCK, AGE = {"categorical": ["block"]}, {"columns": ["age"], "categorical": ["block"]}
LEFT_OUT = {"covariates": left_out(BLOCK), "covariates, pooled-r2": left_out(BLOCK, score="pooled-r2"), "age": left_out(AGE),
            "test-mean": left_out({}, baseline="test-mean"), "test-mean, pooled-r2": left_out({}, baseline="test-mean", score="pooled-r2"),
            "test-mean, age": left_out(AGE, baseline="test-mean")}
WITHIN = {"permutations": {"within": "block"}, "covariates": {"columns": ["age"], "categorical": ["site", "block"]}}
CASES = {
    "free": OrbitCase(people(120), sections()),
    "three unequal sites, rings of one length": OrbitCase(people(120), sections(**WITHIN), 3, blocks=(53, 40, 27)),
    "three unequal sites, each a ring": OrbitCase(people(120), sections(**WITHIN), blocks=(48, 43, 29)),
    "ten strata": OrbitCase(people(120), sections(**WITHIN), 12, blocks=(12,) * 10),
    "a prime number of people": OrbitCase(people(113), sections()),
    "41 penalties": OrbitCase(people(100), sections(model={**FOLDS, "penalties": {**GRID, "count": 41}})),
    "12 covariates": OrbitCase(people(120), sections(covariates={**COVARIATES, "genetic_pcs": 7})),
    "a lost site": OrbitCase(people(120), sections(model={"outer_folds": {"column": "fold", "table": "{folder}/folds.tsv"}, "inner_folds": 4,
                                                          "penalties": GRID}), site_in_one_fold=True),
    "test-mean, pooled-r2": OrbitCase(people(120), sections(model={**FOLDS, "penalties": GRID, "baseline": "test-mean", "score": "pooled-r2"})),
    **{f"blocks left out, {name}": OrbitCase(people(96), how, 12, blocks=(12,) * 8, leaves_blocks_out=True) for name, how in LEFT_OUT.items()},
    "test sets of three, test-mean": OrbitCase(people(60, 1), sections(model={**FOLDS, "penalties": GRID, "outer_folds": 20, "baseline": "test-mean"}), 4),
    "one target": OrbitCase(people(100, 1), sections()),
    "2,500 targets": OrbitCase(people(60, 2500), sections()),
}


def rewrite(path: Path, change) -> None:
    header, *rows = [line.split("\t") for line in path.read_text().splitlines()]
    for k, row in enumerate(rows):
        change(k, header, row)
    path.write_text("".join("\t".join(row) + "\n" for row in [header, *rows]))


def block_of(case: OrbitCase, k: int) -> int:
    return int(np.searchsorted(np.cumsum(case.blocks), k, side="right"))


def prepare(case: OrbitCase, folder: Path) -> Path:
    path = study.write(Study(case.people, 1, case.sections), folder)
    n = case.people.subjects

    def odd_targets(k: int, header: list[str], row: list[str]) -> None:
        if len(header) > 3:
            row[3] = str(int(k % 50 == 7))  # 2 % cases
            row[4] = str(float(row[4]) + (30 if k == n // 3 else 0))
        if case.leaves_blocks_out and block_of(case, k) == 3:
            row[2] = "NA"

    def add_block(k: int, header: list[str], row: list[str]) -> None:
        if k == 0:
            header.append("block")
        row.append(str(block_of(case, k)))

    rewrite(folder / "targets.tsv", odd_targets)
    if case.blocks:
        rewrite(folder / "covariates.tsv", add_block)
    if case.site_in_one_fold:
        rows = [line.split("\t") for line in (folder / "covariates.tsv").read_text().splitlines()[1:]]
        folds = [1 if row[4] == rows[0][4] else k % 4 + 2 for k, row in enumerate(rows)]
        (folder / "folds.tsv").write_text("FID\tIID\tfold\n" + "".join(f"{row[0]}\t{row[1]}\t{fold}\n" for row, fold in zip(rows, folds)))
    return path


def run(arete: str, path: Path, method: str, count: int) -> Path:
    folder = path.parent / method
    sets = (f"permutations.method={method}", f"permutations.count={count}", f"output={folder}")
    done = subprocess.run([arete, "run", str(path), *(part for one in sets for part in ("--set", one))], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"arete run: exit {done.returncode}: {done.stderr.strip()}")
    return folder / "campaign.h5"


def all_orders(path: Path, arete: str, n_orbits: int) -> np.ndarray:
    """(orbits x shifts) x n, as `arete permutation` would print them one after the other"""
    with h5py.File(path) as file:
        subject, source = file["permutation/subject"][:], file["permutation/source"][:]
        shifts, identity = (int(file["permutation/method"].attrs[key]) for key in ("shifts", "identity"))
    orders, here = [], subject >= 0
    for orbit in range(n_orbits):
        done = subprocess.run([arete, "permutation", str(path), str(orbit), str(identity)], capture_output=True, text=True, check=True)
        arrangement = np.array(done.stdout.split(), dtype=int)
        for shift in range(shifts):
            order = arrangement.copy()
            order[subject[here]] = arrangement[np.roll(source, -shift, axis=1)[here]]
            orders.append(order)
    return np.array(orders)


def single_orders(found: campaign_file.Campaign, arete: str) -> np.ndarray:
    return np.array([found.permutation(arete, number) for number in found.numbers])


@dataclass
class Ranges:
    """permutations x targets: the lowest and the highest score that each may have, and how far off single precision may leave it.
    Infinite where it may take a small baseline for none, or the other way about"""
    low: np.ndarray
    high: np.ndarray
    off: np.ndarray


def rounding(found: campaign_file.Campaign, baseline: np.ndarray, low: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """of one target's scores: which are in doubt, and what is beside the tolerance, which speaks for shifts that the observed score
    may tie with: r2 of a test set with next to no variance is far below 0, and not known as well"""
    n_test = (found.inner < 0).sum(1)[:, None]
    zero = baseline <= forms_oracle.ZERO * n_test
    scale = np.maximum(np.sqrt((baseline ** 2).mean(1, keepdims=True)), n_test * found.covariates.shape[1] / len(found.covariates))
    relative = scale / np.where(zero, np.inf, baseline)
    return (relative > 1 / DOUBT).any(0), SMALL * np.abs(low) * relative.max(0)


def score_ranges(found: campaign_file.Campaign, orders: np.ndarray, targets: np.ndarray) -> Ranges:
    model = found.study.get("model") or {}
    case = deletion_oracle.Case("", found.gram, found.covariates, found.residual, found.outer, found.inner, int(found.inner.max()) + 1)
    forms_case = forms_oracle.FormsCase(case, found.penalties, test_mean=model.get("baseline") == "test-mean", pooled=model.get("score") == "pooled-r2")
    refitted = forms_oracle.refitted_forms(forms_case)
    by_nodes = len(found.penalties) > 5
    slack = TIE + (2e-5 if by_nodes else 0)  # nodes leave out penalty_tolerance, 1e-5 unless the study says otherwise
    lows, highs, offs = [], [], []
    for t in targets:
        Y = found.residual[:, t][orders].T
        low, high = forms_oracle.score_range(forms_case, refitted, Y, slack)
        doubt, off = rounding(found, np.einsum("it,fij,jt->ft", Y, refitted[2], Y, optimize=True), low)
        off = off * (not forms_case.pooled) + found.tolerance[t] + (2e-5 if by_nodes else 0) + (0 if found.shifts else SINGLE)
        doubt &= not forms_case.pooled
        lows.append(np.where(doubt, -np.inf, low))
        highs.append(np.where(doubt, np.inf, high))
        offs.append(off)
    return Ranges(np.array(lows).T, np.array(highs).T, np.array(offs).T)


def used(found: np.ndarray, ranges: Ranges) -> np.ndarray:
    """of each target, how far its scores are outside at most, as a share of how far they may be"""
    return (np.maximum(ranges.low - found, found - ranges.high) / ranges.off).max(axis=0)


def recount(found: campaign_file.Campaign, observed: np.ndarray, ranges: Ranges) -> list[str]:
    """p and p_fwer of all targets against what exact scores leave possible. observed: low, high and off of the data as they are. A
    permutation in an orbit that ties with the observed score must count; drawn one by one, rounding may decide"""
    header, rows = plink.read_table(str(found.path.parent / "results.tsv"))
    beside, count, problems = 0 if found.shifts else 1, len(ranges.low), []
    low, high, off = observed
    sure = ranges.low - ranges.off >= high + off
    ties = (ranges.low == ranges.high) & (ranges.low >= low - 1e-9) & (ranges.low <= low + 1e-9) & (low == high) & (found.shifts > 0)
    may = ranges.high + ranges.off >= low - off - found.tolerance
    fwer_sure = (ranges.low - ranges.off).max(1, keepdims=True) >= high + off
    fwer_may = (ranges.high + ranges.off).max(1, keepdims=True) >= low - off - found.tolerance
    for kind, counts, may_count in (("p", sure | ties, may), ("p_fwer", fwer_sure | ties, fwer_may)):
        least, most = ((beside + of.sum(0)) / (beside + count) for of in (counts, may_count))
        p = np.array([float(row[header.index(kind)]) for row in rows])
        problems += [f"{kind} of {found.targets[t]} is {p[t]:g}, not within {least[t]:g} ... {most[t]:g}"
                     for t in np.flatnonzero(~((p >= least * (1 - 1e-5)) & (p <= most * (1 + 1e-5))))]
        problems += [f"{kind} of {found.targets[t]} is open between {least[t]:g} and {most[t]:g}" for t in np.flatnonzero(most - least > OPEN)]
    return problems


def check(name: str, arete: str, folder: Path) -> int:
    case = CASES[name]
    path = prepare(case, folder)
    found = campaign_file.read(str(run(arete, path, "orbits", 1)))
    shifts = found.shifts
    found = campaign_file.read(str(run(arete, path, "orbits", shifts * case.n_orbits)))
    single = campaign_file.read(str(run(arete, path, "independent", 30)))
    targets = np.unique(np.linspace(0, len(found.targets) - 1, 4).astype(int)) if len(found.targets) > 4 else np.arange(len(found.targets))
    orders = all_orders(found.path, arete, case.n_orbits)
    problems = []
    ranges, single_ranges = score_ranges(found, orders, targets), score_ranges(single, single_orders(single, arete), targets)
    in_orbits, one_by_one = used(found.null[:, targets], ranges), used(single.null[:, targets], single_ranges)
    if len(orders) != shifts * case.n_orbits or len({tuple(order) for order in orders}) < len(orders) - 1:
        problems.append("orders repeat")
    if not np.array_equal(orders[found.identity], np.arange(orders.shape[1])):
        problems.append("the identity is not where the campaign says")
    if not all(np.array_equal(found.block[order], found.block) for order in orders):
        problems.append("people leave their block")
    problems += [f"{method}: {found.targets[t]} is off by {share[k]:.2f} of what it may be"
                 for method, share in (("orbits", in_orbits), ("drawn one by one", one_by_one)) for k, t in enumerate(targets) if not share[k] <= 1]
    if len(targets) == len(found.targets):
        of_single = score_ranges(single, np.arange(orders.shape[1])[None], targets)
        problems += [f"orbits: {problem}" for problem in recount(found, np.array([of[found.identity] for of in (ranges.low, ranges.high, ranges.off)]), ranges)]
        problems += [f"drawn one by one: {problem}" for problem in recount(single, np.array([of_single.low[0], of_single.high[0], of_single.off[0]]), single_ranges)]
    for problem in problems:
        print(f"MISMATCH {name}: {problem}")
    print(f"{name}: {len(orders)} permutations in {case.n_orbits} orbits; of the tolerance at most {in_orbits.max():.2f} used; "
          f"tolerances {found.tolerance[targets].min():.1e} to {found.tolerance[targets].max():.1e}; 30 drawn one by one use {one_by_one.max():.2f}", flush=True)
    return len(problems)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--arete", required=True, help="the program")
    parser.add_argument("--case", nargs="+", choices=CASES, default=list(CASES))
    arguments = parser.parse_args()
    n_mismatches = 0
    for name in arguments.case:
        with tempfile.TemporaryDirectory(prefix="arete-orbits-") as folder:
            n_mismatches += check(name, arguments.arete, Path(folder))
    print(f"{n_mismatches} mismatches")
    sys.exit(1 if n_mismatches else 0)


if __name__ == "__main__":
    main()
