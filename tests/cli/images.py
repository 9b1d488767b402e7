#!/usr/bin/python3
"""Brain images in, brain maps out: what `arete run` makes of the tiny study when its targets are images (image_study.py).

    tests/cli/images.py                  # all of them
    tests/cli/images.py Images.test_maps # one
"""
import gzip
import os
import re
import struct
import unittest
from pathlib import Path

import h5py
import numpy as np

import nifti
from support.image_study import AFFINE, COLUMNS, SHAPE, TARGETS, ImageStudy, labels, mask

MAPS = ["logp.nii.gz", "logp_fwer.nii.gz", "penalty.nii.gz", "r2.nii.gz"]


class Images(unittest.TestCase):
    def setUp(self):
        self.study = ImageStudy()
        self.addCleanup(self.study.remove)

    def run_study(self, *sets, output="out"):
        done = self.study.arete("run", "study.yaml", "--output", output, *(part for one in sets for part in ("--set", one)))
        self.assertEqual(done.returncode, 0, done.stderr)
        return done

    def table(self, output="out"):
        lines = [line.split("\t") for line in self.study.lines(f"{output}/results.tsv")]
        return {row[0]: dict(zip(lines[0], row)) for row in lines[1:]}

    def numbers(self, output="out"):
        """The table without names, places and notes, of what is analysed."""
        return [[value for key, value in row.items() if key not in ("target", "note") and not key.endswith("_mm")]
                for row in self.table(output).values() if row["r2"] != "NA"]

    def maps(self, output="out"):
        return {name: nifti.read(self.study.path(f"{output}/maps/{name}")) for name in MAPS}

    def test_images_give_the_results_of_a_table(self):
        self.run_study()
        table = self.table()
        self.assertEqual(list(table), [*TARGETS, "9", "12_Vermis"])
        self.assertEqual((table["9"]["r2"], table["9"]["note"]), ("NA", "no voxel in the mask"))
        self.assertEqual((table["12_Vermis"]["r2"], table["12_Vermis"]["note"]), ("NA", "no voxel in the atlas"))
        self.assertIn("targets: 9 left out: no voxel in the mask\n", self.study.read("out/run.log"))
        self.study.set_targets(f"  table: targets.tsv\n  columns: [{', '.join(COLUMNS)}]\n")
        self.run_study(output="from_table")
        self.assertEqual(self.numbers(), self.numbers("from_table"))
        self.assertFalse(self.study.path("from_table/maps").exists())

    def test_maps_of_another_study_do_not_stay(self):
        """Where a study of tables begins in their folder; what is not arete's stays."""
        self.run_study()
        self.study.arete("associate", "study.yaml")
        self.study.write("out/maps/logp.nii.gz", "letters to a friend\n")
        self.assertTrue(self.study.path("out/maps/best_t.nii.gz").exists())
        self.study.set_targets(f"  table: targets.tsv\n  columns: [{', '.join(COLUMNS)}]\n")
        for command in ("run", "associate"):
            done = self.study.arete(command, "study.yaml", "--fresh")
            self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(os.listdir(self.study.path("out/maps")), ["logp.nii.gz"])
        self.assertEqual(self.study.read("out/maps/logp.nii.gz"), "letters to a friend\n")

    def test_maps(self):
        """Every voxel of a target has the value that results.tsv has; all others are 0."""
        self.run_study()
        table, where = self.table(), labels() * mask()
        self.assertEqual(sorted(os.listdir(self.study.path("out/maps"))), MAPS)
        for name, value in {"r2": lambda row: float(row["r2"]), "logp": lambda row: -np.log10(float(row["p"])),
                            "logp_fwer": lambda row: -np.log10(float(row["p_fwer"])), "penalty": lambda row: float(row["penalty"])}.items():
            values, affine, description = self.maps()[f"{name}.nii.gz"]
            expected = np.zeros(SHAPE)
            for number, target in enumerate(TARGETS, 1):
                expected[where == number] = value(table[target])
            np.testing.assert_allclose(values, expected, rtol=1e-5, atol=1e-6, err_msg=name)
            np.testing.assert_array_equal(affine, AFFINE)
            self.assertTrue(description.startswith("arete: "), description)
        self.assertGreater(len(np.unique(self.maps()["r2.nii.gz"][0])), 4)

    def test_the_header_of_a_map(self):
        """Both forms of the affine, the space of the images whatever the mask's, millimetres, float32, and the code of -log10 p."""
        values = mask()
        self.study.write_nifti("brain/mask.nii", values, "uint8", sform=1)
        self.run_study()
        header = gzip.decompress(self.study.bytes("out/maps/logp.nii.gz"))[:352]
        self.assertEqual(struct.unpack_from("<8h", header, 40), (3, 4, 4, 4, 1, 1, 1, 1))
        self.assertEqual(struct.unpack_from("<hhh", header, 68), (24, 16, 32))
        self.assertEqual(struct.unpack_from("<4f", header, 76), (-1, 3, 3, 3))
        self.assertEqual((header[123], struct.unpack_from("<2h", header, 252)), (2, (4, 4)))
        b, c, d, *offset = struct.unpack_from("<6f", header, 256)
        self.assertEqual((b, abs(c), d, offset), (0, 1, 0, [30, -40, -20]))  # half a turn about y, and z the other way

    def test_images_without_orientation(self):
        """Neither sform nor qform: nothing says which side is left, and a warning says that."""
        warning = ("brain/images.tsv: the image of the first person has no orientation (sform_code and qform_code are 0): which side is left cannot "
                   "be told, by the maps neither; x_mm, y_mm and z_mm count from the first voxel")
        sides = re.compile(r'class="level"[^>]*>[LR]<')
        self.run_study(output="known")
        self.assertNotIn("no orientation", self.study.read("known/run.log"))
        self.assertEqual((len(sides.findall(self.study.read("known/report.html"))), "left is left" in self.study.read("known/report.html")), (12, True))
        self.move(sform=0)
        self.assertIn(f"arete: warning: {warning}\n", self.run_study().stderr)
        self.assertEqual(self.numbers(), self.numbers("known"))
        self.assertEqual([self.table()["1_Precentral_L"][f"{axis}_mm"] for axis in "xyz"], ["1.5"] * 3)
        for name in MAPS:
            header = gzip.decompress(self.study.bytes(f"out/maps/{name}"))[:352]
            self.assertEqual((struct.unpack_from("<2h", header, 252), struct.unpack_from("<4f", header, 76)), ((0, 0), (1, 3, 3, 3)))
        page = self.study.read("out/report.html")
        self.assertIn(warning, page)
        self.assertIn("which side is left is not known (sform_code and qform_code are 0)", page)
        self.assertEqual((sides.findall(page), "left is left" in page), ([], False))

    def test_a_small_brain(self):
        """Of 1 mm: its slices are drawn as large as a human brain's, and their places are told apart."""
        small = np.vstack([AFFINE[:3] / 10, AFFINE[3:]])
        self.move(small)
        self.run_study()
        page = self.study.read("out/report.html")
        levels = re.findall(r'class="level"[^>]*>(?:[xyz] = )?(\u2212?[\d.]+)(?: mm)?<', page)[:24]
        for axis in range(3):
            self.assertEqual(len(set(levels[8 * axis:8 * axis + 8])), 8, levels)
        self.assertGreater(int(re.search(r'id="mean-image" width="(\d+)"', page)[1]), 400)

    def test_one_file_of_volumes(self):
        self.run_study()
        self.study.write_volumes()
        self.run_study(output="volumes")
        self.assertEqual(self.study.bytes("out/results.tsv"), self.study.bytes("volumes/results.tsv"))
        for name in MAPS:
            self.assertEqual(self.study.bytes(f"out/maps/{name}"), self.study.bytes(f"volumes/maps/{name}"))

    def test_a_resampled_atlas(self):
        """Half as many and twice as large voxels of the same space: labels are blocks of 2 x 2 x 2."""
        self.run_study()
        coarse = AFFINE.copy()
        coarse[:3, :3] *= 2
        coarse[:3, 3] += AFFINE[:3, :3] @ [0.5, 0.5, 0.5]
        self.study.write_nifti("brain/coarse.nii", labels()[::2, ::2, ::2], "uint8", affine=coarse)
        self.study.set_targets("  images: brain/images.tsv\n  mask: brain/mask.nii\n  atlas: brain/coarse.nii\n  atlas_names: brain/atlas.txt\n"
                               "  resample: nearest\n")
        self.run_study(output="coarse")
        self.assertEqual(self.numbers(), self.numbers("coarse"))

    def test_every_voxel_of_a_mask(self):
        """The voxels of one label have one value; names say where they are."""
        self.run_study()
        inside = np.zeros(SHAPE)
        inside[1:3, 1, 0] = inside[1, 2, 1] = inside[3, 3, 1] = 1
        self.study.write_nifti("brain/few.nii", inside, "uint8")
        self.study.set_targets("  images: brain/images.tsv\n  mask: brain/few.nii\n  voxels: true\n")
        self.run_study(output="voxels")
        voxels, regions = self.table("voxels"), self.table()
        self.assertEqual(list(voxels), ["1_1_0", "2_1_0", "1_2_1", "3_3_1"])
        for voxel, region in zip(voxels, TARGETS):
            self.assertEqual([voxels[voxel][key] for key in ("n", "r2", "r2_sd", "r", "penalty", "p")],
                             [regions[region][key] for key in ("n", "r2", "r2_sd", "r", "penalty", "p")])
        self.check_places("voxels", {name: [int(k) for k in name.split("_")] for name in voxels})
        values = self.maps("voxels")["r2.nii.gz"][0]
        self.assertEqual(np.count_nonzero(values), 4)
        self.assertAlmostEqual(values[1, 2, 1], float(voxels["1_2_1"]["r2"]), 6)

    def test_without_a_mask(self):
        self.study.replace("study.yaml", "  mask: brain/mask.nii\n", "")
        self.run_study()
        row = self.table()["9"]
        self.assertEqual((row["r2"], row["note"]), ("NA", "constant"))  # every image has 1000 there

    def test_names_in_a_tsv(self):
        self.study.write("brain/atlas.tsv", "name\tindex\tcolour\nGyrus rectus\t4\t#fff\nbackground\t0\t#000\nCuneus\t3\t#aaa\n")
        self.run_study()
        self.assertEqual(list(self.table()), ["1", "2", "3_Cuneus", "4_Gyrus rectus", "9"])
        self.assertIn("images: names of labels: brain/atlas.tsv\n", self.study.read("out/run.log"))

    def test_nan_counts_as_missing(self):
        values = self.study.image("S007")
        values[2, 0, 0] = np.nan
        self.study.write_image("S007", values)
        self.run_study("targets.missing=mean")
        self.assertEqual([self.table()[target]["n"] for target in TARGETS], ["120", "119", "120", "120"])
        self.assertIn("images: brain/S007.nii.gz: 1 NaN or infinite voxel in 1 target (2_Precentral_R) of FID F04 IID S007: missing\n",
                      self.study.read("out/run.log"))
        self.run_study("targets.missing=drop-subject", output="dropped")
        self.assertEqual([self.table("dropped")[target]["n"] for target in TARGETS], ["119"] * 4)
        for k in range(1, 21):  # more than max_missing_per_target: the target is left out
            values = self.study.image(f"S{k:03d}")
            values[2, 0, 0] = np.nan
            self.study.write_image(f"S{k:03d}", values)
        self.run_study(output="left_out")
        self.assertEqual(self.table("left_out")["2_Precentral_R"]["note"], "20 of 120 values missing, more than max_missing_per_target 0.1")

    def test_people_without_an_image(self):
        """Dropped as if they had no row, also where they are more than max_missing_per_target. One of the 40 is not in the genotypes."""
        lines = self.study.lines("brain/images.tsv")
        paths = ["n/a", "NA", "", "none"]
        self.study.set_lines("brain/images.tsv", [line.rsplit("\t", 1)[0] + "\t" + paths[k % 4] if 0 < k <= 40 else line for k, line in enumerate(lines)])
        done = self.run_study("targets.missing=drop-subject", "targets.missing_codes=[none]")
        self.assertRegex(done.stderr, r"arete: note: 39 of 120 subjects dropped: without an image in brain/images.tsv, e.g. FID F\d\d IID S\d\d\d\n")
        self.assertIn("subjects: 39 dropped: without an image in brain/images.tsv\n", self.study.read("out/run.log"))
        self.study.set_lines("brain/images.tsv", [line for k, line in enumerate(lines) if k == 0 or k > 40])
        self.run_study("targets.missing=drop-subject", output="rows")
        self.assertEqual(self.study.read("out/results.tsv"), self.study.read("rows/results.tsv"))
        self.assertEqual({self.table()[target]["n"] for target in TARGETS}, {"81"})

    def check_places(self, output, indices):
        """x_mm, y_mm, z_mm of every target, from the indices of its centre; also from the campaign alone, if it has them."""
        results = self.table(output)
        for name, index in indices.items():
            expected = AFFINE[:3, :3] @ index + AFFINE[:3, 3]
            np.testing.assert_allclose([float(results[name][f"{axis}_mm"]) for axis in "xyz"], expected, rtol=1e-5, err_msg=name)
        self.assertEqual(self.study.arete("results", f"{output}/campaign.h5").returncode, 0)
        self.assertEqual(self.table(output), results)

    def test_places(self):
        self.run_study()
        self.check_places("out", {"1_Precentral_L": [0.5, 0.5, 0.5], "2_Precentral_R": [2.5, 0.5, 0.5], "3_Cuneus": [0.5, 2.5, 0.5], "4": [2.5, 2.5, 0.5]})
        self.assertEqual({self.table()[name]["z_mm"] for name in ("9", "12_Vermis")}, {"NA"})  # no voxel in the mask
        with h5py.File(self.study.path("out/campaign.h5"), "r+") as campaign:  # as an older program left it
            self.check_maps(campaign["maps"])
            del campaign["targets/mm"]
            del campaign["maps"]
        self.assertEqual(self.study.arete("results", "out/campaign.h5").returncode, 0)
        self.assertNotIn("x_mm", self.table()["4"])

    def check_maps(self, maps):
        """Which voxel is whose, and the mean of everybody's images from 1 (0) to 255 (nearly the largest)."""
        expected = np.where(mask() > 0, labels(), 0).flatten(order="F")
        self.assertEqual(maps["voxel"][:].tolist(), np.flatnonzero(expected).tolist())
        np.testing.assert_array_equal(maps["target"][:], expected[expected > 0] - 1)
        np.testing.assert_array_equal(maps["affine"][:], AFFINE[:3])
        mean = np.mean([self.study.image(f"S{k:03d}") for k in range(1, 121)], axis=0).flatten(order="F")
        low, high = min(mean.min(), 0), mean.max()
        np.testing.assert_allclose(maps["mean"][:], 1 + np.rint(254 * (mean - low) / (high - low)), atol=1)

    def test_resume(self):
        """The same images are not read again, and give the same bytes; another image is refused."""
        self.assertIn("\nresults:  out/results.tsv\nmaps:     out/maps\ncampaign: ", self.run_study().stdout)
        results, maps = self.study.bytes("out/results.tsv"), {name: self.study.bytes(f"out/maps/{name}") for name in MAPS}
        self.study.remove_folder("out/maps")
        self.study.delete("out/results.tsv")
        self.run_study()
        self.assertEqual(self.study.bytes("out/results.tsv"), results)
        self.assertEqual({name: self.study.bytes(f"out/maps/{name}") for name in MAPS}, maps)
        self.hide_image("S007")
        self.run_study()
        self.assertEqual(self.study.bytes("out/results.tsv"), results)
        self.assertIn("images: as in the campaign; they have kept size and time and were not read again\n", self.study.read("out/run.log"))
        self.run_study("permutations.count=60")
        self.study.write_image("S007", self.study.image("S007"))
        self.run_study("permutations.count=60", output="at_once")
        self.assertEqual(self.study.bytes("out/results.tsv"), self.study.bytes("at_once/results.tsv"))
        self.study.write_image("S007", self.study.image("S007") + 1)
        done = self.study.arete("run", "study.yaml")
        self.assertEqual((done.returncode, done.stderr.splitlines()[-1]), (
            2, "arete: study.yaml: the campaign in out was made with other targets; expected the same study (--fresh starts over, or choose "
               "another output folder): brain/S007.nii.gz has changed"))

    def test_resume_with_missing_values(self):
        """They are missing again, though the campaign has residuals only: what is said of them is said once more."""
        for k in range(1, 7):
            values = self.study.image(f"S{k:03d}")
            values[2, 0, 0] = np.nan
            self.study.write_image(f"S{k:03d}", values)
        self.run_study("targets.missing=mean")
        results = self.study.bytes("out/results.tsv")
        self.hide_image("S007")
        self.run_study("targets.missing=mean")
        self.assertEqual(self.study.bytes("out/results.tsv"), results)
        self.assertEqual(self.study.read("out/run.log").count(" missing values: 1 pattern(s) of who lacks a target, 1 of them held against "), 2)

    def test_resume_with_other_ids(self):
        """Neither has a file changed nor a name in it: but each volume is another person's."""
        self.study.write_volumes()
        rows = [line.split("\t") for line in self.study.lines("brain/ids.tsv")]
        turned = [row[1] for row in rows[2:]] + [rows[1][1]]
        self.study.set_lines("brain/ids.tsv", ["IID\tother", *(f"{row[1]}\t{other}" for row, other in zip(rows[1:], turned, strict=True))])
        self.run_study()
        done = self.study.arete("run", "study.yaml", "--set", "targets.id_column=other")
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("was made with other targets; expected the same study", done.stderr)
        self.assertIn("targets.id_column was not set, is other", done.stderr)

    def move(self, affine=AFFINE, **options):
        """The same voxels under another header: mask, atlas and everybody's image."""
        for name, values, dtype in (("mask.nii", mask(), "uint8"), ("atlas.nii.gz", labels(), "int16"),
                                    *((f"{iid}.nii.gz", self.study.image(iid), "float64") for _, iid in self.study.people if iid != "S999")):
            self.study.write_nifti(f"brain/{name}", values, dtype, affine=affine, **options)

    def check_refused(self, command, what, end):
        """In one line that begins and ends so; nothing is written."""
        before = self.study.content()
        done = self.study.arete(command, "study.yaml", "--set", "permutations.count=60", "--set", "associate.permute=true")
        self.assertEqual(done.returncode, 2, done.stderr)
        said = done.stderr.splitlines()[-1]
        start = f"arete: study.yaml: the campaign in out was made with other {what}; expected the same study (--fresh starts over, or choose another output folder)"
        self.assertEqual(said[:len(start)], start)
        self.assertEqual(said[len(start):], end)
        self.assertEqual(self.study.content(), before)

    def test_resume_elsewhere(self):
        """A campaign has one grid: its table would be of the places then, its maps of those now."""
        changed = ": brain/mask.nii has changed; brain/atlas.nii.gz has changed"
        far, near = AFFINE.copy(), AFFINE.copy()
        far[0], near[1, 3] = [3, 0, 0, 109], near[1, 3] + 0.0005
        for command, sets in (("run", ()), ("associate", ("--set", "associate.permute=true"))):
            with self.subTest(command):
                self.move()
                done = self.study.arete(command, "study.yaml", "--fresh", *sets)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.move(far)
                self.check_refused(command, "places of voxels (now 4 x 4 x 4 voxels, affine [3 0 0 109; 0 3 0 -40; 0 0 3 -20], "
                                            "then 4 x 4 x 4 voxels, affine [-3 0 0 30; 0 3 0 -40; 0 0 3 -20])", changed)
                self.move(sform=1)
                self.check_refused(command, "space of the images (sform_code or qform_code now 1, then 4)", changed)
                self.move(near)  # within grid_tolerance_mm
                done = self.study.arete(command, "study.yaml", *sets)
                self.assertEqual(done.returncode, 0, done.stderr)

    def test_resume_elsewhere_with_an_older_campaign(self):
        """Which has the places of the targets alone, or not even these."""
        self.run_study()
        moved = AFFINE.copy()
        moved[2, 3] += 1
        self.move(moved)
        for gone, refused in (("maps", True), ("targets/mm", False)):
            with h5py.File(self.study.path("out/campaign.h5"), "r+") as campaign:
                del campaign[gone]
            if refused:
                self.check_refused("run", "places of targets", ": brain/mask.nii has changed; brain/atlas.nii.gz has changed")
        self.run_study()

    def test_resume_without_the_names(self):
        """Of those beside the atlas no key tells."""
        self.run_study()
        self.study.delete("brain/atlas.txt")
        self.check_refused("run", "targets", ": brain/atlas.txt was read then, and is not now")

    def hide_image(self, iid):
        """The same size and time, but nothing in it: whoever reads it fails."""
        path = self.study.path(f"brain/{iid}.nii.gz")
        status = path.stat()
        path.write_bytes(bytes(status.st_size))
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))

    def test_plan_reads_headers_alone(self):
        self.study.pack("S007", self.study.unpacked("S007")[:400])
        done = self.study.arete("plan", "study.yaml")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("images: 120 of 4 x 4 x 4 voxels", done.stdout)
        self.assertFalse(Path(self.study.path("out")).exists())


if __name__ == "__main__":
    unittest.main()
