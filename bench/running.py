"""The program run by a benchmark: its command line, its failures, what run.log and trace.tsv tell of its times."""
import re
import subprocess
import sys
from pathlib import Path


def run_arete(arete: str, *arguments: object) -> None:
    command = [str(word) for word in (arete, *arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{Path(sys.argv[0]).stem}: {' '.join(command)}: exit code {done.returncode}\n{done.stderr}")


def set_keys(*keys: str) -> list[str]:
    return [word for key in keys for word in ("--set", key)]


def last_log(output: Path) -> str:
    """what the last run in this folder logged"""
    return re.split(r"^\S+ \S+ arete \d", (output / "run.log").read_text(), flags=re.M)[-1]


def permutation_rate(log: str) -> float:
    """permutations a second; run.log has seconds with one decimal"""
    computed, seconds = re.search(r"permutations: (\d+) in ([\d.]+) s", log).groups()
    return int(computed) / max(float(seconds), 0.1)


def last_trace(output: Path) -> list[tuple[str, float, float]]:
    """task, start_s, end_s of the last run in this folder (run.trace=true)"""
    section = (output / "trace.tsv").read_text().rsplit("# arete-trace", 1)[1].splitlines()[1:]
    rows = [line.split("\t") for line in section if line and not line.startswith("#")]
    return [(row[0], float(row[1]), float(row[2])) for row in rows]


def span(trace: list[tuple[str, float, float]], first: str, last: str) -> float:
    """seconds from the first task of one type to the end of the last one of another"""
    return max(end for name, _, end in trace if name == last) - min(start for name, start, _ in trace if name == first)
