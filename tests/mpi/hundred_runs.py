#!/usr/bin/python3
"""Many runs from start to end without one hang or failure, by hand: what goes wrong rarely does so at the ranks' beginning and end.

    tests/mpi/hundred_runs.py                         # 100 runs of 3 ranks, then 50 of machines that share no memory; ARETE_METHOD=orbits: by fold
"""
import argparse
import sys
import time

from support.ranks_study import APART, PLACEMENTS, RanksStudy, alone, count_is, placed

SETS = [count_is(1000)]
LONGEST_S = 60


def many(n_runs, n_ranks, *sets):
    study = RanksStudy()
    longest = 0.0
    try:
        for number in range(n_runs):
            began = time.monotonic()
            code, _, err = study.run_ranks(n_ranks, *SETS, *sets, options=["--fresh"], seconds=LONGEST_S)
            longest = max(longest, time.monotonic() - began)
            if code != 0 or study.bits() != alone(*SETS):
                sys.exit(f"run {number + 1}: exit code {code}, {'other bits' if code == 0 else err}")
        print(f"{n_runs} of {n_runs} runs of {n_ranks} ranks {' '.join(sets)}: same bits, the longest took {longest:.1f} s", flush=True)
    finally:
        study.remove()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=100)
    runs = parser.parse_args().runs
    many(runs, 3)
    many(runs // 2, 3, placed(PLACEMENTS[-1]), APART)


if __name__ == "__main__":
    main()
