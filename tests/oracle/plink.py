"""A small, independent reader of PLINK filesets and tables, for data that fit in memory."""
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

COPIES_OF_CODE = np.array([2, -1, 1, 0], dtype=np.int8)  # 00 both alleles 1, 01 missing, 10 one, 11 none
MISSING_WORDS = {"", "NA", "NaN", "nan", "n/a"}


@dataclass
class Fileset:
    prefix: str
    fid: list[str]
    iid: list[str]
    chromosome: list[str]
    snp: list[str]
    calls: np.ndarray  # SNPs x subjects, int8: copies of allele 1, -1 missing


def read_fileset(prefix: str) -> Fileset:
    fam = [line.split() for line in Path(f"{prefix}.fam").read_text().splitlines() if line.strip()]
    bim = [line.split() for line in Path(f"{prefix}.bim").read_text().splitlines() if line.strip()]
    raw = np.fromfile(f"{prefix}.bed", dtype=np.uint8)
    bytes_per_snp = (len(fam) + 3) // 4
    if bytes(raw[:3]) != b"\x6c\x1b\x01" or raw.size != 3 + len(bim) * bytes_per_snp:
        raise SystemExit(f"{prefix}.bed: not a SNP-major .bed of {len(bim)} SNPs and {len(fam)} subjects")
    packed = raw[3:].reshape(len(bim), bytes_per_snp)
    codes = np.stack([packed >> shift & 3 for shift in (0, 2, 4, 6)], axis=2).reshape(len(bim), -1)
    return Fileset(prefix, [f[0] for f in fam], [f[1] for f in fam], [b[0] for b in bim], [b[1] for b in bim],
                   COPIES_OF_CODE[codes[:, : len(fam)]])


def expand(pattern: str) -> list[str]:
    """chr{1..22} -> chr1 ... chr22"""
    found = re.search(r"\{(\d+)(?:\.\.|:)(\d+)\}", pattern)
    if not found:
        return [pattern]
    numbers = range(int(found[1]), int(found[2]) + 1)
    return [pattern[: found.start()] + str(number) + pattern[found.end():] for number in numbers]


def read_ids(path: str) -> set[str]:
    return {line.split()[0] for line in Path(path).read_text().splitlines() if line.strip()}


def selected_snps(fileset: Fileset, genotypes: dict) -> np.ndarray:
    """The SNPs that the study file looks at at all, by chromosome and lists; bool"""
    autosomes = {str(number) for number in range(1, 23)}
    keep = np.ones(len(fileset.snp), dtype=bool)
    if genotypes.get("chromosomes") != "all":
        keep &= [re.sub("^chr", "", name, flags=re.IGNORECASE) in autosomes for name in fileset.chromosome]
    if genotypes.get("extract"):
        keep &= np.isin(fileset.snp, list(read_ids(genotypes["extract"])))
    if genotypes.get("exclude"):
        keep &= ~np.isin(fileset.snp, list(read_ids(genotypes["exclude"])))
    return keep


def passing_snps(calls: np.ndarray, genotypes: dict) -> np.ndarray:
    """The SNPs x subjects calls that pass the filters on frequency and missing calls, and vary; bool"""
    observed = calls >= 0
    n_observed = observed.sum(1)
    n_missing = calls.shape[1] - n_observed
    copies = np.where(observed, calls, 0).sum(1)
    values = np.where(observed, calls, calls.max(1, keepdims=True))
    varies = values.min(1) < values.max(1)
    minor = np.minimum(copies, 2 * n_observed - copies) / np.maximum(2 * n_observed, 1)
    rare = minor < float(genotypes.get("min_allele_frequency", 0.01))
    incomplete = n_missing / calls.shape[1] > float(genotypes.get("max_missing_per_snp", 0.05))
    return varies & ~rare & ~incomplete & (n_observed > 0)


def standardise(calls: np.ndarray, scale: str) -> np.ndarray:
    """subjects x SNPs, float64; a missing call becomes the mean, 0"""
    observed = (calls >= 0).T
    g = np.where(observed, calls.T, 0).astype(float)
    n_observed = observed.sum(0)
    mean = g.sum(0) / n_observed
    x = np.where(observed, g - mean, 0)
    if scale == "allele-frequency":
        x /= np.sqrt(mean * (1 - mean / 2))  # 2f(1-f), f = mean / 2
    elif scale == "sample":
        x /= np.sqrt((x ** 2).sum(0) / (n_observed - 1))
    elif scale != "none":
        raise SystemExit(f"genotypes.scale: {scale} is unknown")
    return x


def subject_calls(fileset: Fileset, fid: list[str], iid: list[str]) -> np.ndarray:
    """calls of the subjects asked for, in that order: SNPs x subjects"""
    row = {key: k for k, key in enumerate(zip(fileset.fid, fileset.iid))}
    return fileset.calls[:, [row[key] for key in zip(fid, iid)]]


def kept_calls(fileset: Fileset, fid: list[str], iid: list[str], genotypes: dict) -> tuple[np.ndarray, np.ndarray]:
    """(rows of the .bim that the study keeps, their calls: SNPs x subjects)"""
    rows = np.flatnonzero(selected_snps(fileset, genotypes))
    calls = subject_calls(fileset, fid, iid)[rows]
    passing = passing_snps(calls, genotypes)
    return rows[passing], calls[passing]


def number(word: str, missing_codes: set[str]) -> float:
    return np.nan if word in MISSING_WORDS or word in missing_codes else float(word)


def read_table(path: str) -> tuple[list[str], list[list[str]]]:
    """header and rows of a table separated by tabs, commas or spaces"""
    lines = [line for line in Path(path).read_text().splitlines() if line.strip()]
    separator = "\t" if "\t" in lines[0] else "," if "," in lines[0] else None
    rows = [[field.strip() for field in line.split(separator)] for line in lines]
    return rows[0], rows[1:]


def read_columns(path: str, fid: list[str], iid: list[str]) -> dict[str, list[str]]:
    """column -> words, in the order of the subjects"""
    header, rows = read_table(path)
    where = header.index("participant_id") if "participant_id" in header else header.index("IID")
    if "FID" in header:
        by_id = {(row[header.index("FID")], row[where]): row for row in rows}
        wanted = list(zip(fid, iid))
    else:
        by_id = {row[where]: row for row in rows}
        wanted = list(iid)
    ids = {"FID", "IID", "participant_id"}
    return {name: [by_id[key][k] for key in wanted] for k, name in enumerate(header) if name not in ids}
