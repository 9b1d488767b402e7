#!/usr/bin/python3
"""What the guards of scripts/hardening.cmake cost: CPU seconds of `arete run` by a release build with them over one without, in turns (A B A B), one worker.

    bench/guards.py [--rounds N] [--folder FOLDER]     builds both into build/guards-ON and build/guards-OFF; then two CPU minutes

    K             1,000 people x 60,000 SNPs, one permutation: reading, K's tiles, the operators
    orbits        1,000 people x 2,000 SNPs x 300 targets, 20,000 permutations in orbits
    one by one    the same drawn one by one, 60 of them
"""
import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from running import run_arete, set_keys

ROOT = Path(__file__).resolve().parent.parent
CASES = {
    "K": ("many", ["permutations.count=1", "permutations.method=independent"]),
    "orbits": ("few", ["permutations.count=20000", "permutations.method=orbits"]),
    "one by one": ("few", ["permutations.count=60", "permutations.method=independent"]),
}
STUDIES = {"many": (60000, 10), "few": (2000, 300)}


def build(guards: str) -> Path:
    folder = ROOT / "build" / f"guards-{guards}"
    subprocess.run(["cmake", "-S", ROOT, "-B", folder, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release", f"-DARETE_HARDEN={guards}"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["cmake", "--build", folder, "--target", "arete"], check=True, stdout=subprocess.DEVNULL)
    return folder / "arete"


def cpu_seconds(arete: Path, study: Path, keys: list[str]) -> float:
    command = [arete, "run", study / "study.yaml", "--fresh", "--threads", "1", "--output", study / "out", *set_keys("model.outer_folds=5", *keys)]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        messages = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"guards: exit code {process.returncode}: {messages.decode()}")
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path, help="for the studies; default: a temporary one")
    options = parser.parse_args()
    programs = {guards: build(guards) for guards in ("OFF", "ON")}
    with tempfile.TemporaryDirectory(prefix="arete-guards-") as temporary:
        folder = options.folder or Path(temporary)
        for name, (snps, targets) in STUDIES.items():
            if not (folder / name / "study.yaml").exists():
                (folder / name).mkdir(parents=True, exist_ok=True)
                (folder / f"{name}.yaml").write_text(f"{{subjects: 1000, snps: {snps}, targets: {{count: {targets}}}, seed: 1, output: '{folder / name}'}}\n")
                run_arete(programs["ON"], "simulate", folder / f"{name}.yaml")
        for case, (name, keys) in CASES.items():
            pairs = [[cpu_seconds(programs[guards], folder / name, keys) for guards in ("OFF", "ON")] for _ in range(options.rounds)]
            ratio = statistics.median(guarded / bare for bare, guarded in pairs)
            print(f"{case}: with / without = {ratio:.3f}   " + "  ".join(f"{bare:.2f} {guarded:.2f}" for bare, guarded in pairs), flush=True)


if __name__ == "__main__":
    main()
