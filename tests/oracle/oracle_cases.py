#!/usr/bin/python3
"""Small simulated studies of every kind, run with `arete run`, recomputed by scikit_oracle.py and plink2_gram.py: see README.md."""
import argparse
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import study
from study import Population, Study

HERE = Path(__file__).resolve().parent
PEOPLE = Population(160, 900, chromosomes=3, missing=0.02, targets=5, signal_targets=3, covariates=True, seed=7)
PLAIN = {"outer_folds": 6, "inner_folds": 4, "penalties": {"from": 0.01, "to": 100.0, "count": 5}}
COVARIATES = {"columns": ["age", "sex"], "categorical": ["site"]}
FILTERS = {"min_allele_frequency": 0.08, "max_missing_per_snp": 0.03}


@dataclass
class Case:
    study: Study
    blank_targets: bool = False   # some values of T2 become NA
    crowded_blanks: bool = False  # nobody in the second given fold has a T2, and few in the third a T3
    rare_cases: bool = False      # T1 to T3 become 0/1: so few cases that test sets are without one
    site_in_one_fold: bool = False  # writes folds.tsv with all of one site in fold 1
    outlier: bool = False         # somebody's age is wrong by far
    in_orbits: bool = False       # its permutations are refitted in orbits as well as drawn one by one


def case(people: Population = PEOPLE, **sections: dict) -> Study:
    return Study(people, 20, {"genotypes": FILTERS, "model": PLAIN, **sections})


def with_model(**changes: object) -> dict:
    return {**PLAIN, **changes}


SIBLINGS = Population(160, 900, families=8, targets=5, signal_targets=3, shared_environment=0.2, covariates=True, seed=8)
FEW_PEOPLE = Population(90, 300, targets=3, signal_targets=2, covariates=True, seed=10)
FEW_SNPS = Population(160, 90, targets=4, signal_targets=2, covariates=True, seed=9)
GIVEN_FOLDS = {"column": "fold", "table": "{folder}/folds.tsv"}
CASES = {
    "intercept": Case(case()),
    "test-mean": Case(case(model=with_model(baseline="test-mean"))),
    "constant-test-sets": Case(case(model=with_model(baseline="test-mean")), rare_cases=True),
    "constant-test-sets-pooled": Case(case(model=with_model(baseline="test-mean", score="pooled-r2")), rare_cases=True, in_orbits=True),
    "covariates-within-site": Case(case(permutations={"within": "site"}, covariates=COVARIATES), in_orbits=True),
    "genetic-pcs-heritability": Case(case(covariates={**COVARIATES, "genetic_pcs": 3},
                                          model={"outer_folds": 6, "inner_folds": 4})),
    "sample-pooled-test-mean": Case(case(covariates=COVARIATES, genotypes={**FILTERS, "scale": "sample"},
                                         model=with_model(score="pooled-r2", baseline="test-mean"))),
    "unscaled": Case(case(genotypes={**FILTERS, "scale": "none"}, covariates=COVARIATES)),
    "more-subjects-than-snps": Case(case(people=FEW_SNPS, covariates=COVARIATES)),
    "outlying-covariate": Case(case(covariates=COVARIATES), outlier=True),
    "missing-mean": Case(case(targets={"missing": "mean"}, covariates=COVARIATES), blank_targets=True),
    "missing-crowded": Case(case(targets={"missing": "mean", "max_missing_per_target": 0.3}, covariates=COVARIATES,
                                 model=with_model(outer_folds=GIVEN_FOLDS)), site_in_one_fold=True, crowded_blanks=True),
    "missing-mean-test-mean": Case(case(targets={"missing": "mean"}, model=with_model(baseline="test-mean", score="pooled-r2")), blank_targets=True),
    "missing-drop-subject": Case(case(targets={"missing": "drop-subject"}, covariates=COVARIATES), blank_targets=True),
    "families-together": Case(case(people=SIBLINGS, model=with_model(keep_together="family"), covariates=COVARIATES)),
    # every family a covariate that stands wholly in one outer fold, and in one inner fold beside the others
    "unseen-families": Case(case(people=SIBLINGS, model=with_model(keep_together="family"),
                                 covariates={"columns": ["age"], "categorical": ["family"]})),
    "unseen-site": Case(case(covariates=COVARIATES, model=with_model(outer_folds=GIVEN_FOLDS)), site_in_one_fold=True, in_orbits=True),
    # a site wholly in a test set beside others
    "unseen-site-test-mean": Case(case(people=FEW_PEOPLE, covariates=COVARIATES, targets={"missing": "mean"},
                                       model=with_model(outer_folds=GIVEN_FOLDS, baseline="test-mean")), site_in_one_fold=True, blank_targets=True),
}


