#!/usr/bin/python3
"""`arete parcellate`: what it writes, and when it clusters again. That the parcels are the right ones: tests/oracle/ward_oracle.py.

    tests/cli/parcellate.py
"""
import unittest

import h5py
import numpy as np

import nifti
from support.parcel_study import AFFINE, ParcelStudy

USED_AGAIN = "tree: out/tree.h5 is of these images: nothing is clustered again"


class Parcellate(unittest.TestCase):
    def setUp(self):
        self.study = ParcelStudy()
        self.addCleanup(self.study.remove)

    def run_it(self, *options):
        """Standard output; the log of this run alone goes to self.log."""
        self.study.path("out").mkdir(exist_ok=True)
        self.study.write("out/parcellate.log", "")
        done = self.study.arete("parcellate", "parcels.yaml", *options)
        self.assertEqual((done.stderr, done.returncode), ("", 0))
        self.log = self.study.read("out/parcellate.log")
        return done.stdout

    def refuse(self, *lines):
        before = self.study.content()
        done = self.study.arete("parcellate", "parcels.yaml")
        self.assertEqual((done.stdout, done.stderr, done.returncode), ("", "".join(f"arete: {line}\n" for line in lines), 2))
        after = self.study.content()
        before.pop("out/parcellate.log"), after.pop("out/parcellate.log")
        self.assertEqual(after, before)

    def table(self, name):
        lines = [line.split("\t") for line in self.study.read(name).splitlines()]
        self.assertEqual(lines[0], ["index", "name", "voxels", "volume_mm3", "x_mm", "y_mm", "z_mm", "piece"])
        return lines[1:]

    def test_image_and_table_agree(self):
        stdout = self.run_it()
        self.assertEqual(stdout, "parcels:  out/parcels-4.nii.gz, out/parcels-4.tsv (4)\nparcels:  out/parcels-9.nii.gz, out/parcels-9.tsv (9)\n"
                                 "tree:     out/tree.h5\nlog:      out/parcellate.log\n")
        self.assertIn("168 voxels in the mask, in 2 pieces", self.log)
        labels = self.study.labels("out/parcels-9.nii.gz")
        np.testing.assert_array_equal(labels > 0, self.study.mask)
        rows = self.table("out/parcels-9.tsv")
        self.assertEqual([int(row[0]) for row in rows], list(range(1, 10)))
        for index, name, voxels, volume, *centre, piece in rows:
            places = np.argwhere(labels == int(index))
            self.assertEqual((int(voxels), float(volume)), (len(places), 27.0 * len(places)))
            expected = AFFINE[:3, :3] @ places.mean(0) + AFFINE[:3, 3]
            np.testing.assert_allclose(np.array(centre, float), expected, atol=0.0051)
            np.testing.assert_allclose([float(part) for part in name.removeprefix("at_").split("_")], expected, atol=0.51)
            self.assertEqual({2 if place[0] == 4 else 1 for place in places}, {int(piece)})
        self.assertFalse([path for path in self.study.content() if path.endswith(".tmp")])

    def test_other_numbers_of_parcels_use_the_tree(self):
        self.run_it()
        self.assertIn("tree: 166 merges, saved in out/tree.h5", self.log)
        tree, nine = self.study.bytes("out/tree.h5"), self.study.bytes("out/parcels-9.nii.gz")
        stdout = self.run_it("--parcels", "20")
        self.assertIn("parcels:  out/parcels.nii.gz, out/parcels.tsv (20)\n", stdout)
        self.assertIn(USED_AGAIN, self.log)
        self.run_it("--parcels", "9,30")
        self.assertEqual((self.study.bytes("out/tree.h5"), self.study.bytes("out/parcels-9.nii.gz")), (tree, nine))
        coarse, fine = self.study.labels("out/parcels-9.nii.gz"), self.study.labels("out/parcels.nii.gz")
        for label in range(1, 21):  # parcels of one tree are nested
            self.assertEqual(len(set(coarse[fine == label])), 1)
        self.run_it("--fresh")
        self.assertNotIn(USED_AGAIN, self.log)
        self.assertEqual(self.study.bytes("out/tree.h5"), tree)

    def test_a_new_tree_leaves_no_parcels_of_an_earlier_one(self):
        self.run_it("--set", "parcels=[2, 3]")
        self.study.write("out/parcels-7.tsv", "mine\n")
        self.run_it("--set", "parcels=4")
        self.assertTrue(self.study.path("out/parcels-2.nii.gz").exists())
        self.run_it("--set", "parcels=4", "--fresh")
        self.assertEqual(sorted(path.name for path in self.study.path("out").glob("parcels*")), ["parcels-7.tsv", "parcels.nii.gz", "parcels.tsv"])
        self.assertEqual(self.study.read("out/parcels-7.tsv"), "mine\n")

    def test_a_tree_of_something_else_is_refused(self):
        self.run_it()
        advice = "--fresh computes it anew"
        self.study.change("neighbours: 6", "neighbours: 26")
        self.study.change("standardise: false", "standardise: true")
        self.refuse(f"out/tree.h5: made with neighbours: 6; now 26: {advice}", f"out/tree.h5: made with standardise: false; now true: {advice}")
        self.study.change("neighbours: 26", "neighbours: 6")
        self.study.change("standardise: true", "standardise: false")
        self.study.images[4][2, 2, 2] += 1e-3
        self.study.write_image("brain/S04.nii.gz", self.study.images[4])
        self.refuse(f"out/tree.h5: made from other values or another order of images: {advice}")
        self.study.mask[0, 0, 0] = False
        self.study.write_image("mask.nii.gz", self.study.mask)
        self.study.set_lines("images.tsv", self.study.lines("images.tsv")[:-1])
        self.refuse(f"out/tree.h5: made from 10 images; now 9: {advice}", f"out/tree.h5: made with another mask: {advice}")
        self.run_it("--fresh")
        self.assertIn("tree: 165 merges", self.log)

    def test_images_that_float32_does_not_tell_apart(self):
        """At a mean of 1e9 float32 counts in steps of 64: what is clustered are the differences below."""
        for k, image in enumerate(self.study.images):
            nifti.write(self.study.path(f"brain/S{k:02}.nii.gz"), 1e9 + image, AFFINE, "float64")
        self.run_it()
        nifti.write(self.study.path("brain/S04.nii.gz"), 1e9 - self.study.images[4], AFFINE, "float64")
        self.refuse("out/tree.h5: made from other values or another order of images: --fresh computes it anew")
        self.run_it("--fresh")
        self.assertNotIn(USED_AGAIN, self.log)

    def test_the_first_voxel_is_unlike_the_others(self):
        """0 at the edge of the mask, beside a mean at which float32 counts in ones: the parcels of what the other voxels differ by."""
        for voxel in ((1, 0, 0), (0, 1, 0), (0, 0, 1)):  # the first one is a piece for itself
            self.study.mask[voxel] = False
        self.study.write_image("mask.nii.gz", self.study.mask)
        images = [image.astype("f4").astype(float) / 64 for image in self.study.images]
        found = []
        for mean in (0, 2.0**23):
            for k, image in enumerate(images):
                image = mean + image
                image[0, 0, 0] = 0
                nifti.write(self.study.path(f"brain/S{k:02}.nii.gz"), image, AFFINE, "float64")
            self.run_it("--fresh")
            with h5py.File(self.study.path("out/tree.h5")) as tree:
                found.append((self.study.labels("out/parcels-9.nii.gz"), tree["/merges/height"][:]))
        np.testing.assert_array_equal(found[1][0], found[0][0])
        np.testing.assert_allclose(found[1][1], found[0][1], rtol=1e-5)

    def test_a_tree_of_before_is_refused(self):
        """Its hash is of float32 numbers."""
        self.run_it()
        with h5py.File(self.study.path("out/tree.h5"), "r+") as tree:
            tree.attrs.modify("format_version", np.int32(1))
        self.refuse("out/tree.h5: has tree format 1, written by an older arete; this one reads format 2: --fresh computes it anew")

    def test_volumes_of_one_file(self):
        """The same values in the same order: the tree made from a table serves."""
        self.run_it()
        self.study.write_image("all.nii", np.stack(self.study.images, axis=-1))
        self.study.change("images.tsv", "all.nii")
        self.run_it()
        self.assertIn(USED_AGAIN, self.log)

    def test_images_without_orientation(self):
        affine = np.diag([3.0, 3, 3, 1])
        self.study.write_image("mask.nii.gz", self.study.mask, affine, sform=0)
        for k, image in enumerate(self.study.images):
            self.study.write_image(f"brain/S{k:02}.nii.gz", image, affine, sform=min(k, 1))
        self.study.write_image("all.nii.gz", np.stack(self.study.images, axis=-1), affine, sform=0)
        warning = "the first image has no orientation (sform_code and qform_code are 0): which side is left cannot be told, by the parcels neither\n"
        self.assertEqual(self.study.arete("parcellate", "parcels.yaml").stderr, f"arete: warning: brain/S00.nii.gz: {warning}")
        self.study.change("images.tsv", "all.nii.gz")
        self.assertEqual(self.study.arete("parcellate", "parcels.yaml").stderr, f"arete: warning: all.nii.gz: {warning}")

    def test_voxels_that_differ_by_little(self):
        """People differ by a factor and by noise of one part in 10,000: far more than rounding leaves."""
        for k, image in enumerate(self.study.images):
            self.study.write_image(f"brain/S{k:02}.nii.gz", (self.study.images[0] + 50) * 1.37**k * (1 + 1e-4 * np.tanh(image)), dtype="float32")
        self.study.change("standardise: false", "standardise: true")
        self.run_it()

    def test_people_without_an_image(self):
        """The tree is that of the others."""
        lines = self.study.lines("images.tsv")
        self.study.set_lines("images.tsv", [lines[0], "S20\tn/a", *lines[1:4], "S21\t", *lines[4:]])
        done = self.study.arete("parcellate", "parcels.yaml", "--set", "missing=drop-subject")
        self.assertEqual((done.stderr, done.returncode), ("arete: note: 2 of 12 rows of images.tsv left out: without an image\n", 0))
        self.study.set_lines("images.tsv", lines)
        self.run_it()
        self.assertIn(USED_AGAIN, self.log)

    def test_parcels_of_each_piece(self):
        self.assertIn("(18)", self.run_it("--set", "per_piece=true", "--parcels", "9"))
        pieces = [int(row[-1]) for row in self.table("out/parcels.tsv")]
        self.assertEqual((pieces.count(1), pieces.count(2)), (9, 9))
        self.assertIn("(92)", self.run_it("--set", "per_piece=true", "--parcels", "50"))  # 50, and the other piece's 42 voxels

    def test_standardised_voxels(self):
        """As if the images had been standardised beforehand; a voxel that never varies becomes 0 and is reported."""
        images = np.stack(self.study.images)
        images[:, 1, 1, 1] = 7
        for k in range(10):
            self.study.write_image(f"brain/S{k:02}.nii.gz", images[k])
        done = self.study.arete("parcellate", "parcels.yaml", "--set", "standardise=true", "--output", "out/true")
        self.assertEqual(done.stderr, "arete: warning: 1 of 168 voxels are the same in all images: 0 after standardising\n")
        images = images.astype("f4").astype(float)
        images = (images - images.mean(0)) / np.where(images.std(0) > 0, images.std(0), 1)
        for k in range(10):
            self.study.write_image(f"brain/S{k:02}.nii.gz", images[k])
        self.run_it("--output", "out/false")
        np.testing.assert_array_equal(self.study.labels("out/true/parcels-9.nii.gz"), self.study.labels("out/false/parcels-9.nii.gz"))
        with h5py.File(self.study.path("out/true/tree.h5")) as true, h5py.File(self.study.path("out/false/tree.h5")) as false:
            np.testing.assert_allclose(true["/merges/height"][:], false["/merges/height"][:], rtol=1e-5)
            self.assertEqual((true.attrs["standardise"], false.attrs["standardise"]), (1, 0))

    def test_tree_is_damaged(self):
        self.run_it()
        data = bytearray(self.study.bytes("out/tree.h5"))
        with h5py.File(self.study.path("out/tree.h5")) as tree:
            data[tree["/merges/height"].id.get_offset() + 5] ^= 1
        self.study.write("out/tree.h5", bytes(data))
        done = self.study.arete("parcellate", "parcels.yaml")
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"^arete: out/tree.h5: /merges/height is damaged: CRC-32C [0-9a-f]{8} found; expected [0-9a-f]{8}\n$")
        self.run_it("--fresh")


if __name__ == "__main__":
    unittest.main()
