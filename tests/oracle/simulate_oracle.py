#!/usr/bin/python3
"""Whether what `arete simulate` makes is what docs/simulate.md says: allele frequencies, linkage, relatedness, ancestry, heritability, each measured
with numpy or plink2 on the files it wrote; and whether `arete run` finds in them what was put there."""
import argparse
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import numpy as np
from scipy import stats

import plink

HALF_DISTANCE = 20  # the default
arete = Path()


class Made:
    """A simulated study, read back."""

    def __init__(self, folder: str, settings: str) -> None:
        self.folder = Path(folder)
        (self.folder / "sim.yaml").write_text(settings)
        subprocess.run([arete, "simulate", f"{folder}/sim.yaml", "--output", f"{folder}/made"], check=True, capture_output=True)
        prefixes = sorted(str(path.with_suffix("")) for path in self.folder.glob("made/chr*.bed"))
        self.filesets = [plink.read_fileset(prefix) for prefix in prefixes]
        self.fid, self.iid = self.filesets[0].fid, self.filesets[0].iid
        self.snp = [snp for fileset in self.filesets for snp in fileset.snp]
        self.calls = np.concatenate([fileset.calls for fileset in self.filesets])  # SNPs x subjects
        self.x = plink.standardise(self.calls, "allele-frequency")
        words = plink.read_columns(f"{folder}/made/covariates.tsv", self.fid, self.iid)
        self.covariates = {name: np.array(column) for name, column in words.items()}
        words = plink.read_columns(f"{folder}/made/targets.tsv", self.fid, self.iid)
        self.targets = np.array([[float(word) for word in column] for column in words.values()]).T
        _, rows = plink.read_table(f"{folder}/made/truth.tsv")
        self.heritability = np.array([float(row[1]) for row in rows])
        assert [row[0] for row in rows] == list(words)

    def design(self) -> np.ndarray:
        """intercept, age, sex, site"""
        sites = np.unique(self.covariates["site"])
        return np.column_stack([np.ones(len(self.fid)), self.covariates["age"].astype(float), self.covariates["sex"] == "2",
                                self.covariates["site"][:, None] == sites[1:]])

    def residuals(self) -> np.ndarray:
        """of the targets on the covariates, divided by the degrees of freedom's root: squares sum to the variance"""
        z = self.design()
        left = self.targets - z @ np.linalg.lstsq(z, self.targets, rcond=None)[0]
        return left / np.sqrt(len(z) - z.shape[1])

    def gram(self) -> np.ndarray:
        return self.x @ self.x.T / self.x.shape[1]

    def haseman_elston(self) -> np.ndarray:
        """heritability of each target by the regression of products of two subjects on their relatedness"""
        y = self.residuals() * np.sqrt(len(self.fid))
        above = np.triu_indices(len(y), 1)
        k = self.gram()[above]
        k -= k.mean()
        return np.array([k @ (y[above[0], t] * y[above[1], t]) for t in range(y.shape[1])]) / (k @ k)

    def plink2(self, *arguments: str) -> None:
        """on chromosome 1"""
        subprocess.run(["plink2", "--bfile", self.filesets[0].prefix, *arguments, "--threads", "1", "--out", str(self.folder / "plink2")],
                       check=True, capture_output=True)


class MadeTest(unittest.TestCase):
    settings = ""

    @classmethod
    def setUpClass(cls) -> None:
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.made = Made(folder.name, cls.settings)

    def assert_near(self, found: float, expected: float, tolerance: float) -> None:
        self.assertLessEqual(abs(found - expected), tolerance, f"{found:.4g} found, {expected:.4g} expected")


def expected_r2(rng: np.random.Generator, low: float, high: float) -> float:
    """mean r2 of two SNPs carried by arcs of a circle, on haplotypes that change place between them never"""
    f, g, apart = rng.uniform(low, high, 200000), rng.uniform(low, high, 200000), rng.uniform(0, 1, 200000)
    arc = lambda start: np.clip(np.minimum(f, start + g) - np.maximum(0, start), 0, None)  # noqa: E731
    both = arc(apart) + arc(apart - 1)
    return float(np.mean((both - f * g) ** 2 / (f * (1 - f) * g * (1 - g))))


