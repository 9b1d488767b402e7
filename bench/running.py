"""The program run by a benchmark: its command line, its failures, its processes, what run.log and trace.tsv tell of its times."""
import argparse
import re
import subprocess
import sys
from pathlib import Path

MPI = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1", "OMPI_MCA_rmaps_base_oversubscribe": "1"}  # environment of mpirun


def run_arete(arete: str, *arguments: object) -> None:
    command = [str(word) for word in (arete, *arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{Path(sys.argv[0]).stem}: {' '.join(command)}: exit code {done.returncode}\n{done.stderr}")


def chosen(parser: argparse.ArgumentParser, asked: list[str], known: dict | list[str]) -> list[str]:
    """What was asked for on the command line, or all there is."""
    if unknown := set(asked) - set(known):
        parser.error(f"not known: {', '.join(sorted(unknown))}; expected some of {', '.join(known)}")
    return asked or list(known)


def set_keys(*keys: str) -> list[str]:
    return [word for key in keys for word in ("--set", key)]


def last_log(output: Path) -> str:
    """what the last run in this folder logged"""
    return re.split(r"^\S+ \S+ arete \d", (output / "run.log").read_text(), flags=re.M)[-1]


def permutation_rate(log: str) -> float:
    """permutations a second"""
    return float(re.search(r"permutations: \d+ in [\d.]+ s \(([\d.e+]+) a second\)", log)[1])


def last_trace(output: Path) -> list[tuple[str, float, float]]:
    """task, start_s, end_s of the last run in this folder (run.trace=true)"""
    section = (output / "trace.tsv").read_text().rsplit("# arete-trace", 1)[1].splitlines()[1:]
    rows = [line.split("\t") for line in section if line and not line.startswith("#")]
    return [(row[0], float(row[1]), float(row[2])) for row in rows]


def span(trace: list[tuple[str, float, float]], first: str, last: str) -> float:
    """seconds from the first task of one type to the end of the last one of another"""
    return max(end for name, _, end in trace if name == last) - min(start for name, start, _ in trace if name == first)


def ranks_of(launcher: int) -> list[int]:
    """Process ids of the children of mpirun, or the process itself when it has none."""
    found = []
    for task in Path(f"/proc/{launcher}/task").glob("*/children"):
        try:
            found += map(int, task.read_text().split())
        except OSError:
            continue
    return found or [launcher]


def proportional_bytes(process: int) -> int:
    """proportional set size: memory that processes share counts once in their sum"""
    try:
        found = re.search(r"^Pss: +(\d+) kB", Path(f"/proc/{process}/smaps_rollup").read_text(), re.M)
    except OSError:
        return 0
    return 1024 * int(found[1]) if found else 0
