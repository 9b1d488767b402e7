#!/usr/bin/python3
"""What a user's shell or a job may have set: variables for other StarPU programs, folders that take nothing, limits, closed descriptors. A run works, or
says in one line what is wrong.

    tests/cli/environment.py
"""
import os
import re
import resource
import subprocess
import tempfile
import unittest

from support.tiny_study import ARETE, TinyStudy

PATIENCE_S = 120
FOREIGN = {"STARPU_NCPU": "-1", "STARPU_NCPUS": "0", "STARPU_MIN_PRIO": "-1", "STARPU_HOME": "/proc/x", "STARPU_MAIN_THREAD_CPUID": "77", "STARPU_SCHED": "none",
           "STARPU_WORKERS_CPUID": "99", "STARPU_WATCHDOG_TIMEOUT": "-5", "STARPU_PROFILING": "yes", "STARPU_LIMIT_CPU_MEM": "1", "STARPU_": "x"}


class Environment(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.study = TinyStudy()
        cls.addClassCleanup(cls.study.remove)

    def arete(self, *arguments, environment=None, limits=(), closed=(), code=0):
        def prepare():
            for limit, value in limits:
                resource.setrlimit(limit, (value, value))
            for descriptor in closed:
                os.close(descriptor)

        done = subprocess.run([ARETE, *arguments], cwd=self.study.folder, env={**os.environ, **(environment or {})}, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=PATIENCE_S, check=False, preexec_fn=prepare)
        self.assertEqual(done.returncode, code, done.stderr)
        return [line for line in done.stderr.splitlines() if not re.match("arete: (warning|note): ", line)]

    def run_study(self, **how):
        return self.arete("run", "study.yaml", "--fresh", **how)

    def test_foreign_variables_of_starpu_decide_nothing(self):
        self.run_study()
        table = self.study.bytes("out/results.tsv")
        for environment in ({name: value} for name, value in FOREIGN.items()):
            with self.subTest(environment):
                self.assertEqual(self.run_study(environment=environment), [])
                self.assertEqual(self.study.bytes("out/results.tsv"), table)
        self.assertEqual(self.run_study(environment=FOREIGN), [])

    def test_cores_that_it_may_not_use(self):
        """They are no cores that it could use under mpirun."""
        allowed = os.sched_getaffinity(0)
        self.addCleanup(os.sched_setaffinity, 0, allowed)
        os.sched_setaffinity(0, {min(allowed)})
        self.arete("run", "study.yaml", "--output", "one-core")
        log = self.study.read("one-core/run.log")
        self.assertIn(" workers: 1 of 1 cores;", log)
        self.assertNotIn("to use all", log)

    def test_temporary_folders_that_take_nothing(self):
        for folder in ("/proc", "/nowhere", "/dev/null"):
            (line,) = self.run_study(environment={"TMPDIR": folder}, code=1)
            self.assertRegex(line, rf"^arete: {folder}/arete-starpu-\w+: cannot make StarPU's temporary folder: .* \(TMPDIR chooses another place\)$")

    @unittest.skipUnless(os.geteuid() == 0, "only root can mount")
    def test_a_full_temporary_folder(self):
        for options in ("size=16k", "nr_inodes=2"):
            with tempfile.TemporaryDirectory() as folder:
                if subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], capture_output=True, check=False).returncode != 0:
                    self.skipTest("mount is not permitted here")
                try:
                    (line,) = self.run_study(environment={"TMPDIR": folder}, code=1)
                finally:
                    subprocess.run(["umount", folder], check=True)
                self.assertIn("No space left on device", line)
                self.assertIn("StarPU's temporary folder; TMPDIR chooses another place", line)

    @unittest.skipIf("ASAN_OPTIONS" in os.environ, "the sanitizer itself needs more")
    def test_limits(self):
        for limit, value, text in ((resource.RLIMIT_NOFILE, 6, "at most 6 open files are allowed; expected 64 (ulimit -n)"),
                                   (resource.RLIMIT_STACK, 1 << 16, "a stack of 64 kB is allowed; expected 1024 (ulimit -s)"),
                                   (resource.RLIMIT_FSIZE, 1024, "File too large")):
            (line,) = self.run_study(limits=[(limit, value)], code=1)
            self.assertIn(text, line)

    @unittest.skipIf("ASAN_OPTIONS" in os.environ, "the sanitizer itself needs more")
    def test_little_memory_is_an_error_and_no_wait(self):
        done = subprocess.run(["bash", "-c", f"ulimit -v 200000; exec {ARETE} --version"], capture_output=True, text=True, timeout=PATIENCE_S, check=False)
        self.assertEqual((done.returncode, done.stdout[:6]), (0, "arete "), done.stderr)

    def test_closed_descriptors(self):
        """The first file that is opened must not become standard error."""
        for closed in ((0,), (1,), (2,), (0, 1, 2)):
            self.arete("run", "study.yaml", "--output", "closed", closed=closed)
            self.assertEqual(self.study.read("closed/results.tsv").split("\t")[0], "target")
            self.assertIn("done:       20 of 20", self.study.arete("status", "closed/campaign.h5").stdout)
            self.study.remove_folder("closed")

    def test_one_task_of_srun_starts_no_mpi(self):
        """Slurm's default MPI leaves its variables there too, and Open MPI would end a process that it cannot help with them."""
        of_slurm = {"SLURM_JOB_ID": "6", "SLURM_JOBID": "6", "SLURM_STEP_ID": "0", "SLURM_STEPID": "0", "SLURM_NODELIST": "node", "SLURM_PROCID": "0",
                    "SLURM_NTASKS": "1", "SLURM_STEP_NUM_TASKS": "1", "SLURM_LAUNCH_NODE_IPADDR": "127.0.0.1"}
        for of_mpi in ({"PMI_RANK": "0", "PMI_SIZE": "1"}, {"PMIX_RANK": "0", "PMIX_NAMESPACE": "slurm.pmix.6.0"}):
            with self.subTest(of_mpi):
                self.assertEqual(self.run_study(environment=of_slurm | of_mpi), [])

    def test_several_tasks_of_srun_that_are_alone(self):
        (line,) = self.run_study(environment={"SLURM_STEP_NUM_TASKS": "4"}, code=2)
        self.assertIn("srun started 4 tasks, but they do not know of each other", line)

    def test_the_memory_of_a_slurm_job(self):
        """A cluster that holds nobody to it by control groups may end the job. run.memory stands above it, --mem=0 is all that the machine has."""
        for environment in ({"SLURM_MEM_PER_NODE": "1"}, {"SLURM_MEM_PER_CPU": "1", "SLURM_CPUS_ON_NODE": "1"}):
            (line,) = self.run_study(environment=environment, code=2)
            self.assertRegex(line, r"the study needs about \S+ MB of memory .*; expected at most 1M \(what Slurm gives the job, --mem\): fewer penalties, or a larger --mem$")
        self.arete("run", "study.yaml", "--fresh", "--memory", "1G", environment={"SLURM_MEM_PER_NODE": "1"})
        self.run_study(environment={"SLURM_MEM_PER_NODE": "0"})


if __name__ == "__main__":
    unittest.main()
