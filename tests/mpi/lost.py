#!/usr/bin/python3
"""A rank that is killed, or falls silent, ends the job soon and with a message; then the same command goes on to the same bits.

    tests/mpi/lost.py                   # 3 rounds and, drawn one by one, a silent rank
    tests/mpi/lost.py --rounds 20       # SIGKILL of each rank in turn, 20 times
    ARETE_METHOD=orbits ...             # permutations in orbits

The instant of a kill is uniform over a run's duration: some come before the ranks know of each other, or at MPI's end.
"""
import argparse
import os
import random
import re
import signal
import sys
import time

from support import tiny_study
from support.interruption import METHOD
from support.ranks_study import APART, OUTPUT, PLACEMENTS, UNIT, RanksStudy, alone, count_is, placed, wait_until

N_RANKS = 3
UNITS = {"independent": 30, "orbits": 120}[METHOD]
STUDY = [count_is(UNITS * UNIT), "model.heritability=" + str([round(0.02 * k, 2) for k in range(1, 41)]), "model.penalty_nodes=exact"]
KILLED_S, SILENT_S = 20, 30
LOST = 200
SILENT = re.compile(r"rank \d has not been heard of for 20 s by rank \d on \S+: it was killed, or its network is cut; finished blocks are saved, "
                    "and the same command without --fresh goes on")


def check(condition, text):
    if not condition:
        sys.exit(text)


def check_same(study, *sets):
    expected, found = alone(*sets), study.bits()
    check(expected.keys() == found.keys() and all(expected[name] == found[name] for name in expected), "other bits than one process has")
    check(study.files() <= OUTPUT, f"left in out/: {study.files()}")


def time_run(study):
    began = time.monotonic()
    code, _, err = study.run_ranks(N_RANKS, *STUDY, options=["--fresh"])
    check(code == 0, err)
    study.remove_folder("out")
    return time.monotonic() - began


def kill_one(study, rank, sets, after_s):
    """Kills a rank; seconds until the job ended, None when it was done before."""
    job = study.begin(N_RANKS, *STUDY, *sets)
    try:
        pids = job.wait_for_ranks()
        time.sleep(after_s)
        try:
            os.kill(pids[rank], signal.SIGKILL)
        except ProcessLookupError:
            check(job.wait(30)[0] == 0, "the run failed")
            return None
        killed = time.monotonic()
        code, _, err = job.wait(KILLED_S)
        if code == 0:  # it had come to its end: its exit code was not changed any more
            return None
        check(code == 137, f"exit code {code} after SIGKILL of rank {rank}: {err}")
        return time.monotonic() - killed
    finally:
        job.end()


def rounds_of_kills(n_rounds, rng):
    study = RanksStudy()
    longest = kills = units = 0
    try:
        usual_s = time_run(study)
        for number in range(n_rounds):
            rank, placement = number % N_RANKS, PLACEMENTS[-1 - number % len(PLACEMENTS)]
            sets = [placed(placement), *([APART] if number % 4 < 2 else [])]
            seconds = None
            while seconds is None:
                if study.path("out").exists():
                    study.remove_folder("out")
                seconds = kill_one(study, rank, sets, rng.uniform(0, usual_s))
            longest, kills = max(longest, seconds), kills + 1
            done = int(study.campaign().done().sum()) if study.has("campaign.h5") else 0
            parts = sorted(name for name in study.files() if "part" in name) if study.path("out").exists() else []
            units += done
            code, _, err = study.run_ranks(rng.choice([1, 2, 3]), *STUDY, placed(rng.choice(PLACEMENTS)))
            check(code == 0, err)
            check_same(study, *STUDY)
            print(f"  rank {rank}, {placement}: ended {seconds:.1f} s after SIGKILL, {done} units in campaign.h5, {len(parts)} parts", flush=True)
        print(f"{kills} of {n_rounds}: the same bits after SIGKILL; the job ended within {longest:.1f} s")
    finally:
        study.remove()


def silent_rank(rank):
    """SIGSTOP: no connection breaks, nothing is heard any more."""
    study = RanksStudy()
    job = study.begin(2, *STUDY, count_is(100000 * UNIT), placed(PLACEMENTS[-1]), APART, options=["--fresh"])
    try:
        wait_until(lambda: study.has("campaign.part-1.h5"), job, pause=0.02)
        pids = job.wait_for_ranks()
        os.kill(pids[rank], signal.SIGSTOP)
        stopped = time.monotonic()
        other = pids[1 - rank]
        wait_until(lambda: not os.path.exists(f"/proc/{other}") or "\nState:\tZ" in open(f"/proc/{other}/status").read(), seconds=SILENT_S, pause=0.1)
        seconds = time.monotonic() - stopped
        os.kill(pids[rank], signal.SIGCONT)  # mpirun's SIGKILL has come to it by then, or will
        code, _, err = job.wait(30)
        check(code == LOST, f"exit code {code} instead of {LOST}, by which a job script knows that it goes on: {err}")
        check(SILENT.search(err) is not None, f"no message tells what happened: {err}")
        check(seconds < SILENT_S, f"it took {seconds:.0f} s")
        print(f"rank {rank} silent: the other ended after {seconds:.1f} s")
    finally:
        job.end()
        study.remove()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=None, help="of the choice of instants (default: another one every time, and said)")
    arguments = parser.parse_args()
    check(tiny_study.ARETE.exists(), "no binary: ARETE in the environment")
    seed = arguments.seed if arguments.seed is not None else random.SystemRandom().randrange(10**6)
    print(f"seed {seed}", flush=True)
    rounds_of_kills(arguments.rounds, random.Random(seed))
    if METHOD == "independent":  # the watcher's affair, whatever the permutations are
        silent_rank(1)


if __name__ == "__main__":
    main()
