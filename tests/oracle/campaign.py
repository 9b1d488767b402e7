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
    n_permutations: int
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

    @property
    def genotypes(self) -> dict:
        return self.study["genotypes"]

    def prefixes(self) -> list[str]:
        plinks = self.genotypes["plink"]
        patterns = plinks if isinstance(plinks, list) else [plinks]
        return [prefix for pattern in patterns for prefix in plink.expand(pattern)]

    def permutation(self, arete: str, number: int) -> np.ndarray:
        """permutation's order as the program prints it: entry k is the subject whose targets stand at subject k"""
        command = [arete, "permutation", str(self.path), str(number)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise SystemExit(f"{' '.join(command)}: exit {done.returncode}: {done.stderr.strip()}")
        return np.array(done.stdout.split(), dtype=int)


def read(path: str) -> Campaign:
    with h5py.File(path, "r") as file:
        yaml_text = file["/study/yaml"]
        analysed = file["/targets/analysed"][:].astype(bool)
        count = int(np.ravel(file["/permutation/block"].attrs["count"])[0])
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
            n_permutations=count,
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
            score=file["/observed/score"][:],
            null=file["/null/score"][:count],
        )
