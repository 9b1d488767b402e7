#!/usr/bin/python3
"""Memory, traffic and speed of several ranks on one machine, at the shape of the reference study (1,500 subjects, 1,000 targets, 10 x 5 folds,
5 penalties; fewer SNPs and permutations: memory, and traffic but for the sums that by-fold sends, do not depend on them).

    bench/ranks.py build/release/arete                       # all of it; several minutes on two cores
    bench/ranks.py build/release/arete speed --study DIR     # one part; DIR keeps the simulated study for the next time

memory    peak of the proportional set sizes summed over the ranks (memory that they share counts once), one worker a rank
traffic   ranks that share no memory: the same, and what went through the loopback device (OMPI_MCA_btl=self,tcp; TCP's own headers and mpirun's
          few messages included), for each placement
speed     permutations a second, drawn one by one, of 2 ranks x 1 worker over 1 rank x 2 workers, in turn
idle      by-fold with a worker a rank: MPI yielding when idle (arete's choice) or spinning (OMPI_MCA_mpi_yield_when_idle=0), and the CPU
          seconds that each took
"""
import argparse
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from running import MPI, chosen, permutation_rate, proportional_bytes, ranks_of, set_keys

SIMULATION = "output: .\nchromosomes: 2\nsubjects: 1500\nsnps: 20000\ntargets: {count: 1000}\n"
STUDY = """genotypes: {plink: "chr{1..2}"}
targets: {table: targets.tsv}
output: out
"""
TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0
    return (int(fields[11]) + int(fields[12])) / TICKS


def loopback_bytes() -> int:
    line = next(line for line in Path("/proc/net/dev").read_text().splitlines() if line.strip().startswith("lo:"))
    return int(line.split(":")[1].split()[0])


class Run:
    """One run to its end: peak_bytes (not when it is timed), traffic_bytes, cpu_s of all ranks, rate of the permutations."""

    def __init__(self, arete: Path, folder: Path, ranks: int, permutations: int, *sets: str, workers: int = 1, environment=None, timed: bool = False):
        settings = set_keys(f"permutations.count={permutations}", f"run.workers={workers}", *sets)
        launcher = ["mpirun", "--bind-to", "none", "-n", str(ranks)] if ranks > 1 else []
        command = [*launcher, str(arete), "run", "study.yaml", "--fresh", *settings]
        (folder / "out/run.log").unlink(missing_ok=True)  # a run would add to it
        before, self.peak_bytes, cpu = loopback_bytes(), 0, {}
        with tempfile.TemporaryFile() as messages, subprocess.Popen(command, cwd=folder, env=os.environ | MPI | (environment or {}),
                                                                    stdin=subprocess.DEVNULL, stdout=messages, stderr=messages) as process:
            try:
                while process.poll() is None:
                    pids = ranks_of(process.pid)
                    if not timed:  # looking at memory takes time from the run
                        self.peak_bytes = max(self.peak_bytes, sum(map(proportional_bytes, pids)))
                    for pid in pids:
                        cpu[pid] = max(cpu.get(pid, 0), cpu_seconds(pid))
                    time.sleep(0.1)
            finally:  # interrupted: nothing stays behind
                if process.poll() is None:
                    process.send_signal(signal.SIGUSR1)
            messages.seek(0)
            if process.returncode != 0:
                sys.exit(messages.read().decode(errors="replace"))
        self.traffic_bytes = loopback_bytes() - before
        self.cpu_s = sum(cpu.values())
        self.log = (folder / "out/run.log").read_text()
        self.rate = permutation_rate(self.log)


class Bench:
    def __init__(self, arete: Path, folder: Path, permutations: int, repetitions: int):
        self.arete, self.folder, self.permutations, self.repetitions = arete, folder, permutations, repetitions

    def run(self, ranks: int, *sets: str, permutations: int | None = None, **how) -> Run:
        return Run(self.arete, self.folder, ranks, permutations or self.permutations, *sets, **how)

    def memory(self) -> None:
        one = None
        for ranks in (1, 2, 4):
            run = self.run(ranks, permutations=12)
            one = one or run.peak_bytes
            print(f"memory: {ranks} rank{'s with a shared window' if ranks > 1 else ''}: {run.peak_bytes / 1e6:.0f} MB, {run.peak_bytes / one:.2f} times one rank", flush=True)

    def apart(self, ranks: int, placement: str, permutations: int) -> Run:
        """In orbits, without shared memory, over TCP."""
        return self.run(ranks, "permutations.method=orbits", f"run.placement={placement}", "run.shared_memory=false", permutations=permutations,
                        environment={"OMPI_MCA_btl": "self,tcp"})

    def traffic(self) -> None:
        for ranks in (2, 4):
            for placement in ("replicate", "by-fold"):
                run = self.apart(ranks, placement, 1500)
                forms = re.search(r"forms: .* in [\d.]+ s: (\d+) MB", run.log)[1]
                print(f"traffic: {ranks} ranks, {placement}: {run.peak_bytes / 1e6:.0f} MB in all, {forms} MB of forms in rank 0, "
                      f"{run.traffic_bytes / 1e6:.0f} MB over TCP with one orbit", flush=True)
        few, more = self.apart(2, "by-fold", 1500), self.apart(2, "by-fold", 7500)
        print(f"traffic: an orbit, by-fold, 2 ranks: {(more.traffic_bytes - few.traffic_bytes) / 4e6:.1f} MB", flush=True)

    def speed(self) -> None:
        ratios = []
        for _ in range(self.repetitions):
            threads = self.run(1, "permutations.method=independent", workers=2, timed=True).rate
            ranks = self.run(2, "permutations.method=independent", timed=True).rate
            ratios.append(ranks / threads)
            print(f"speed: 1 rank x 2 workers {threads:.2f}, 2 ranks x 1 worker {ranks:.2f} permutations/s: {ratios[-1]:.3f}", flush=True)
        print(f"speed: median ratio {statistics.median(ratios):.3f}")

    def idle(self) -> None:
        for name, environment in (("yielding", {}), ("spinning", {"OMPI_MCA_mpi_yield_when_idle": "0"})):
            run = self.run(2, "permutations.method=orbits", "run.placement=by-fold", "run.shared_memory=false", permutations=30000, timed=True,
                           environment=environment)
            print(f"idle: {name}: {run.rate:.2f} permutations/s, {run.cpu_s:.0f} CPU seconds", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("arete", type=Path)
    parser.add_argument("parts", nargs="*", metavar="PART", help="memory, traffic, speed, idle (default: all)")
    parser.add_argument("--study", type=Path, help="folder of the simulated study, made when it is not there (default: a temporary one)")
    parser.add_argument("--permutations", type=int, default=100, help="of a timed run")
    parser.add_argument("--repetitions", type=int, default=3)
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(1))
    arguments = parser.parse_args()
    parts = chosen(parser, arguments.parts, ["memory", "traffic", "speed", "idle"])
    arete = arguments.arete.absolute()
    folder = arguments.study or Path(tempfile.mkdtemp(prefix="arete-ranks-"))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / "chr1.bed").exists():
            (folder / "sim.yaml").write_text(SIMULATION)
            subprocess.run([arete, "simulate", "sim.yaml"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        (folder / "study.yaml").write_text(STUDY)
        bench = Bench(arete, folder, arguments.permutations, arguments.repetitions)
        for part in parts:
            getattr(bench, part)()
    finally:
        if arguments.study is None:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
