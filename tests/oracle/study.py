"""Small studies on simulated people: written, run and read back."""
import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import yaml

import plink
from support.simulate_plink import Population, simulate


@dataclass
class Study:
    """what differs from the plainest study: sections of the study file, merged into it"""
    population: Population
    n_permutations: int
    sections: dict = field(default_factory=dict)


@dataclass
class Outcome:
    folder: Path
    rows: list[dict[str, str]]  # of results.tsv
    messages: str               # stderr and run.log

    def column(self, name: str) -> list[float]:
        return [float(row[name]) for row in self.rows]


def write(study: Study, folder: Path) -> Path:
    """simulates the people, writes study.yaml and returns its path; {folder} in the sections becomes the folder"""
    simulate(folder, study.population)
    chromosomes = study.population.chromosomes
    prefix = f"chr{{1..{chromosomes}}}" if chromosomes else "genotypes"
    sections = {
        "genotypes": {"plink": f"{folder}/{prefix}"},
        "targets": {"table": f"{folder}/targets.tsv"},
        "model": {},
        "permutations": {"count": study.n_permutations},
        "seed": study.population.seed,
        "output": f"{folder}/results",
        "run": {"workers": 1},
    }
    if "covariates" in study.sections:
        sections["covariates"] = {"table": f"{folder}/covariates.tsv"}
    for name, section in study.sections.items():
        sections[name] = {**sections.get(name, {}), **section}
    path = folder / "study.yaml"
    path.write_text(yaml.safe_dump(sections, sort_keys=False).replace("{folder}", str(folder)))
    return path


def run(arete: str, path: Path, method: str = "auto") -> Outcome:
    folder = path.parent / ("results" if method == "auto" else method)
    sets = ["--set", f"permutations.method={method}", "--set", f"output={folder}"]
    environment = {"STARPU_WORKERS_NOBIND": "1", **os.environ}  # two runs at once must not share a core
    done = subprocess.run([arete, "run", str(path), *sets], capture_output=True, text=True, check=False, env=environment)
    if done.returncode != 0:
        raise SystemExit(f"{arete} run {path}: exit {done.returncode}: {done.stderr.strip()}")
    header, rows = plink.read_table(str(folder / "results.tsv"))
    log = (folder / "run.log").read_text()
    return Outcome(folder, [dict(zip(header, row)) for row in rows], done.stderr + log)
