"""The tiny study with its targets as brain images: brain/S001.nii.gz ... for everybody, a mask, and an atlas of four labels inside it.

The grid has 4 x 4 x 4 voxels. Labels 1 to 4 are blocks of 2 x 2 x 2 in its lower half, which is the mask; every voxel of them has the value
of signal_1, signal_2, noise_1 and noise_2, so that a mean of eight has the very same bits. Label 9 lies outside the mask, label 12 has a
name only.
"""
import gzip
from pathlib import Path

import numpy as np

import nifti
from support.tiny_study import TinyStudy

AFFINE = np.array([[-3.0, 0, 0, 30], [0, 3, 0, -40], [0, 0, 3, -20], [0, 0, 0, 1]])
SHAPE = (4, 4, 4)
COLUMNS = ["signal_1", "signal_2", "noise_1", "noise_2"]
TARGETS = ["1_Precentral_L", "2_Precentral_R", "3_Cuneus", "4"]
SECTION = """\
  images: brain/images.tsv
  mask: brain/mask.nii
  atlas: brain/atlas.nii.gz
"""


def labels():
    atlas = np.zeros(SHAPE)
    for number, (x, y) in enumerate([(0, 0), (2, 0), (0, 2), (2, 2)], 1):
        atlas[x:x + 2, y:y + 2, 0:2] = number
    atlas[1:3, 1:3, 3] = 9
    return atlas


def mask():
    inside = np.zeros(SHAPE)
    inside[:, :, :2] = 1
    return inside


class ImageStudy(TinyStudy):
    def __init__(self):
        super().__init__()
        self.path("brain").mkdir()
        rows = [line.split("\t") for line in self.lines("targets.tsv")]
        columns = [rows[0].index(name) for name in COLUMNS]
        self.values = {row[1]: [float(row[k]) for k in columns] for row in rows[1:]}
        self.people = [(row[0], row[1]) for row in rows[1:]]
        for _, iid in self.people:
            if iid != "S999":  # who is in the table and not in the genotypes: the image is not needed
                self.write_image(iid, self.image(iid))
        self.set_lines("brain/images.tsv", ["FID\tIID\timage", *(f"{fid}\t{iid}\t{iid}.nii.gz" for fid, iid in self.people)])
        self.write_nifti("brain/mask.nii", mask(), "uint8")
        self.write_nifti("brain/atlas.nii.gz", labels(), "int16")
        self.set_lines("brain/atlas.txt", ["1 Precentral_L 2001", "2 Precentral_R 2002", "3 Cuneus 17", "12 Vermis 9000"])
        self.set_targets(SECTION)

    def set_targets(self, section):
        """The section `targets` of the study file."""
        text = self.read("study.yaml")
        head, rest = text.split("targets:\n")
        self.write("study.yaml", f"{head}targets:\n{section}covariates:{rest.split('covariates:', 1)[1]}")

    def add_key(self, line):
        self.replace("study.yaml", "  images: brain/images.tsv\n", f"  images: brain/images.tsv\n  {line}\n")

    def image(self, iid):
        values = np.full(SHAPE, 1000.0)  # outside the labels: must not count
        for number, value in enumerate(self.values[iid], 1):
            values[labels() == number] = value
        return values

    def write_nifti(self, name, values, dtype="float64", affine=AFFINE, **options):
        nifti.write(self.path(name), values, affine, dtype, **options)

    def write_image(self, iid, values, **options):
        self.write_nifti(f"brain/{iid}.nii.gz", values, **options)

    def write_volumes(self):
        """The same images as one file of volumes, in the order of the table."""
        known = [person for person in self.people if person[1] != "S999"]
        self.write_nifti("brain/all.nii.gz", np.stack([self.image(iid) for _, iid in known], axis=-1), version=2)
        self.set_lines("brain/ids.tsv", ["FID\tIID", *("\t".join(person) for person in known)])
        self.replace("study.yaml", "images: brain/images.tsv", "images: brain/all.nii.gz\n  ids: brain/ids.tsv")

    def unpacked(self, iid):
        return gzip.decompress(self.bytes(f"brain/{iid}.nii.gz"))

    def pack(self, iid, data):
        self.write(f"brain/{iid}.nii.gz", gzip.compress(data, mtime=0))
