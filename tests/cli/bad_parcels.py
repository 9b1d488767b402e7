#!/usr/bin/python3
"""Bad input of `arete parcellate`: as bad_inputs.py, for the files of parcel_study.py.

    tests/cli/bad_parcels.py                                    # all of them
    tests/cli/bad_parcels.py BadParcels.test_misspelt_key       # one
"""
import unittest
from functools import partialmethod

import numpy as np

import nifti
from support.parcel_study import AFFINE, ParcelStudy

CASES = {}
PARCELS = "a whole number from 1 to 1000000, or a list of different ones"


def expect(*lines, leaves_log=False):
    """leaves_log: known only after a pass over the images, when the output folder, parcellate.log and its lock are there already."""

    def add(spoil):
        CASES[spoil.__name__] = (spoil, lines, leaves_log)
        return spoil

    return add


# parcels.yaml


@expect("parcels.yaml:3:1: neighbors: unknown key; expected one of: images, id_column, missing, mask, grid_tolerance_mm, neighbours, standardise, per_piece, parcels, output")
def misspelt_key(study):
    study.change("neighbours", "neighbors")


@expect("parcels.yaml:3:1: neighbours: 8 found; expected 6, 18 or 26")
def neighbours_of_a_square(study):
    study.change("neighbours: 6", "neighbours: 8")


@expect('parcels.yaml:4:1: standardise: text "subjects" found; expected true or false')
def standardise_is_a_word(study):
    study.change("standardise: false", "standardise: subjects")


@expect(f"parcels.yaml:5:11: parcels: 0 found; expected {PARCELS}", f"parcels.yaml:5:14: parcels: -3 found; expected {PARCELS}")
def parcels_below_one(study):
    study.change("[4, 9]", "[0, -3]")


@expect(f"parcels.yaml:5:1: parcels: 4.5 found; expected {PARCELS}")
def parcels_with_a_fraction(study):
    study.change("[4, 9]", "4.5")


@expect("parcels.yaml:5:1: parcels: 4 found twice; expected different values")
def parcels_twice(study):
    study.change("[4, 9]", "[4, 9, 4]")


@expect(f'--set parcels=[4;9]: parcels: text "4;9" found; expected {PARCELS}')
def parcels_option_with_a_semicolon(study):
    study.arguments += ["--parcels", "4;9"]


@expect(
    "parcels.yaml:1:1: images: nothing found; expected the path of a table or of a NIfTI file",
    "parcels.yaml:1:1: mask: nothing found; expected the path of a NIfTI file",
    f"parcels.yaml:1:1: parcels: nothing found; expected {PARCELS}",
    "parcels.yaml:1:1: output: nothing found; expected the path of a folder",
)
def nothing_required_is_there(study):
    study.write("parcels.yaml", "neighbours: 26\n")


@expect("parcels.yaml: empty; expected a parcellation file (docs/parcellation.md)")
def file_is_empty(study):
    study.write("parcels.yaml", "")


@expect("parcels.yaml:1:1: a list found; expected a mapping of keys (docs/parcellation.md)")
def file_is_a_list(study):
    study.write("parcels.yaml", "- 4\n- 9\n")


@expect("parcels.yaml: parcels: 1 found; expected at least 2: mask.nii.gz is in so many pieces, which never merge (neighbours: 6)",
        "parcels.yaml: parcels: 1000 found; expected at most 168, the voxels of mask.nii.gz")
def parcels_that_the_mask_cannot_give(study):
    study.change("[4, 9]", "[1, 4, 1000]")


# Images


@expect("images.tsv:1: no column image found; expected the ID columns and one column image (or path)")
def table_without_images(study):
    study.write("images.tsv", study.read("images.tsv").replace("image", "file"))


