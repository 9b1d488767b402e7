"""What the tests of several ranks share: the tiny study under mpirun, its ranks' process ids, and the bits that must not change."""
import functools
import os
import signal
import subprocess
import time
import unittest
from pathlib import Path

import h5py

from support.interruption import UNIT, InterruptedStudy, count_is, wait_until
from support.tiny_study import PATIENCE_S

# Tests run as root in containers, and more ranks than there are cores.
MPI = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1", "OMPI_MCA_rmaps_base_oversubscribe": "1"}
SOON_S = 30  # within which an error of one rank ends all
PLACEMENTS = ["replicate", "by-fold"]
APART = "run.shared_memory=false"  # every rank counts as a machine: operators, forms and sums are sent
OUTPUT = {"campaign.h5", "campaign.lock", "predictions.tsv", "relatives.tsv", "relatives_dropped.tsv", "report.html", "results.tsv", "run.log"}


def placed(placement: str) -> str:
    return f"run.placement={placement}"


class Job:
    """A run under mpirun."""

    def __init__(self, n_ranks: int, command: list[str], folder: Path, environment: dict[str, str], before=()):
        self.n_ranks = n_ranks
        self.process = subprocess.Popen([*before, "mpirun", "--bind-to", "none", "-n", str(n_ranks), *command], cwd=folder, env=environment,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace")

    def ranks(self) -> dict[int, int]:
        """Process ids of the ranks that live, by rank."""
        found = {}
        for task in Path(f"/proc/{self.process.pid}/task").glob("*/children"):
            try:
                children = task.read_text().split()
            except OSError:
                continue
            for child in children:
                try:
                    for text in Path(f"/proc/{child}/environ").read_bytes().split(b"\0"):
                        if text.startswith(b"OMPI_COMM_WORLD_RANK="):
                            found[int(text.split(b"=")[1])] = int(child)
                except OSError:
                    continue
        return found

    def wait_for_ranks(self) -> dict[int, int]:
        end = time.monotonic() + 30
        while len(found := self.ranks()) < self.n_ranks:
            if self.process.poll() is not None or time.monotonic() > end:
                raise AssertionError(f"the ranks did not start: {self.end()}")
            time.sleep(0.005)
        return found

    def send_usr1(self, rank: int) -> None:
        os.kill(self.ranks()[rank], signal.SIGUSR1)

    def poll(self) -> int | None:
        return self.process.poll()

    def wait(self, seconds: float) -> tuple[int, str, str]:
        """Exit code, output and messages; a job that does not end in time is ended, and that is an error."""
        try:
            out, err = self.process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"the job has not ended after {seconds} s: {self.end()}") from None
        return self.process.returncode, out, err

    def communicate(self) -> tuple[str, str]:
        return self.process.communicate()

    @property
    def returncode(self) -> int | None:
        return self.process.returncode

    @property
    def pid(self) -> int:
        return self.process.pid

    def end(self) -> str:
        """Leaves no process behind; what they said."""
        for pid in [*self.ranks().values(), self.process.pid]:
            try:
                os.kill(pid, 9)
            except ProcessLookupError:
                pass
        try:
            return "".join(filter(None, self.process.communicate(timeout=30)))
        except ValueError:  # it was listened to before
            return ""


class RanksStudy(InterruptedStudy):
    """One person is alone at a site."""

    def __init__(self):
        super().__init__()
        self.environment |= MPI
        self.set_value("covariates.tsv", "S001", "site", "Ghent")

    def begin(self, n_ranks: int, *sets: str, options=(), launcher=(), environment=None, before=()) -> Job:
        """launcher: a program that each rank's command line is given to; before: one that mpirun's is."""
        return Job(n_ranks, [*map(str, launcher), *self.command(*sets, options=options)], self.folder, self.environment | (environment or {}), before)

    def run_ranks(self, n_ranks: int, *sets: str, seconds: float = PATIENCE_S, **how) -> tuple[int, str, str]:
        return self.begin(n_ranks, *sets, **how).wait(seconds)

    def write_script(self, name: str, text: str) -> Path:
        self.write(name, "#!/bin/sh\n" + text)
        self.path(name).chmod(0o755)
        return self.path(name)

    def bits(self) -> dict[str, bytes]:
        """Everything that may not depend on the ranks: K, observed scores, the null, the table, predictions."""
        found = {name: self.bytes(f"out/{name}") for name in ("results.tsv", "predictions.tsv") if self.has(name)}
        with h5py.File(self.campaign_path, "r") as file:
            for name in ("gram", "observed", "null"):
                item = file[name]
                datasets = item.items() if isinstance(item, h5py.Group) else [("", item)]
                for key, dataset in datasets:
                    found[f"/{name}/{key}"] = dataset[()].tobytes()
        return found

    def files(self) -> set[str]:
        return set(os.listdir(self.path("out")))


@functools.cache
def alone(*sets: str) -> dict[str, bytes]:
    """The bits of one process, and with them everything that is compared with."""
    study = RanksStudy()
    try:
        done = study.run(*sets)
        assert done.returncode == 0, done.stderr
        return study.bits()
    finally:
        study.remove()


class RanksTest(unittest.TestCase):
    def setUp(self):
        self.study = RanksStudy()
        self.addCleanup(self.study.remove)

    def begin(self, *arguments, **how) -> Job:
        job = self.study.begin(*arguments, **how)
        self.addCleanup(job.end)
        return job

    def run_to_end(self, n_ranks: int, *sets: str, **how) -> str:
        """What was said."""
        code, _, err = self.study.run_ranks(n_ranks, *sets, **how)
        self.assertEqual(code, 0, err)
        return err

    def assert_same(self, *sets: str) -> None:
        """As one process that nothing interrupted."""
        expected, found = alone(*sets), self.study.bits()
        self.assertEqual(expected.keys(), found.keys())
        self.assertEqual([name for name in expected if expected[name] != found[name]], [], "these differ")
        self.assertLessEqual(self.study.files(), OUTPUT)


class FailingTest(RanksTest):
    def assert_fails(self, n_ranks, *sets, message, code=1, **how):
        """Ends soon with that code, and with one line of arete's that tells it."""
        self.assert_failed(self.begin(n_ranks, *sets, **how), code, message)

    def assert_failed(self, job, code, message):
        found, _, err = job.wait(SOON_S)
        self.assertEqual(found, code, err)
        lines = [line for line in err.splitlines() if line.startswith("arete: ") and not line.startswith("arete: warning: ")]
        self.assertEqual(len(lines), 1, err)
        self.assertRegex(lines[0], message)

    def only_rank(self, rank, there):
        """A launcher that does something else on one rank before the program."""
        return [self.study.write_script("launcher.sh", f'[ "$OMPI_COMM_WORLD_RANK" != {rank} ] || {{ {there}; }}\nexec "$@"\n')]
