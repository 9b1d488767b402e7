"""p, p_fwer and q_fdr of results.tsv from the campaign's own scores."""
import numpy as np

import plink
from campaign import Campaign
from report import Report



def benjamini_hochberg(p: np.ndarray) -> np.ndarray:
    order = np.argsort(p)[::-1]
    q = np.empty(len(p))
    q[order] = np.minimum.accumulate(p[order] * len(p) / np.arange(len(p), 0, -1))
    return q


def standard_error(extreme: np.ndarray, p: np.ndarray, shifts: int) -> np.ndarray:
    """of p; extreme: permutations x T. At least that of independent draws; with two orbits or more, of their mean"""
    if not shifts:
        return np.sqrt(p * (1 - p) / (1 + len(extreme)))
    independent, shares = np.sqrt(p * (1 - p) / len(extreme)), extreme.reshape(-1, shifts, len(p)).mean(1)
    return np.maximum(independent, shares.std(0, ddof=1) / np.sqrt(len(shares))) if len(shares) > 1 else independent


def check(report: Report, campaign: Campaign) -> None:
    header, rows = plink.read_table(str(campaign.path.parent / "results.tsv"))
    by_target = {row[header.index("target")]: dict(zip(header, row)) for row in rows}
    scored = np.isfinite(campaign.score)
    score, null = campaign.score[scored].astype(float), campaign.null[:, scored].astype(float)
    least, beside = score - campaign.tolerance[scored], 0 if campaign.shifts else 1  # orbits hold the observed score
    p = (beside + (null >= least).sum(0)) / (beside + len(null))
    p_fwer = (beside + (null.max(1)[:, None] >= least).sum(0)) / (beside + len(null))
    q = benjamini_hochberg(p)
    p_se = standard_error(null >= least, p, campaign.shifts)
    names = [name for name, known in zip(campaign.targets, scored) if known]
    for k, name in enumerate(names):
        for column, expected in (("p", p[k]), ("p_se", p_se[k]), ("p_fwer", p_fwer[k]), ("q_fdr", q[k])):
            report.near(f"results.tsv {column}, relative", name, float(by_target[name][column]) / (expected or 1.0),
                        1.0 if expected else 0.0, 1e-4)
    for name, value in zip(campaign.targets, campaign.r2):
        report.near("results.tsv r2", name, float(by_target[name]["r2"].replace("NA", "nan")), value, 1e-4)
