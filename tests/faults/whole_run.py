#!/usr/bin/python3
"""The whole program when a call fails: `arete run` with call 0, 1, 2, ... of a kind failing, until it succeeds. Each time: one clear line,
exit code 1, nothing that looks finished; the same command without a fault then ends with the bits of a run that nothing interrupted.

    tests/faults/whole_run.py                                  # a sample
    tests/faults/whole_run.py --all                            # every call
    tests/faults/whole_run.py --all --kind memory --most 500   # at most so many calls of a fault
    ARETE_METHOD=orbits tests/faults/whole_run.py              # permutations in orbits, as ctest has it; else drawn one by one

A new campaign, and an extension of a finished one. One worker, so that calls come in nearly the same order each time.
"""
import argparse
import collections
import concurrent.futures
import errno
import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

from support import tiny_study
from support.interruption import UNIT, InterruptedStudy, count_is

FAULTY = Path(os.environ.get("ARETE_FAULTY", "arete_faulty")).absolute()
COUNT, FIRST_COUNT = 3 * UNIT, UNIT
CHEAP = ["model.heritability=[0.2, 0.5]", "run.workers=1"]
FAULTS = [
    ("memory", "ENOMEM", False),
    ("memory", "ENOMEM", True),
    ("write", "EIO", False),
    ("pwrite", "EIO", False),
    ("pwrite", "ENOSPC", True),
    ("pread", "EIO", False),
    ("fsync", "EIO", False),
    ("fdatasync", "EIO", False),
    ("fdatasync", "ENOSPC", True),
    ("rename", "EIO", False),
    ("open", "EIO", False),
    ("open", "EMFILE", True),
    ("fallocate", "ENOSPC", False),
    ("ftruncate", "EIO", False),
    ("close", "EIO", False),
    ("fopen", "EIO", False),
    ("fopen", "ENOSPC", True),
    ("lock", "ENOLCK", True),
]
READING = {"open", "fopen", "pread"}
FORGIVABLE = {"memory", "close", "lock"}  # a line of the log is lost; a file that was only read closes badly; no locks there
PATIENCE_S = 30


class Failure(Exception):
    pass


def check(condition: bool, text: str) -> None:
    if not condition:
        raise Failure(text)


class Bench:
    """One study folder; trials in it come one after another."""

    def __init__(self):
        self.study = InterruptedStudy()
        self.inputs = [path.name for path in self.study.folder.iterdir() if path.is_file()]
        self.scenes = {"new": None}
        check(self.run(COUNT).returncode == 0, "no campaign without faults")
        self.scores, self.results = self.study.outcome(COUNT)
        self.reset("new")
        check(self.run(FIRST_COUNT).returncode == 0, "no campaign without faults")
        shutil.copytree(self.study.path("out"), self.study.path("first"))
        self.scenes["extension"] = self.study.path("first")

    def close(self) -> None:
        self.study.remove()

    def reset(self, scene: str) -> None:
        shutil.rmtree(self.study.path("out"), ignore_errors=True)
        if self.scenes[scene] is not None:
            shutil.copytree(self.scenes[scene], self.study.path("out"))

    def run(self, count: int) -> subprocess.CompletedProcess:
        return self.study.run(count_is(count), *CHEAP)

    def run_faulty(self, fault: str | None) -> tuple[subprocess.CompletedProcess, dict[str, int]]:
        command = [str(FAULTY), *self.study.command(count_is(COUNT), *CHEAP)[1:]]
        calls = self.study.path("calls")
        calls.unlink(missing_ok=True)
        environment = self.study.environment | {"ARETE_FAULT_CALLS": str(calls)} | ({"ARETE_FAULT": fault} if fault else {})
        try:
            done = subprocess.run(command, cwd=self.study.folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                  timeout=PATIENCE_S, check=False)
        except subprocess.TimeoutExpired as late:
            raise Failure("hangs") from late
        check(done.returncode in (0, 1, 2), f"exit code {done.returncode}: {done.stderr}")
        return done, {kind: int(count) for kind, count in (line.split() for line in calls.read_text().splitlines())}

    def calls(self, scene: str) -> dict[str, int]:
        """How many calls of every kind there are when none fails."""
        self.reset(scene)
        done, calls = self.run_faulty(None)
        check(done.returncode == 0, done.stderr)
        self.check_finished()
        return calls

    # One trial

    def check_finished(self) -> None:
        scores, results = self.study.outcome(COUNT)
        check(scores == self.scores, "/null/score differs")
        check(results == self.results, "results.tsv differs")

    def check_said(self, done: subprocess.CompletedProcess, kind: str, cause: str) -> None:
        lines = [line for line in done.stderr.splitlines() if not line.startswith("arete: warning: ")]
        check(len(lines) == 1 and lines[0].startswith("arete: "), f"exit code {done.returncode}, says: {lines}")
        expected = "out of memory" if kind == "memory" else os.strerror(cause)
        check(expected in lines[0], f"does not say {expected!r}: {lines[0]}")
        named = any(name in lines[0] for name in self.inputs)
        check(done.returncode == 1 or (kind in READING and named), f"exit code {done.returncode}: {lines[0]}")

    def check_left(self, scene: str) -> bool:
        """No unit counts as done with other scores; an extension lost none. Whether results.tsv is there, which the last calls of a run may
        leave: then it is the whole table. The table of before stays until nothing more may refuse the run, and nothing has been computed."""
        table = self.study.has("results.tsv")
        if scene == "extension" or self.study.has("campaign.h5"):
            campaign = self.study.campaign()
            done, size = campaign.done(), campaign.unit_bytes
            check(scene == "new" or bool(done[0]), "the finished campaign is damaged")
            rows = campaign.score_bytes()
            for unit in done.nonzero()[0]:
                at = slice(unit * size, (unit + 1) * size)
                check(rows[at] == self.scores[at], f"unit {unit} counts as done with other scores")
            old = not done[1:].any() and table and self.study.bytes("out/results.tsv") == self.study.bytes("first/results.tsv")
            table = table and not old
        check(not table or self.study.bytes("out/results.tsv") == self.results, "results.tsv is left, and it is not the table")
        return table

    def trial(self, scene: str, kind: str, cause: str, for_good: bool, call: int) -> str:
        """What came of it."""
        self.reset(scene)
        done, calls = self.run_faulty(f"{kind}:{call}:{cause}" + (":for-good" if for_good else ""))
        if done.returncode == 0:
            self.check_finished()
            if calls[kind] <= call:
                return "not met"
            check(kind in FORGIVABLE, "succeeded though a call failed")
            return "forgiven"
        self.check_said(done, kind, getattr(errno, cause))
        table = self.check_left(scene)
        again = self.run(COUNT)
        check(again.returncode == 0, f"running again: exit code {again.returncode}: {again.stderr}")
        self.check_finished()
        return "failed after the table" if table else "failed"


