"""A folder with the images of ten made-up people and a parcels.yaml, to break or to run. The binary is $ARETE."""
from pathlib import Path

import numpy as np

import nifti
from support.tiny_study import TinyStudy

AFFINE = np.array([[-3.0, 0, 0, 30], [0, 3, 0, -40], [0, 0, 3, -20], [0, 0, 0, 1]])
PARCELS = """\
images: images.tsv
mask: mask.nii.gz
neighbours: 6
standardise: false
parcels: [4, 9]
output: out
"""


class ParcelStudy(TinyStudy):
    """5 x 6 x 7 voxels of 3 mm, 168 of them in the mask, in two pieces: x = 0 ... 2 (126 voxels) and x = 4 (42)."""

    def __init__(self):
        super().__init__()
        for path in self.folder.iterdir():
            path.unlink()
        rng = np.random.default_rng(5)
        self.mask = np.ones((5, 6, 7), bool)
        self.mask[3] = False
        self.images = [rng.normal(size=self.mask.shape).cumsum(0).cumsum(1) for _ in range(10)]
        self.path("brain").mkdir()
        self.write_image("mask.nii.gz", self.mask)
        rows = ["participant_id\timage"]
        for k, image in enumerate(self.images):
            self.write_image(f"brain/S{k:02}.nii.gz", image)
            rows.append(f"S{k:02}\tbrain/S{k:02}.nii.gz")
        self.write("images.tsv", "\n".join(rows) + "\n")
        self.write("parcels.yaml", PARCELS)
        self.arguments = ["parcellate", "parcels.yaml"]

    def write_image(self, name, values, affine=AFFINE, **options):
        nifti.write(self.path(name), np.asarray(values, float), affine, **options)

    def change(self, old, new):
        self.replace("parcels.yaml", old, new)

    def labels(self, name):
        return nifti.read(self.path(name))[0].astype(int)
