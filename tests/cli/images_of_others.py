#!/usr/bin/python3
"""Images, atlases and their lists of names as other programs write them: the same study gives the same results."""
import gzip
import struct
import unittest

import numpy as np

from support.image_study import AFFINE, TARGETS, ImageStudy, labels

EMPTY = ["9", "12_Vermis"]
FREESURFER = """\
#$Id: a colour table
#No. Label Name:            R   G   B   A

  0 Unknown                 0   0   0   0
  1 Precentral_L           25   5  25   0
  2 Precentral_R           25   5  25   0
  3 Cuneus                 25   5  25   0
 12 Vermis                 25   5  25   0
"""
ITK_SNAP = """\
# ITK-SnAP Label Description File
    0     0    0    0        0  0  0    "Clear Label"
    1   255    0    0        1  1  1    "Precentral_L"
    2     0  255    0        1  1  1    "Precentral_R"
    3     0  255    0        1  1  1    "Cuneus"
   12     0  255    0        1  1  1    "Vermis"
"""
CSV = "index,name\n1,Precentral_L\n2,Precentral_R\n3,Cuneus\n12,Vermis\n"


class ImagesOfOthers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.study = ImageStudy()
        cls.addClassCleanup(cls.study.remove)
        cls.before = {path: path.read_bytes() for path in [*cls.study.path("brain").iterdir(), cls.study.path("study.yaml")]}
        done, cls.first = cls.results("first")
        assert done.returncode == 0, done.stderr
        assert [row.split("\t")[0] for row in cls.first[1:]] == [*TARGETS, *EMPTY], cls.first

    @classmethod
    def results(cls, output):
        done = cls.study.arete("run", "study.yaml", "--fresh", "--output", output)
        return done, cls.study.lines(f"{output}/results.tsv") if done.returncode == 0 else []

    def setUp(self):
        self.addCleanup(self.restore)

    def restore(self):
        for path in self.study.path("brain").iterdir():
            path.unlink()
        for path, data in self.before.items():
            path.write_bytes(data)

    def check_same(self):
        done, rows = self.results("second")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(rows, self.first)
        return done

    def names(self):
        done, rows = self.results("second")
        self.assertEqual(done.returncode, 0, done.stderr)
        return done, [row.split("\t")[0] for row in rows[1:]]

    def test_labels_behind_a_slope(self):
        """Whose float32 makes 3.00000012 of 3."""
        for factor in (10, 300):
            with self.subTest(factor):
                self.study.write_nifti("brain/atlas.nii.gz", labels() * factor, "int16", slope=1 / factor)
                self.check_same()

    def test_labels_that_are_none(self):
        self.study.write_nifti("brain/atlas.nii.gz", labels() * 1.001, "float64")
        done, _ = self.results("second")
        self.assertEqual((done.returncode, done.stderr.split(" found", 1)[0]), (2, "arete: brain/atlas.nii.gz: 1.001"))

    def in_unit(self, code, per_mm):
        """Every file with its lengths in another unit: the code in the header, the affine and the voxel sizes."""
        for path in [*self.study.path("brain").glob("*.nii"), *self.study.path("brain").glob("*.nii.gz")]:
            data = path.read_bytes()
            packed = data[:2] == b"\x1f\x8b"
            data = bytearray(gzip.decompress(data) if packed else data)
            data[123] = code
            for offset, count in ((80, 3), (280, 12)):
                values = [value * per_mm for value in struct.unpack_from(f"<{count}f", data, offset)]
                struct.pack_into(f"<{count}f", data, offset, *values)
            path.write_bytes(gzip.compress(data, 1, mtime=0) if packed else data)

    def places(self, rows):
        """x_mm, y_mm and z_mm to a thousandth: a float32 has metres so."""
        first = rows[0].split("\t").index("x_mm")
        return [[value if value == "NA" else f"{float(value):.3f}" for value in row.split("\t")[first:first + 3]] for row in rows[1:]]

    def test_units_of_length(self):
        """Micrometres, metres, and none, which is mm: places in mm, and a line each for mask, images and atlas."""
        for code, unit, per_mm in ((3, "micrometres", 1000), (1, "metres", 0.001), (0, None, 1)):
            with self.subTest(unit):
                self.restore()
                self.in_unit(code, per_mm)
                self.study.path("second/run.log").unlink(missing_ok=True)
                done, rows = self.results("second")
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual(self.places(rows), self.places(self.first))
                told = [line.split("images: ")[1] for line in self.study.lines("second/run.log") if "its lengths are in" in line]
                files = ("brain/mask.nii", "brain/S001.nii.gz", "brain/atlas.nii.gz") if unit else ()
                self.assertEqual(told, [f"{name}: its lengths are in {unit}, and are taken in mm" for name in files])

    def test_names_of_several_words(self):
        """Up to the next number; a name that is a number, or in quotes, stands alone."""
        self.study.write("brain/atlas.txt", "1 Left Putamen 25 5 25 0\n2 Right Putamen\n3 \"Cuneus, all\" 7 L\n4 17 x # of 17\n")
        _, names = self.names()
        self.assertEqual(names, ["1_Left Putamen", "2_Right Putamen", "3_Cuneus, all", "4_x", "9"])

    def test_lists_of_names(self):
        for name, text in {"atlas.txt": FREESURFER, "atlas.nii.txt": ITK_SNAP, "atlas.csv": CSV, "atlas.tsv": "\ufeff" + CSV.replace(",", "\t"),
                           "capitals.csv": CSV.replace("index,name", "Index,NAME"),
                           "semicolons.csv": "\ufeff" + CSV.replace(",", ";"), "no_header.csv": CSV.split("\n", 1)[1]}.items():
            with self.subTest(name):
                self.restore()
                self.study.delete("brain/atlas.txt")
                self.study.write(f"brain/{name}", text)
                if not name.startswith("atlas"):
                    self.study.add_key(f"atlas_names: brain/{name}")
                self.check_same()

    def test_a_readme_beside_the_atlas(self):
        self.study.write("brain/atlas.txt", "Made in 2009 from 20 people.\n")
        done, names = self.names()
        self.assertEqual(names, ["1", "2", "3", "4", "9"])
        self.assertIn("arete: warning: the labels of brain/atlas.nii.gz have numbers alone: the file beside it holds no names (brain/atlas.txt:1: no label "
                      "found; expected a number from 0 to 2147483647 and a name); targets.atlas_names takes another one\n", done.stderr)
        self.study.add_key("atlas_names: brain/atlas.txt")  # asked for, it must be right
        done, _ = self.results("second")
        self.assertEqual(done.returncode, 2)

    def test_packed_or_not_whatever_the_name(self):
        self.study.write("brain/S007.nii.gz", self.study.unpacked("S007"))
        self.study.write("brain/mask.nii", gzip.compress(self.study.bytes("brain/mask.nii")))
        self.check_same()

    def test_a_negative_voxel_size_and_a_qform_alone(self):
        """As nibabel and FSL: the size without its sign. The quaternion turns by 180 degrees around y, and the third axis is turned back."""
        for version, at in ((1, 76), (2, 104)):
            with self.subTest(version):
                self.study.write_image("S007", self.study.image("S007"), version=version, sform=0, qform=1, quaternion=(0, 1, 0, 30, -40, -20))
                data = bytearray(self.study.unpacked("S007"))
                sizes = "<4f" if version == 1 else "<4d"
                struct.pack_into(sizes, data, at, -1, -3, 3, 3)
                self.study.pack("S007", bytes(data))
                self.check_same()

    def test_a_tolerance_for_grids(self):
        shifted = AFFINE.copy()
        shifted[0, 3] += 0.02
        self.study.write_image("S007", self.study.image("S007"), affine=shifted)
        done, _ = self.results("second")
        self.assertEqual(done.returncode, 2)
        self.assertTrue(done.stderr.endswith("; voxels lie up to 0.02 mm apart (grid_tolerance_mm: 0.001)\n"), done.stderr)
        self.study.add_key("grid_tolerance_mm: 0.05")
        self.check_same()
        self.assertFalse(np.allclose(shifted, AFFINE, atol=0.01))


if __name__ == "__main__":
    unittest.main()
