#!/usr/bin/python3
"""Are p-values right when there is nothing to be found? Simulated studies, run with `arete run`: see README.md."""
import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from scipy.stats import binom

import study
from study import Outcome, Population, Study

LEVEL = 0.05
N_PERMUTATIONS = 199  # p <= .05 then has a chance of exactly .05
CONFIDENCE = 0.999
WARNING = "genetics from shared environment"
SMALL_MODEL = {"outer_folds": 5, "inner_folds": 3, "penalties": [0.3, 3, 30]}


def run_one(arete: str, make: Callable[[int], Study], seed: int) -> Outcome:
    with tempfile.TemporaryDirectory(prefix="arete-calibration-") as folder:
        return study.run(arete, study.write(make(seed), Path(folder)))


def run_all(arete: str, make: Callable[[int], Study], count: int, jobs: int) -> list[Outcome]:
    with ThreadPoolExecutor(jobs) as pool:
        return list(pool.map(lambda seed: run_one(arete, make, seed), range(1, count + 1)))


def distance_from_uniform(counts: np.ndarray) -> np.ndarray:
    """Kolmogorov-Smirnov distance on the grid k/(N+1): counts[..., k-1] p-values are k/(N+1)"""
    cells = counts.shape[-1]
    share = np.cumsum(counts, axis=-1) / counts.sum(axis=-1, keepdims=True)
    return np.abs(share - np.arange(1, cells + 1) / cells).max(axis=-1)


def uniformity(p: np.ndarray, n_permutations: int) -> tuple[float, float]:
    """(distance, its p-value by simulation on the same discrete grid)"""
    cells = n_permutations + 1
    found = distance_from_uniform(np.bincount(np.rint(p * cells).astype(int) - 1, minlength=cells))
    null = distance_from_uniform(np.random.default_rng(0).multinomial(len(p), np.full(cells, 1 / cells), size=20000))
    return float(found), float((1 + (null >= found - 1e-12).sum()) / (1 + len(null)))


def say(holds: bool, line: str) -> None:
    print(line if holds else f"MISMATCH {line}", flush=True)


def judge(what: str, rejections: int, count: int, two_sided: bool) -> bool:
    upper = int(binom.ppf(CONFIDENCE, count, LEVEL))
    lower = int(binom.ppf(1 - CONFIDENCE, count, LEVEL)) if two_sided else 0
    holds = lower <= rejections <= upper
    say(holds, f"{what}: {rejections} of {count} at {LEVEL:g} or below ({rejections / count:.3f}); allowed {lower}-{upper}")
    return holds


def null_targets(arete: str, count: int, jobs: int) -> bool:
    """independent targets without signal, with covariates, permuted within sites: p is uniform"""
    del jobs
    sections = {
        "covariates": {"columns": ["age", "sex"], "categorical": ["site"]},
        "permutations": {"count": N_PERMUTATIONS, "within": "site"},
        "model": SMALL_MODEL,
    }
    people = Population(200, 500, targets=count, covariates=True)
    outcome = run_one(arete, lambda _: Study(people, N_PERMUTATIONS, sections), 1)
    distance, p = uniformity(np.array(outcome.column("p")), N_PERMUTATIONS)
    holds = p >= 1 - CONFIDENCE
    say(holds, f"null targets: {count} p-values, Kolmogorov-Smirnov distance {distance:.3f}, p = {p:.4f}; allowed from "
               f"{1 - CONFIDENCE:.3f}")
    return holds


def family_wise(arete: str, count: int, jobs: int) -> bool:
    """any of 20 null targets below .05 family-wise, in .05 of the studies"""
    def make(seed: int) -> Study:
        return Study(Population(100, 300, targets=20, seed=seed), N_PERMUTATIONS, {"model": SMALL_MODEL})

    outcomes = run_all(arete, make, count, jobs)
    rejections = sum(min(outcome.column("p_fwer")) <= LEVEL for outcome in outcomes)
    return judge("family-wise error", rejections, count, two_sided=True)


