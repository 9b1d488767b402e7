#!/usr/bin/python3
"""arete init: the study file it writes says what stands in the files, and `arete plan` takes it."""
import gzip
import os
import random
import shutil
import subprocess
import unittest
from pathlib import Path

import numpy as np
import yaml

import nifti
from support.tiny_study import ARETE, PATIENCE_S, TinyStudy

ROOT = Path(__file__).resolve().parent.parent.parent
PEOPLE = [(f"F{(k + 1) // 2:02d}", f"S{k:03d}") for k in range(1, 121)]


def table(header, row_of, separator="\t"):
    rows = [separator.join(map(str, row_of(number, fid, iid))) for number, (fid, iid) in enumerate(PEOPLE)]
    return "\n".join([separator.join(header), *rows, ""])


def open_files(process):
    """What a process has open."""
    found = []
    for descriptor in Path(f"/proc/{process}/fd").iterdir():
        try:
            found.append(os.readlink(descriptor))
        except OSError:  # closed since
            pass
    return found


class Init(unittest.TestCase):
    def setUp(self):
        self.study = TinyStudy()
        self.addCleanup(self.study.remove)
        self.study.path("study.yaml").unlink()

    def init(self, *words):
        done = self.study.arete("init", *words)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stderr)
        return done.stdout

    def keys(self, name="study.yaml"):
        """What the file says, ranges in flow lists being put in quotes for a YAML reader that knows none."""
        return yaml.safe_load(self.study.read(name).replace("{1..", "<1..").replace("}", ">").replace("fam_columns: <", "fam_columns: {"))

    def plan(self, name="study.yaml"):
        done = self.study.arete("plan", name)
        self.assertEqual(done.returncode, 0, done.stderr + self.study.read(name))
        return done.stdout + done.stderr

    def test_the_tiny_study(self):
        said = self.init()
        self.assertEqual(self.keys(), {
            "genotypes": {"plink": "chr<1..2>", "max_relatedness": 0.05},
            "targets": {"table": "targets.tsv"},
            "covariates": {"table": "covariates.tsv", "columns": ["age", "sex"], "categorical": ["site"], "genetic_pcs": 6},
            "permutations": {"count": 10000, "within": "site"}, "seed": 42, "output": "results/study"})
        for line in ("genotypes:  chr{1..2} (120 people)", "targets:    targets.tsv (120 of the people)", "covariates: covariates.tsv (120 of the people)",
                     "wrote:      study.yaml", "next:       look through it, then: arete plan study.yaml"):
            self.assertIn(line + "\n", said)
        self.plan()
        done = self.study.arete("run", "study.yaml", "--set", "permutations.count=20", "--threads", "1", "--set", "genotypes.max_relatedness=0.8")
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_never_replaces(self):
        self.study.write("study.yaml", "mine\n")
        before = self.study.content()
        done = self.study.arete("init")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertEqual(done.stderr, "arete: study.yaml: is there already, and stays; expected a new name (arete init --study NAME)\n")
        self.assertEqual(self.study.content(), before)
        self.init("--study", "my other.yaml")
        self.assertEqual(self.keys("my other.yaml")["output"], "results/my other")
        self.plan("my other.yaml")

    def test_never_replaces_what_appears_meanwhile(self):
        rows = [f"S{k:05d}\t" + "\t".join(["0.5"] * 100) for k in range(60000)]
        self.study.write("more.tsv", "\n".join(["IID\t" + "\t".join(f"x{k}" for k in range(100)), *rows, ""]))
        looks = subprocess.Popen([ARETE, "init"], cwd=self.study.folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        while looks.poll() is None and not any(link.endswith("more.tsv") for link in open_files(looks.pid)):
            pass
        self.assertIsNone(looks.poll())
        self.study.write("study.yaml", "mine\n")
        _, told = looks.communicate(timeout=PATIENCE_S)
        self.assertEqual((looks.returncode, told),
                         (2, "arete: study.yaml: is there already, and stays; expected a new name (arete init --study NAME)\n"))
        self.assertEqual(self.study.read("study.yaml"), "mine\n")

    def test_names_that_mean_something_to_yaml(self):
        """Of columns and files, by whoever made them: the study file says what the columns are, and nothing else."""
        names = [f"site {name}" for name in ("it's", "a: b # c", "[x", "null", "- y", "a\\nb", "p'\"q", "&a *b", "x\u2028seed: 7")]
        for name in names:
            self.study.add_column("covariates.tsv", name, lambda fid, iid: "AB"[int(iid[1:]) % 2])
        for name in ("b\nseed: 7\n#", "c\x1b[2J"):
            for ending in ("bed", "bim", "fam"):
                shutil.copyfile(self.study.path(f"chr1.{ending}"), self.study.path(f"{name}.{ending}"))
        self.init()
        keys = self.keys()
        self.assertEqual((keys["covariates"]["categorical"], keys["seed"]), (["site", *names[:-1]], 42))  # what YAML cannot name is left out
        self.plan()
        self.study.delete("study.yaml")
        for ending in ("bed", "bim", "fam"):
            self.study.path(f"chr1.{ending}").rename(self.study.path(f"c{{1..3}}.{ending}"))
        self.assertIn("c{1..3}: a fileset with a brace in its name", self.refuse())

    def test_a_target_with_braces_in_its_name(self):
        """It would be a range; what is left out is said."""
        self.study.replace("targets.tsv", "noise_2", "a{1..2}")
        self.init(".")
        self.assertIn("have braces in their names", self.study.read("study.yaml"))
        self.assertNotIn("a{1..2}", self.study.read("study.yaml"))

    def refuse(self, *words):
        before = self.study.content()
        done = self.study.arete("init", *words)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertEqual(self.study.content(), before)
        return done.stderr

    def test_nothing_found(self):
        empty = self.study.path("empty")
        empty.mkdir()
        self.assertEqual(self.refuse("empty"), "arete: empty: no PLINK 1 fileset found; expected .bed, .bim and .fam of one name there, or more folders and files "
                                               "to look at\n")
        self.study.write("empty/people.pgen", "x")
        self.assertIn("no PLINK 1 fileset found (.bed, .bim and .fam of one name), but empty/people.pgen; expected what `plink2 ... --make-bed` makes",
                      self.refuse("empty"))
        self.assertIn("nowhere: is not there; expected a folder", self.refuse("nowhere"))
        self.study.write("notes.txt", "not a table of people\nat all\n")
        error = self.refuse("chr1", "notes.txt")
        self.assertIn("no targets found; expected a table with a header", error)
        self.assertIn("notes.txt: passed over: ", error)
        self.assertIn("--study: a value is missing", self.refuse("--study"))
        self.assertIn("--fresh: unknown option; see arete init --help", self.refuse("--fresh"))

    def test_one_table_of_both(self):
        """UK Biobank's way: one CSV, IDs called otherwise, missing values, -9, a text column, PCs, a constant."""
        draw = random.Random(3)
        names = ["eid", "age", "site", "PC1", "PC2", "thick_1", "thick_2", "thick_3", "comment", "same"]

        def row(number, fid, iid):
            values = [draw.gauss(2, 1) for _ in range(3)]
            return [iid, 40 + number % 30, 11 + number % 3, draw.random(), draw.random(), "NA" if number == 5 else f"{values[0]:.3f}",
                    -9 if number == 6 else f"{values[1]:.3f}", f"{values[2]:.3f}", f"note {number}", 1]

        self.study.write("ukb.csv", table(names, row, ","))
        self.init("chr1", "chr2", "ukb.csv")
        keys = self.keys()
        self.assertEqual(keys["targets"], {"table": "ukb.csv", "id_column": "eid", "columns": ["thick_<1..3>"], "missing_codes": [-9], "missing": "drop-subject"})
        self.assertEqual(keys["covariates"], {"table": "ukb.csv", "id_column": "eid", "columns": ["age", "PC<1..2>"], "categorical": ["site"]})
        self.assertEqual(keys["permutations"]["within"], "site")
        self.plan()

    def test_decimal_marks(self):
        """Between semicolons 1.234 beside 1234,5 is no column of numbers: arete run refuses it."""
        self.study.path("targets.tsv").unlink()
        self.study.write("targets.csv", table(["FID", "IID", "mixed", "right"], lambda number, fid, iid: [
            fid, iid, f"1.{number + 100}" if number % 2 else f"{number + 1000},5", f"{number},5"], ";"))
        self.init()
        self.assertEqual(self.keys()["targets"], {"table": "targets.csv", "columns": ["right"]})
        self.plan()
        done = self.study.arete("plan", "study.yaml", "--set", "targets.columns=[mixed]")
        self.assertEqual(done.stderr, "arete: targets.csv:2: column mixed: a comma found in a number, and in line 3 a point; expected one of them, for decimals "
                                      "(thousands are written 1234)\n")

    def test_many_missing_values(self):
        self.study.write("phenotypes.txt", table(["FID", "IID", "a", "b", "c"], lambda number, fid, iid: [
            fid, iid, *("NA" if number % 15 == k else number * k % 17 for k in (1, 2, 3))], " "))
        self.study.path("targets.tsv").unlink()
        self.init()
        self.assertEqual(self.keys()["targets"], {"table": "phenotypes.txt", "missing": "mean"})
        self.plan()

    def test_names_that_yaml_takes_for_something_else(self):
        self.study.write("it's #1.tsv", table(["IID", "no", "0012", "a: b", "text"], lambda number, fid, iid: [iid, number, number % 7, number % 5, f"w{number}"]))
        self.study.path("targets.tsv").unlink()
        self.init()
        self.assertEqual(self.keys()["targets"], {"table": "it's #1.tsv", "columns": ["no", "0012", "a: b"]})
        self.plan()

    def test_bids_and_filesets_that_do_not_belong(self):
        """participants.tsv with sub-; filesets that count on with a gap, and others."""
        self.study.write("participants.tsv", table(["participant_id", "age", "sex"], lambda number, fid, iid: [f"sub-{iid}", 20 + number % 50, "FM"[number % 2]]))
        self.study.path("covariates.tsv").unlink()
        for ending in ("bed", "bim", "fam"):
            for name in ("chr4", "chr10", "chrX"):
                shutil.copyfile(self.study.path(f"chr1.{ending}"), self.study.path(f"{name}.{ending}"))
        said = self.init()
        self.assertIn("genotypes:  chr{1..2}, chr4, chr10 (120 people)", said)
        self.assertEqual(self.keys()["genotypes"]["plink"], ["chr<1..2>", "chr4", "chr10"])
        self.assertIn("\n  # chrX ", self.study.read("study.yaml"))
        self.assertEqual(self.keys()["covariates"], {"table": "participants.tsv", "columns": ["age"], "categorical": ["sex"], "genetic_pcs": 6})

    def test_packed_and_strangers(self):
        self.study.path("targets.tsv.gz").write_bytes(gzip.compress(self.study.bytes("targets.tsv")))
        self.study.path("targets.tsv").unlink()
        self.study.write("others.tsv", "FID IID x\nZ1 Z1 3\nZ2 Z2 4\n")
        said = self.init()
        self.assertEqual(self.keys()["targets"], {"table": "targets.tsv.gz"})
        self.assertIn("not taken:  others.tsv: nobody in it is in the genotypes\n", said)
        self.plan()

    def write_images(self):
        draw = np.random.default_rng(5)
        affine = np.diag([4.0, 4.0, 4.0, 1.0])
        for _, iid in PEOPLE:
            nifti.write(self.study.path(f"{iid}.nii.gz"), draw.normal(size=(4, 4, 3)).astype(np.float32), affine)
        nifti.write(self.study.path("brain_mask.nii.gz"), np.ones((4, 4, 3), np.int16), affine)
        self.study.write("scans.tsv", table(["FID", "IID", "image"], lambda number, fid, iid: [fid, iid, f"{iid}.nii.gz"]))
        return affine

    def test_images_in_a_column_with_a_capital(self):
        self.write_images()
        self.study.replace("scans.tsv", "image", "Image")
        self.init()
        self.assertEqual(self.keys()["targets"]["images"], "scans.tsv")
        self.plan()

    def test_codes_among_covariates(self):
        """They are a key of the targets, which lack nothing here."""
        lines = self.study.lines("covariates.tsv")
        age = lines[0].split("\t").index("age")
        for k in (3, 9):
            fields = lines[k].split("\t")
            lines[k] = "\t".join([*fields[:age], "-9", *fields[age + 1:]])
        self.study.set_lines("covariates.tsv", lines)
        self.init()
        self.assertEqual(self.keys()["targets"]["missing_codes"], [-9])
        self.assertEqual(self.keys()["covariates"]["missing"], "drop-subject")
        self.assertIn("2 dropped", self.plan())

    def test_more_names_than_a_study_file_holds(self):
        names = [f"x{k * 7919 % 100000}y{k}" for k in range(90000)]
        rows = [f"{iid}\tword{k}" + f"\t0.{k}" * len(names) for k, (_, iid) in enumerate(PEOPLE[:12])]
        self.study.write("targets.tsv", "\n".join(["\t".join(["IID", "comment", *names]), *rows, ""]))
        done = self.study.arete("init")
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("arete: study.yaml: would be ", done.stderr)
        self.assertFalse(self.study.path("study.yaml").exists())

    def test_images(self):
        affine = self.write_images()
        self.init()
        self.assertEqual(self.keys()["targets"], {"images": "scans.tsv", "mask": "brain_mask.nii.gz", "voxels": True})
        self.plan()
        nifti.write(self.study.path("aal_labels.nii.gz"), np.arange(48).reshape(4, 4, 3).astype(np.int16) // 8, affine)
        self.init("--study", "with-atlas.yaml")
        self.assertEqual(self.keys("with-atlas.yaml")["targets"], {"images": "scans.tsv", "mask": "brain_mask.nii.gz", "atlas": "aal_labels.nii.gz"})
        self.plan("with-atlas.yaml")

    def test_mice(self):
        mice = ROOT / "data" / "mouse"
        if not mice.is_dir():
            self.skipTest("no data/mouse (scripts/mouse-data.sh)")
        self.init(mice)
        keys = self.keys()
        self.assertEqual(keys["genotypes"], {"plink": str(mice / "mouse_hs1940"), "chromosomes": "all"})
        columns = keys["targets"]["fam_columns"]
        self.assertTrue(columns and all(name == f"column_{column}" for name, column in columns.items()), columns)
        self.assertIn("    # column_6: 6 ", self.study.read("study.yaml"))  # CD8, which one mouse in four lacks
        self.plan()

    def test_cases_and_controls(self):
        """0 beside 1 and 2 is missing, as PLINK writes it; beside 1 alone it is a value. In covariates it always is."""
        for codes, keys in (((0, 1, 2), {"missing_codes": [0], "missing": "mean"}), ((0, 1, 2, -9), {"missing_codes": [-9, 0], "missing": "mean"}),
                            ((0, 1), {"not_missing": [0]}), ((1, 2), {})):
            with self.subTest(codes=codes):
                for name in ("chr1.fam", "chr2.fam"):
                    lines = [line.rsplit(maxsplit=1)[0] for line in self.study.lines(name)]
                    self.study.set_lines(name, [f"{line} {codes[k % len(codes)]}" for k, line in enumerate(lines)])
                self.study.path("targets.tsv").unlink(missing_ok=True)
                self.study.path("study.yaml").unlink(missing_ok=True)
                self.init()
                targets = self.keys()["targets"]
                self.assertEqual({key: value for key, value in targets.items() if key in ("missing_codes", "not_missing")},
                                 {key: value for key, value in keys.items() if key != "missing"})
                self.assertEqual(self.keys()["covariates"].get("not_missing"), [0] if 0 in keys.get("missing_codes", []) else None)
                if -9 in codes:
                    self.plan()

    def test_a_simulated_study(self):
        self.study.write("sim.yaml", "{subjects: 200, snps: 500, chromosomes: 3, targets: {count: 30}, output: sim}")
        self.assertEqual(self.study.arete("simulate", "sim.yaml").returncode, 0)
        self.init("sim/")
        self.assertEqual(self.keys()["genotypes"]["plink"], "sim/chr<1..3>")
        self.assertEqual(self.keys()["targets"], {"table": "sim/targets.tsv"})
        self.plan()


if __name__ == "__main__":
    unittest.main()
