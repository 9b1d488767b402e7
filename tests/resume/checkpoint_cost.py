#!/usr/bin/python3
"""What saving costs: the share of a campaign's permutations spent in the system calls that save blocks, at the shape of the reference
study (1,500 subjects, 1,000 targets, 10 x 5 folds, 5 penalties).

    tests/resume/checkpoint_cost.py --arete build/arete

strace tells how long each pwrite and fdatasync on campaign.h5 took. `of all workers' time` is what saving takes from computing, as one worker saves
while the others compute; `of the time on the clock` is the worst case, as if all of them waited.
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

STUDY = "genotypes: {plink: chr1}\ntargets: {table: targets.tsv}\noutput: out\n"
CALL = re.compile(r"^\d+ +([\d.]+) (pwrite64|fdatasync)\((\d+)<([^>]*)>.* <([\d.]+)>$")
RESUMED = re.compile(r"^(\d+) +[\d.]+ <\.\.\. (pwrite64|fdatasync) resumed>.* <([\d.]+)>$")
UNFINISHED = re.compile(r"^(\d+) +[\d.]+ (pwrite64|fdatasync)\(\d+<([^>]*)>.*<unfinished")


def saving_calls(trace: Path) -> dict[str, list[float]]:
    """Seconds of each call on campaign.h5 itself; its making goes to a temporary file and is another thing."""
    found: dict[str, list[float]] = {"pwrite64": [], "fdatasync": []}
    pending = {}
    for line in trace.read_text().splitlines():
        if call := CALL.match(line):
            if call[4].endswith("/campaign.h5"):
                found[call[2]].append(float(call[5]))
        elif begun := UNFINISHED.match(line):
            pending[begun[1], begun[2]] = begun[3]
        elif (ended := RESUMED.match(line)) and pending.pop((ended[1], ended[2]), "").endswith("/campaign.h5"):
            found[ended[2]].append(float(ended[3]))
    return found


def report(log: str, calls: dict[str, list[float]]) -> float:
    """Prints the figures; returns the share of the time on the clock, in %."""
    workers = int(re.search(r"workers: (\d+) of", log)[1])
    count, seconds = re.search(r"permutations: (\d+) in ([\d.]+) s", log).groups()
    block = re.search(r"blocks of at most (\d+)", log)[1]
    saves = len(calls["fdatasync"]) // 2
    spent = sum(map(sum, calls.values()))
    print(f"{count} permutations in {seconds} s with {workers} workers, in {saves} blocks of at most {block}")
    print(f"saving: {1000 * spent:.1f} ms in all, {1000 * spent / saves:.2f} ms a block "
          f"(pwrite {1000 * sum(calls['pwrite64']):.1f} ms, fdatasync {1000 * sum(calls['fdatasync']):.1f} ms)")
    share = 100 * spent / float(seconds)
    print(f"share: {share / workers:.3f} % of all workers' time, {share:.3f} % of the time on the clock")
    return share


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--arete", type=Path, default=os.environ.get("ARETE"), help="the binary (default: $ARETE)")
    parser.add_argument("--subjects", type=int, default=1500)
    parser.add_argument("--targets", type=int, default=1000)
    parser.add_argument("--snps", type=int, default=5000)
    parser.add_argument("--permutations", type=int, default=40)
    parser.add_argument("--block", default="auto", help="permutations a block; 1 saves as often as can be")
    parser.add_argument("--most", type=float, default=2.0, metavar="PERCENT", help="fails when saving takes more of the time on the clock")
    arguments = parser.parse_args()
    if arguments.arete is None:
        parser.error("no binary: --arete, or ARETE in the environment")
    if shutil.which("strace") is None:
        sys.exit("needs strace")
    folder = Path(tempfile.mkdtemp(prefix="arete-cost-"))
    try:
        (folder / "sim.yaml").write_text(f"output: .\nchromosomes: 1\nsubjects: {arguments.subjects}\nsnps: {arguments.snps}\n"
                                         f"targets: {{count: {arguments.targets}}}\n")
        subprocess.run([arguments.arete.absolute(), "simulate", "sim.yaml"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        (folder / "study.yaml").write_text(STUDY)
        trace = folder / "trace"
        command = ["strace", "-f", "--seccomp-bpf", "-y", "-T", "-ttt", "-e", "trace=pwrite64,fdatasync", "-o", trace, arguments.arete.absolute(), "run", "study.yaml",
                   "--set", f"permutations.count={arguments.permutations}", "--set", f"run.block={arguments.block}"]
        began = time.monotonic()
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        print(f"{arguments.subjects} subjects, {arguments.targets} targets; the whole run {time.monotonic() - began:.1f} s")
        share = report((folder / "out/run.log").read_text(), saving_calls(trace))
    finally:
        shutil.rmtree(folder)
    if share > arguments.most:
        sys.exit(f"more than {arguments.most} %")


if __name__ == "__main__":
    main()