def sample(count: int, most: int, rng: random.Random) -> list[int]:
    """Calls 0 ... count, the last of which does not exist: all of them, or the first, the last two and some between."""
    if count + 1 <= most:
        return list(range(count + 1))
    return sorted({0, count - 1, count, *rng.sample(range(count), most - 3)})


def plan(bench: Bench, options) -> list[tuple]:
    rng = random.Random(options.seed)
    trials = []
    for scene in bench.scenes:
        calls = bench.calls(scene)
        print(f"{scene}: calls when none fails: " + ", ".join(f"{kind} {count}" for kind, count in calls.items()))
        for kind, cause, for_good in FAULTS:
            if options.kind in (None, kind):
                most = options.most or (sys.maxsize if options.all else 20 if kind == "memory" else 4)
                trials += [(scene, kind, cause, for_good, call) for call in sample(calls[kind], most, rng)]
    return trials


def run_trials(trials: list[tuple]) -> tuple[collections.Counter, list[str]]:
    came, failures = collections.Counter(), []
    bench = Bench()
    try:
        for trial in trials:
            try:
                came[trial[0], trial[1], bench.trial(*trial)] += 1
            except (Failure, OSError, KeyError, ValueError, subprocess.TimeoutExpired) as failure:
                failures.append(f"{trial}: {failure}")
                print(failures[-1], flush=True)
    finally:
        bench.close()
    return came, failures


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", action="store_true", help="every call instead of a sample")
    parser.add_argument("--kind", help="only this kind of call")
    parser.add_argument("--most", type=int, default=0, help="at most so many calls of each fault")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    began = time.monotonic()
    bench = Bench()
    try:
        trials = plan(bench, options)
    finally:
        bench.close()
    random.Random(options.seed).shuffle(trials)
    print(f"{len(trials)} trials with {tiny_study.ARETE}", flush=True)
    came, failures = collections.Counter(), []
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for some, wrong in pool.map(run_trials, [trials[job :: options.jobs] for job in range(options.jobs)]):
            came += some
            failures += wrong
    for scene, kind, what in sorted(came):
        print(f"  {scene:10} {kind:10} {what:22} {came[scene, kind, what]:6}")
    print(f"{len(trials)} trials, {len(failures)} wrong, {time.monotonic() - began:.0f} s")
    met = sum(count for (_, _, what), count in came.items() if what.startswith("failed"))
    return 1 if failures or met == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
