#!/usr/bin/python3
"""What `arete plan` predicts beside what the run then takes, here and now: seconds of each part, peak memory of the machine.

  bench/plan_check.py study.yaml 1x2 2x1 4x1 --arete build/release/arete --set permutations.count=100

RxW: R processes (mpirun when there is more than one) of W workers. Memory is the proportional set size, summed over the processes, so that
what they share counts once, looked at four times a second (which costs the run a few per mille of a core). Prints predicted, measured,
their ratio."""
import argparse
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import time

from running import MPI, proportional_bytes, ranks_of, set_keys

UNITS = {"MB": 1e6, "GB": 1e9, "TB": 1e12}


def seconds(text):
    hours, minutes, rest = re.fullmatch(r"(?:(\d+)h)?(?:(\d+)m)?(?:([\d.]+)s)?", text).groups()
    return 3600 * int(hours or 0) + 60 * int(minutes or 0) + float(rest or 0)


def predict(arguments, ranks, workers):
    command = [arguments.arete, "plan", arguments.study, "--nodes", "1", "--ranks", str(ranks), "--threads", str(workers), *arguments.sets]
    text = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    part = re.search(r"reading \S+, genotypes to K (\S+), SVD (\S+), operators (\S+), permutations (\S+)\n", text).groups()
    size, unit = re.search(r"memory: +([\d.]+) (\wB)", text).groups()
    return {
        "K": seconds(part[0]),
        "SVD, operators": seconds(part[1]) + seconds(part[2]),
        "permutations": seconds(part[3]),
        "total": seconds(re.search(r"time: +about (\S+) on", text)[1]),
        "memory, MB": float(size) * UNITS[unit] / 1e6,
    }


def watch(process):
    """Until it ends; the largest memory of its ranks together."""
    peak = 0
    while True:
        try:
            process.wait(timeout=0.25)
            return peak
        except subprocess.TimeoutExpired:
            peak = max(peak, sum(map(proportional_bytes, ranks_of(process.pid))))


def measure(arguments, ranks, workers, output):
    command = [arguments.arete, "run", arguments.study, "--fresh", "--threads", str(workers), *arguments.sets, "--output", output]
    if ranks > 1:
        command = ["mpirun", *arguments.mpirun.split(), "-n", str(ranks), *command]
    start = time.monotonic()
    complaints = pathlib.Path(output, "stderr")
    with complaints.open("w") as file, subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=file, env=os.environ | MPI) as process:
        peak = watch(process)
    if process.returncode != 0:
        raise SystemExit(f"{complaints.read_text()}{' '.join(command)}: exit code {process.returncode}")
    total = time.monotonic() - start
    log = pathlib.Path(output, "run.log").read_text()

    def found(pattern):
        return float(re.search(pattern, log)[1])

    return {
        "K": found(r"K in ([\d.]+) s"),
        "SVD, operators": sum(map(float, re.findall(r"(?:SVD|operators of \d+ penalties|penalty nodes|forms: .*,) in ([\d.]+) s", log))),
        "permutations": found(r"permutations: \d+ in ([\d.]+) s"),
        "total": total,
        "memory, MB": peak / 1e6,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("study")
    parser.add_argument("spreads", nargs="+", metavar="RxW")
    parser.add_argument("--arete", default="build/release/arete")
    parser.add_argument("--mpirun", default="--bind-to none", help="options of mpirun")
    parser.add_argument("--set", action="append", default=[], dest="keys")
    arguments = parser.parse_args()
    arguments.sets = set_keys(*arguments.keys)
    for spread in arguments.spreads:
        ranks, workers = map(int, spread.split("x"))
        predicted = predict(arguments, ranks, workers)
        output = tempfile.mkdtemp(prefix="arete-plan-")
        try:
            measured = measure(arguments, ranks, workers, output)
        finally:
            shutil.rmtree(output)
        print(f"{ranks} x {workers}", *(f"{key} {predicted[key]:.1f}/{measured[key]:.1f} = {predicted[key] / max(measured[key], 0.05):.2f}" for key in predicted), sep="   ", flush=True)


if __name__ == "__main__":
    main()
