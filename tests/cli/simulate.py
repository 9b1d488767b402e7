#!/usr/bin/python3
"""`arete simulate`: what it writes and prints, that the same file makes the same bytes, what it refuses, and that it leaves nothing half done.
What the numbers are: tests/oracle/simulate_oracle.py.

    tests/cli/simulate.py
"""
import os
import resource
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
from functools import partialmethod
from pathlib import Path

ARETE = Path(os.environ.get("ARETE", "arete")).absolute()
SIM = """\
subjects: 50
snps: 90
chromosomes: 3
missing_calls: 0.05
families: {share: 0.5, size: 3, shared_environment: 0.2}
ancestries: {share: 0.4, fst: 0.1}
targets:
  count: 10
  with_signal: 0.2
  heritability: [0.5, 0.25]
  causal_snps: 30
seed: 8
output: made
"""
FILES = sorted([f"chr{c}.{ending}" for c in (1, 2, 3) for ending in ("bed", "bim", "fam")] +
               ["causal_snps.txt", "covariates.tsv", "simulated.yaml", "study.yaml", "targets.tsv", "truth.tsv"])
STUDY = """\
# Written by arete simulate. docs/study-file.md has every key; paths are relative to the folder arete is
# started in.
genotypes:
  plink: 'made/chr{1..3}'
  max_missing_per_snp: 0.1
  max_missing_per_subject: 0.1
  max_relatedness: 0.05
targets:
  table: 'made/targets.tsv'
covariates:
  table: 'made/covariates.tsv'
  columns: [age, sex]
  categorical: [site]
  genetic_pcs: 2
seed: 8
output: 'made/results'
"""


class SimulateTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="arete-simulate-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.write("sim.yaml", SIM)

    def write(self, name, text):
        self.folder.joinpath(name).parent.mkdir(exist_ok=True)
        self.folder.joinpath(name).write_text(text)

    def start(self, *arguments, **options):
        return subprocess.Popen([ARETE, *arguments], cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                text=True, **options)

    def simulate(self, *arguments, code=0, **options):
        started = self.start("simulate", "sim.yaml", *arguments, **options)
        out, err = started.communicate(timeout=60)
        self.assertEqual(started.returncode, code, err)
        return out, err

    def made(self, folder="made"):
        return {path.name: path.read_bytes() for path in sorted(self.folder.joinpath(folder).iterdir())}

    def content(self):
        return {str(path): path.read_bytes() if path.is_file() else None for path in self.folder.rglob("*")}


