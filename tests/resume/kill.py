#!/usr/bin/python3
"""kill -9 at random instants, and resuming to the end: whatever happens, /null/score and results.tsv are those of a run that nothing
interrupted, no finished unit is lost, and none is computed twice.

    tests/resume/kill.py --arete build/arete              # 200 rounds
    tests/resume/kill.py --arete build/arete --rounds 25

A round is a campaign from its beginning (or from a finished one of half as many permutations), one to four kills, and a run to the end. Half
of the kills come at an instant uniform over a run's duration, the others aim at the short phases: creation, first blocks, last block, the
table. What a kill met is told from the files it leaves behind. A kill leaves to the system what was written: it does not test what a power cut would.
"""
import argparse
import collections
import contextlib
import os
import random
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from support import tiny_study
from support.interruption import UNIT, InterruptedStudy, count_is

COUNT, HALF = 20 * UNIT, 10 * UNIT
ATTEMPTS = 50  # at a kill that comes before the end of the run
FILES = ["campaign.h5", "campaign.lock", "predictions.tsv", "report.html", "results.tsv", "run.log"]
AIMS = ["anywhere"] * 5 + ["creation", "first blocks", "first blocks", "last block", "last block", "table"]


class Failure(Exception):
    pass


def check(condition: bool, text: str) -> None:
    if not condition:
        raise Failure(text)