@expect("images.tsv:7: column image: -9 found (1 in all); expected the path of a NIfTI file or NA; if -9 means missing, write NA there")
def row_with_a_code(study):
    """A parcels file has no key that declares one."""
    study.write("parcels.yaml", study.read("parcels.yaml") + "missing: drop-subject\n")
    study.replace("images.tsv", "brain/S05.nii.gz", "-9")


@expect("images.tsv:7: no image found; expected the path of a NIfTI file (missing: drop-subject leaves out those who lack one)")
def nobody_s_image(study):
    study.write("images.tsv", study.read("images.tsv").replace("brain/S05.nii.gz", "NA"))


@expect('--set missing=mean: missing: text "mean" found; expected error or drop-subject')
def missing_is_filled_in(study):
    study.arguments += ["--set", "missing=mean"]


@expect("note: 9 of 10 rows of images.tsv left out: without an image", "images.tsv: 1 image found; expected at least 2")
def nearly_nobody_has_an_image(study):
    lines = study.lines("images.tsv")
    study.set_lines("images.tsv", [*lines[:2], *(line.split("\t")[0] + "\tn/a" for line in lines[2:])])
    study.arguments += ["--set", "missing=drop-subject"]


@expect("images.tsv:8: brain/S01.nii.gz found; it stands in line 3 already")
def one_image_of_two_people(study):
    study.write("images.tsv", study.read("images.tsv").replace("S06.nii.gz", "S01.nii.gz"))


@expect("images.tsv:8: brain/../brain/S01.nii.gz found; it stands in line 3 already as brain/S01.nii.gz")
def one_image_under_two_names(study):
    study.write("images.tsv", study.read("images.tsv").replace("S06.nii.gz", "../brain/S01.nii.gz"))


@expect("brain/S05.nii.gz: cannot be read: No such file or directory (images.tsv:7)")
def image_is_missing(study):
    study.path("brain/S05.nii.gz").unlink()


@expect("brain/S05.nii.gz: 5 x 6 x 8 voxels, affine [-3 0 0 30; 0 3 0 -40; 0 0 3 -20] found; expected the grid of mask.nii.gz: "
        "5 x 6 x 7 voxels, affine [-3 0 0 30; 0 3 0 -40; 0 0 3 -20] (images.tsv:7)")
def image_on_another_grid(study):
    study.write_image("brain/S05.nii.gz", np.zeros((5, 6, 8)))


@expect("brain/S05.nii.gz: 5 x 6 x 7 voxels, affine [3 0 0 30; 0 3 0 -40; 0 0 3 -20] found; expected the grid of mask.nii.gz: "
        "5 x 6 x 7 voxels, affine [-3 0 0 30; 0 3 0 -40; 0 0 3 -20] (images.tsv:7)")
def image_is_flipped(study):
    study.write_image("brain/S05.nii.gz", study.images[5], AFFINE * [[-1], [1], [1], [1]] * [[1, 1, 1, -1], [1] * 4, [1] * 4, [1] * 4])


@expect("brain/S05.nii.gz: nan found at voxel 2_3_1 (2 such in the mask); expected finite numbers", leaves_log=True)
def image_with_nan(study):
    image = study.images[5].copy()
    image[2, 3, 1] = image[4, 5, 6] = np.nan
    image[3] = np.inf  # not in the mask
    study.write_image("brain/S05.nii.gz", image)


@expect("images.nii.gz: 1 image found; expected at least 2")
def one_volume(study):
    study.write_image("images.nii.gz", study.images[0])
    study.change("images.tsv", "images.nii.gz")


@expect("images.nii.gz: inf found at voxel 0_0_0 of volume 3 (1 such in the mask); expected finite numbers", leaves_log=True)
def volume_with_infinity(study):
    images = np.stack(study.images, axis=-1)
    images[0, 0, 0, 2] = np.inf
    study.write_image("images.nii.gz", images)
    study.change("images.tsv", "images.nii.gz")


