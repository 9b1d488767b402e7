#!/usr/bin/python3
"""arete associate on made-up studies of the two sizes that docs/performance.md and bench/NOTES.md speak of: for a quiet machine.

    stein   740 people x 448,293 SNPs x 31,622 targets, observed (Stein et al. 2010): goal 5 minutes on two cores, under 2 GiB
    tenth   1,500 x 50,000 x 1,000, 10,000 permutations: a tenth of 500,000 SNPs. The rate a (SNP, target, permutation); times ten it is the whole
    beside  740 x 20,000 x 1,000, observed, and the same by plink2 --glm (where it is installed) and by numpy, from files to hits

Prints wall and CPU seconds and the largest memory of arete alone, pairs a second, nanoseconds a permutation, and from the trace how much of the
workers' time is associate_tile's; sgemm's share of that says bench_association. Needs 2 GB of disk for stein.

usage: associate.py --arete PROGRAM [--folder FOLDER] [--small] [stein] [tenth] [beside]     --small: a thousandth of it, to see that all runs
"""
import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from running import chosen, last_trace, run_arete, set_keys, span

STUDIES = {
    "stein": ({"subjects": 740, "snps": 448293, "targets": 31622}, []),
    "tenth": ({"subjects": 1500, "snps": 50000, "targets": 1000}, ["associate.permute=true", "permutations.count=10000"]),
    "beside": ({"subjects": 740, "snps": 20000, "targets": 1000, "chromosomes": 1}, ["covariates.genetic_pcs=0"]),
}
SMALL = {"stein": {"subjects": 200, "snps": 4000, "targets": 300}, "tenth": {"subjects": 300, "snps": 2000, "targets": 50},
         "beside": {"subjects": 200, "snps": 2000, "targets": 50, "chromosomes": 1}}


def make(arete: str, folder: Path, shape: dict) -> None:
    if (folder / "study.yaml").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "simulate.yaml").write_text(f"{{subjects: {shape['subjects']}, snps: {shape['snps']}, chromosomes: {shape.get('chromosomes', 22)}, "
                                          f"targets: {{count: {shape['targets']}}}, seed: 1, output: '{folder}'}}\n")
    run_arete(arete, "simulate", folder / "simulate.yaml")