def sibships(arete: str, count: int, jobs: int) -> bool:
    """siblings who share an environment and no SNP effect: free permutation warns; keeping families together, or permuting
    inside them, holds .05. (Together is not exact: siblings in one test set are not independent; see README.md.)"""
    model = {**SMALL_MODEL, "outer_folds": 10}

    def make(seed: int, **sections: dict) -> Study:
        people = Population(200, 400, families=4, targets=1, shared_environment=0.3, covariates=True, seed=seed)
        plain = {"covariates": {"columns": ["age", "sex"]}, "model": model}
        return Study(people, N_PERMUTATIONS, {**plain, **sections})

    n_free = max(1, count // 20)
    free = run_all(arete, make, n_free, jobs)
    n_warned = sum(WARNING in outcome.messages for outcome in free)
    n_fooled = sum(outcome.column("p")[0] <= LEVEL for outcome in free)
    holds = n_warned == n_free and n_fooled > 0
    say(holds, f"sibships, split over folds, permuted freely: {n_warned} of {n_free} runs warn, all must; "
               f"{n_fooled} fall into the trap, some must")
    together = {"model": {**model, "keep_together": "family"}}
    within = {"permutations": {"count": N_PERMUTATIONS, "within": "family"}}
    for what, sections, two_sided in (("keep_together: family", together, False), ("within: family", within, True)):
        outcomes = run_all(arete, lambda seed: make(seed, **sections), count, jobs)
        rejections = sum(outcome.column("p")[0] <= LEVEL for outcome in outcomes)
        holds &= judge(f"sibships, {what}", rejections, count, two_sided)
    return holds


def unrelated(arete: str, count: int, jobs: int) -> bool:
    """sibships that share half of the variance and 20 targets, one sibling of each kept: any p_fwer <= .05 in .05 of the
    studies. (With keep_together and free permutation it is .28; see README.md.)"""
    def make(seed: int) -> Study:
        people = Population(240, 1500, families=4, targets=20, shared_environment=0.5, seed=seed)
        return Study(people, N_PERMUTATIONS, {"genotypes": {"max_relatedness": 0.2}, "model": SMALL_MODEL})

    outcomes = run_all(arete, make, count, jobs)
    rejections = sum(min(outcome.column("p_fwer")) <= LEVEL for outcome in outcomes)
    holds = judge("sibships, max_relatedness, p_fwer", rejections, count, two_sided=True)
    each = sum(p <= LEVEL for outcome in outcomes for p in outcome.column("p"))
    holds &= judge("sibships, max_relatedness, p of each target", each, 20 * count, two_sided=True)
    whole = all(n == 60 for outcome in outcomes for n in outcome.column("n"))
    say(whole, "sibships, max_relatedness: 60 of 240 people kept, one of each sibship" if whole else "others than one of each sibship kept")
    return holds and whole


PARTS = {"null-targets": null_targets, "family-wise": family_wise, "sibships": sibships, "unrelated": unrelated}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--arete", required=True, help="the program")
    parser.add_argument("--part", choices=PARTS, nargs="+", default=list(PARTS), help="default: all")
    parser.add_argument("--targets", type=int, default=300, help="null-targets: how many (default 300)")
    parser.add_argument("--studies", type=int, default=400, help="family-wise: how many (default 400)")
    parser.add_argument("--data-sets", type=int, default=200, help="sibships: how many (default 200); unrelated: half as many")
    parser.add_argument("--jobs", type=int, default=2, help="runs at once, one worker each (default 2)")
    arguments = parser.parse_args()
    counts = {"null-targets": arguments.targets, "family-wise": arguments.studies, "sibships": arguments.data_sets,
              "unrelated": arguments.data_sets // 2}
    all_hold = True
    for part in arguments.part:
        start = time.monotonic()
        all_hold &= PARTS[part](arguments.arete, counts[part], arguments.jobs)
        print(f"  {part}: {time.monotonic() - start:.0f} s", flush=True)
    sys.exit(0 if all_hold else 1)


if __name__ == "__main__":
    main()