class Making(SimulateTest):
    def test_files_and_what_is_printed(self):
        out, err = self.simulate()
        self.assertEqual(err, "")
        first, *others = out.splitlines()
        self.assertRegex(first, r"^made:     made in \d+s$")
        self.assertEqual(others, ["people:   50, of them 8 sibships of 3", "SNPs:     90 on 3 chromosomes",
                                  "targets:  10, of them 2 with signal (truth.tsv)", "next:     arete run made/study.yaml"])
        made = self.made()
        self.assertEqual(sorted(made), FILES)
        self.assertEqual(made["study.yaml"].decode(), STUDY)
        self.assertEqual(made["truth.tsv"].decode().splitlines()[:4], ["target\theritability", "T01\t0.25", "T02\t0.5", "T03\t0"])
        self.assertEqual(made["chr3.fam"].decode().splitlines()[2:4], ["F00001 S000003 0 0 1 -9", "F00002 S000004 0 0 2 -9"])
        self.assertEqual(made["targets.tsv"].decode().split("\n")[0].split("\t")[:3], ["FID", "IID", "T01"])
        self.assertEqual(made["covariates.tsv"].decode().split("\n")[0], "FID\tIID\tage\tsex\tsite\tancestry")
        self.assertEqual(len(made["causal_snps.txt"].split()), 30)

    def test_same_seed_same_bytes(self):
        self.simulate()
        self.simulate("--output", "again")
        first, again = self.made(), self.made("again")
        for name in FILES:
            with self.subTest(name):
                if name in ("study.yaml", "simulated.yaml"):
                    self.assertEqual(again[name].replace(b"again", b"made"), first[name])
                else:
                    self.assertEqual(again[name], first[name])

    def test_another_seed_makes_another_study(self):
        self.simulate()
        self.simulate("--seed", "9", "--output", "other")
        first, other = self.made(), self.made("other")
        for name in FILES:
            if name != "truth.tsv":
                self.assertNotEqual(first[name], other[name], name)

    def test_its_settings_make_it_again(self):
        self.simulate()
        shutil.copy(self.folder / "made/simulated.yaml", self.folder / "sim.yaml")
        before = self.made()
        self.simulate("--fresh")
        self.assertEqual(self.made(), before)

    def test_a_folder_with_a_strange_name(self):
        strange = "it's # a/folder: 1"
        self.write("sim.yaml", SIM.replace("made", f'"{strange}"'))
        self.simulate()
        self.assertEqual(sorted(self.made(strange)), FILES)
        plan = self.start("plan", f"{strange}/study.yaml")
        _, err = plan.communicate(timeout=60)
        self.assertEqual(plan.returncode, 0, err)

    def test_nothing_but_defaults(self):
        self.write("sim.yaml", "output: made\n")
        self.simulate("--set", "subjects=60", "--set", "snps=500", "--set", "targets.count=7")
        made = self.made()
        self.assertEqual(len(made["chr22.bim"].splitlines()) > 0, True)
        self.assertEqual(made["truth.tsv"].decode().split("\n")[1:3], ["T1\t0.5", "T2\t0"])

    def test_with_as_many_sites_as_may_be_it_runs(self):
        for k, people in enumerate(("subjects: 40\ncovariates: {sites: 4}\n", "subjects: 400\nfamilies: {size: 8}\ncovariates: {sites: 5}\n")):
            self.write("sim.yaml", f"output: made{k}\nsnps: 20000\nlinkage: {{half_distance: 0}}\ntargets: {{count: 2}}\n{people}")
            self.simulate()
            run = self.start("run", f"made{k}/study.yaml", "--set", "permutations.count=20")
            _, err = run.communicate(timeout=60)
            self.assertEqual(run.returncode, 0, err)


class Replacing(SimulateTest):
    def test_a_study_is_kept(self):
        self.simulate()
        before = self.content()
        _, err = self.simulate("--seed", "9", code=2)
        self.assertEqual(err, "arete: made/study.yaml: is there already; expected another output folder, or --fresh to replace the study in it\n")
        self.assertEqual(self.content(), before)

    def test_fresh_replaces_it_and_nothing_else(self):
        self.simulate()
        self.write("made/results/results.tsv", "mine")
        self.write("made/notes.txt", "mine")
        self.simulate("--fresh", "--set", "chromosomes=2")
        shutil.rmtree(self.folder / "made/results")
        self.assertEqual(sorted(self.made()), sorted({"notes.txt", *FILES} - {"chr3.bed", "chr3.bim", "chr3.fam"}))

    def test_files_of_others_are_never_replaced(self):
        self.write("made/chr2.bed", "mine")
        before = self.content()
        for arguments in ((), ("--fresh",)):
            _, err = self.simulate(*arguments, code=2)
            self.assertEqual(err, "arete: made/chr2.bed: is there already, and arete simulate did not make it (there is no simulated.yaml); expected "
                                  "another output folder\n")
            self.assertEqual(self.content(), before)


