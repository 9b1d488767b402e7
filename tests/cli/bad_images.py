#!/usr/bin/python3
"""Bad images: as bad_inputs.py, for a study whose targets are brain images (image_study.py).

    tests/cli/bad_images.py                                 # all of them
    tests/cli/bad_images.py BadImages.test_mask_is_empty    # one
"""
import gzip
import struct
import unittest
from functools import partialmethod

import numpy as np

from support.image_study import AFFINE, SHAPE, ImageStudy, labels, mask

CASES = {}
GRID = "4 x 4 x 4 voxels, affine [-3 0 0 30; 0 3 0 -40; 0 0 3 -20]"


def expect(*lines):
    def add(spoil):
        CASES[spoil.__name__] = (spoil, lines)
        return spoil

    return add


# Files


@expect("brain/S007.nii.gz: cannot be read: No such file or directory")
def image_is_missing(study):
    study.delete("brain/S007.nii.gz")


@expect("brain/atlas.nii.gz: cannot be read: No such file or directory", "brain/names.tsv: cannot be read: No such file or directory")
def atlas_and_names_are_missing(study):
    study.delete("brain/atlas.nii.gz")
    study.add_key("atlas_names: brain/names.tsv")


@expect("brain/images.tsv:41: column image: -9 found (1 in all); expected the path of a NIfTI file or NA; "
        "if -9 means missing, write targets.missing_codes: [-9] in the study file, else targets.not_missing: [-9]")
def image_is_a_code(study):
    study.replace("brain/images.tsv", "S007.nii.gz", "-9")


@expect("brain/S007.nii.gz: a folder found; expected a file")
def image_is_a_folder(study):
    study.delete("brain/S007.nii.gz")
    study.path("brain/S007.nii.gz").mkdir()


@expect("brain/S007.mgz: is not named like a NIfTI image; expected .nii or .nii.gz")
def image_of_another_kind(study):
    study.path("brain/S007.nii.gz").rename(study.path("brain/S007.mgz"))
    study.replace("brain/images.tsv", "S007.nii.gz", "S007.mgz")


@expect("brain/S007.nii.gz: cannot be read past voxel 38 of 64 of volume 1 of 1: it is cut short or damaged; expected a whole file")
def packed_image_is_cut_short(study):
    data = study.unpacked("S007")
    study.pack("S007", data[: 352 + 8 * 38])


@expect("brain/S007.nii.gz: a header of 48 bytes found; expected a NIfTI image, 348 bytes at least (or the packed file is damaged)")
def packed_image_is_cut_in_its_header(study):
    study.cut("brain/S007.nii.gz", 20)


@expect("brain/S007.nii.gz: cannot be read past voxel 0 of 64 of volume 1 of 1: it is cut short or damaged; expected a whole file")
def packed_image_has_another_checksum(study):
    study.write_image("S007", study.image("S007"), offset=60000)  # else zlib sees it before the header is read
    size = len(study.bytes("brain/S007.nii.gz"))
    study.patch("brain/S007.nii.gz", size - 8, b"\x12\x34\x56\x78")


@expect("brain/S007.nii.gz: its end is damaged (checksum of the packed file); expected a whole file")
def longer_image_has_another_checksum(study):
    """With more behind its last voxel than is read at once."""
    study.pack("S007", study.unpacked("S007") + np.random.default_rng(1).bytes(300_000))
    size = len(study.bytes("brain/S007.nii.gz"))
    study.patch("brain/S007.nii.gz", size - 8, b"\x12\x34\x56\x78")


@expect("brain/S007.nii.gz: over 64 MB found behind its last voxel; expected the end of the file")
def much_behind_the_voxels(study):
    more = gzip.compress(bytes(1 << 20), 9) * 65
    study.write("brain/S007.nii.gz", study.bytes("brain/S007.nii.gz") + more)


@expect("brain/mask.nii: 415 bytes found; expected 416 for 1 volume of " + GRID + ": it is cut short")
def mask_is_cut_short(study):
    study.cut("brain/mask.nii", -1)