@expect("images.tsv: all 168 voxels of the mask are the same in all images; expected some that are not", leaves_log=True)
def people_do_not_differ(study):
    for k in range(10):
        study.write_image(f"brain/S{k:02}.nii.gz", study.images[0])
    study.change("standardise: false", "standardise: true")


@expect("images.tsv: voxels of the mask that touch are the same in every image; expected some that differ", leaves_log=True)
def voxels_do_not_differ(study):
    """Each of the two pieces has one value."""
    for k in range(10):
        study.write_image(f"brain/S{k:02}.nii.gz", np.where(np.arange(5)[:, None, None] < 3, 0, k) + 0 * study.images[0])


def differ_in_all_voxels_alike(study, change, dtype="float64"):
    """Person k's image is change(the first image, k), standardised."""
    for k in range(10):
        study.write_image(f"brain/S{k:02}.nii.gz", change(study.images[0], k), dtype=dtype)
    study.change("standardise: false", "standardise: true")


SAME_STANDARDISED = ("images.tsv: voxels of the mask that touch are the same in all images once standardised, as where images differ by a constant or a factor alone; "
                     "expected some that differ (standardise: false keeps what they differ by)")


@expect(SAME_STANDARDISED, leaves_log=True)
def people_differ_by_a_constant(study):
    differ_in_all_voxels_alike(study, lambda image, k: image + 1.37**k)


@expect(SAME_STANDARDISED, leaves_log=True)
def people_differ_by_a_factor(study):
    """1.37^k times the image is not the same in every voxel, for rounding."""
    differ_in_all_voxels_alike(study, lambda image, k: (image + 50) * 1.37**k)


@expect(SAME_STANDARDISED, leaves_log=True)
def people_differ_by_a_factor_in_single_precision(study):
    """By 10 % in all: what is rounded is larger than what is standardised."""
    differ_in_all_voxels_alike(study, lambda image, k: (image + 50) * (1 + k / 100), "float32")


@expect("images.tsv: 1e-40 is the largest number found in the mask in all images; expected at least 1e-30, as values are kept in single precision: "
        "give them in another unit", leaves_log=True)
def numbers_that_are_too_small(study):
    for k, image in enumerate(study.images):
        nifti.write(study.path(f"brain/S{k:02}.nii.gz"), image / max(abs(study.images[j][study.mask]).max() for j in range(10)) * 1e-40, AFFINE, "float64")


@expect("brain/S05.nii.gz: -2e+38 found at voxel 2_3_1 (1 such in the mask); expected numbers up to 1.7e+38 (single precision)", leaves_log=True)
def number_that_is_too_large(study):
    image = study.images[5].copy()
    image[2, 3, 1] = -2e38
    nifti.write(study.path("brain/S05.nii.gz"), image, AFFINE, "float64")


@expect("mask.nii.gz: no voxel inside the mask found: all 210 are 0; expected some")
def mask_is_empty(study):
    study.write_image("mask.nii.gz", np.zeros((5, 6, 7)))


class BadParcels(unittest.TestCase):
    maxDiff = None

    def check(self, spoil, lines, leaves_log):
        study = ParcelStudy()
        self.addCleanup(study.remove)
        spoil(study)
        before = study.content()
        done = study.arete(*study.arguments)
        self.assertEqual(done.stderr, "".join(f"arete: {line}\n" for line in lines))
        self.assertEqual(done.returncode, 2)
        self.assertEqual(done.stdout, "")
        after = study.content()
        if leaves_log:
            self.assertEqual((after.pop("out"), after.pop("out/parcellate.lock")), (None, b"host"))
            self.assertIn(f"failed: {lines[0]}\n", after.pop("out/parcellate.log").decode())
        self.assertEqual(after, before)


for name, (spoil, lines, leaves_log) in CASES.items():
    setattr(BadParcels, f"test_{name}", partialmethod(BadParcels.check, spoil, lines, leaves_log))

if __name__ == "__main__":
    unittest.main()
