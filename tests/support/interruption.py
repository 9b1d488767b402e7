"""What the tests of resuming share: a tiny study that can be started, watched and interrupted."""
import os
import re
import subprocess
import time
from pathlib import Path

from support import tiny_study
from support.campaign_file import CampaignFile

METHOD = os.environ.get("ARETE_METHOD", "independent")  # how permutations are made: tests are registered with both where it matters
# Permutations of a unit: the tiny study has 120 people and five targets that are analysed; eight orbits are a unit.
UNIT = {"independent": 200, "orbits": 8 * 120}[METHOD]
# 60 penalties, each computed: a few thousand permutations a second
SLOW = ["model.heritability=" + str([round(0.01 * k, 2) for k in range(1, 61)]), "model.penalty_nodes=exact"]


def settings(*sets: str) -> list[str]:
    return [part for one in sets for part in ("--set", one)]


def count_is(count: int) -> str:
    return f"permutations.count={count}"


class InterruptedStudy(tiny_study.TinyStudy):
    """The tiny study with its output in out/ and StarPU's temporary folders in tmp/, blocks of one unit unless told otherwise."""

    def __init__(self):
        super().__init__()
        self.path("tmp").mkdir()
        self.environment = os.environ | {"TMPDIR": str(self.path("tmp"))}

    def command(self, *sets: str, options=()) -> list[str]:
        return [str(tiny_study.ARETE), "run", "study.yaml", *settings(f"run.block={UNIT}", f"permutations.method={METHOD}", *sets), *options]

    def run(self, *sets: str, options=(), environment=None) -> subprocess.CompletedProcess:
        return subprocess.run(self.command(*sets, options=options), cwd=self.folder, env=self.environment | (environment or {}),
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=tiny_study.PATIENCE_S, check=False)

    def start(self, *sets: str, options=()) -> subprocess.Popen:
        return subprocess.Popen(self.command(*sets, options=options), cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    # What the output folder holds

    @property
    def campaign_path(self) -> Path:
        return self.path("out/campaign.h5")

    def campaign(self) -> CampaignFile:
        return CampaignFile(self.campaign_path)

    def has(self, name: str) -> bool:
        return self.path(f"out/{name}").exists()

    def is_writing(self, name: str) -> bool:
        """Whether the temporary file is there that becomes out/NAME."""
        return any(self.path("out").glob(f"{name}.*.tmp"))

    def log(self) -> str:
        path = self.path("out/run.log")
        return path.read_text() if path.exists() else ""

    def said_done(self, log: str | None = None) -> list[tuple[int, int]]:
        """(permutations asked for, of them done) of every run that had some to compute, in order."""
        return [(int(asked), int(done)) for asked, done in re.findall(r"permutations: (\d+), of them (\d+) done;", self.log() if log is None else log)]

    def said_computed(self, log: str | None = None) -> list[int]:
        """Permutations computed by every run that came to their end."""
        return [int(count) for count in re.findall(r"permutations: (\d+) in [\d.]+ s", self.log() if log is None else log)]

    def outcome(self, count: int) -> tuple[bytes, bytes]:
        """/null/score of the units that so many permutations take, and results.tsv."""
        campaign = self.campaign()
        return campaign.score_bytes(campaign.units_of(count)), self.bytes("out/results.tsv")


def wait_until(condition, process: subprocess.Popen | None = None, seconds: float = tiny_study.PATIENCE_S, pause: float = 0.001):
    """Waits for a condition; an AssertionError when the process ends before it holds, or time does."""
    end = time.monotonic() + seconds
    while not condition():
        if process is not None and process.poll() is not None:
            out, err = process.communicate()
            raise AssertionError(f"the process ended with {process.returncode} before it was interrupted:\n{out}\n{err}")
        if time.monotonic() > end:
            raise AssertionError("waited too long")
        time.sleep(pause)


def units_done(study: InterruptedStudy, least: int):
    """A condition: so many units have a CRC."""

    def condition() -> bool:
        return study.has("campaign.h5") and int((study.campaign().crcs() != 0).sum()) >= least

    return condition