def associate(arete: str, folder: Path, keys: list[str]) -> tuple[float, float, float]:
    """wall seconds, CPU seconds and MiB at most, of this process and no other"""
    command = [arete, "associate", str(folder / "study.yaml"), "--fresh", "--output", str(folder / "out"), *set_keys("run.trace=true", *keys)]
    start = time.monotonic()
    with tempfile.TemporaryFile("w+") as messages, subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=messages) as process:
        _, status, usage = os.wait4(process.pid, 0)
        wall, process.returncode = time.monotonic() - start, os.waitstatus_to_exitcode(status)
        messages.seek(0)
        if process.returncode != 0:
            sys.exit(f"associate: {' '.join(command)}: exit code {process.returncode}\n{messages.read()}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def tell_observed(log: str, trace: list[tuple[str, float, float]], shape: dict) -> float:
    """Returns how many pairs there are."""
    pairs, workers = float(re.search(r"associations: (\S+) pairs", log)[1]), int(re.search(r"workers: (\d+) of", log)[1])
    seconds = span(trace, "associate_tile", "associate_tile")
    tiles = sum(end - start for name, start, end in trace if name == "associate_tile")
    print(f"  observed: {pairs:.4g} pairs in {seconds:.2f} s, {pairs / seconds:.3g} a second, {2e-9 * shape['subjects'] * pairs / seconds:.0f} Gflop/s; "
          f"associate_tile {tiles / (workers * seconds):.3f} of the time of {workers} workers")
    return pairs


def measure(arete: str, folder: Path, shape: dict, keys: list[str]) -> None:
    wall, cpu, memory = associate(arete, folder, keys)
    log = re.split(r"^\S+ \S+ arete \d", (folder / "out" / "associate.log").read_text(), flags=re.M)[-1]
    print(f"{shape['subjects']} x {shape['snps']} x {shape['targets']}: {wall:.1f} s from start to end, {cpu:.1f} s of CPU time, {memory:.0f} MiB at most")
    pairs = tell_observed(log, last_trace(folder / "out"), shape)
    if found := re.search(r"permutations: ([\d,]+), .*\n(?:.*\n)*?.*permutations: done in (\S+) s", log):
        count, seconds = int(found[1].replace(",", "")), float(found[2])
        print(f"  permutations: {count} in {seconds} s, {1e9 * seconds / (pairs * count):.3f} ns a SNP, target and permutation (all cores)")


def columns_of(path: Path) -> tuple[list[str], list[list[str]]]:
    header, *rows = (line.split("\t") for line in path.read_text().splitlines())
    return header[2:], [row[2:] for row in rows]


def numpy_hits(folder: Path) -> int:
    """The same model in numpy, in single precision, from the files: how many pairs have p <= 1e-5 (by its t, of that many degrees of freedom)."""
    from scipy import stats  # pylint: disable=import-outside-toplevel
    _, values = columns_of(folder / "targets.tsv")
    y = np.array(values, dtype=float)
    names, cells = columns_of(folder / "covariates.tsv")
    columns = [np.ones(len(cells))]
    for k, name in enumerate(names):
        text = np.array([row[k] for row in cells])
        columns += [text == level for level in np.unique(text)[1:]] if name == "site" else [text.astype(float)]
    q = np.linalg.qr(np.column_stack(columns))[0]
    packed = np.fromfile(folder / "chr1.bed", dtype=np.uint8)[3:].reshape(-1, (len(y) + 3) // 4)
    x = np.array([2, np.nan, 1, 0], dtype=np.float32)[packed[:, :, None] >> np.array([0, 2, 4, 6]) & 3].reshape(len(packed), -1)[:, :len(y)]
    x = np.where(np.isnan(x), np.nanmean(x, axis=1, keepdims=True), x)
    x -= (x @ q) @ q.T
    y -= q @ (q.T @ y)
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    r = x.astype(np.float32) @ (y / np.linalg.norm(y, axis=0)).astype(np.float32)
    degrees = len(y) - q.shape[1] - 1
    t = np.abs(r) * np.sqrt(degrees / (1 - r * r))
    return int((t >= stats.t.isf(1e-5 / 2, degrees)).sum())


def plink_hits(folder: Path) -> int:
    command = ["plink2", "--bfile", str(folder / "chr1"), "--pheno", str(folder / "targets.tsv"), "--covar", str(folder / "covariates.tsv"),
               "--covar-variance-standardize", "--glm", "hide-covar", "--pfilter", "1e-5", "--threads", "2", "--out", str(folder / "plink2")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"associate: plink2: {done.stdout}{done.stderr}")
    return sum(len(path.read_text().splitlines()) - 1 for path in folder.glob("plink2.*.glm.linear"))


def measure_beside(folder: Path, shape: dict) -> None:
    for name, hits in {"numpy": numpy_hits, "plink2": plink_hits}.items():
        if name == "plink2" and shutil.which(name) is None:
            print("  plink2: not installed")
            continue
        start = time.monotonic()
        found = hits(folder)
        seconds = time.monotonic() - start
        print(f"  {name}: {seconds:.2f} s from start to end, {shape['snps'] * shape['targets'] / seconds:.3g} pairs a second, {found} hits")
    print(f"  arete: {len((folder / 'out' / 'associations.tsv').read_text().splitlines()) - 1} hits")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--arete", required=True)
    parser.add_argument("--folder", type=Path, default=Path("data/bench-associate"))
    parser.add_argument("--small", action="store_true")
    parser.add_argument("studies", nargs="*", metavar="study")
    arguments = parser.parse_args()
    for name in chosen(parser, arguments.studies, STUDIES):
        shape, keys = STUDIES[name]
        shape = SMALL[name] if arguments.small else shape
        folder = arguments.folder / (f"{name}-small" if arguments.small else name)
        make(arguments.arete, folder, shape)
        measure(arguments.arete, folder, shape, keys)
        if name == "beside":
            measure_beside(folder, shape)
        sys.stdout.flush()


if __name__ == "__main__":
    main()
