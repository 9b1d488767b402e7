#!/usr/bin/python3
"""scripts/slurm/arete.sbatch without a Slurm: programs that stand for srun, scontrol and arete write down how they were called and end as they are told.
tests/slurm/run.sh has the script do its work on a real one.

    tests/cli/job_script.py
"""
import os
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "scripts/slurm/arete.sbatch"
PATIENCE_S = 60

# Each notes its own name and arguments. srun becomes what it is to start; arete ends as END says.
PROGRAMS = {
    "srun": 'while [ "${1#-}" != "$1" ]; do shift; done\nexec "$@"\n',
    "scontrol": "exit ${REFUSED:-0}\n",
    "arete": 'eval "$END"\n',
}

# What arete does while the script is sent a signal: it dies of USR1, or takes it and ends with a code.
KILLED = "touch begun; exec sleep 60"


def on_usr1(code):
    return f"trap 'exit {code}' USR1; touch begun; while :; do sleep 0.05; done"


class JobScript(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="arete-job-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        for name, text in PROGRAMS.items():
            program = self.folder / name
            program.write_text(f'#!/bin/bash\necho "{name} $*" >> {self.folder}/calls\n{text}')
            program.chmod(0o755)

    def begin(self, *arguments, end="exit 0", **variables):
        """The script as Slurm starts it. end: what arete does."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("SLURM_", "ARETE"))}
        environment = {**kept, "PATH": f"{self.folder}:{os.environ['PATH']}", "SLURM_JOB_ID": "6", "END": end, **variables}
        job = subprocess.Popen([SCRIPT, *arguments], cwd=self.folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, text=True)
        self.addCleanup(job.stdout.close)
        self.addCleanup(job.wait)
        return job

    def run_script(self, *arguments, **how):
        """Exit code and output."""
        job = self.begin(*arguments, **how)
        out, _ = job.communicate(timeout=PATIENCE_S)
        return job.returncode, out

    def calls(self, name):
        """Arguments of each call."""
        calls = self.folder / "calls"
        lines = calls.read_text().splitlines() if calls.exists() else []
        return [line.split(" ", 1)[1] for line in lines if line.startswith(f"{name} ")]


class Arguments(JobScript):
    def test_fresh_is_for_the_first_start(self):
        for fresh in ("--fresh", "--f"):
            for restart in ("0", "1", "2"):
                self.run_script("study.yaml", fresh, "--seed", "7", SLURM_RESTART_COUNT=restart)
            begun, *again = [call.split() for call in self.calls("arete")[-3:]]
            self.assertEqual(begun, ["run", "study.yaml", fresh, "--seed", "7", "--threads", "1"])
            self.assertEqual(again, 2 * [["run", "study.yaml", "--seed", "7", "--threads", "1"]])

    def test_whoever_submits_again_is_told_of_fresh(self):
        for arguments, words in ((["study.yaml", "--fresh"], ": submit it again without --fresh to go on\n"), (["study.yaml"], ": submit it again to go on\n")):
            code, out = self.run_script(*arguments, end="exit 75", REFUSED="1", SLURM_RESTART_COUNT="3")
            self.assertEqual(code, 75)
            self.assertTrue(out.endswith(words), out)

    def test_srun_prepares_mpi_for_several_tasks_alone(self):
        for tasks, mpi in (("1", "--mpi=none "), ("2", "--mpi=pmix ")):
            self.run_script("study.yaml", SLURM_NTASKS=tasks)
            self.assertIn(mpi, self.calls("srun")[-1])

    def test_the_number_of_a_task(self):
        self.run_script("study-%a.yaml", "--output", "out/%a", SLURM_ARRAY_JOB_ID="4", SLURM_ARRAY_TASK_ID="2", end="exit 75")
        self.assertEqual(self.calls("arete"), ["run study-2.yaml --output out/2 --threads 1"])
        self.assertEqual(self.calls("scontrol"), ["requeue 4_2"])


class Ends(JobScript):
    def test_what_goes_on_is_requeued(self):
        """Stopped (75), and a rank lost (200); not what failed, was refused, or was killed for its memory."""
        for code, requeued in ((75, True), (200, True), (0, False), (1, False), (2, False), (137, False)):
            with self.subTest(code=code):
                before = len(self.calls("scontrol"))
                found, out = self.run_script("study.yaml", end=f"exit {code}", SLURM_NTASKS="2")
                self.assertEqual(found, code)
                self.assertEqual(self.calls("scontrol")[before:], requeued * ["requeue 6"])
                self.assertRegex(out, rf": arete ended with {code}{'; requeued' * requeued}\n$")

    def test_as_often_as_is_allowed(self):
        for code in (75, 200):
            for most, restart in (("100", "100"), ("3", "3")):
                _, out = self.run_script("study.yaml", end=f"exit {code}", ARETE_MAX_RESTARTS=most, SLURM_RESTART_COUNT=restart)
                self.assertIn(f"arete ended with {code}; not requeued, because of {restart} restarts", out)
        self.assertEqual(self.calls("scontrol"), [])

    def signalled(self, number, end, **variables):
        """Exit code and output of a job whose arete has begun when the script is sent the signal."""
        job = self.begin("study.yaml", end=end, **variables)
        until = time.monotonic() + PATIENCE_S
        while not (self.folder / "begun").exists():
            self.assertLess(time.monotonic(), until)
            time.sleep(0.01)
        job.send_signal(number)
        out, _ = job.communicate(timeout=PATIENCE_S)
        return job.returncode, out

    def test_told_to_stop_and_killed(self):
        """By USR1 itself, before there is a handler; and by srun, as another task ended first."""
        for code, end in ((138, KILLED), (137, on_usr1(137)), (75, on_usr1(75))):
            with self.subTest(code=code):
                (self.folder / "begun").unlink(missing_ok=True)
                before = len(self.calls("scontrol"))
                found, out = self.signalled(signal.SIGUSR1, end)
                self.assertEqual(found, code, out)
                self.assertEqual(self.calls("scontrol")[before:], ["requeue 6"])

    def test_told_to_stop_and_failed(self):
        self.signalled(signal.SIGUSR1, on_usr1(1))
        self.assertEqual(self.calls("scontrol"), [])

    def test_cancelled(self):
        """TERM: whether the job is requeued is Slurm's matter."""
        for end in (KILLED, on_usr1(75)):
            (self.folder / "begun").unlink(missing_ok=True)
            _, out = self.signalled(signal.SIGTERM, end)
            self.assertIn("; Slurm is ending the job: ", out)
        self.assertEqual(self.calls("scontrol"), [])

    def test_told_before_it_begins(self):
        """While modules are loaded, or the first line is written: `date` stands for either."""
        date = self.folder / "date"
        date.write_text('#!/bin/bash\n[ -e told ] || kill -USR1 $PPID\ntouch told\n')
        date.chmod(0o755)
        code, out = self.run_script("study.yaml", end=KILLED)
        self.assertEqual(code, 138, out)
        self.assertEqual(self.calls("scontrol"), ["requeue 6"])


if __name__ == "__main__":
    unittest.main()