class Killer:
    def __init__(self, rng: random.Random):
        self.rng = rng
        self.met = collections.Counter()
        self.left = collections.Counter()
        self.kills = self.units_spared = 0
        study = InterruptedStudy()
        try:
            self.scores = {}
            self.results = {}
            for count in (HALF, COUNT):
                self.seconds = min(self.time_run(study, count) for _ in range(3))
                self.scores[count], self.results[count] = study.outcome(count)
            self.unit_bytes = study.campaign().unit_bytes
        finally:
            study.remove()

    def time_run(self, study: InterruptedStudy, count: int) -> float:
        began = time.monotonic()
        done = study.run(count_is(count), options=["--fresh"])
        check(done.returncode == 0, done.stderr)
        return time.monotonic() - began

    # One run that is killed

    def settings(self, aim: str = "") -> list[str]:
        """What is no change of the study, otherwise every time."""
        block = UNIT * (1 if aim == "last block" else self.rng.choice([1, 1, 3, 8]))
        return [f"run.workers={self.rng.choice([1, 2])}", f"run.block={block}"]

    def wait_for(self, study: InterruptedStudy, process: subprocess.Popen, aim: str, extends: bool) -> None:
        """Until the instant of the kill, or the end of the process."""

        def until(condition) -> None:
            while process.poll() is None and not condition():
                time.sleep(0.0002)

        def crcs(least: int) -> bool:
            with contextlib.suppress(OSError, ValueError):  # not there yet
                campaign = study.campaign()
                return campaign.n_units == COUNT // UNIT and int((campaign.crcs() != 0).sum()) >= least
            return False

        if aim == "anywhere":
            time.sleep(self.rng.uniform(0, self.seconds))
        elif aim == "creation":
            until(lambda: study.is_writing("campaign.h5"))
            time.sleep(self.rng.uniform(0, 0.01))
        elif aim == "first blocks":
            until(lambda: crcs(HALF // UNIT if extends else 0))
            time.sleep(self.rng.uniform(0, 0.05))
        elif aim == "last block":
            until(lambda: crcs(COUNT // UNIT - 2))
            time.sleep(self.rng.uniform(0, 0.02))
        else:
            until(lambda: study.is_writing("results.tsv") or crcs(COUNT // UNIT))
            time.sleep(self.rng.uniform(0, 0.004))

    def kill_one(self, study: InterruptedStudy, aim: str, extends: bool) -> bool:
        """Starts the run and kills it; False when it was faster."""
        process = study.start(count_is(COUNT), *self.settings(aim))
        self.wait_for(study, process, aim, extends)
        process.kill()
        _, err = process.communicate()
        check(process.returncode in (0, -9), f"exit code {process.returncode}: {err}")
        if process.returncode == 0:
            return False
        self.kills += 1
        return True

    def describe(self, study: InterruptedStudy, extends: bool, done: int) -> str:
        """What a kill met, from what it left."""
        half = HALF // UNIT
        if not study.has("campaign.h5"):
            return "before there was a file: " + ("while making it" if study.is_writing("campaign.h5") else "reading, K, operators")
        if extends and study.campaign().n_units == half:
            return "extension: " + ("while making the longer file" if study.is_writing("campaign.h5") else "before it was begun")
        where = "extension, longer file there: " if extends else ""
        missing = COUNT // UNIT - done
        if missing == 0:
            return where + ("table being written" if study.is_writing("results.tsv") else "all units done, no table" if not study.has("results.tsv") else "table there")
        if missing == COUNT // UNIT - (half if extends else 0):
            return where + "file there, nothing computed yet"
        return where + ("in the last blocks" if missing <= 2 else "during permutations")

    def done_units(self, study: InterruptedStudy) -> int:
        """Units done; each must hold the right bytes."""
        if not study.has("campaign.h5"):
            return 0
        campaign = study.campaign()
        scores = campaign.score_bytes()
        done = campaign.done()
        for unit in done.nonzero()[0]:
            at = slice(unit * self.unit_bytes, (unit + 1) * self.unit_bytes)
            check(scores[at] == self.scores[COUNT][at], f"unit {unit} counts as done with other scores")
        self.left["units with a CRC that is not their rows'"] += int(((campaign.crcs() != 0) & ~done).sum())
        return int(done.sum())

    def check_said(self, study: InterruptedStudy, before: str, done: int) -> None:
        """The run since then said that it took over exactly the units that were done."""
        said = study.said_done(study.log()[len(before) :])
        check(len(said) <= 1, f"{said}")
        check(not said or said[0] == (COUNT, done * UNIT), f"{done * UNIT} permutations were done, the run said {said}")

    def count_leftovers(self, study: InterruptedStudy) -> None:
        for name in os.listdir(study.path("out")) if study.path("out").exists() else []:
            if name not in FILES:
                self.left["out/" + re.sub("[0-9a-f]{12}", "*", name)] += 1

    # One campaign

    def one_round(self) -> bool:
        """False when the run ended before the first kill: no round."""
        study = InterruptedStudy()
        try:
            extends = self.rng.random() < 0.3
            if extends:
                done = study.run(count_is(HALF), *self.settings())
                check(done.returncode == 0, done.stderr)
            done = self.done_units(study)
            for kill in range(self.rng.choice([1, 1, 2, 2, 3, 4])):
                log = study.log()
                aim = self.rng.choice(AIMS)
                killed = self.kill_one(study, aim, extends)
                self.check_said(study, log, done)
                now = self.done_units(study)
                check(now >= done, f"{done} units were done, {now} are after the kill")
                done = now
                if not killed:
                    if kill == 0:
                        return False
                    break
                self.met[self.describe(study, extends, done)] += 1
                self.count_leftovers(study)
            self.finish(study, done)
            return True
        except Exception:
            kept = Path("kill-failed").absolute()
            shutil.copytree(study.folder, kept, dirs_exist_ok=True)
            print(f"what was found is kept in {kept}", file=sys.stderr)
            raise
        finally:
            study.remove()

    def finish(self, study: InterruptedStudy, done: int) -> None:
        log = study.log()
        last = study.run(count_is(COUNT), *self.settings())
        check(last.returncode == 0, last.stderr)
        self.units_spared += done
        self.check_said(study, log, done)
        computed = study.said_computed(study.log()[len(log) :])
        expected = COUNT - done * UNIT
        check(computed == ([expected] if expected > 0 else []), f"{expected} permutations were missing, {computed} were computed")
        scores, results = study.outcome(COUNT)
        check(scores == self.scores[COUNT], "/null/score differs")
        check(results == self.results[COUNT], "results.tsv differs")
        check(bool(study.campaign().done().all()), "a unit is not done")
        check(sorted(os.listdir(study.path("out"))) == FILES, f"left in out/: {os.listdir(study.path('out'))}")
        self.left["tmp/arete-starpu-*"] += len(os.listdir(study.path("tmp")))

    def report(self, rounds: int, seconds: float) -> None:
        print(f"{rounds} of {rounds} campaigns ended as if nothing had happened: same bytes in /null/score and results.tsv")
        print(f"{self.kills} kills; {self.units_spared} units that were done before a last resume, none of them computed again; {seconds:.0f} s")
        print("what the kills met:")
        for what, count in sorted(self.met.items()):
            print(f"  {count:4d}  {what}")
        print("left behind by a kill, and gone after the next run but for StarPU's temporary folders:")
        for what, count in sorted(self.left.items()):
            print(f"  {count:4d}  {what}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--arete", type=Path, default=tiny_study.ARETE if "ARETE" in os.environ else None, help="the binary (default: $ARETE)")
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=None, help="of the choice of instants (default: another one every time, and said)")
    arguments = parser.parse_args()
    if arguments.arete is None:
        parser.error("no binary: --arete, or ARETE in the environment")
    tiny_study.ARETE = arguments.arete.absolute()
    seed = arguments.seed if arguments.seed is not None else random.SystemRandom().randrange(10**6)
    print(f"seed {seed}", flush=True)
    began = time.monotonic()
    killer = Killer(random.Random(seed))
    for number in range(arguments.rounds):
        try:
            check(any(killer.one_round() for _ in range(ATTEMPTS)), f"no run was killed in {ATTEMPTS} attempts")
        except Failure as failure:
            killer.report(number, time.monotonic() - began)
            sys.exit(f"round {number + 1}: {failure}")
    killer.report(arguments.rounds, time.monotonic() - began)


if __name__ == "__main__":
    main()