class Failing(SimulateTest):
    def wait_for(self, pattern):
        for _ in range(2000):
            if any(self.folder.glob(pattern)):
                return
            time.sleep(0.01)
        self.fail(f"no {pattern}")

    def test_a_signal_leaves_nothing(self):
        started = self.start("simulate", "sim.yaml", "--set", "snps=50000000")
        self.wait_for("made/chr1.bed.*.tmp")
        started.send_signal(signal.SIGINT)
        _, err = started.communicate(timeout=60)
        self.assertEqual((started.returncode, err), (75, "arete: stopped (SIGINT): nothing was left in made\n"))
        self.assertEqual(self.made(), {})

    def test_what_appears_meanwhile_stays(self):
        for arguments in ((), ("--fresh",)):
            started = self.start("simulate", "sim.yaml", "--set", "snps=300000", *arguments)
            self.wait_for("made/chr1.bed.*.tmp")
            self.write("made/chr2.bed", "mine")
            _, err = started.communicate(timeout=60)
            self.assertEqual((started.returncode, err), (2, "arete: made/chr2.bed: is there already, and stays; expected another output folder\n"))
            self.assertEqual(self.made(), {"chr2.bed": b"mine"})
            self.folder.joinpath("made/chr2.bed").unlink()

    def test_a_kill_leaves_nothing_that_looks_finished(self):
        started = self.start("simulate", "sim.yaml", "--set", "snps=50000000")
        self.wait_for("made/chr1.bed.*.tmp")
        started.kill()
        started.communicate(timeout=60)
        self.assertTrue(all(name.endswith(".tmp") for name in self.made()))
        self.simulate()
        self.assertEqual(sorted(self.made()), FILES)

    def test_a_full_disk_leaves_nothing_and_is_seen_early(self):
        limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100000, 100000))  # noqa: E731
        _, err = self.simulate("--set", "snps=50000000", code=1, preexec_fn=limit)
        self.assertRegex(err, r"^arete: made/chr1\.b(ed|im): cannot be written whole: File too large\n$")
        self.assertEqual(self.made(), {})

    def test_causal_snps_that_do_not_vary(self):
        _, err = self.simulate("--set", "allele_frequency={from: 1e-6, to: 1e-6}", "--set", "ancestries=null", "--set", "targets.causal_snps=2", code=2)
        self.assertEqual(err, "arete: targets.causal_snps: 2 found, and none varies among the 50 subjects; expected more, or a higher "
                              "allele_frequency.from\n")
        self.assertEqual(self.made(), {})


# name: (settings, lines)
BAD = {
    "empty": ("", ["sim.yaml: empty; expected a simulation file (docs/simulate.md)"]),
    "no_mapping": ("- a\n", ["sim.yaml:1:1: a list found; expected a mapping of keys (docs/simulate.md)"]),
    "no_output": ("subjects: 100\n", ["sim.yaml: output: nothing found; expected the path of a folder, of printable characters without { and }"]),
    "output_with_braces": ('output: "a{1}"\n', ["sim.yaml:1:1: output: text \"a{1}\" found; expected the path of a folder, of printable characters "
                                                "without { and }"]),
    "output_with_a_line_break": ('output: "a\\nb"\n', ["sim.yaml:1:1: output: text \"a b\" found; expected the path of a folder, of printable "
                                                       "characters without { and }"]),
    "output_below_a_file": ("output: sim.yaml/made\n", ["sim.yaml/made: the output folder cannot be made: Not a directory"]),
    "unknown_keys": ("output: made\nsubject: 100\nsignal: {share: 1}\ntargets: {heritabilty: 0.5}\n", [
        "sim.yaml:2:1: subject: unknown key; expected one of: subjects, snps, chromosomes, allele_frequency, linkage, missing_calls, families, "
        "ancestries, targets, covariates, seed, output",
        "sim.yaml:3:1: signal: unknown key; expected one of: subjects, snps, chromosomes, allele_frequency, linkage, missing_calls, families, "
        "ancestries, targets, covariates, seed, output",
        "sim.yaml:4:11: targets.heritabilty: unknown key; expected one of: count, with_signal, heritability, causal_snps, correlation",
    ]),
    "all_mistakes_at_once": ("""\
subjects: 20
snps: 1e5
chromosomes: 23
allele_frequency: {from: 0, to: 0.6}
linkage: none
missing_calls: 0.6
families: {share: 2, size: 1, shared_environment: -1}
ancestries: {share: 1, fst: 0, effect: big}
targets: {count: 0, with_signal: 1.5, heritability: 0, causal_snps: 0, correlation: 1}
covariates: {age: -1, sites: 0}
seed: -1
output: made
""", [
        "sim.yaml:1:1: subjects: 20 found; expected an integer from 40 to 1000000",
        "sim.yaml:2:1: snps: 1e5 found; expected an integer from 1 to 100000000",
        "sim.yaml:3:1: chromosomes: 23 found; expected an integer from 1 to 22",
        "sim.yaml:4:20: allele_frequency.from: 0 found; expected a number greater than 0, up to 0.5",
        "sim.yaml:4:29: allele_frequency.to: 0.6 found; expected a number greater than 0, up to 0.5",
        "sim.yaml:5:1: linkage: text \"none\" found; expected a mapping of: half_distance",
        "sim.yaml:6:1: missing_calls: 0.6 found; expected a number from 0 to 0.5",
        "sim.yaml:7:12: families.share: 2 found; expected a number from 0 to 1",
        "sim.yaml:7:22: families.size: 1 found; expected an integer from 2 to 20",
        "sim.yaml:7:31: families.shared_environment: -1 found; expected a number from 0 to 1",
        "sim.yaml:8:14: ancestries.share: 1 found; expected a number from 0 to less than 1",
        "sim.yaml:8:24: ancestries.fst: 0 found; expected a number between 0 and 1, both excluded",
        "sim.yaml:8:32: ancestries.effect: text \"big\" found; expected a number from -100 to 100",
        "sim.yaml:9:11: targets.count: 0 found; expected an integer from 1 to 100000",
        "sim.yaml:9:21: targets.with_signal: 1.5 found; expected a number from 0 to 1",
        "sim.yaml:9:39: targets.heritability: 0 found; expected a number greater than 0, up to 1, or a list of 1 to 1000 different ones",
        "sim.yaml:9:56: targets.causal_snps: 0 found; expected an integer from 1 to 500000",
        "sim.yaml:9:72: targets.correlation: 1 found; expected a number from 0 to less than 1",
        "sim.yaml:10:14: covariates.age: -1 found; expected a number from 0 to 100",
        "sim.yaml:10:23: covariates.sites: 0 found; expected an integer from 1 to 100",
        "sim.yaml:11:1: seed: -1 found; expected an integer from 0 to 18446744073709551615",
    ]),
    "frequencies_the_wrong_way_round": ("output: made\nallele_frequency: {from: 0.4, to: 0.3}\n", [
        "sim.yaml:2:20: allele_frequency.from: 0.4 found, more than `to` (0.3); expected at most that"]),
    "more_causal_snps_than_snps": ("output: made\nsnps: 100\ntargets: {causal_snps: 101}\n", [
        "sim.yaml:3:11: targets.causal_snps: 101 found; expected an integer from 1 to 100"]),
    "fewer_snps_than_chromosomes": ("output: made\nsnps: 21\n", ["sim.yaml:2:1: snps: 21 found for 22 chromosomes; expected at least one a chromosome"]),
    "more_sites_than_the_people_allow": ("output: made\nsubjects: 40\nsnps: 500\ncovariates: {sites: 100}\n", [
        "sim.yaml:4:14: covariates.sites: 100 found for 40 unrelated people; expected at most 4"]),
    "more_sites_than_siblings_allow": ("output: made\nsubjects: 400\nfamilies: {size: 8}\ncovariates: {sites: 40}\n", [
        "sim.yaml:4:14: covariates.sites: 40 found for 50 unrelated people; expected at most 5"]),
    "variances_over_one": ("output: made\ntargets: {heritability: [0.2, 0.8]}\nfamilies: {shared_environment: 0.3}\n", [
        "sim.yaml:3:12: families.shared_environment: 0.3 found beside a heritability of 0.8; expected a sum of at most 1"]),
}

