#!/usr/bin/python3
"""What a target-permutation costs with arete, with numpy and with scikit-learn: the same study, folds and permutations, one core each, in one run.

    bench/peers.py                                                # 300 subjects: all of them finish; 5 and 41 penalties
    bench/peers.py --subjects 1500 --targets 1000 --snps 50000 --scikit 0      # the reference size, without scikit-learn

orbits         the program itself, --threads 1, timed over its permutation phase (from run.trace: arranging to saving)
one by one     the same with permutations: {method: independent}
numpy, SVD     the algorithm of 2013: the decomposition of every training set is cached in dual form (eigenvectors of its kernel), float32,
               all targets, penalties and about 1,000 columns at once: U'y once a fold, then one product for the penalties
numpy, fitted  beyond that algorithm: the matrix that takes y to its prediction is cached for every fold and penalty, U'y falls away
scikit-learn   GridSearchCV(Ridge) on the SNPs inside each outer fold, for one target at a time (it chooses one penalty for all targets)

What is prepared once a study (K, decompositions) is not counted; for scikit-learn there is nothing of the kind. Scores of the second orbit's first permutations must agree to 1e-4, but
for one in a hundred where penalties tie within rounding, or the exit code is 1. Nothing is extrapolated: where a number was not measured at this size, none is printed.
"""
import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):  # before numpy loads its BLAS
    os.environ[variable] = "1"

import h5py  # noqa: E402
import numpy as np  # noqa: E402
import yaml  # noqa: E402
from sklearn.linear_model import Ridge  # noqa: E402
from sklearn.model_selection import GridSearchCV  # noqa: E402
from threadpoolctl import threadpool_info  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
sys.dont_write_bytecode = True
sys.path[:0] = [str(ROOT / "tests" / "oracle"), str(ROOT / "tests" / "support")]
import plink  # noqa: E402
from running import last_trace, run_arete, set_keys, span  # noqa: E402
from simulate_plink import Population, simulate  # noqa: E402

ROUNDING = 1e-4  # scores of float32 programs; where two penalties tie but for rounding, each program may choose another one
COLUMNS = 1000  # that numpy computes together
MOST_BEYOND = 1e-2  # share of scores where that happened; a dense grid has more ties


