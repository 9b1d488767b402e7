"""The campaign file as an outsider reads it (docs/campaign-file.md), and the study file inside it."""
import subprocess
from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np
import yaml

import plink


def text(value: bytes | str) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


@dataclass
class Campaign:
    path: Path
    study: dict
    fid: list[str]
    iid: list[str]
    targets: list[str]         # the analysed ones: T
    residual: np.ndarray       # n x T
    block: np.ndarray          # n
    n_permutations: int        # that have scores; of orbits all, the data as they are among them
    shifts: int                # of an orbit; 0: permutations are drawn one by one
    identity: int              # the permutation that is the data as they are
    covariates: np.ndarray     # n x c, the intercept first
    outer: np.ndarray          # n
    inner: np.ndarray          # F x n, -1 in the outer test set
    penalties: np.ndarray      # L, ascending
    gram: np.ndarray           # n x n
    r2: np.ndarray             # T
    r2_everybody: np.ndarray   # T
    r2_by_fold: np.ndarray     # F x T
    penalty_by_fold: np.ndarray  # F x T
    r: np.ndarray              # T
    score: np.ndarray          # T, float32
    null: np.ndarray           # n_permutations x T, float32
    tolerance: np.ndarray      # T: scores so far apart count as equal

    @property
    def genotypes(self) -> dict:
        return self.study["genotypes"]

    def prefixes(self) -> list[str]:
        plinks = self.genotypes["plink"]
        patterns = plinks if isinstance(plinks, list) else [plinks]
        return [prefix for pattern in patterns for prefix in plink.expand(pattern)]

    @property
    def numbers(self) -> range:
        """of the permutations in `null`: with orbits orbit after orbit, and in each shift after shift"""
        return range(self.n_permutations) if self.shifts else range(1, self.n_permutations + 1)

    def scores_of(self, number: int) -> np.ndarray:
        return self.null[number - self.numbers[0]]

    def permutation(self, arete: str, number: int) -> np.ndarray:
        """permutation's order as the program prints it: entry k is the subject whose targets stand at subject k"""
        name = divmod(number, self.shifts) if self.shifts else [number]
        command = [arete, "permutation", str(self.path), *map(str, name)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise SystemExit(f"{' '.join(command)}: exit {done.returncode}: {done.stderr.strip()}")
        return np.array(done.stdout.split(), dtype=int)


def one_by_one(file: h5py.File) -> dict:
    count = int(np.ravel(file["/permutation/block"].attrs["count"])[0])
    score = file["/observed/score"][:]
    return {"n_permutations": count, "shifts": 0, "identity": 0, "score": score, "null": file["/null/score"][:count],
            "tolerance": np.full(len(score), 1e-6)}


def in_orbits(file: h5py.File) -> dict:
    """the scores of whole orbits, as many as the count takes"""
    method, block = file["/permutation/method"].attrs, file["/permutation/block"].attrs
    shifts, width, identity = int(method["shifts"]), int(method["slice"]), int(method["identity"])
    n_targets, draws = int(block["T"]), int(block["G"])
    n_orbits = -(-int(block["count"]) // shifts)
    scores = file["/null/score"][:]
    places = -(-n_targets // width) * width
    assert draws == 1 or places == n_targets  # orbit after orbit, slice after slice
    scores = scores.reshape(-1, places, shifts)[:n_orbits, :n_targets].transpose(0, 2, 1).reshape(-1, n_targets)
    score = np.where(np.isnan(file["/observed/r2"][:]), np.nan, scores[identity])
    return {"n_permutations": len(scores), "shifts": shifts, "identity": identity, "score": score, "null": scores,
            "tolerance": file["/null/tolerance"][:n_targets]}


def read(path: str) -> Campaign:
    with h5py.File(path, "r") as file:
        yaml_text = file["/study/yaml"]
        analysed = file["/targets/analysed"][:].astype(bool)
        not_done = np.flatnonzero(file["/null/unit_crc"][:] == 0)
        if not_done.size:
            raise SystemExit(f"{path}: {not_done.size} units are not done; let the run finish first")
        return Campaign(
            path=Path(path),
            study=yaml.safe_load(text(np.ravel(yaml_text[()])[0])),
            fid=[text(value) for value in file["/subjects/fid"][:]],
            iid=[text(value) for value in file["/subjects/iid"][:]],
            targets=[text(name) for name in file["/targets/name"][:][analysed]],
            residual=file["/targets/residual"][:],
            block=file["/permutation/block"][:],
            covariates=file["/covariates"][:],
            outer=file["/folds/outer"][:],
            inner=file["/folds/inner"][:],
            penalties=file["/penalties"][:],
            gram=file["/gram"][:],
            r2=file["/observed/r2"][:],
            r2_everybody=file["/observed/r2_everybody"][:],
            r2_by_fold=file["/observed/r2_by_fold"][:],
            penalty_by_fold=file["/observed/penalty_by_fold"][:],
            r=file["/observed/r"][:],
            **(in_orbits(file) if "/permutation/method" in file else one_by_one(file)),
        )
