#!/usr/bin/python3
"""An error on one rank ends every rank, soon, with one message and one exit code; and what it leaves behind is right.

    tests/mpi/failing.py                           # permutations drawn one by one, in both placements
    ARETE_METHOD=orbits tests/mpi/failing.py       # in orbits

The case of the full disk needs leave to mount (root).
"""
import errno
import os
import re
import signal
import subprocess
import unittest
from pathlib import Path

from support.ranks_study import APART, PLACEMENTS, SOON_S, FailingTest, placed, wait_until

FAULTY = Path(os.environ.get("ARETE_FAULTY", "arete_faulty")).absolute()
NO_SPACE = os.strerror(errno.ENOSPC)
COUNT = "permutations.count=20000"
WIDE = [COUNT, "model.heritability=" + str([round(0.04 * k, 2) for k in range(1, 16)]), "model.penalty_nodes=exact"]


class Trace(FailingTest):
    def test_trace_of_one_rank(self):
        """It stops nothing, and is told by rank 0."""
        self.study.path("out").mkdir()
        self.study.write("out/trace.rank-1.tsv", "somebody's\n")
        said = self.run_to_end(2, "run.trace=true", "permutations.count=100")
        self.assertRegex(said, r"arete: warning: out/trace\.rank-1\.tsv: could not be written whole: File exists \(rank 1 on \S+\)\n")
        self.assertEqual(self.study.read("out/trace.rank-1.tsv"), "somebody's\n")


class Building(FailingTest):
    """Ranks of one machine that build operators or forms together: what stops one of them stops all, and no memory of theirs stays in /dev/shm."""

    MANY = ["model.penalties={from: 0.01, to: 1000, count: 300}", "model.penalty_nodes=exact"]

    def begin_building(self, *sets):
        """A job whose two ranks build."""
        job = self.begin(2, *self.MANY, *sets)
        wait_until(lambda: self.study.has("run.log") and "SVD in" in self.study.log(), job, pause=0.005)
        self.assertFalse(self.study.has("campaign.h5"))
        return job

    def shared_by(self, job):
        """Files in /dev/shm of a job that goes on; none may be there after it."""
        environment = Path(f"/proc/{job.ranks()[0]}/environ").read_bytes()
        number = int(re.search(rb"\0PMIX_NAMESPACE=(\d+)", environment)[1])
        return lambda: [name for name in os.listdir("/dev/shm") if f".{number:x}." in name]

    def test_stopped(self):
        job = self.begin_building()
        left = self.shared_by(job)
        self.assertNotEqual(left(), [])
        job.send_usr1(1)
        code, _, err = job.wait(SOON_S)
        self.assertEqual(code, 75, err)
        self.assertIn("arete: stopped on request while building the operators; the same command goes on\n", err)
        self.assertEqual(left(), [])

    def test_killed(self):
        job = self.begin_building()
        left = self.shared_by(job)
        os.kill(job.ranks()[1], signal.SIGKILL)
        self.assertEqual(job.wait(SOON_S)[0], 137)
        self.assertFalse(self.study.has("campaign.h5"))
        self.assertEqual(left(), [])

    def test_out_of_memory(self):
        """One of the second rank's calls for memory fails, another one in each run."""
        calls = self.study.path("calls")
        faulty = f'shift\nexport ARETE_FAULT_CALLS={calls}\nexport ARETE_FAULT="$FAULT"\nexec {FAULTY} "$@"'
        launcher = self.only_rank(1, faulty)
        self.run_to_end(2, launcher=launcher, environment={"FAULT": "memory:1000000000:ENOMEM"})
        count = int(re.search(r"memory (\d+)", calls.read_text())[1])
        failed = 0
        for call in range(count // 8, count, count // 8):
            with self.subTest(call=call, of=count):
                job = self.begin(2, launcher=launcher, environment={"FAULT": f"memory:{call}:ENOMEM"}, options=["--fresh"])
                code, _, err = job.wait(SOON_S)
                if code == 0:  # it can do without: a line of the log
                    continue
                failed += 1
                self.assertEqual(code, 1, err)
                lines = [line for line in err.splitlines() if line.startswith("arete: ") and not line.startswith("arete: warning: ")]
                self.assertEqual(len(lines), 1, err)
                self.assertRegex(lines[0], r"out of memory.*\(rank 1 on ")
        self.assertGreater(failed, 3)


class FullDisk(FailingTest):
    def setUp(self):
        super().setUp()
        self.folder = self.study.path("out")
        self.folder.mkdir()
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", self.folder], capture_output=True, text=True, timeout=30, check=False)
        if done.returncode != 0:
            self.skipTest(f"mount is not permitted: {done.stderr.strip()}")
        self.addCleanup(subprocess.run, ["umount", "--lazy", self.folder], timeout=30, check=True)

    def limit(self, size):
        subprocess.run(["mount", "-o", f"remount,size={size}", self.folder], timeout=30, check=True)

    def used(self):
        there = os.statvfs(self.folder)
        return (there.f_blocks - there.f_bfree) * there.f_frsize

    def check(self, placement):
        """A part file finds no room (the campaign took its own at the beginning): nothing wrong is saved anywhere, and with room it goes on."""
        run = [*WIDE, placed(placement), APART, "run.block=600"]
        self.run_to_end(2, *run)
        self.study.delete("out/results.tsv")
        campaign = self.study.campaign()
        with open(self.study.campaign_path, "r+b") as file:  # all is to do again, and to be written again, in the room that is there
            file.seek(campaign.score_offset)
            file.write(bytes(campaign.n_units * campaign.unit_bytes))
            file.seek(campaign.crc_offset)
            file.write(bytes(4 * campaign.n_units))
        job = self.begin(2, *run)
        wait_until(lambda: self.study.has("campaign.part-1.h5"), job)
        self.limit(self.used())
        self.assert_failed(job, 1, rf"campaign\.part-1\.h5.*{NO_SPACE}.*\(rank 1 on ")
        done = self.study.campaign().done()
        self.assertLess(done.sum(), len(done))
        self.assertFalse(self.study.has("results.tsv"))
        self.limit("16m")
        self.run_to_end(1, *WIDE)
        self.assert_same(*WIDE)

    def test_a_disk_without_a_limit(self):
        """Its size is 0, and so is what is said to be free."""
        self.limit("0")
        self.run_to_end(1)

    def test_every_placement(self):
        """By fold it is the last of the chain that cannot save: the rank before it must not wait for it."""
        for placement in PLACEMENTS:
            with self.subTest(placement=placement):
                self.check(placement)


if __name__ == "__main__":
    unittest.main()