class Unrelated(MadeTest):
    settings = """
subjects: 2001
snps: 4000
chromosomes: 2
missing_calls: 0.02
targets: {count: 90, with_signal: 0.667, heritability: [0.3, 0.8], causal_snps: 10, correlation: 0.4}
covariates: {age: 0.2, sex: 0.1, site: 0.3, sites: 4}
seed: 1
"""

    def test_allele_frequencies_are_uniform(self) -> None:
        self.made.plink2("--freq", "--nonfounders")
        _, rows = plink.read_table(str(self.made.folder / "plink2.afreq"))
        frequency = np.array([float(row[4]) for row in rows])
        self.assertTrue(all(row[3] == "A" for row in rows))
        self.assertGreater(stats.kstest(frequency, stats.uniform(0.05, 0.45).cdf).pvalue, 1e-3)

    def test_genotypes_are_in_hardy_weinberg_proportions(self) -> None:
        self.made.plink2("--hardy", "--nonfounders")
        header, rows = plink.read_table(str(self.made.folder / "plink2.hardy"))
        p = np.array([float(row[header.index("P")]) for row in rows])
        self.assert_near(float(np.mean(p < 0.05)), 0.05, 0.02)

    def test_missing_calls(self) -> None:
        self.assert_near(float(np.mean(self.made.calls < 0)), 0.02, 0.0005)
        self.assertLess(np.max(np.mean(self.made.calls < 0, axis=0)), 0.035)

    def test_linkage_falls_geometrically(self) -> None:
        x = plink.standardise(self.made.filesets[0].calls, "sample")
        nothing_left = expected_r2(np.random.default_rng(1), 0.05, 0.5)
        for apart in (1, 2, 5, 10, 20, 40, 80):
            r = np.mean(x[:, apart:] * x[:, : x.shape[1] - apart], axis=0)
            expected = 0.98**2 * nothing_left * 2 ** (-apart / HALF_DISTANCE) + 1 / len(x)  # 0.02 of the calls miss
            with self.subTest(apart):
                self.assert_near(float(np.mean(r**2)) / expected, 1, 0.1)

    def test_chromosomes_are_not_linked(self) -> None:
        first, second = (plink.standardise(fileset.calls, "sample") for fileset in self.made.filesets)
        r = first.T @ second / len(first)
        self.assert_near(float(np.mean(r**2)) * len(first), 0.98**2, 0.03)

    def test_causal_snps_explain_the_heritability(self) -> None:
        """With ten SNPs their regression is the genetic value itself."""
        causal = np.isin(self.made.snp, (self.made.folder / "made/causal_snps.txt").read_text().split())
        self.assertEqual(causal.sum(), 10)
        y = self.made.residuals() * np.sqrt(len(self.made.fid))
        z = np.column_stack([self.made.design(), self.made.x[:, causal]])
        left = y - z @ np.linalg.lstsq(z, y, rcond=None)[0]
        explained = 1 - (left**2).sum(0) / (y**2).sum(0)
        self.assertEqual(list(self.made.heritability[:4]), [0.3, 0.8, 0.3, 0.8])
        self.assertEqual(np.count_nonzero(self.made.heritability), 60)
        for h in (0, 0.3, 0.8):
            which = self.made.heritability == h
            with self.subTest(h):
                # a missing call takes what it would have told
                self.assert_near(float(np.mean(explained[which])), h * 0.98 + (1 - h) * 10 / len(y), 0.01)
                self.assertLess(np.max(np.abs(explained[which] - h)), 0.06)

    def test_variance_is_one_and_what_covariates_add(self) -> None:
        self.assert_near(float(np.mean(np.sum(self.made.residuals() ** 2, axis=0))), 1, 0.01)
        self.assert_near(float(np.mean(np.var(self.made.targets, axis=0))), 1 + 0.2 + 0.1 + 0.3, 0.02)

    def test_noise_is_correlated(self) -> None:
        noise = self.made.residuals()[:, self.made.heritability == 0]
        r = np.corrcoef(noise.T)[np.triu_indices(noise.shape[1], 1)]
        self.assert_near(float(np.mean(r)), 0.4, 0.06)
        self.assertLess(np.std(r), 0.04)


class Polygenic(MadeTest):
    settings = """
subjects: 1200
snps: 3000
chromosomes: 1
linkage: {half_distance: 0}
allele_frequency: {from: 0.2, to: 0.3}
targets: {count: 40, with_signal: 0.5, causal_snps: 3000}
seed: 2
"""

    def test_without_linkage_neighbours_are_independent(self) -> None:
        x = plink.standardise(self.made.calls, "sample")
        r = np.mean(x[:, 1:] * x[:, :-1], axis=0)
        self.assert_near(float(np.mean(r**2)) * len(x), 1, 0.1)

    def test_heritability_by_haseman_and_elston(self) -> None:
        estimate = self.made.haseman_elston()
        self.assert_near(float(np.mean(estimate[:20])), 0.5, 0.08)  # over seeds it varies by 0.03
        self.assert_near(float(np.mean(estimate[20:])), 0, 0.05)