@dataclass
class Study:
    folder: Path
    arete: str
    penalties: np.ndarray  # ascending
    method: str
    first_task: str  # of the permutations
    unit: int = 0  # permutations that arete computes together: an orbit, or one column tile of those drawn one by one
    unit_seconds: float = 0.0
    asked: int = 1

    @property
    def results(self) -> Path:
        return self.folder / self.method

    def go_to(self, count: int, fresh: bool = False) -> list[tuple[str, float, float]]:
        """Runs to `count` permutations; the tasks of this run."""
        keys = set_keys("run.trace=true", f"permutations.count={count}", f"permutations.method={self.method}",
                        f"model.penalties={self.penalties.tolist()}")
        run_arete(self.arete, "run", self.folder / "study.yaml", "--threads", 1, "--output", self.results, *keys, *(["--fresh"] if fresh else []))
        return last_trace(self.results)

    def prepare(self) -> None:
        """The campaign with its first unit: K, folds, observed scores."""
        tasks = self.go_to(1, fresh=True)
        with h5py.File(self.results / "campaign.h5") as campaign:
            self.kernel, self.targets = campaign["gram"][:], campaign["targets/residual"][:].astype(np.float32)
            self.outer, self.inner = campaign["folds/outer"][:], campaign["folds/inner"][:]
            orbits = "permutation/method" in campaign
            self.unit = int(campaign["permutation/method"].attrs["shifts"] if orbits else campaign["permutation/block"].attrs["G"])
            self.ids = [[word.decode() for word in campaign[f"subjects/{name}"][:]] for name in ("fid", "iid")]
        self.unit_seconds = span(tasks, self.first_task, "save_block")

    def time_arete(self, seconds: float) -> float:
        """Seconds a target-permutation, of so many units as take about `seconds`."""
        n_units = max(2, round(seconds / self.unit_seconds))
        done = -(-self.asked // self.unit)
        self.asked = (done + n_units) * self.unit
        tasks = self.go_to(self.asked)
        return span(tasks, self.first_task, "save_block") / (n_units * self.unit * self.targets.shape[1])

    def scores(self, n_permutations: int) -> np.ndarray:
        """of the second orbit's first permutations: permutations x targets"""
        n_targets = self.targets.shape[1]
        with h5py.File(self.results / "campaign.h5") as campaign:
            width = int(campaign["permutation/method"].attrs["slice"])
            places = -(-n_targets // width) * width
            return campaign["null/score"][places : places + n_targets, :n_permutations].T

    def order(self, shift: int) -> np.ndarray:
        command = [self.arete, "permutation", self.results / "campaign.h5", "1", str(shift)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return np.array(done.stdout.split(), dtype=int)

    def blas(self) -> str:
        log = (self.results / "run.log").read_text()
        return log.rsplit("BLAS kernels ", 1)[1].split()[0]


class CachedFold:
    """Training rows S and test rows V of one fit, ready for any y: the prediction is mean(y_S) + M diag(1/(s + lambda)) U'y_S."""

    def __init__(self, kernel: np.ndarray, train: np.ndarray, test: np.ndarray, penalties: np.ndarray, fitted: bool, one_product: bool):
        self.train, self.test = train, test
        centred = kernel[np.ix_(train, train)]
        mean = centred.mean(axis=0)
        cross = kernel[np.ix_(test, train)] - mean
        cross -= cross.mean(axis=1, keepdims=True)
        centred = centred - mean - mean[:, None] + mean.mean()
        s, vectors = np.linalg.eigh(centred)
        s = np.maximum(s, 0)
        rotated = cross @ vectors
        self.s, self.rotated, self.transposed = s.astype(np.float32), rotated.astype(np.float32), np.ascontiguousarray(vectors.T, dtype=np.float32)
        self.stacked = None  # penalties x |V| rows, for U'y or for y itself
        if one_product:
            scaled = [rotated / (s + penalty) for penalty in penalties]
            self.stacked = np.concatenate([one @ vectors.T if fitted else one for one in scaled]).astype(np.float32)
        if fitted and one_product:
            self.transposed = self.rotated = None

    def parts(self, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """y of the training rows (or U'y), and y of the test rows less the training mean"""
        trained = y[self.train]
        return (trained if self.transposed is None else self.transposed @ trained), y[self.test] - trained.mean(axis=0)

    def residuals(self, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """penalties x |V| x columns, and without SNPs: |V| x columns"""
        right, beyond = self.parts(y)
        predicted = (self.stacked @ right).reshape(-1, *beyond.shape)
        return np.subtract(beyond, predicted, out=predicted), beyond

    def residuals_at(self, y: np.ndarray, penalties: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """with a penalty for each column: |V| x columns"""
        right, beyond = self.parts(y)
        return beyond - self.rotated @ (right / (self.s[:, None] + penalties)), beyond


class CachedNumpy:
    """Nested cross-validation with everything cached that does not depend on y."""

    def __init__(self, study: Study, fitted: bool):
        self.penalties = study.penalties.astype(np.float32)
        n_penalties = len(self.penalties)
        self.outer, self.inner = [], []
        for o in range(study.outer.max() + 1):
            test, train, inner = np.flatnonzero(study.outer == o), np.flatnonzero(study.outer != o), study.inner[o]
            every = fitted and n_penalties * len(test) < len(train)  # fewer flops than U'y
            self.outer.append(CachedFold(study.kernel, train, test, study.penalties, every, every))
            splits = [(np.flatnonzero((inner >= 0) & (inner != b)), np.flatnonzero(inner == b)) for b in range(inner.max() + 1)]
            self.inner.append([CachedFold(study.kernel, *split, study.penalties, fitted, True) for split in splits])

    def scores(self, y: np.ndarray) -> np.ndarray:
        total = np.zeros(y.shape[1], dtype=np.float32)
        for outer, inner in zip(self.outer, self.inner):
            criterion = np.zeros((len(self.penalties), y.shape[1]), dtype=np.float32)
            for fold in inner:
                error, _ = fold.residuals(y)
                criterion += np.einsum("kvt,kvt->kt", error, error) / len(fold.test)
            best = len(self.penalties) - 1 - np.argmin(criterion[::-1], axis=0)  # a tie goes to the larger penalty
            if outer.stacked is None:
                error, beyond = outer.residuals_at(y, self.penalties[best])
            else:
                every, beyond = outer.residuals(y)
                error = np.take_along_axis(every, best[None, None, :], axis=0)[0]
            total += 1 - np.einsum("vt,vt->t", error, error) / np.einsum("vt,vt->t", beyond, beyond)
        return total / len(self.outer)

    def time(self, study: Study, seconds: float) -> tuple[float, np.ndarray]:
        """Seconds a target-permutation, and the scores: permutations x targets. Gathering is counted as with arete, drawing is not."""
        n_orders = max(1, COLUMNS // study.targets.shape[1])
        orders = [study.order(shift) for shift in range(n_orders)]
        blocks, start = 0, time.perf_counter()
        while blocks == 0 or time.perf_counter() - start < seconds:
            y = np.concatenate([study.targets[order] for order in orders], axis=1)
            scores = self.scores(y)
            blocks += 1
        spent = time.perf_counter() - start
        return spent / (blocks * y.shape[1]), scores.reshape(n_orders, -1)


def time_scikit(study: Study, snps: np.ndarray, n_targets: int) -> tuple[float, np.ndarray]:
    """The second orbit's first permutation of the first targets."""
    targets = study.targets[study.order(0)][:, :n_targets].astype(float)
    grid = {"alpha": study.penalties[::-1]}
    scores, start = np.zeros(n_targets), time.perf_counter()
    for t in range(n_targets):
        y = targets[:, t]
        for o in range(study.outer.max() + 1):
            train, test = study.outer != o, study.outer == o
            inner = study.inner[o][train]
            splits = [(np.flatnonzero(inner != b), np.flatnonzero(inner == b)) for b in range(inner.max() + 1)]
            search = GridSearchCV(Ridge(), grid, scoring="neg_mean_squared_error", cv=splits).fit(snps[train], y[train])
            error = y[test] - search.predict(snps[test])
            beyond = y[test] - y[train].mean()
            scores[t] += 1 - (error @ error) / (beyond @ beyond)
    return (time.perf_counter() - start) / n_targets, scores / (study.outer.max() + 1)


def make_study(folder: Path, options: argparse.Namespace) -> None:
    simulate(folder, Population(subjects=options.subjects, snps=options.snps, targets=options.targets, signal_targets=options.targets // 10))
    sections = {"genotypes": {"plink": f"{folder}/genotypes"}, "targets": {"table": f"{folder}/targets.tsv"},
                "model": {"outer_folds": options.outer, "inner_folds": options.inner}, "output": f"{folder}/results"}
    (folder / "study.yaml").write_text(yaml.safe_dump(sections))


def read_snps(study: Study) -> np.ndarray:
    """The kept SNPs as arete standardises them, over sqrt(p), so that alpha is lambda."""
    fileset = plink.read_fileset(str(study.folder / "genotypes"))
    _, calls = plink.kept_calls(fileset, *study.ids, {})
    x = plink.standardise(calls, "allele-frequency")
    return x / np.sqrt(x.shape[1])


def numpy_blas() -> str:
    """Anything but OpenBLAS would be an unfair peer."""
    found = [info for info in threadpool_info() if info["user_api"] == "blas"]
    if len(found) != 1 or found[0]["internal_api"] != "openblas" or found[0]["num_threads"] != 1:
        raise SystemExit(f"peers: numpy's BLAS: {found or 'none'} found; expected OpenBLAS with one thread (update-alternatives libblas.so.3)")
    return f"OpenBLAS {found[0]['version']}, kernels {found[0]['architecture']}, {os.path.realpath(found[0]['filepath'])}"


def agreement(name: str, scores: np.ndarray, expected: np.ndarray) -> bool:
    difference = np.abs(scores - expected)
    beyond = difference > ROUNDING
    print(f"  {name}: {beyond.sum()} of {beyond.size} scores differ from arete's by more than {ROUNDING:g}, "
          f"the others by at most {difference[~beyond].max(initial=0):.1e}")
    return beyond.mean() <= MOST_BEYOND


def compare(folder: Path, options: argparse.Namespace, n_penalties: int) -> bool:
    penalties = np.logspace(-3, 3, n_penalties)
    study = Study(folder, options.arete, penalties, "orbits", "arrange_targets")
    single = Study(folder, options.arete, penalties, "independent", "gather_targets")
    study.prepare()
    single.prepare()
    n, n_targets = study.targets.shape
    print(f"\n{n} subjects, {n_targets} targets, {options.outer} x {options.inner} folds, {n_penalties} penalties from 1e-3 to 1e3; one core each; "
          f"arete: kernels {study.blas()}")
    peers, notes = {}, {}
    for name, fitted in (("numpy, SVD", False), ("numpy, fitted", True)):
        start = time.perf_counter()
        peers[name] = CachedNumpy(study, fitted)
        notes[name] = f"prepared in {time.perf_counter() - start:.1f} s"
    times: dict[str, list[float]] = {"orbits": [], "one by one": [], **{name: [] for name in peers}}
    scores = {}
    for _ in range(options.rounds):
        times["orbits"].append(study.time_arete(options.seconds))
        times["one by one"].append(single.time_arete(options.seconds))
        for name, peer in peers.items():
            spent, scores[name] = peer.time(study, options.seconds)
            times[name].append(spent)
    if options.scikit > 0:
        n_computed = min(options.scikit, n_targets)
        spent, scores["scikit-learn"] = time_scikit(study, read_snps(study), n_computed)
        times["scikit-learn"], notes["scikit-learn"] = [spent], f"over {n_computed} target-permutations"
    print(f"  {'':<14} {'us a target-permutation':>24} {'times orbits':>12}")
    for name, values in times.items():
        ratio = statistics.median(a / b for a, b in zip(values, times["orbits"]))
        print(f"  {name:<14} {1e6 * statistics.median(values):>24.2f} {ratio:>12.2f}  {notes.get(name, '')}".rstrip())
    null = study.scores(max(1, COLUMNS // n_targets))
    good = [agreement(name, found, null[0, : len(found)] if found.ndim == 1 else null) for name, found in scores.items()]
    return all(good)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--arete", default=str(ROOT / "build" / "release" / "arete"), metavar="PROGRAM")
    parser.add_argument("--subjects", type=int, default=300)
    parser.add_argument("--snps", type=int, default=2000)
    parser.add_argument("--targets", type=int, default=100)
    parser.add_argument("--outer", type=int, default=10, help="outer folds")
    parser.add_argument("--inner", type=int, default=5, help="inner folds")
    parser.add_argument("--penalties", type=int, nargs="+", default=[5, 41], help="how many; each number is a comparison")
    parser.add_argument("--scikit", type=int, default=2, metavar="TARGETS", help="target-permutations that scikit-learn computes; 0 leaves it out")
    parser.add_argument("--rounds", type=int, default=3, help="repetitions, arete and numpy in turns; medians count")
    parser.add_argument("--seconds", type=float, default=5.0, help="of each measurement")
    options = parser.parse_args()
    print(f"numpy {np.__version__}: {numpy_blas()}")
    with tempfile.TemporaryDirectory(prefix="arete-peers-") as folder:
        make_study(Path(folder), options)
        good = [compare(Path(folder), options, n_penalties) for n_penalties in options.penalties]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
