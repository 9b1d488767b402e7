#!/usr/bin/python3
"""Writes the tiny study of this folder: 120 people (60 pairs of siblings, 3 sites), 600 SNPs in two filesets, 6 targets, 3 covariates.

SNPs come in blocks inherited whole from 4 founder haplotypes, so that 120 people are enough to predict from. The targets signal_1 and
signal_2 are 80% genetic, noise_1 ... noise_3 are not at all, constant is constant. The tables hold the people in another order and one
person more. Everything is drawn from one seed: the files in the repository are what this script writes.
"""
from pathlib import Path

import numpy as np

FAMILIES, SIBLINGS = 60, 2
CHROMOSOMES, BLOCKS, BLOCK_SNPS, FOUNDERS = 2, 10, 30, 4
MISSING = 0.003
SITES = ("Bergen", "Dublin", "Leuven")
HERITABILITY = 0.8
CALL_BITS = np.array([0b11, 0b10, 0b00, 0b01], dtype=np.uint8)  # of 0, 1, 2 copies of allele 1, and of a missing call


def draw_copies(rng: np.random.Generator) -> np.ndarray:
    """Copies of allele 1 at the SNPs of one chromosome, SNPs x people: each sibling takes one haplotype of each parent, block by block."""
    founders = rng.integers(0, 2, size=(FOUNDERS, BLOCKS, BLOCK_SNPS), dtype=np.uint8)
    parents = rng.integers(0, FOUNDERS, size=(FAMILIES, 2, 2, BLOCKS))  # family, parent, haplotype
    chosen = rng.integers(0, 2, size=(FAMILIES, SIBLINGS, 2, BLOCKS))  # which of a parent's two
    copies = np.zeros((FAMILIES, SIBLINGS, BLOCKS, BLOCK_SNPS), dtype=np.uint8)
    block = np.arange(BLOCKS)
    for family in range(FAMILIES):
        for sibling in range(SIBLINGS):
            for parent in range(2):
                haplotype = parents[family, parent, chosen[family, sibling, parent], block]
                copies[family, sibling] += founders[haplotype, block]
    return copies.reshape(FAMILIES * SIBLINGS, -1).T


def write_fileset(prefix: Path, chromosome: int, people: list[tuple[str, str]], calls: np.ndarray) -> None:
    """calls: SNPs x people; 0, 1, 2 copies of allele 1, or 3 for missing."""
    snps, count = calls.shape
    bits = np.full((snps, -(-count // 4) * 4), 0, dtype=np.uint8)
    bits[:, :count] = CALL_BITS[calls]
    packed = bits[:, 0::4] | bits[:, 1::4] << 2 | bits[:, 2::4] << 4 | bits[:, 3::4] << 6
    prefix.with_suffix(".bed").write_bytes(bytes([0x6C, 0x1B, 0x01]) + packed.tobytes())
    prefix.with_suffix(".bim").write_text(
        "".join(f"{chromosome}\trs{chromosome}{k:03d}\t0\t{1000 * (k + 1)}\tA\tG\n" for k in range(snps)))
    prefix.with_suffix(".fam").write_text("".join(f"{fid}\t{iid}\t0\t0\t0\t-9\n" for fid, iid in people))


def write_table(path: Path, people: list[tuple[str, str]], columns: dict[str, list[str]], order: np.ndarray) -> None:
    lines = ["\t".join(["FID", "IID", *columns])]
    lines += ["\t".join([*people[i], *(values[i] for values in columns.values())]) for i in order]
    path.write_text("\n".join(lines) + "\n")


def main() -> None:
    folder = Path(__file__).parent
    rng = np.random.default_rng(2013)
    count = FAMILIES * SIBLINGS
    people = [(f"F{k // SIBLINGS + 1:02d}", f"S{k + 1:03d}") for k in range(count)]
    copies = [draw_copies(rng) for _ in range(CHROMOSOMES)]
    for chromosome, chromosome_copies in enumerate(copies, start=1):
        missing = rng.random(chromosome_copies.shape) < MISSING
        write_fileset(folder / f"chr{chromosome}", chromosome, people, np.where(missing, 3, chromosome_copies))

    everyone = people + [("F99", "S999")]  # not genotyped: left out by arete
    x = np.concatenate(copies).T.astype(float)
    x = np.vstack([x, x.mean(axis=0)])
    x = (x - x.mean(axis=0)) / np.maximum(x.std(axis=0), 1e-9)
    age = rng.integers(20, 80, size=count + 1)
    sex = rng.integers(1, 3, size=count + 1)
    site = np.array([k // SIBLINGS % len(SITES) for k in range(count)] + [0])
    nuisance = 0.02 * age + 0.5 * sex + np.array([0.0, 0.6, -0.4])[site]
    targets = {}
    for name, heritability in [("signal_1", HERITABILITY), ("signal_2", HERITABILITY), ("noise_1", 0.0), ("noise_2", 0.0),
                               ("noise_3", 0.0)]:
        genetic = x @ rng.standard_normal(x.shape[1])
        value = np.sqrt(heritability) * genetic / genetic.std() + np.sqrt(1 - heritability) * rng.standard_normal(count + 1)
        targets[name] = [f"{v:.4f}" for v in value + nuisance]
    targets["constant"] = ["3"] * (count + 1)
    covariates = {"age": [str(v) for v in age], "sex": [str(v) for v in sex], "site": [SITES[v] for v in site]}
    write_table(folder / "targets.tsv", everyone, targets, rng.permutation(count + 1))
    write_table(folder / "covariates.tsv", everyone, covariates, rng.permutation(count + 1))


if __name__ == "__main__":
    main()
