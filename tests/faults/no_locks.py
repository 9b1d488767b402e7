#!/usr/bin/python3
"""A file system without file locks (NFS without its lock server, Lustre without flock, some containers): a run goes on with one line of warning,
and only a second run on the same machine is kept away."""
import errno
import json
import os
import signal
import subprocess
import unittest
from pathlib import Path

from support.interruption import SLOW, InterruptedStudy, count_is, units_done, wait_until
from support.parcel_study import ParcelStudy
from support.tiny_study import PATIENCE_S

FAULTY = Path(os.environ.get("ARETE_FAULTY", "arete_faulty")).absolute()
CAUSES = {"ENOLCK": errno.ENOLCK, "EINVAL": errno.EINVAL, "ENOTSUPP": 524}


class NoLocksTest(unittest.TestCase):
    def setUp(self):
        self.study = InterruptedStudy()
        self.addCleanup(self.study.remove)

    def environment(self, cause="ENOLCK"):
        return self.study.environment | {"ARETE_FAULT": f"lock:0:{cause}:for-good"}

    def faulty(self, *arguments, cause="ENOLCK"):
        return subprocess.run([FAULTY, *arguments], cwd=self.study.folder, env=self.environment(cause), stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=PATIENCE_S, check=False)

    def run_study(self, *sets, cause="ENOLCK"):
        return self.faulty(*self.study.command(*sets)[1:], cause=cause)

    def start_slowly(self):
        command = [FAULTY, *self.study.command(count_is(100000), *SLOW)[1:]]
        run = subprocess.Popen(command, cwd=self.study.folder, env=self.environment(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
        self.addCleanup(run.wait, PATIENCE_S)
        self.addCleanup(run.send_signal, signal.SIGINT)
        wait_until(units_done(self.study, 1), run)
        return run

    def status(self):
        text, as_json = (self.faulty("status", "out/campaign.h5", *option) for option in ([], ["--json"]))
        self.assertEqual((text.returncode, as_json.returncode), (0, 0), text.stderr + as_json.stderr)
        return text.stdout.split("running:")[1].strip(), json.loads(as_json.stdout)

    def test_a_run_needs_no_lock(self):
        with_locks = self.study.run(count_is(600))
        self.assertEqual(with_locks.returncode, 0, with_locks.stderr)
        self.assertNotIn("lock", with_locks.stderr)
        expected = self.study.outcome(600)
        for cause, number in CAUSES.items():
            with self.subTest(cause):
                self.study.remove_folder("out")
                done = self.run_study(count_is(600), cause=cause)
                self.assertEqual(done.returncode, 0, done.stderr)
                lines = [line for line in done.stderr.splitlines() if "lock" in line]
                self.assertEqual(lines, [f"arete: warning: out/campaign.h5: no file locks there ({os.strerror(number)}), so nothing keeps away a second "
                                         "run on another machine; it would compute the same numbers once more"])
                self.assertTrue(self.study.outcome(600) == expected)

    def test_parcels_need_no_lock(self):
        study = ParcelStudy()
        self.addCleanup(study.remove)
        done = subprocess.run([FAULTY, "parcellate", "parcels.yaml"], cwd=study.folder, env=self.environment(), stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=PATIENCE_S, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, f"arete: warning: out/parcellate.lock: no file locks there ({os.strerror(errno.ENOLCK)}), so "
                                                          "nothing keeps away a second run on another machine, whose parcels may be of another tree\n"))

    def test_status_of_a_finished_campaign(self):
        self.assertEqual(self.study.run(count_is(200)).returncode, 0)
        running, answer = self.status()
        self.assertEqual((running, answer["running"]), ("no", None))

    def test_status_cannot_know_of_other_machines(self):
        self.assertEqual(self.study.run(count_is(200)).returncode, 0)
        self.assertEqual(self.study.run(count_is(100000), *SLOW, "run.stop_after=1s").returncode, 2)  # other penalties: refused
        for seconds in (1, 10):  # one may end before the campaign begins on a busy machine
            begun = self.study.run(count_is(100000), *SLOW, f"run.stop_after={seconds}s", options=["--fresh"])
            self.assertEqual(begun.returncode, 75, begun.stderr)
            if "permutations saved" in begun.stderr:
                break
        self.study.replace("out/campaign.lock", "pid ", "pid 1")
        running, answer = self.status()
        self.assertRegex(running, r"^not known without file locks \(last: host .*, pid \d+, since 20.*\)$")
        self.assertEqual((answer["running"], answer["holder"][:5]), (None, "host "))

    def test_a_second_run_on_the_same_machine(self):
        run = self.start_slowly()
        self.assertIn(f"pid {run.pid},", self.status()[0])
        self.assertIs(self.status()[1]["running"], True)
        second = self.run_study(count_is(100000), *SLOW)
        self.assertEqual(second.returncode, 1, second.stderr)
        self.assertIn(f"another arete run is working on it (host {os.uname().nodename}, pid {run.pid}, ", second.stderr)

    def test_status_of_a_campaign_whose_lock_is_another_users(self):
        if os.getuid() == 0:
            self.skipTest("root reads all files")
        self.assertEqual(self.study.run(count_is(200)).returncode, 0)
        self.study.path("out/campaign.lock").chmod(0)
        done = self.study.arete("status", "out/campaign.h5")
        self.assertEqual((done.returncode, done.stdout.split("running:")[1].strip()), (0, "no"))


if __name__ == "__main__":
    unittest.main()
