#!/usr/bin/python3
"""Writes a PLINK fileset (or one a chromosome), targets.tsv and covariates.tsv of a made-up population, SNPs tile by tile.

SNPs are independent, allele frequencies uniform in .05-.5. Siblings draw each allele from their parents. A target with signal
is sqrt(h) * genetic value (every SNP causal) + sqrt(e) * what a family shares + what is left. With covariates, every target
depends on age, sex and site as well.
"""
import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

TILE_SNPS = 2048
SITES = ("Bergen", "Dublin", "Leuven")


@dataclass
class Population:
    subjects: int
    snps: int
    chromosomes: int = 0  # 0 = one fileset "genotypes"; k = filesets chr1 ... chrk
    missing: float = 0.0
    families: int = 1  # siblings a family; 1 = unrelated people
    targets: int = 0
    heritability: float = 0.5
    signal_targets: int = 0  # the first so many targets have signal
    shared_environment: float = 0.0
    covariates: bool = False
    seed: int = 1

    def check(self) -> None:
        problems = {
            "subjects must be at least 1": self.subjects < 1,
            "chromosomes must be 0-22, and at most snps": not 0 <= self.chromosomes <= min(22, self.snps),
            "missing must be in [0, 1)": not 0 <= self.missing < 1,
            "families must be at least 1": self.families < 1,
            "signal-targets must be 0 to targets": not 0 <= self.signal_targets <= self.targets,
            "heritability and shared-environment must be in [0, 1], their sum at most 1":
                min(self.heritability, self.shared_environment) < 0 or self.heritability + self.shared_environment > 1,
        }
        found = [text for text, wrong in problems.items() if wrong]
        if found:
            raise ValueError("; ".join(found))

    def ids(self) -> list[tuple[str, str]]:
        return [(f"F{i // self.families + 1:05d}", f"S{i + 1:06d}") for i in range(self.subjects)]

    def family(self) -> np.ndarray:
        return np.arange(self.subjects) // self.families