class Sibships(MadeTest):
    settings = """
subjects: 801
snps: 6000
families: {size: 4, share: 0.5, shared_environment: 0.3}
targets: {count: 100, with_signal: 0.5, heritability: 0.6, causal_snps: 500}
seed: 3
"""

    def pairs(self) -> tuple[np.ndarray, np.ndarray]:
        """(first, second) subject of each pair of siblings"""
        fid = np.array(self.made.fid)
        return np.nonzero(np.triu(fid[:, None] == fid, 1))

    def test_half_of_the_people_live_in_sibships(self) -> None:
        _, sizes = np.unique(self.made.fid, return_counts=True)
        self.assertEqual(sorted(sizes), [1] * 401 + [4] * 100)

    def test_siblings_share_half(self) -> None:
        """by plink2, all chromosomes, frequencies of the sample: centring takes what a sibling shares with the sample on average"""
        total = 0
        for fileset in self.made.filesets:
            subprocess.run(["plink2", "--bfile", fileset.prefix, "--make-rel", "square", "bin", "--nonfounders", "--threads", "1", "--out",
                            str(self.made.folder / "rel")], check=True, capture_output=True)
            n = len(self.made.fid)
            total = total + len(fileset.snp) * np.fromfile(self.made.folder / "rel.rel.bin").reshape(n, n)
        k = total / len(self.made.snp)
        siblings = k[self.pairs()]
        self.assert_near(float(np.mean(siblings)), 0.5 - 2 * (1 + 3 / 2) / n + (n + 600) / n**2, 0.01)
        self.assertGreater(siblings.min(), 0.25)
        others = np.triu(np.ones_like(k, bool), 1)
        others[self.pairs()] = False
        self.assertLess(np.abs(k[others]).max(), 0.25)
        self.assert_near(float(np.mean(np.diag(k))), 1, 0.01)

    def test_siblings_inherit_from_two_parents(self) -> None:
        """Both alleles are shared along a quarter of the genome, none along a quarter: all four siblings' calls agree with four haplotypes."""
        first, second = self.pairs()
        opposite = np.abs(self.made.calls[:, first] - self.made.calls[:, second]) == 2
        f = (self.made.calls == 2).mean(1) + (self.made.calls == 1).mean(1) / 2
        expected = 0.25 * np.mean(2 * f**2 * (1 - f) ** 2)  # only where they share neither allele
        self.assert_near(float(opposite.mean()) / expected, 1, 0.05)

    def test_siblings_resemble_each_other(self) -> None:
        y = self.made.residuals() * np.sqrt(len(self.made.fid))
        first, second = self.pairs()
        alike = np.mean(y[first] * y[second], axis=0)
        self.assert_near(float(np.mean(alike[:50])), 0.6 / 2 + 0.3, 0.03)
        self.assert_near(float(np.mean(alike[50:])), 0.3, 0.03)

    def test_siblings_live_at_one_site(self) -> None:
        first, second = self.pairs()
        self.assertTrue(np.all(self.made.covariates["site"][first] == self.made.covariates["site"][second]))


class Ancestries(MadeTest):
    settings = """
subjects: 1000
snps: 5000
ancestries: {share: 0.3, fst: 0.08, effect: 0.7}
targets: {count: 20}
seed: 4
"""

    def test_fst(self) -> None:
        """Hudson's estimator (Bhatia et al. 2013, equation 10)."""
        second = self.made.covariates["ancestry"] == "ancestry2"
        self.assert_near(float(second.mean()), 0.3, 0.05)
        p, q = self.made.calls[:, ~second].mean(1) / 2, self.made.calls[:, second].mean(1) / 2
        n, m = 2 * np.sum(~second), 2 * np.sum(second)
        between = (p - q) ** 2 - p * (1 - p) / (n - 1) - q * (1 - q) / (m - 1)
        self.assert_near(float(between.sum() / (p * (1 - q) + q * (1 - p)).sum()), 0.08, 0.005)

    def test_the_first_component_is_ancestry(self) -> None:
        _, vectors = np.linalg.eigh(self.made.gram())
        second = self.made.covariates["ancestry"] == "ancestry2"
        self.assertGreater(abs(np.corrcoef(vectors[:, -1], second)[0, 1]), 0.99)

    def test_effect(self) -> None:
        second = self.made.covariates["ancestry"] == "ancestry2"
        self.assert_near(float(np.mean(self.made.targets[second].mean(0) - self.made.targets[~second].mean(0))), 0.7, 0.1)


class Run(MadeTest):
    settings = (Path(__file__).resolve().parents[2] / "configs/simulate_small.yaml").read_text()

    def test_the_study_runs_as_it_stands_and_finds_the_signal(self) -> None:
        folder = self.made.folder
        done = subprocess.run([arete, "run", f"{folder}/made/study.yaml", "--set", "permutations.count=199"], capture_output=True, text=True,
                              check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        header, rows = plink.read_table(f"{folder}/made/results/results.tsv")
        p = np.array([float(row[header.index("p_fwer")]) for row in rows])
        self.assertEqual([row[0] for row in rows], [f"T{t:02d}" for t in range(1, 13)])
        self.assertTrue(np.all(p[:3] <= 0.05), p)
        self.assertTrue(np.all(p[3:] > 0.05), p)


def main() -> None:
    global arete
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--arete", type=Path, required=True, help="the program")
    arguments, rest = parser.parse_known_args()
    arete = arguments.arete.absolute()
    unittest.main(argv=[sys.argv[0], *rest])


if __name__ == "__main__":
    main()
