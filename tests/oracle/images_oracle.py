#!/usr/bin/python3
"""The targets that arete reads from images (image_driver) against numpy: images_oracle.py IMAGE_DRIVER.

With the AAL atlas of Debian's mricron-data: label means of a stack of images within 1e-6 of numpy's, the same for every numeric type, byte
order, version and packing, labels that the mask leaves out, resampling to another grid.
"""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import numpy as np

import nifti

AAL = Path("/usr/share/mricron/templates/aal.nii.gz")
NAMES = Path("/usr/share/mricron/templates/aal.nii.txt")
AFFINE_4MM = np.array([[-4.0, 0, 0, 90], [0, 4, 0, -126], [0, 0, 4, -72], [0, 0, 0, 1]])
SHAPE_4MM = (45, 54, 45)


def targets(*arguments):
    """{name: (voxels, note, values)} in order, as image_driver prints them."""
    run = subprocess.run([DRIVER, *map(str, arguments)], capture_output=True, text=True, check=True, timeout=120)
    assert run.stderr == "", run.stderr
    rows = [line.split("\t") for line in run.stdout.splitlines()]
    return {row[0]: (int(row[1]), row[2], np.array(row[3:], float)) for row in rows}


class Images(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.labels, cls.affine, _ = nifti.read(AAL)
        cls.names = {int(line.split()[0]): line.split()[1] for line in NAMES.read_text().splitlines() if line.strip()}

    def setUp(self):
        holder = tempfile.TemporaryDirectory(prefix="arete-images-")
        self.addCleanup(holder.cleanup)
        self.folder = Path(holder.name)
        self.random = np.random.default_rng(7)

    def path(self, name):
        return self.folder / name

    def small_atlas(self):
        """AAL's labels at the nearest voxels of a 4 mm grid whose x axis runs the other way, all of whose centres are centres of AAL's."""
        indices = np.indices(SHAPE_4MM).reshape(3, -1)
        world = AFFINE_4MM[:3, :3] @ indices + AFFINE_4MM[:3, 3:]
        at = np.rint(np.linalg.inv(self.affine)[:3] @ np.vstack([world, np.ones(world.shape[1])])).astype(int)
        inside = ((at >= 0) & (at < np.array(self.labels.shape)[:, None])).all(axis=0)
        found = np.zeros(indices.shape[1])
        found[inside] = self.labels[tuple(at[:, inside])]
        return found.reshape(SHAPE_4MM)

    def check(self, found, labels, mask, images):
        self.assertEqual(list(found), [f"{number}_{name}" for number, name in sorted(self.names.items())])
        for number, name in self.names.items():
            where = (labels == number) & mask
            voxels, note, values = found[f"{number}_{name}"]
            self.assertEqual(voxels, where.sum(), name)
            if where.any():
                np.testing.assert_allclose(values, [image[where].mean() for image in images], rtol=0, atol=1e-6, err_msg=name)
            else:
                self.assertTrue(np.isnan(values).all(), name)
            self.assertEqual(note == "", where.any(), name)

    def test_label_means_at_1_mm(self):
        image = self.random.normal(100, 30, self.labels.shape).astype(np.float32)
        nifti.write(self.path("one.nii"), image, self.affine)
        mask = np.zeros(self.labels.shape, bool)
        mask[:90] = True  # one half of the brain
        nifti.write(self.path("mask.nii.gz"), mask, self.affine, "uint8")
        found = targets(AAL, self.path("mask.nii.gz"), NAMES, "none", self.path("one.nii"))
        self.check(found, self.labels, mask, [image.astype(float)])
        self.assertGreater(sum(note == "no voxel in the mask" for _, note, _ in found.values()), 20)
        self.assertGreater(sum(note == "" for _, note, _ in found.values()), 50)

    def test_a_stack_on_a_resampled_atlas(self):
        images = [self.random.normal(100, 30, SHAPE_4MM).astype(np.float32) for _ in range(20)]
        paths = [self.path(f"{k}.nii.gz") for k in range(20)]
        for path, image in zip(paths, images):
            nifti.write(path, image, AFFINE_4MM)
        labels = self.small_atlas()
        self.check(targets(AAL, "-", NAMES, "nearest", *paths), labels, np.ones(SHAPE_4MM, bool), [image.astype(float) for image in images])
        nifti.write(self.path("small.nii"), labels, AFFINE_4MM, "uint8")
        self.check(targets(self.path("small.nii"), "-", NAMES, "none", *paths), labels, np.ones(SHAPE_4MM, bool),
                   [image.astype(float) for image in images])

    def test_every_form_of_a_file_gives_the_same_values(self):
        labels = self.small_atlas()
        nifti.write(self.path("atlas.nii.gz"), labels, AFFINE_4MM, "uint8", version=2, order=">")
        stored = self.random.integers(0, 120, SHAPE_4MM)
        forms = [dict(dtype=dtype, order=order, version=version) for dtype in nifti.CODES if dtype not in ("rgb24", "complex64")
                 for order in "<>" for version in (1, 2)]
        paths = []
        for k, form in enumerate(forms):
            scale = dict(slope=0.5, intercept=-3) if k % 3 == 0 else dict(slope=np.nan) if k % 3 == 1 else dict(slope=0.0, intercept=9)
            values = stored if k % 3 == 0 else stored * 0.5 - 3
            if k % 3 != 0 and not form["dtype"].startswith("float"):
                scale, values = dict(slope=0.5, intercept=-3), stored
            paths.append(self.path(f"{k}.nii{'.gz' if k % 2 else ''}"))
            nifti.write(paths[-1], values, AFFINE_4MM, offset=800 if k % 5 == 0 else None, **form, **scale)
        found = targets(self.path("atlas.nii.gz"), "-", "-", "none", *paths)
        self.assertEqual(list(found), [str(number) for number in sorted(set(labels[labels > 0].astype(int)))])
        for name, (_, _, values) in found.items():
            expected = (stored[labels == int(name)] * 0.5 - 3).mean()
            np.testing.assert_allclose(values, np.full(len(forms), expected), rtol=0, atol=1e-6, err_msg=name)
            self.assertEqual(len(set(values)), 1, f"{name}: {dict(zip(map(str, forms), values))}")

    def test_the_qform_alone(self):
        """x runs the other way (qfac -1 and half a turn about z): what the quaternion says is what the sform says."""
        labels = self.small_atlas()
        affine = np.diag([-4.0, -4.0, 4.0, 1.0])
        affine[:3, 3] = [90, 126, -72]
        nifti.write(self.path("atlas.nii"), labels, affine, "int16")
        nifti.write(self.path("image.nii"), labels * 2, np.eye(4) * [4, 4, 4, 1], sform=0, qform=1, quaternion=(0, 0, 1, 90, 126, -72))
        found = targets(self.path("atlas.nii"), "-", "-", "none", self.path("image.nii"))
        for name, (_, _, values) in found.items():
            self.assertEqual(values[0], 2 * int(name))

    def test_every_voxel(self):
        image = self.random.normal(size=(3, 4, 5))
        mask = self.random.random((3, 4, 5)) < 0.5
        nifti.write(self.path("image.nii"), image, np.eye(4), "float64")
        nifti.write(self.path("mask.nii"), mask * 7, np.eye(4), "uint8")
        found = targets("-", self.path("mask.nii"), "-", "none", self.path("image.nii"))
        expected = {f"{i}_{j}_{k}": image[i, j, k] for k in range(5) for j in range(4) for i in range(3) if mask[i, j, k]}
        self.assertEqual({name: values[0] for name, (_, _, values) in found.items()}, expected)
        self.assertEqual(list(found), list(expected))

    def test_a_damaged_file_is_refused(self):
        """One bit of the packed voxels, or of the checksum behind them."""
        nifti.write(self.path("atlas.nii"), self.small_atlas(), AFFINE_4MM, "uint8")
        nifti.write(self.path("image.nii.gz"), self.random.normal(size=SHAPE_4MM), AFFINE_4MM)
        whole = self.path("image.nii.gz").read_bytes()
        for at in (-5, len(whole) // 2):
            data = bytearray(whole)
            data[at] ^= 1
            self.path("image.nii.gz").write_bytes(data)
            code, said = self.refused(self.path("atlas.nii"), "-", "-", "none", self.path("image.nii.gz"))
            self.assertEqual(code, 2)
            self.assertIn("damaged", said)

    def test_no_header_is_trusted(self):
        """Every byte of a header turned over, in both versions: read, or refused in one line; nothing else."""
        nifti.write(self.path("atlas.nii"), np.arange(24).reshape(2, 3, 4), np.eye(4), "uint8")
        refusals = set()
        for version, size in ((1, 352), (2, 544)):
            whole = nifti.encode(np.ones((2, 3, 4)), np.eye(4), "float32", version=version, qform=1)
            for at in range(0, size):
                data = bytearray(whole)
                data[at] ^= 0xFF
                self.path("image.nii").write_bytes(data)
                code, said = self.refused("-", "-", "-", "none", self.path("image.nii"))
                self.assertIn(code, (0, 2), f"byte {at}: {said}")
                self.assertEqual(said.count("\n"), 1 if code else 0, f"byte {at}: {said}")
                refusals.add(said)
        self.assertGreater(len(refusals), 10)

    def refused(self, *arguments):
        run = subprocess.run([DRIVER, *map(str, arguments)], capture_output=True, text=True, check=False, timeout=60)
        return run.returncode, run.stderr


if __name__ == "__main__":
    DRIVER = sys.argv.pop(1)
    if not AAL.exists():
        print("skipped: mricron-data is not installed")
        sys.exit(0)
    unittest.main(verbosity=2)
