#!/usr/bin/python3
"""scripts/map-picture.py draws what each kind of map has, and says so where it draws nothing."""
import base64
import re
import subprocess
import sys
import tempfile
import unittest
import zlib
from pathlib import Path

import nifti
import numpy as np

sys.dont_write_bytecode = True
SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"

AFFINE = np.array([[8.0, 0, 0, -79], [0, 8, 0, -111], [0, 0, 8, -73], [0, 0, 0, 1]])
SHAPE = (20, 24, 18)
R2 = "arete: out-of-sample r2, mean over outer folds (0: also background, NA)"
LOGP = "arete: -log10 p, family-wise over targets (0: also background, NA)"


class MapPicture(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="arete-picture-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        nifti.write(self.folder / "template.nii.gz", np.full(SHAPE, 100.0), AFFINE)

    def draw(self, values, description, *options, picture="p.svg"):
        """A map with these values side by side in the middle of the brain; exit code, what was said, the coloured pixels of the picture."""
        image = np.zeros(SHAPE)
        image[10 : 10 + len(values), 12, 9] = values
        nifti.write(self.folder / "map.nii.gz", image, AFFINE, description=description)
        done = subprocess.run([sys.executable, SCRIPTS / "map-picture.py", self.folder / "map.nii.gz", self.folder / picture, "--levels=0",
                               "--template", self.folder / "template.nii.gz", *options], capture_output=True, text=True, check=False)
        path = self.folder / picture
        return done.returncode, done.stderr, self.coloured(path) if path.exists() else None

    @staticmethod
    def coloured(path):
        """Pixels of the first image in the SVG that are not grey."""
        data = base64.b64decode(re.search(r"base64,([^\"]+)", path.read_text())[1])
        width, height = (int.from_bytes(data[at : at + 4], "big") for at in (16, 20))
        at = data.index(b"IDAT")
        size = int.from_bytes(data[at - 4 : at], "big")
        rows = np.frombuffer(zlib.decompress(data[at + 4 : at + 4 + size]), np.uint8).reshape(height, 1 + 3 * width)[:, 1:]
        pixels = rows.reshape(-1, 3).astype(int)
        return int(np.count_nonzero(np.ptp(pixels, axis=1)))

    def test_values_of_r2_are_below_any_p(self):
        code, said, pixels = self.draw([0.01, 0.06, -0.2], R2)
        self.assertEqual((code, said), (0, ""))
        self.assertEqual(pixels, 2 * 16)  # voxels of 8 mm, pixels of 2 mm; a negative r2 predicts nothing

    def test_p_begins_at_005(self):
        self.assertEqual(self.draw([1.2, 1.4, 3], LOGP), (0, "", 2 * 16))
        self.assertEqual(self.draw([1.2, 1.4, 3], LOGP, "--from", "2"), (0, "", 16))

    def test_nothing_drawn_is_said(self):
        code, said, pixels = self.draw([0.5, 1.2], LOGP)
        self.assertEqual((code, pixels), (0, 0))
        self.assertIn("no voxel is drawn: the largest value is 1.2, and they are drawn from 1.3 on (--from)\n", said)

    def test_an_svg_has_the_name_of_one(self):
        code, said, pixels = self.draw([2], LOGP, picture="p.png")
        self.assertEqual((code, pixels), (2, None))
        self.assertIn("p.png: is no name of an SVG; expected one that ends in .svg", said)


if __name__ == "__main__":
    unittest.main()
