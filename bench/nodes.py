#!/usr/bin/python3
"""What a grid of 41 penalties costs beside one of 5, both from 1e-3 to 1e3: nodes, bounds, time of the permutations, scores against every penalty.

    bench/nodes.py                      # 427 mice, 379 Europeans (Debian's gemma-doc, bolt-lmm-example), the simulated reference study
    bench/nodes.py mice --rounds 5

200 targets of noise, 10 x 5 folds, one worker. The campaigns go on in turns, --seconds each time, and ratios are medians of each round's. The
permutations' time counts alone (run.log): what nodes cost beforehand is printed beside it.
"""
import argparse
import re
import statistics
import sys
import tarfile
import tempfile
from pathlib import Path

import h5py
import numpy as np
from running import chosen, last_log, permutation_rate, run_arete, set_keys

ROOT = Path(__file__).resolve().parent.parent
MICE = ROOT / "data" / "mouse" / "mouse_hs1940"
EUROPEANS = Path("/usr/share/doc/bolt-lmm/examples/examples.tar.xz")
N_MICE, N_TARGETS = 427, 200
GRID = "model.penalties={{from: 0.001, to: 1000, count: {}}}"
GRIDS = {
    "5": [GRID.format(5)],
    "41, 1e-4": [GRID.format(41), "model.penalty_tolerance=1e-4"],
    "41, 1e-5": [GRID.format(41), "model.penalty_tolerance=1e-5"],
    "41, exact": [GRID.format(41), "model.penalty_nodes=exact"],
}
COMPARED = 20  # permutations whose scores are compared with those of every penalty


def write_study(folder: Path, prefix: str, people: list[list[str]], genotypes: str) -> None:
    rng = np.random.default_rng(1)
    rows = ["\t".join(("FID", "IID", *(f"T{t}" for t in range(N_TARGETS))))]
    rows += ["\t".join((*ids, *(f"{value:.6f}" for value in rng.standard_normal(N_TARGETS)))) for ids in people]
    (folder / "targets.tsv").write_text("\n".join(rows) + "\n")
    (folder / "study.yaml").write_text(f"genotypes: {{plink: '{prefix}'{genotypes}}}\ntargets: {{table: {folder}/targets.tsv}}\noutput: {folder}/out\n")


def read_people(fam: Path) -> list[list[str]]:
    return [line.split()[:2] for line in fam.read_text().splitlines()]


def need(file: Path, source: str) -> None:
    if not file.exists():
        sys.exit(f"nodes: {file} is not there; expected that of {source}")


def make_mice(_: str, folder: Path) -> None:
    need(MICE.with_suffix(".bed"), "scripts/mouse-data.sh")
    people = read_people(MICE.with_suffix(".fam"))[:N_MICE]
    (folder / "keep.txt").write_text("".join(f"{fid} {iid}\n" for fid, iid in people))
    write_study(folder, str(MICE), people, f", chromosomes: all, keep: {folder}/keep.txt")


def make_europeans(_: str, folder: Path) -> None:
    need(EUROPEANS, "Debian's package bolt-lmm-example")
    with tarfile.open(EUROPEANS) as archive:
        for suffix in ("bed", "bim", "fam"):
            (folder / f"EUR_subset.{suffix}").write_bytes(archive.extractfile(f"EUR_subset.{suffix}").read())
    write_study(folder, f"{folder}/EUR_subset", read_people(folder / "EUR_subset.fam"), "")


def make_simulated(arete: str, folder: Path) -> None:
    (folder / "sim.yaml").write_text(f"subjects: 1500\nsnps: 500000\noutput: {folder}/made\n")
    run_arete(arete, "simulate", folder / "sim.yaml")
    write_study(folder, f"{folder}/made/chr{{1..22}}", read_people(folder / "made" / "chr1.fam"), "")


STUDIES = {"mice": make_mice, "europeans": make_europeans, "simulated": make_simulated}


class Grid:
    """One campaign that is made once and goes on."""

    def __init__(self, arete: str, folder: Path, name: str):
        self.arete, self.folder, self.sets, self.count = arete, folder, GRIDS[name], COMPARED
        self.output = folder / name.replace(", ", "-")
        self.rate = self.run(COMPARED)
        self.said = re.findall(r"(penalty nodes: \d+ of.*|observed scores and penalty nodes in.*)", last_log(self.output))
        self.rates: list[float] = []

    def run(self, count: int) -> float:
        run_arete(self.arete, "run", self.folder / "study.yaml", "--threads", 1, "--output", self.output,
                  *set_keys(*self.sets, f"permutations.count={count}"))
        return permutation_rate(last_log(self.output))

    def go_on(self, seconds: float) -> float:
        """permutations a second"""
        self.count += max(5, round(self.rate * seconds))
        self.rates.append(self.run(self.count))
        return self.rates[-1]

    def scores(self) -> np.ndarray:
        with h5py.File(self.output / "campaign.h5") as campaign:
            return campaign["null/score"][:COMPARED]


def compare(arete: str, folder: Path, options: argparse.Namespace) -> None:
    grids = {name: Grid(arete, folder, name) for name in GRIDS}
    for _ in range(options.rounds):
        for grid in grids.values():
            grid.go_on(options.seconds)
    for name, grid in grids.items():
        ratio = statistics.median(five / rate for five, rate in zip(grids["5"].rates, grid.rates))
        print(f"  {name}: {statistics.median(grid.rates):.1f} permutations a second, {ratio:.2f} times the cost of 5")
        for line in grid.said:
            print(f"      {line}")
        if name not in ("5", "41, exact"):
            difference = np.abs(grid.scores() - grids["41, exact"].scores())
            print(f"      {difference.size} null scores beside those of every penalty: median difference {np.median(difference):.1e}, "
                  f"over 1e-5 for {100 * (difference > 1e-5).mean():.2f} %")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("studies", nargs="*", metavar="STUDY", help=f"{', '.join(STUDIES)} (default: all)")
    parser.add_argument("--arete", default=str(ROOT / "build" / "release" / "arete"), metavar="PROGRAM")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=10.0, help="of each measurement")
    options = parser.parse_args()
    for name in chosen(parser, options.studies, STUDIES):
        with tempfile.TemporaryDirectory(prefix="arete-nodes-") as folder:
            STUDIES[name](options.arete, Path(folder))
            print(name, flush=True)
            compare(options.arete, Path(folder), options)


if __name__ == "__main__":
    main()