def draw_dosages(population: Population, frequency: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """len(frequency) x subjects: copies of allele 1."""
    shape = (len(frequency), population.subjects)
    limit = frequency.astype(np.float32)[:, None]
    if population.families == 1:
        uniform = rng.random(shape, dtype=np.float32)
        homozygous = limit * limit
        return (uniform < homozygous).view(np.uint8) + (uniform < 2 * limit - homozygous).view(np.uint8)
    family = population.family()
    parents = [rng.random((len(frequency), family[-1] + 1), dtype=np.float32) < limit for _ in range(4)]
    coins = rng.integers(0, 4, shape, dtype=np.uint8)
    mother = np.where(coins & 1, parents[0][:, family], parents[1][:, family])
    father = np.where(coins & 2, parents[2][:, family], parents[3][:, family])
    return mother.view(np.uint8) + father.view(np.uint8)


def pack(dosages: np.ndarray, missing: np.ndarray | None) -> bytes:
    """SNP-major .bed records of SNPs x subjects copies of allele 1: 2 -> 00, missing -> 01, 1 -> 10, 0 -> 11, four a byte
    from the low bits"""
    snps, subjects = dosages.shape
    codes = np.zeros((snps, -(-subjects // 4) * 4), dtype=np.uint8)
    codes[:, :subjects] = np.array([3, 2, 0], dtype=np.uint8)[dosages]
    if missing is not None:
        codes[:, :subjects][missing] = 1
    return (codes[:, 0::4] | codes[:, 1::4] << 2 | codes[:, 2::4] << 4 | codes[:, 3::4] << 6).tobytes()


def chromosome_ranges(population: Population) -> Iterator[tuple[str, int, range]]:
    """(name of the fileset, chromosome, its SNPs)"""
    if population.chromosomes == 0:
        yield "genotypes", 1, range(population.snps)
        return
    edges = [population.snps * k // population.chromosomes for k in range(population.chromosomes + 1)]
    for k in range(population.chromosomes):
        yield f"chr{k + 1}", k + 1, range(edges[k], edges[k + 1])


def write_filesets(folder: Path, population: Population, rng: np.random.Generator) -> np.ndarray:
    """Writes .bed, .bim and .fam; returns the genetic values, subjects x signal targets, of unit expected variance."""
    effect_sd = np.float32(population.snps ** -0.5)
    values = np.zeros((population.subjects, population.signal_targets), dtype=np.float32)
    fam = "".join(f"{fid} {iid} 0 0 0 -9\n" for fid, iid in population.ids())
    for name, chromosome, snps in chromosome_ranges(population):
        (folder / f"{name}.fam").write_text(fam)
        with open(folder / f"{name}.bed", "wb") as bed, open(folder / f"{name}.bim", "w") as bim:
            bed.write(b"\x6c\x1b\x01")
            for first in range(snps.start, snps.stop, TILE_SNPS):
                tile = range(first, min(first + TILE_SNPS, snps.stop))
                frequency = rng.uniform(0.05, 0.5, len(tile))
                dosages = draw_dosages(population, frequency, rng)
                missing = None
                if population.missing:
                    missing = rng.random(dosages.shape, dtype=np.float32) < population.missing
                bed.write(pack(dosages, missing))
                bim.writelines(f"{chromosome}\trs{k + 1}\t0\t{(k - snps.start + 1) * 100}\tA\tG\n" for k in tile)
                if population.signal_targets:
                    sd = np.sqrt(2 * frequency * (1 - frequency))
                    x = ((dosages - 2 * frequency[:, None]) / sd[:, None]).astype(np.float32)
                    effects = rng.standard_normal((len(tile), population.signal_targets), dtype=np.float32)
                    values += x.T @ (effect_sd * effects)
    return values


def draw_covariates(population: Population, rng: np.random.Generator) -> dict[str, np.ndarray]:
    n = population.subjects
    return {
        "age": np.round(rng.uniform(18, 80, n), 1),
        "sex": rng.integers(1, 3, n),
        "site": np.array(SITES)[rng.integers(0, len(SITES), n)],
    }


def draw_targets(
    population: Population, genetic: np.ndarray, covariates: dict[str, np.ndarray], rng: np.random.Generator
) -> np.ndarray:
    """subjects x targets"""
    n, family = population.subjects, population.family()
    share = population.shared_environment
    left = np.full(population.targets, 1 - share)
    left[: population.signal_targets] -= population.heritability
    targets = np.sqrt(np.maximum(left, 0)) * rng.standard_normal((n, population.targets))
    targets += np.sqrt(share) * rng.standard_normal((family[-1] + 1, population.targets))[family]
    targets[:, : population.signal_targets] += np.sqrt(population.heritability) * genetic
    if population.covariates:
        nuisance = 0.02 * (covariates["age"] - 50) + 0.3 * (covariates["sex"] == 2) + 0.4 * (covariates["site"] == SITES[0])
        targets += nuisance[:, None]
    return targets


def write_tables(folder: Path, population: Population, covariates: dict[str, np.ndarray], targets: np.ndarray) -> None:
    ids, family = population.ids(), population.family()
    with open(folder / "targets.tsv", "w") as table:
        table.write("\t".join(["FID", "IID"] + [f"T{t + 1}" for t in range(population.targets)]) + "\n")
        for (fid, iid), row in zip(ids, targets):
            table.write("\t".join([fid, iid] + [f"{value:.9g}" for value in row]) + "\n")
    if not population.covariates:
        return
    with open(folder / "covariates.tsv", "w") as table:
        table.write("FID\tIID\tage\tsex\tsite\tfamily\n")
        for i, (fid, iid) in enumerate(ids):
            age, sex, site = (covariates[name][i] for name in ("age", "sex", "site"))
            table.write(f"{fid}\t{iid}\t{age:.1f}\t{sex}\t{site}\tfamily{family[i] + 1}\n")


def simulate(folder: Path, population: Population) -> None:
    """Writes everything into `folder`, which is made if it does not exist."""
    population.check()
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.Generator(np.random.SFC64(population.seed))
    genetic = write_filesets(folder, population, rng)
    covariates = draw_covariates(population, rng)
    write_tables(folder, population, covariates, draw_targets(population, genetic, covariates, rng))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="output folder")
    parser.add_argument("--subjects", type=int, required=True)
    parser.add_argument("--snps", type=int, required=True)
    parser.add_argument("--chromosomes", type=int, default=0, help="write chr1 ... chrK; 0 (default) = `genotypes` alone")
    parser.add_argument("--missing", type=float, default=0.0, help="share of missing calls")
    parser.add_argument("--families", type=int, default=1, metavar="SIZE", help="siblings a family (default 1: unrelated)")
    parser.add_argument("--targets", type=int, default=0)
    parser.add_argument("--heritability", type=float, default=0.5, help="of the targets with signal")
    parser.add_argument("--signal-targets", type=int, default=0, help="how many of the targets (the first) have signal")
    parser.add_argument("--shared-environment", type=float, default=0.0, help="variance of every target that a family shares")
    parser.add_argument("--covariates", action="store_true", help="write covariates.tsv: age, sex, site, family")
    parser.add_argument("--seed", type=int, default=1)
    arguments = vars(parser.parse_args())
    folder = arguments.pop("folder")
    try:
        simulate(folder, Population(**arguments))
    except ValueError as problem:
        parser.error(str(problem))


if __name__ == "__main__":
    main()
