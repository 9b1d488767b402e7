#!/usr/bin/python3
"""Recomputes a finished campaign from its PLINK files and tables with scikit-learn, and compares: see README.md."""
import argparse
import warnings

import numpy as np

import campaign as campaign_file
import folds
import nested
import plink
import significance
from campaign import Campaign
from report import Report


def standardised_genotypes(campaign: Campaign, prefixes: list[str]) -> np.ndarray:
    """n x p"""
    scale = campaign.genotypes.get("scale", "allele-frequency")
    filesets = [plink.read_fileset(prefix) for prefix in prefixes]
    kept = [plink.kept_calls(fileset, campaign.fid, campaign.iid, campaign.genotypes)[1] for fileset in filesets]
    return plink.standardise(np.concatenate(kept), scale)


def check_gram(report: Report, campaign: Campaign, X: np.ndarray) -> None:
    gram = X @ X.T / X.shape[1]
    scale = np.abs(gram).max()
    report.near("gram, relative", f"of {X.shape[1]} SNPs", campaign.gram / scale, gram / scale, 1e-10)


def check_penalties(report: Report, campaign: Campaign) -> None:
    model = campaign.study.get("model") or {}
    given = model.get("penalties")
    if isinstance(given, dict):
        expected = np.geomspace(float(given["from"]), float(given["to"]), int(given["count"]))
    elif given is not None:
        expected = np.sort(np.array([float(value) for value in given]))
    else:
        h = np.array([float(value) for value in model.get("heritability", [0.02, 0.1, 0.25, 0.5, 0.8])])
        basis = folds.orthonormal(campaign.covariates)
        d = (np.trace(campaign.gram) - np.trace(basis.T @ campaign.gram @ basis)) / (len(basis) - basis.shape[1])
        expected = np.sort(d * (1 - h) / h)
    report.near("log of the penalties", "", np.log(campaign.penalties), np.log(expected), 1e-9)


def target_values(campaign: Campaign, prefixes: list[str]) -> np.ndarray:
    """n x T, NaN = missing"""
    section = campaign.study["targets"]
    codes = {str(code) for code in section.get("missing_codes", [])}
    if section.get("table"):
        columns = plink.read_columns(section["table"], campaign.fid, campaign.iid)
        words = [columns[name] for name in campaign.targets]
    else:
        with open(f"{prefixes[0]}.fam", encoding="utf-8") as fam:
            rows = {tuple(line.split()[:2]): line.split() for line in fam if line.strip()}
        fields = [rows[key] for key in zip(campaign.fid, campaign.iid)]
        words = [[field[section["fam_columns"][name] - 1] for field in fields] for name in campaign.targets]
    return np.array([[plink.number(word, codes) for word in column] for column in words]).T


def unit(vector: np.ndarray) -> np.ndarray:
    return vector / np.linalg.norm(vector)


def check_residual(report: Report, campaign: Campaign, prefixes: list[str]) -> None:
    """/targets/residual from the targets as the table has them; up to scale, which no score depends on"""
    values, found = target_values(campaign, prefixes), campaign.residual
    for t, name in enumerate(campaign.targets):
        observed = np.flatnonzero(np.isfinite(values[:, t]))
        expected = np.zeros(len(values))
        basis = folds.orthonormal(campaign.covariates[observed])
        expected[observed] = folds.project_out(basis, values[observed, t])
        report.near("residual, unit length", name, unit(found[:, t]), unit(expected), 1e-9)
        report.near("residual, variance", name, found[:, t] @ found[:, t] / len(found), 1.0, 0.2)
        filled = (found[:, t] == 0) & np.signbit(found[:, t])
        report.true(f"-0.0 just where a value of {name} is missing", np.array_equal(filled, np.isnan(values[:, t])))


def check_covariates(report: Report, campaign: Campaign) -> None:
    """every column and level of the table lies in the span of /covariates"""
    section = campaign.study.get("covariates") or {}
    basis = folds.orthonormal(campaign.covariates)
    report.near("intercept", "", campaign.covariates[:, 0], np.ones(len(basis)), 0)
    if not section.get("table"):
        return
    table = plink.read_columns(section["table"], campaign.fid, campaign.iid)
    quantitative = [name for pattern in section.get("columns") or [] for name in plink.expand(pattern)]
    columns = {name: np.array(table[name], dtype=float) for name in quantitative}
    for name in section.get("categorical") or []:
        labels = np.array(table[name])
        columns |= {f"{name}={level}": (labels == level).astype(float) for level in np.unique(labels)}
    for name, column in columns.items():
        outside = np.linalg.norm(folds.project_out(basis, column))
        report.near("covariates, part outside", name, outside / max(np.linalg.norm(column), 1e-300), 0, 1e-8)
    rank = folds.orthonormal(np.column_stack([np.ones(len(basis)), *columns.values()])).shape[1]
    expected = rank + int(section.get("genetic_pcs") or 0)
    report.near("covariates, rank", "", basis.shape[1], expected, 0)


def note_ties(report: Report, what: str, n_tied: int, n_folds: int, n_other: int) -> None:
    report.note(f"{what}: {n_tied} of {n_folds} folds tie within {nested.TIE:g}, {n_other} chose the other penalty")


