#!/usr/bin/python3
"""arete associate on made-up studies of the two sizes that docs/performance.md and bench/NOTES.md speak of: for a quiet machine.

    stein   740 people x 448,293 SNPs x 31,622 targets, observed (Stein et al. 2010): goal 5 minutes on two cores, under 2 GiB
    tenth   1,500 x 50,000 x 1,000, 10,000 permutations: a tenth of 500,000 SNPs. The rate a (SNP, target, permutation); times ten it is the whole

Prints wall and CPU seconds, the largest memory, pairs a second and nanoseconds a permutation, from associate.log. Needs 2 GB of disk for stein.

usage: associate.py --arete PROGRAM [--folder FOLDER] [--small] [stein] [tenth]     --small: a thousandth of it, to see that all runs
"""
import argparse
import re
import resource
import sys
import time
from pathlib import Path

from running import chosen, run_arete, set_keys

STUDIES = {
    "stein": ({"subjects": 740, "snps": 448293, "targets": 31622}, []),
    "tenth": ({"subjects": 1500, "snps": 50000, "targets": 1000}, ["associate.permute=true", "permutations.count=10000"]),
}
SMALL = {"stein": {"subjects": 200, "snps": 4000, "targets": 300}, "tenth": {"subjects": 300, "snps": 2000, "targets": 50}}


def make(arete: str, folder: Path, shape: dict) -> None:
    if (folder / "study.yaml").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "simulate.yaml").write_text(f"{{subjects: {shape['subjects']}, snps: {shape['snps']}, chromosomes: 22, "
                                          f"targets: {{count: {shape['targets']}}}, seed: 1, output: '{folder}'}}\n")
    run_arete(arete, "simulate", folder / "simulate.yaml")


def measure(arete: str, folder: Path, shape: dict, keys: list[str]) -> None:
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    run_arete(arete, "associate", folder / "study.yaml", "--fresh", "--output", folder / "out", *set_keys(*keys))
    wall, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    log = (folder / "out" / "associate.log").read_text().rsplit("associations: ", 1)[1]
    pairs, seconds = map(float, re.match(r"(\S+) pairs in (\S+) s", log).groups())
    print(f"{shape['subjects']} x {shape['snps']} x {shape['targets']}: {wall:.1f} s from start to end, {cpu:.1f} s of CPU time, "
          f"{after.ru_maxrss / 1024:.0f} MiB at most (of all runs so far)")
    print(f"  observed: {pairs:.4g} pairs in {seconds} s, {pairs / max(seconds, 0.1):.3g} a second, {2 * shape['subjects'] * pairs / max(seconds, 0.1) / 1e9:.0f} Gflop/s")
    if found := re.search(r"permutations: ([\d,]+), .*\n(?:.*\n)*?.*permutations: done in (\S+) s", log):
        count, seconds = int(found[1].replace(",", "")), float(found[2])
        print(f"  permutations: {count} in {seconds} s, {1e9 * seconds / (pairs * count):.3f} ns a SNP, target and permutation (all cores)")


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
        sys.stdout.flush()


if __name__ == "__main__":
    main()