@expect("brain/S007.nii.gz: no NIfTI magic found; expected a NIfTI-1 or NIfTI-2 image")
def image_is_a_table(study):
    study.pack("S007", b"FID\tIID\timage\n" * 60)


@expect("brain/S007.nii.gz: a header whose voxels are in another file (.hdr and .img) found; expected one file with both (.nii, .nii.gz)")
def image_is_half_of_a_pair(study):
    study.write_image("S007", study.image("S007"), magic=b"ni1")


# Headers


@expect("brain/S007.nii.gz: 3 volumes found (4D); expected one volume (3D)")
def image_has_many_volumes(study):
    study.write_image("S007", np.stack([study.image("S007")] * 3, axis=-1))


@expect("brain/S007.nii.gz: values of type 128 (RGB24) found; expected integers of 8 to 64 bits or floats of 32 or 64")
def image_has_colours(study):
    study.write_image("S007", np.zeros((12, 4, 4)), dtype="rgb24")


@expect("brain/S007.nii.gz: 0 dimensions found; expected 3 or 4")
def image_without_dimensions(study):
    data = study.unpacked("S007")
    study.pack("S007", data[:40] + struct.pack("<h", 0) + data[42:])


@expect("brain/S007.nii.gz: length -4 of dimension 2 found; expected 1 to 32767")
def image_of_negative_length(study):
    data = study.unpacked("S007")
    study.pack("S007", data[:44] + struct.pack("<h", -4) + data[46:])


@expect("brain/S007.nii.gz: {size} bytes found; expected the packed form of 281449207693656 for 1 volume of 32767 x 32767 x 32767 voxels, "
        "affine [-3 0 0 30; 0 3 0 -40; 0 0 3 -20]: it is cut short")
def image_that_claims_to_be_huge(study):
    data = study.unpacked("S007")
    study.pack("S007", data[:42] + struct.pack("<3h", 32767, 32767, 32767) + data[48:])
    return {"size": len(study.bytes("brain/S007.nii.gz"))}


@expect("brain/S007.nii.gz: 4 x 4 x 4 voxels, affine [0 0 0 0; 0 0 0 0; 0 0 0 0] found; expected an affine that can be inverted")
def affine_is_zero(study):
    study.write_image("S007", study.image("S007"), affine=np.zeros((4, 4)))


@expect("brain/S007.nii.gz: voxels at byte 100 found; expected 352 or more")
def voxels_inside_the_header(study):
    study.write_image("S007", study.image("S007"), offset=100)


# Grids


@expect("brain/S007.nii.gz: 5 x 4 x 4 voxels, affine [-3 0 0 30; 0 3 0 -40; 0 0 3 -20] found; expected the grid of brain/mask.nii: " + GRID)
def image_of_another_size(study):
    study.write_image("S007", np.zeros((5, 4, 4)))


@expect("brain/S007.nii.gz: 4 x 4 x 4 voxels, affine [3 0 0 21; 0 3 0 -40; 0 0 3 -20] found; expected the grid of brain/mask.nii: " + GRID,
        "brain/S009.nii.gz: 4 x 4 x 4 voxels, affine [-3 0 0 30.002; 0 3 0 -40; 0 0 3 -20] found; expected the grid of brain/mask.nii: " + GRID
        + "; voxels lie up to 0.002 mm apart (grid_tolerance_mm: 0.001)")
def images_flipped_and_shifted(study):
    flipped, shifted = AFFINE.copy(), AFFINE.copy()
    flipped[0, 0], flipped[0, 3] = 3, 21
    shifted[0, 3] += 0.002
    study.write_image("S007", study.image("S007"), affine=flipped)
    study.write_image("S009", study.image("S009"), affine=shifted)


@expect("brain/atlas.nii.gz: 2 x 4 x 4 voxels, affine [-3 0 0 30; 0 3 0 -40; 0 0 3 -20] found; expected the grid of brain/mask.nii: " + GRID
        + " (targets.resample: nearest takes an atlas on another grid)")