def check_observed(report: Report, campaign: Campaign, design: nested.Design, targets: np.ndarray, values: np.ndarray) -> None:
    """the table's numbers are of the people with a value; penalties and the score that p compares are of everybody. values: n x T"""
    fits = nested.fit(design, campaign.residual[:, targets])
    n_tied = n_other = 0
    for k, t in enumerate(targets):
        mine, name = [fold[k] for fold in fits], campaign.targets[t]
        options = []
        for o, fit in enumerate(mine):
            n_tied += len(fit.options) > 1
            found = campaign.penalty_by_fold[o, t]
            match = [option for option in fit.options if np.isclose(option.penalty, found, rtol=1e-9, atol=0)]
            if not match:
                report.mismatch(f"penalty of {name} in outer fold {o}: {found:g}, expected {fit.options[0].penalty:g}")
            n_other += bool(match) and match[0] is not fit.options[0]
            options.append(match[0] if match else fit.options[0])
        report.near("r2 of everybody", name, campaign.r2_everybody[t], nested.score(mine, options, design.score), 1e-8)
        scored = [nested.of_people_with_a_value(design, nested.FoldFit([option], fit.null_residual, fit.baseline, fit.centred),
                                                np.isfinite(values[design.outer == o, t])) for o, (fit, option) in enumerate(zip(mine, options))]
        of_seen = [fit.options[0] for fit in scored]
        for o, (fit, option) in enumerate(zip(scored, of_seen)):
            report.near("r2 by fold", f"{name} in outer fold {o}", campaign.r2_by_fold[o, t], nested.fold_r2(fit, option), 1e-8)
        report.near("r2", name, campaign.r2[t], nested.score(scored, of_seen, design.score), 1e-8)
        report.near("r", name, campaign.r[t], nested.pooled_correlation(scored, of_seen), 1e-6)
        expected, _ = nested.nearest_score(mine, design.score, campaign.score[t])
        report.near("float32 score of the identity", name, campaign.score[t], expected, 1e-5)
    note_ties(report, "observed", n_tied, len(targets) * len(fits), n_other)


def check_permutations(
    report: Report, campaign: Campaign, design: nested.Design, targets: np.ndarray, orders: dict[int, np.ndarray]
) -> None:
    """`orders`: permutation number -> entry k is the subject whose targets stand at subject k"""
    everyone = np.arange(len(campaign.fid))
    for number, order in orders.items():
        if number == campaign.identity:
            report.true(f"permutation {number} is the identity", np.array_equal(order, everyone))
            continue
        once = np.array_equal(np.sort(order), everyone)
        report.true(f"permutation {number} moves every subject once", once)
        if not once:
            continue
        report.true(f"permutation {number} stays inside the blocks", np.array_equal(campaign.block[order], campaign.block))
        fits = nested.fit(design, campaign.residual[order][:, targets])
        n_tied = n_other = 0
        for k, t in enumerate(targets):
            mine, found = [fold[k] for fold in fits], campaign.scores_of(number)[t]
            expected, others = nested.nearest_score(mine, design.score, found)
            n_tied += sum(len(fit.options) > 1 for fit in mine)
            n_other += others
            report.near("null score", f"permutation {number}, {campaign.targets[t]}", found, expected, 1e-4)
        note_ties(report, f"permutation {number}", n_tied, len(targets) * len(fits), n_other)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("campaign")
    parser.add_argument("--arete", required=True, help="the program, to ask for permutations")
    parser.add_argument("--genotypes", nargs="+", metavar="PREFIX", help="default: those of the study file")
    parser.add_argument("--max-targets", type=int, default=8, help="refit at most so many, evenly spaced (default 8)")
    parser.add_argument("--permutations", type=int, nargs="+", help="default: the first, the middle and the last")
    parser.add_argument("--null-only", action="store_true", help="refit permutations, not the observed targets, which another campaign has")
    parser.add_argument("--rotate", action="store_true",
                        help="fit on n coordinates of the SNPs' row space: the same answer, sooner")
    arguments = parser.parse_args()

    warnings.simplefilter("error", RuntimeWarning)
    campaign = campaign_file.read(arguments.campaign)
    prefixes = arguments.genotypes or campaign.prefixes()
    report = Report("scikit-learn oracle")
    X = standardised_genotypes(campaign, prefixes)
    check_gram(report, campaign, X)
    check_penalties(report, campaign)
    check_covariates(report, campaign)
    check_residual(report, campaign, prefixes)

    model = campaign.study.get("model") or {}
    design = nested.Design(nested.rotate(X) if arguments.rotate else X, X.shape[1], campaign.covariates, campaign.outer,
                           campaign.inner, campaign.penalties, model.get("baseline", "covariates"),
                           model.get("score", "mean-r2"))
    n_targets = min(arguments.max_targets, len(campaign.targets))
    targets = np.unique(np.linspace(0, len(campaign.targets) - 1, n_targets).astype(int))
    if not arguments.null_only:
        check_observed(report, campaign, design, targets, target_values(campaign, prefixes))
    first, last = campaign.numbers[0], campaign.numbers[-1]
    numbers = arguments.permutations or sorted({first, (first + last + 1) // 2, last} - {campaign.identity})
    orders = {number: campaign.permutation(arguments.arete, number) for number in [campaign.identity, *numbers]}
    check_permutations(report, campaign, design, targets, orders)
    significance.check(report, campaign)
    report.finish()


if __name__ == "__main__":
    main()
