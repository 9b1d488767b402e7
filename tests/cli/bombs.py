#!/usr/bin/python3
"""Small files that unpack or unfold to much: each is refused by one line, or read, in less memory than MOST_BYTES.

    tests/cli/bombs.py
"""
import gzip
import os
import random
import resource
import shutil
import subprocess
import unittest

import numpy as np

import nifti
from support.tiny_study import ARETE, PATIENCE_S, TinyStudy

MOST_BYTES = 1000 << 20  # of addresses, of which the program, its libraries and their threads take some 700 MB
IMAGES = """\
genotypes: {plink: "chr{1..2}"}
targets: {images: images.tsv, mask: mask.nii.gz, voxels: true}
output: out
"""


def limited():
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))


def packed(piece, count):
    """Much of the same, packed as well as can be."""
    return gzip.compress(piece * 10, 9) * (count // 10)


@unittest.skipIf("ASAN_OPTIONS" in os.environ, "the sanitizer itself needs more")
class Bombs(unittest.TestCase):
    def setUp(self):
        self.study = TinyStudy()
        self.addCleanup(self.study.remove)

    def plan(self, *more):
        return subprocess.run([ARETE, "plan", "study.yaml", *more], cwd=self.study.folder, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=PATIENCE_S, check=False, preexec_fn=limited)

    def refused(self, *parts, more=()):
        done = self.plan(*more)
        self.assertEqual((done.returncode, len(done.stderr.splitlines())), (2, 1), done.stderr[:500])
        for part in parts:
            self.assertIn(part, done.stderr)

    def test_the_limit_lets_a_study_through(self):
        done = self.plan()
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_a_header_of_tabs(self):
        self.study.write("targets.tsv", b"IID" + b"\t" * 20_000_000 + b"\n")
        self.refused("targets.tsv:1: more than 2097152 columns found")

    def test_holes(self):
        """A file of a few kB that is 16 GB long."""
        for name in ("targets.tsv", "covariates.tsv", "chr1.bim", "chr1.fam"):
            with self.subTest(name=name):
                whole = self.study.bytes(name)
                os.truncate(self.study.path(name), 16 << 30)
                self.refused(f"{name}:", "holds a zero byte; expected a text file")
                self.study.write(name, whole)

    def test_packed_tables(self):
        for name in ("targets.tsv", "covariates.tsv", "chr1.bim", "chr1.fam"):
            with self.subTest(name=name):
                before = self.study.bytes(name)
                self.study.write(name, packed(b"a" * 1_000_000, 80))
                self.refused(f"{name}:1: cannot be read: the packed file (gzip) unpacks to over 300 times its size, or to a line of over 64 MB")
                self.study.write(name, before)

    def test_packed_rows(self):
        for name, row, more in (("targets.tsv", b"IID\tsignal_1\n", ()), ("keep.txt", b"F01 S001\n", ("--set", "genotypes.keep=keep.txt")),
                                ("snps.txt", b"rs1000\n", ("--set", "genotypes.extract=snps.txt"))):
            with self.subTest(name=name):
                before = self.study.bytes(name) if self.study.path(name).exists() else b""
                self.study.write(name, packed((row[:-1] + b" " * 100_000 + row[-1:]) * 10, 80))
                self.refused(f"{name}:", "unpacks to over 300 times its size", more=more)
                self.study.write(name, before)

    def test_packed_tables_that_are_none(self):
        """Over 64 MB, with the line ends of old Macs, which are line ends in both senses."""
        digits = "".join(random.Random(1).choices("0123456789", k=20_000))
        header, *rows = self.study.lines("targets.tsv")
        others = [f"X{k}\tX{k}\t0.{digits[k % 10_000:k % 10_000 + 9_000]}" + "\t1" * (header.count("\t") - 2) for k in range(7_600)]
        self.study.path("targets.tsv").unlink()
        self.study.write("targets.tsv.gz", gzip.compress("\r".join([header, *rows, *others, ""]).encode(), 1))
        self.study.replace("study.yaml", "targets.tsv", "targets.tsv.gz")
        done = self.plan()
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_more_snps_than_calls(self):
        row = b"1\trs%d\t0\t1\tA\tC\n"
        self.study.write("chr1.bim", gzip.compress(b"".join(row % k for k in range(2_000_000)), 1))
        self.refused("chr1.bed: 9003 bytes found", "for 2000000 SNPs")

    def test_a_long_name_with_a_range(self):
        self.study.replace("study.yaml", "  table: targets.tsv", f"  table: targets.tsv\n  columns: [{'a' * 100_000}{{1..99999}}]")
        self.refused("study.yaml:", "at most 1000 bytes in a name with a range")

    def images(self, size, mask_size):
        affine = np.diag([1.0, 1, 1, 1])
        for name, length in (("one", size), ("mask", mask_size)):
            start = nifti.header((length, length, length), affine, "uint8")
            self.study.write(f"{name}.nii.gz", gzip.compress(start) + gzip.compress(b"\x01") + packed(bytes(length**3 // 100), 100))
        people = [line.split("\t")[1] for line in self.study.lines("targets.tsv")[1:]]
        for iid in people:
            self.study.path(f"{iid}.nii.gz").unlink(missing_ok=True)
            shutil.copyfile(self.study.path("one.nii.gz"), self.study.path(f"{iid}.nii.gz"))
        self.study.write("images.tsv", "IID\tpath\n" + "".join(f"{iid}\t{iid}.nii.gz\n" for iid in people))
        self.study.write("study.yaml", IMAGES)

    def test_masks_of_many_voxels(self):
        """A byte each; eight were too many."""
        for size, code in ((400, 0), (10, 2)):
            with self.subTest(size=size):
                self.images(size, 400)
                done = self.plan()
                self.assertEqual(done.returncode, code, done.stderr[:500])
                self.assertNotIn("memory", done.stderr)

    def test_an_atlas_to_be_resampled(self):
        """Of 500^3 voxels beside images of 10^3: half a GB of labels."""
        self.images(10, 10)
        start = nifti.header((500, 500, 500), np.diag([0.02, 0.02, 0.02, 1]), "uint8")
        self.study.write("atlas.nii.gz", gzip.compress(start) + packed(b"\x01" * 1_250_000, 100))
        self.study.replace("study.yaml", "voxels: true", "atlas: atlas.nii.gz, resample: nearest")
        self.refused("atlas.nii.gz: 500 x 500 x 500 voxels", "expected at most 67108864 voxels, beside images of the grid of mask.nii.gz")

    def test_a_mask_that_is_not_of_the_images(self):
        """Of 1000^3 voxels, 1 GB: its grid is compared first."""
        self.images(10, 1000)
        self.study.write("parcels.yaml", "images: images.tsv\nmask: mask.nii.gz\nparcels: 2\noutput: parcels\n")
        done = subprocess.run([ARETE, "parcellate", "parcels.yaml"], cwd=self.study.folder, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=PATIENCE_S, check=False, preexec_fn=limited)
        self.assertEqual(done.returncode, 2, done.stderr[:500])
        self.assertIn("10 x 10 x 10 voxels", done.stderr)
        self.assertIn("expected the grid of mask.nii.gz: 1000 x 1000 x 1000 voxels", done.stderr)


if __name__ == "__main__":
    unittest.main()