def atlas_on_another_grid(study):
    study.write_nifti("brain/atlas.nii.gz", labels()[:2], "int16")


@expect("brain/atlas.nii.gz: none of its 6 labels has a voxel in brain/mask.nii; expected images of the same space")
def atlas_of_another_space(study):
    far = AFFINE.copy()
    far[:3, 3] += 500
    study.write_nifti("brain/atlas.nii.gz", labels(), "int16", affine=far)
    study.add_key("resample: nearest")


# Values


@expect("brain/S007.nii.gz: 3 NaN or infinite voxels in 2 targets (2_Precentral_R, 3_Cuneus) of FID F04 IID S007 found; "
        "expected numbers (targets.missing: error)",
        "brain/S009.nii.gz: 1 NaN or infinite voxel in 1 target (1_Precentral_L) of FID F05 IID S009 found; "
        "expected numbers (targets.missing: error)",
        "brain/images.tsv: without a value: FID F04 IID S007, FID F05 IID S009; expected a value for everybody "
        "(targets.missing: drop-subject leaves out those who lack one, mean keeps them)")
def images_with_nan(study):
    for iid, voxels in (("S007", [(2, 0, 0), (3, 1, 1), (0, 2, 0), (0, 0, 3)]), ("S009", [(0, 0, 0)])):
        values = study.image(iid)
        for voxel in voxels:
            values[voxel] = np.nan if voxel[2] == 0 else np.inf
        study.write_image(iid, values)


@expect("brain/mask.nii: no voxel inside the mask found: all 64 are 0; expected some")
def mask_is_empty(study):
    study.write_nifti("brain/mask.nii", np.zeros(SHAPE), "uint8")


@expect("brain/mask.nii: values 0.25 and 0.5 found; expected a mask, 0 and one other number")
def mask_of_probabilities(study):
    values = mask() / 4
    values[3, 3, 1] = 0.5
    study.write_nifti("brain/mask.nii", values, "float32")


@expect("brain/atlas.nii.gz: 1.5 found at voxel 0_0_0; expected labels, whole numbers from 0 to 2147483647")
def atlas_of_no_labels(study):
    study.write_nifti("brain/atlas.nii.gz", labels() * 1.5, "float32")


@expect("brain/atlas.nii.gz: no label found: all 64 voxels are 0; expected some")
def atlas_is_empty(study):
    study.delete("brain/atlas.txt")
    study.write_nifti("brain/atlas.nii.gz", np.zeros(SHAPE), "int16")


# Tables


@expect("brain/images.tsv:1: no column image found; expected the ID columns and one column image (or path)")
def table_without_images(study):
    study.replace("brain/images.tsv", "\timage\n", "\tpicture\n")


WITHOUT = "expected a value for everybody (targets.missing: drop-subject leaves out those who lack one)"


@expect(f"brain/images.tsv: without an image: FID F04 IID S007; {WITHOUT}")
def table_with_a_missing_path(study):
    study.replace("brain/images.tsv", "S007.nii.gz", "n/a")


@expect(f"brain/images.tsv: without an image: FID F04 IID S007; {WITHOUT}")
def missing_path_and_mean(study):
    study.replace("brain/images.tsv", "S007.nii.gz", "NA")
    study.add_key("missing: mean")


@expect("brain/images.tsv: no subject left: none of the 120 has an image; expected some with one")
def nobody_has_an_image(study):
    lines = study.lines("brain/images.tsv")
    study.set_lines("brain/images.tsv", [lines[0], *(line.rsplit("\t", 1)[0] + "\t" for line in lines[1:])])
    study.add_key("missing: drop-subject")


@expect("brain/images.tsv: brain/S009.nii.gz is the image of both FID F04 IID S007 and FID F05 IID S009; expected one for each")
def two_people_with_one_image(study):
    study.replace("brain/images.tsv", "S007.nii.gz", "S009.nii.gz")