BAD_COMMANDS = {
    "no_file": ([], "0 files found; expected one (arete simulate sim.yaml)"),
    "missing_file": (["none.yaml"], "none.yaml: cannot be read: No such file or directory"),
    "unknown_option": (["sim.yaml", "--quick"], "--quick: unknown option; see arete simulate --help"),
    "option_of_run": (["sim.yaml", "--threads", "2"], "--threads: unknown option; see arete simulate --help"),
    "set_out_of_range": (["sim.yaml", "--set", "subjects=3"], "--set subjects=3: subjects: 3 found; expected an integer from 40 to 1000000"),
}


class BadInputs(SimulateTest):
    def check(self, arguments, lines):
        before = self.content()
        started = self.start("simulate", *arguments)
        out, err = started.communicate(timeout=60)
        self.assertEqual(err, "".join(f"arete: {line}\n" for line in lines))
        self.assertEqual((started.returncode, out), (2, ""))
        self.assertEqual(self.content(), before)

    def check_settings(self, settings, lines):
        self.write("sim.yaml", settings)
        self.check(["sim.yaml"], lines)

    def check_command(self, arguments, line):
        self.check(arguments, [line])


for name, (settings, lines) in BAD.items():
    setattr(BadInputs, f"test_{name}", partialmethod(BadInputs.check_settings, settings, lines))
for name, (arguments, line) in BAD_COMMANDS.items():
    setattr(BadInputs, f"test_{name}", partialmethod(BadInputs.check_command, arguments, line))

if __name__ == "__main__":
    unittest.main()