def blank_targets(folder: Path) -> None:
    lines = (folder / "targets.tsv").read_text().splitlines()
    for k in range(1, len(lines), 23):
        fields = lines[k].split("\t")
        fields[3] = "NA"
        lines[k] = "\t".join(fields)
    (folder / "targets.tsv").write_text("\n".join(lines) + "\n")


def crowd_blanks(folder: Path) -> None:
    fold = {tuple(line.split("\t")[:2]): line.split("\t")[2] for line in (folder / "folds.tsv").read_text().splitlines()}
    lines = [line.split("\t") for line in (folder / "targets.tsv").read_text().splitlines()]
    for k, row in enumerate(lines):
        label = fold[tuple(row[:2])]
        if label == "2":
            row[3] = "NA"
        if label == "3" and k % 4:
            row[4] = "NA"
    (folder / "targets.tsv").write_text("".join("\t".join(row) + "\n" for row in lines))


def make_rare(folder: Path) -> None:
    """The people with the largest values of the first three targets become cases: 16, 8 and 4 of 160 in 6 folds."""
    lines = [line.split("\t") for line in (folder / "targets.tsv").read_text().splitlines()]
    for column, n_cases in ((2, 16), (3, 8), (4, 4)):
        threshold = sorted((float(row[column]) for row in lines[1:]), reverse=True)[n_cases - 1]
        for row in lines[1:]:
            row[column] = str(int(float(row[column]) >= threshold))
    (folder / "targets.tsv").write_text("".join("\t".join(row) + "\n" for row in lines))


def misplace_age(folder: Path) -> None:
    """Of the people who are left when this one is tested, the covariate's direction has nearly nothing"""
    lines = [line.split("\t") for line in (folder / "covariates.tsv").read_text().splitlines()]
    lines[40][lines[0].index("age")] = "200000"
    (folder / "covariates.tsv").write_text("".join("\t".join(row) + "\n" for row in lines))


def write_folds(folder: Path) -> None:
    rows = [line.split("\t") for line in (folder / "covariates.tsv").read_text().splitlines()[1:]]
    folds = [1 if row[4] == rows[0][4] else k % 5 + 1 for k, row in enumerate(rows)]
    lines = ["FID\tIID\tfold"] + [f"{row[0]}\t{row[1]}\t{fold}" for row, fold in zip(rows, folds)]
    (folder / "folds.tsv").write_text("\n".join(lines) + "\n")


def check(name: str, arete: str, folder: Path) -> tuple[bool, str]:
    """Whether a case agrees, and what the programs said."""
    chosen = CASES[name]
    path = study.write(chosen.study, folder)
    if chosen.site_in_one_fold:
        write_folds(folder)
    if chosen.blank_targets:
        blank_targets(folder)
    if chosen.crowded_blanks:
        crowd_blanks(folder)
    if chosen.rare_cases:
        make_rare(folder)
    if chosen.outlier:
        misplace_age(folder)
    campaign = str(study.run(arete, path, "independent").folder / "campaign.h5")
    commands = [[str(HERE / "scikit_oracle.py"), campaign, "--arete", arete]]
    if chosen.in_orbits:
        orbits = str(study.run(arete, path, "orbits").folder / "campaign.h5")
        commands.append([str(HERE / "scikit_oracle.py"), orbits, "--arete", arete, "--null-only"])
    if chosen.study.sections["genotypes"].get("scale") != "sample":
        commands.append([str(HERE / "plink2_gram.py"), campaign])
    environment = {"OPENBLAS_NUM_THREADS": "1", **os.environ}  # cases side by side
    done = [subprocess.run([sys.executable, *command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, env=environment)
            for command in commands]
    return all(one.returncode == 0 for one in done), "".join(one.stdout for one in done)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--arete", required=True, help="the program")
    parser.add_argument("--case", choices=CASES, nargs="+", default=list(CASES), help="default: all")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="write the studies there and leave them")
    parser.add_argument("--jobs", type=int, default=2, help="cases at once (default 2)")
    arguments = parser.parse_args()
    failed = []
    with tempfile.TemporaryDirectory(prefix="arete-oracle-") as temporary, ThreadPoolExecutor(arguments.jobs) as pool:
        home = arguments.keep.resolve() if arguments.keep else Path(temporary)
        outcomes = pool.map(lambda name: check(name, arguments.arete, home / name), arguments.case)
        for name, (agrees, said) in zip(arguments.case, outcomes):
            print(f"== {name}\n{said}", end="", flush=True)
            if not agrees:
                failed.append(name)
    agree = len(arguments.case) - len(failed)
    print(f"{agree} of {len(arguments.case)} cases agree" + (f"; not: {', '.join(failed)}" if failed else ""))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