@expect("brain/images.tsv: brain/link.nii.gz is the image of both FID F04 IID S007 and FID F05 IID S009, as brain/S009.nii.gz; expected one for each")
def two_people_with_one_image_under_two_names(study):
    study.path("brain/link.nii.gz").symlink_to("S009.nii.gz")
    study.replace("brain/images.tsv", "S007.nii.gz", "link.nii.gz")


@expect("brain/atlas.txt:2: label 1 found again (Precentral_L, Precentral_R); expected every number once")
def label_named_twice(study):
    study.replace("brain/atlas.txt", "2 Precentral_R", "1 Precentral_R")


@expect("brain/atlas.txt:3: no label found; expected a number from 0 to 2147483647 and a name")
def label_without_a_number(study):
    study.replace("brain/atlas.txt", "3 Cuneus", "Cuneus 3")


LATIN = "found, which is no UTF-8 (byte DF); expected UTF-8, as iconv -f windows-1252 -t utf-8 makes of Latin-1"


@expect(f'brain/atlas.txt:2: label 2: "Fu?" {LATIN}')
def label_in_latin_1(study):
    study.write("brain/atlas.txt", study.bytes("brain/atlas.txt").replace(b"Precentral_R", b"Fu\xdf"))


@expect(f'brain/images.tsv:2: column image: "?.nii.gz" {LATIN}')
def image_in_latin_1(study):
    study.write("brain/images.tsv", study.bytes("brain/images.tsv").replace(study.lines("brain/images.tsv")[1].split("\t")[-1].encode(), b"\xdf.nii.gz"))


@expect("brain/all.nii.gz: 120 volumes found; expected 119 (rows of brain/ids.tsv, one a volume)")
def more_volumes_than_people(study):
    study.write_volumes()
    study.keep_lines("brain/ids.tsv", 120)


# The study file


@expect("study.yaml:5:3: targets.images: found beside targets.table; expected one of them")
def images_beside_a_table(study):
    study.set_targets("  table: targets.tsv\n  images: brain/images.tsv\n  mask: brain/mask.nii\n  voxels: true\n")


@expect("study.yaml:4:3: targets.images: neither atlas nor voxels: true found; expected one of them")
def images_without_targets(study):
    study.replace("study.yaml", "  atlas: brain/atlas.nii.gz\n", "")


@expect("study.yaml:4:3: targets.images: voxels: true found without a mask; expected targets.mask")
def voxels_without_a_mask(study):
    study.set_targets("  images: brain/images.tsv\n  voxels: true\n")


@expect("study.yaml:4:3: targets.images: one NIfTI file found without targets.ids; expected a table of IDs, a row a volume")
def volumes_without_ids(study):
    study.write_volumes()
    study.replace("study.yaml", "  ids: brain/ids.tsv\n", "")


@expect("study.yaml:3:1: targets: none of table, fam_columns and images found; expected one of them",
        "study.yaml:4:3: targets.mask: found without targets.images; expected the images it goes with")
def mask_without_images(study):
    study.set_targets("  mask: brain/mask.nii\n")


class BadImages(unittest.TestCase):
    maxDiff = None

    def check(self, spoil, lines):
        study = ImageStudy()
        self.addCleanup(study.remove)
        found = spoil(study) or {}
        before = study.content()
        for command in ("run", "plan"):
            if command == "plan" and spoil in ONLY_RUN:
                continue
            done = study.arete(command, "study.yaml")
            self.assertEqual(done.stderr, "".join(f"arete: {line.format(**found)}\n" for line in lines))
            self.assertEqual(done.returncode, 2)
            if command == "run":  # plan says what it has found so far
                self.assertEqual(done.stdout, "")
            self.assertEqual(study.content(), before)


# What only the voxels tell: arete plan reads headers, mask and atlas.
ONLY_RUN = (packed_image_is_cut_short, packed_image_has_another_checksum, longer_image_has_another_checksum, much_behind_the_voxels, images_with_nan)
for name, (spoil, lines) in CASES.items():
    setattr(BadImages, f"test_{name}", partialmethod(BadImages.check, spoil, lines))

if __name__ == "__main__":
    unittest.main()
