#!/usr/bin/python3
"""Two commands in one output folder. One of them stops itself (ARETE_FAULT=lock:K:STOP) before its K-th call that takes or asks for a lock; the other
runs meanwhile; then the first goes on. Whatever comes of it, what a command that ended well has written stays, and belongs together.

    tests/resume/side_by_side.py            # stopped before the first calls
    tests/resume/side_by_side.py --all      # before every one of them
"""
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import unittest
from pathlib import Path

from support.interruption import wait_until
from support.parcel_study import ParcelStudy
from support.tiny_study import ARETE, PATIENCE_S, TinyStudy

FAULTY = Path(os.environ.get("ARETE_FAULTY", "arete_faulty")).absolute()
MOST_STOPS = None  # until one after the lock is taken
HELD = "another arete run is working"
NOBODY = 65534  # who is not allowed what root is


def sets(*values):
    return [part for value in values for part in ("--set", value)]


class SideBySide(unittest.TestCase):
    def setUp(self):
        self.study = TinyStudy()
        self.addCleanup(self.study.remove)

    def files(self):
        """The output folder, by hashes, without what every run adds to."""
        return {name: content and hashlib.sha256(content).hexdigest() for name, content in self.study.content().items()
                if name.startswith("out/") and not name.endswith((".log", ".lock"))}

    def runs(self, *arguments):
        done = self.study.arete(*arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return self.files()

    def begin(self, call, *arguments, kind="lock"):
        """Stopped before that call, or at its end."""
        run = subprocess.Popen([FAULTY, *arguments], cwd=self.study.folder, env=os.environ | {"ARETE_FAULT": f"{kind}:{call}:STOP"}, stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.addCleanup(run.stderr.close)
        self.addCleanup(run.wait)
        self.addCleanup(run.kill)
        wait_until(lambda: self.has_ended(run) or self.is_stopped(run))
        return run

    @staticmethod
    def is_stopped(run):
        return Path(f"/proc/{run.pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "T"

    @staticmethod
    def has_ended(run):
        return Path(f"/proc/{run.pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"

    def go_on(self, run):
        run.send_signal(signal.SIGCONT)
        err = run.communicate(timeout=PATIENCE_S)[1]
        return run.returncode, "".join(line for line in err.splitlines(keepends=True) if ": warning: " not in line)

    def meanwhile(self, most, first, second, before=()):
        """`second` while `first` is stopped, at each of its calls in turn; (code and message of both, files before, between and after) of each."""
        for call in range(most if MOST_STOPS is None else MOST_STOPS):
            shutil.rmtree(self.study.path("out"), ignore_errors=True)
            if before:
                self.runs(*before)
            run = self.begin(call, *first)
            if self.has_ended(run):
                self.assertGreater(call, 2, self.go_on(run))
                break
            earlier = self.files()
            done = self.study.arete(*second)
            between = self.files()
            yield self.go_on(run), (done.returncode, done.stderr), earlier, between, self.files()


class New(SideBySide):
    """Where there is no campaign yet."""

    def check(self, command):
        first = [command, "study.yaml", *sets("seed=5", "genotypes.max_relatedness=0.4", "associate.permute=true")]
        second = [command, "study.yaml", *sets("run.trace=true", "associate.permute=true")]
        for options in ([], ["--fresh"]):
            outcomes = []
            for (code, said), (code_of_second, said_of_second), earlier, between, after in self.meanwhile(2, first + options, second):
                outcomes.append((code, code_of_second))
                if code_of_second == 0:
                    self.assertEqual((code, after), (1, between), said)
                    self.assertIn("another run has made it meanwhile; the same command " + ("without --fresh " if options else "") + "goes on with it", said)
                else:
                    self.assertEqual((code_of_second, code, between), (1, 0, earlier), said_of_second + said)
                    self.assertIn(HELD, said_of_second)
                    self.assertIn("out/relatives_dropped.tsv", after)
            self.assertEqual((outcomes[0], set(outcomes[1:])), ((1, 0), {(0, 1)}))  # the lock is taken, before anything is computed

    def test_runs(self):
        self.check("run")

    def test_associations(self):
        self.check("associate")

    def test_the_other_command_is_told_at_once(self):
        permute = sets("associate.permute=true")
        for first, second in ((["run", "study.yaml"], ["associate", "study.yaml"]), (["associate", "study.yaml", *permute], ["run", "study.yaml"]),
                              (["associate", "study.yaml"], ["associate", "study.yaml", *permute])):
            run = self.begin(1, *first)
            before = self.files()
            done = self.study.arete(*second)
            self.assertEqual((done.returncode, self.files()), (1, before), done.stderr)
            self.assertIn(HELD, done.stderr)
            if self.is_stopped(run):
                self.assertEqual(self.go_on(run), (0, ""))
            shutil.rmtree(self.study.path("out"))


class GoingOn(SideBySide):
    """A campaign that another command begins anew meanwhile, or would."""

    def check(self, command, first, second, refused):
        """`first` goes on with the campaign of `before`."""
        permute = sets("associate.permute=true", "permutations.count=400")
        base = [command, "study.yaml", *permute]
        before = [*base, *sets("permutations.method=orbits")]
        expected = self.runs(*before, *first)
        results = "out/results.tsv" if command == "run" else "out/targets.tsv"
        outcomes = set()
        for (code, said), (code_of_second, said_of_second), earlier, between, after in self.meanwhile(3, [*before, *first], [*base, *second, "--fresh"], before):
            outcomes.add(code_of_second)
            if code_of_second == 0:
                self.assertEqual((code, after), (2, between))
                self.assertIn(refused, said)
            else:
                self.assertEqual((code_of_second, code, between), (1, 0, earlier), said_of_second + said)
                self.assertIn(HELD, said_of_second)
                self.assertEqual(after[results], expected[results])
        self.assertEqual(outcomes, {0, 1})

    def test_by_another_method(self):
        for command in ("run", "associate"):
            self.check(command, [], sets("permutations.method=independent"), "permutations.method")

    def test_another_study_while_it_is_extended(self):
        self.check("run", sets("permutations.count=900"), sets("seed=7"), "seed")

    def test_killed_while_parts_go(self):
        """--fresh removes parts first: what is left belongs to the campaign that is still there."""
        for command, name in (("run", "campaign"), ("associate", "associations")):
            whole = self.runs(command, "study.yaml", *sets("associate.permute=true"))
            self.study.write(f"out/{name}.part-3.h5", "")  # a part that a power cut has emptied
            run = self.begin(2, command, "study.yaml", *sets("associate.permute=true", "seed=7"), "--fresh")
            self.assertTrue(self.is_stopped(run))
            run.kill()
            run.communicate()
            left = self.files()
            self.assertEqual(left[f"out/{name}.h5"], whole[f"out/{name}.h5"])
            self.assertNotIn(f"out/{name}.part-3.h5", left)
            self.assertEqual(self.runs(command, "study.yaml", *sets("associate.permute=true")), whole)
            shutil.rmtree(self.study.path("out"))


class Parcels(SideBySide):
    """`arete parcellate`, which has a lock of its own: a study may stand in the same folder."""

    FIRST = ["parcellate", "parcels.yaml", *sets("neighbours=26"), "--parcels", "3,4"]
    SECOND = ["parcellate", "parcels.yaml", "--parcels", "2,9"]

    def setUp(self):
        self.study = ParcelStudy()
        self.addCleanup(self.study.remove)

    def test_side_by_side(self):
        for options, before, expected in (([], (), 2), (["--fresh"], (), 0), (["--fresh"], self.SECOND, 0)):
            outcomes = []
            for (code, said), (code_of_second, said_of_second), earlier, between, after in self.meanwhile(5, self.FIRST + options, self.SECOND, before):
                outcomes.append(code_of_second)
                names = {name.removeprefix("out/") for name in after}
                if code_of_second == 0:
                    self.assertEqual(code, expected, said)
                    self.assertEqual(after == between, bool(code), said)
                else:
                    self.assertEqual((code_of_second, code, between), (1, 0, earlier), said_of_second + said)
                    self.assertRegex(said_of_second, r"^arete: out/parcellate.lock: another arete run holds this lock \(host .*, pid \d+, since .*\); wait for it or stop it\n$")
                if code == 0:
                    self.assertEqual(names, {"tree.h5", "parcels-3.nii.gz", "parcels-3.tsv", "parcels-4.nii.gz", "parcels-4.tsv"})
            self.assertEqual((outcomes[0], set(outcomes[1:])), (0, {1}))

    def test_killed(self):
        """Whenever --fresh is killed, no parcels are beside a tree that they are not of."""
        names = [f"out/parcels-{k}{ending}" for k in (2, 9) for ending in (".nii.gz", ".tsv")]
        for call in range(100):
            shutil.rmtree(self.study.path("out"), ignore_errors=True)
            earlier = self.runs(*self.SECOND)
            run = self.begin(call, *self.FIRST, "--fresh", kind="fsync")
            if self.has_ended(run):
                self.assertGreater(call, 5)
                return
            run.kill()
            run.communicate()
            left = self.files()
            if left["out/tree.h5"] != earlier["out/tree.h5"]:
                self.assertEqual([name for name in names if name in left], [])
            whole = self.runs(*self.FIRST, "--fresh")
            self.assertEqual([name for name in names if name in whole or name.endswith(".tmp")], [])
        self.fail("never ends")


class Refused(SideBySide):
    """What a run is refused for removes nothing of a finished one."""

    def nobody(self, *arguments):
        if os.getuid() != 0:
            return self.study.arete(*arguments)
        for path in (self.study.folder, *self.study.folder.rglob("*")):
            os.chown(path, NOBODY, NOBODY)
        return subprocess.run([ARETE, *arguments], cwd=self.study.folder, env=os.environ | {"TMPDIR": str(self.study.folder)}, user=NOBODY, group=NOBODY,
                              extra_groups=[], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE_S, check=False)

    def test_a_campaign_that_cannot_be_written(self):
        for command, name in (("run", "campaign.h5"), ("associate", "associations.h5"), ("run", "campaign.lock"), ("associate", "campaign.lock")):
            asked = [command, "study.yaml", *sets("associate.permute=true")]
            before = self.runs(*asked)
            self.study.path(f"out/{name}").chmod(0o440)
            done = self.nobody(*asked, *sets("permutations.count=500"))
            self.assertEqual((done.returncode, self.files()), (1 if name.endswith(".lock") else 2, before), done.stderr)
            self.assertRegex(done.stderr, rf"^arete: out/{name}: cannot be opened.*: Permission denied\n$")
            self.assertNotIn("K in", self.study.read("out/run.log" if command == "run" else "out/associate.log").split(" done in ")[-1])
            shutil.rmtree(self.study.path("out"))

    def test_a_folder_that_cannot_be_written_to(self):
        before = self.runs("run", "study.yaml")
        self.study.path("out").chmod(0o550)
        done = self.nobody("run", "study.yaml", *sets("permutations.count=500"))
        self.study.path("out").chmod(0o755)
        self.assertEqual((done.returncode, self.files()), (2, before), done.stderr)
        self.assertEqual(done.stderr, "arete: out: the output folder cannot be written to: Permission denied\n")

    def test_a_part_that_is_none(self):
        for command, name in (("run", "campaign"), ("associate", "associations")):
            asked = [command, "study.yaml", *sets("associate.permute=true")]
            self.runs(*asked)
            self.study.write(f"out/{name}.part-3.h5", "")
            before = self.files()
            done = self.study.arete(*asked)
            self.assertEqual((done.returncode, self.files()), (2, before), done.stderr)
            self.assertIn(f"out/{name}.part-3.h5: ", done.stderr)

    def test_parts_of_a_campaign_that_was_moved_away(self):
        for command, name, other in (("run", "campaign", "part-1.h5"), ("run", "campaign", "folds-3.h5"), ("associate", "associations", "rank-0.block")):
            asked = [command, "study.yaml", *sets("associate.permute=true")]
            whole = self.runs(*asked)
            self.study.write(f"out/{name}.{other}", "")
            self.study.path(f"out/{name}.h5").rename(self.study.path("aside.h5"))
            before = self.files()
            done = self.study.arete(*asked, *sets("seed=7"))
            self.assertEqual((done.returncode, self.files()), (2, before), done.stderr)
            self.assertEqual(done.stderr, f"arete: out/{name}.{other}: belongs to a campaign that is not here: put that back, or move this away too (--fresh "
                             "starts over, and removes it)\n")
            self.study.path("aside.h5").unlink()
            self.assertEqual(self.runs(*asked, "--fresh"), whole)
            shutil.rmtree(self.study.path("out"))


if __name__ == "__main__":
    if "--all" in sys.argv:
        sys.argv.remove("--all")
        MOST_STOPS = 100
    unittest.main()
