#!/usr/bin/python3
"""What is written over what: an output never takes the place of an input, of a file that arete did not write, or of what a link leads to; and who may
read what was written.

    tests/cli/outputs.py
"""
import gzip
import os
import stat
import unittest

import numpy as np

from support.image_study import ImageStudy
from support.parcel_study import ParcelStudy
from support.tiny_study import TinyStudy

# What stands in the output folder under a name of arete's, and is not its own.
FOREIGN = ["results.tsv", "relatives.tsv", "relatives_dropped.tsv", "results.partial.tsv", "campaign.lock"]
PEOPLES = ["campaign.h5", "run.log"]  # files that tell of single people


class Outputs(unittest.TestCase):
    def make(self, kind=TinyStudy):
        study = kind()
        self.addCleanup(study.remove)
        return study

    def refuses(self, study, *parts, arguments=None, unchanged=True):
        """One line that holds every part, exit code 2, and nothing is touched."""
        before = study.content()
        done = study.arete(*(arguments or study.arguments))
        lines = [line for line in done.stderr.splitlines() if not line.startswith("arete: warning: ")]
        self.assertEqual((done.returncode, len(lines)), (2, 1), done.stderr)
        for part in parts:
            self.assertIn(part, lines[0])
        if unchanged:
            self.assertEqual(study.content(), before)

    def runs(self, study, *options):
        done = study.arete(*study.arguments, *options)
        self.assertEqual(done.returncode, 0, done.stderr)

    def mode(self, study, name):
        return stat.S_IMODE(study.path(name).stat().st_mode)


class Inputs(Outputs):
    def test_targets_called_like_an_output(self):
        for name in (*FOREIGN, "run.log", "trace.tsv", "campaign.h5"):
            with self.subTest(name=name):
                study = self.make()
                study.path("targets.tsv").rename(study.path(name))
                study.replace("study.yaml", "table: targets.tsv", f"table: {name}")
                study.replace("study.yaml", "output: out", "output: .")
                if name == "campaign.h5":
                    self.refuses(study, "campaign.h5: is not an HDF5 file")
                    study.arguments.append("--fresh")
                self.refuses(study, f"arete: {name}: is read, and would be written as ./{name}")

    def test_a_study_file_called_like_an_output(self):
        study = self.make()
        study.path("study.yaml").rename(study.path("run.log"))
        self.refuses(study, "run.log: is read, and would be written as ./run.log", arguments=["run", "run.log", "--output", "."])

    def test_through_a_link_and_by_a_second_name(self):
        for link in (os.symlink, os.link):
            study = self.make()
            study.path("out").mkdir()
            link(study.path("covariates.tsv"), study.path("out/results.tsv"))
            self.refuses(study, "covariates.tsv: is read, and would be written as out/results.tsv")

    def test_images_among_the_maps(self):
        study = self.make(ImageStudy)
        study.path("out/maps").mkdir(parents=True)
        os.link(study.path("brain/mask.nii"), study.path("out/maps/r2.nii.gz"))
        self.refuses(study, "brain/mask.nii: is read, and would be written as out/maps/r2.nii.gz")

    def test_the_mask_of_parcellate(self):
        study = self.make(ParcelStudy)
        study.path("out").mkdir()
        study.path("mask.nii.gz").rename(study.path("out/parcels-4.nii.gz"))
        study.change("mask: mask.nii.gz", "mask: out/parcels-4.nii.gz")
        self.refuses(study, "out/parcels-4.nii.gz: is read, and would be written as out/parcels-4.nii.gz")

    def test_the_settings_of_simulate(self):
        study = self.make()
        study.write("made.yaml", "subjects: 40\nsnps: 100\noutput: made\n")
        done = study.arete("simulate", "made.yaml")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.refuses(study, "made/simulated.yaml: is read, and would be written as", arguments=["simulate", "made/simulated.yaml", "--fresh"])


class OtherFiles(Outputs):
    def test_results_never_replaces_a_campaign(self):
        study = self.make()
        self.runs(study)
        self.runs(study, "--seed", "5", "--output", "out2")
        self.refuses(study, "out2/campaign.h5: is not a table of results", arguments=["results", "out/campaign.h5", "out2/campaign.h5"])
        self.refuses(study, "study.yaml: is not a table of results", arguments=["results", "out/campaign.h5", "study.yaml"])
        done = study.arete("results", "out/campaign.h5", "out2/results.tsv")  # a table by a table
        self.assertEqual((done.returncode, study.bytes("out2/results.tsv")), (0, study.bytes("out/results.tsv")), done.stderr)

    def test_run_replaces_only_its_own(self):
        for name in FOREIGN:
            with self.subTest(name=name):
                study = self.make()
                study.path("out").mkdir()
                study.write(f"out/{name}", "letters to a friend\n")
                self.refuses(study, f"out/{name}: ", "another file", unchanged=name.startswith("results"))
                self.assertEqual(study.read(f"out/{name}"), "letters to a friend\n")

    def test_a_trace_replaces_only_its_own(self):
        study = self.make()
        study.path("out").mkdir()
        study.write("out/trace.tsv", "letters to a friend\n")
        done = study.arete(*study.arguments, "--set", "run.trace=true")  # what a trace lacks stops nothing
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("warning: out/trace.tsv: could not be written whole", done.stderr)
        self.assertEqual(study.read("out/trace.tsv"), "letters to a friend\n")

    def test_fresh_replaces_only_campaigns_and_parts(self):
        for name in ("campaign.h5", "campaign.part-1.h5"):
            study = self.make()
            study.path("out").mkdir()
            study.write(f"out/{name}", "letters to a friend\n")
            self.refuses(study, f"out/{name}: is not ", arguments=[*study.arguments, "--fresh"], unchanged=name == "campaign.h5")
            self.assertEqual(study.read(f"out/{name}"), "letters to a friend\n")

    def test_a_tree_is_no_campaign(self):
        study = self.make(ParcelStudy)
        study.arete(*study.arguments)
        other = self.make()
        other.path("out").mkdir()
        other.write("out/campaign.h5", study.bytes("out/tree.h5"))
        self.refuses(other, "out/campaign.h5: is not an arete campaign", arguments=[*other.arguments, "--fresh"])

    def test_maps_and_parcels_replace_only_their_own(self):
        study = self.make(ImageStudy)
        study.path("out/maps").mkdir(parents=True)
        study.write("out/maps/r2.nii.gz", "letters to a friend\n")
        self.refuses(study, "out/maps/r2.nii.gz: is not a packed image")
        study.write_nifti("out/maps/r2.nii.gz", np.ones((4, 4, 4)))  # somebody's map of the same name
        self.refuses(study, "out/maps/r2.nii.gz: is not a packed image of arete")
        study = self.make(ParcelStudy)
        study.path("out").mkdir()
        study.write("out/parcels-9.tsv", "letters to a friend\n")
        self.refuses(study, "out/parcels-9.tsv: is not a table of parcels")

    def test_associate_replaces_only_its_own(self):
        study = self.make()
        study.add_line("study.yaml", "associate: {permute: true, full: [signal_1]}")
        arguments = ["associate", "study.yaml", "--set", "permutations.count=200"]
        for _ in range(2):  # and its own it does replace
            done = study.arete(*arguments)
            self.assertEqual(done.returncode, 0, done.stderr)
        packed = gzip.compress(b"FID\tIID\ta table of somebody's\n")
        for name, content in (("associations.tsv", b"mine"), ("targets.tsv", b"mine"), ("manhattan.svg", b"<svg>mine</svg>"), ("associations.h5", b"mine"),
                              ("associations.rank-0.block", b"mine"), ("associations.rank-7.block", b"mine"), ("associations.part-3.h5", b"mine"), ("full/target_signal_1.tsv.gz", packed), ("full/target_signal_1_qq.svg", b"mine")):
            with self.subTest(name=name):
                before = study.bytes(f"out/{name}") if study.path(f"out/{name}").exists() else None
                study.write(f"out/{name}", content)
                self.refuses(study, f"out/{name}: is not ", arguments=[*arguments, "--fresh"])
                if before is None:
                    study.delete(f"out/{name}")
                else:
                    study.write(f"out/{name}", before)

    def test_folders_that_are_none(self):
        """Inside the output folder, where the first file is written hours later; and of a file that is named."""
        for make in (lambda path: path.write_text("mine"), lambda path: path.symlink_to("nowhere")):
            study = self.make(ImageStudy)
            study.path("out").mkdir()
            make(study.path("out/maps"))
            self.refuses(study, "out/maps: the output folder cannot be used: ")
            study = self.make()
            study.add_line("study.yaml", "associate: {full: [signal_1]}")
            study.path("out").mkdir()
            make(study.path("out/full"))
            self.refuses(study, "out/full: the output folder cannot be used: ", arguments=["associate", "study.yaml"])
        self.runs(study)
        self.refuses(study, "no/such/report.html: cannot be written: No such file or directory", arguments=["report", "out/campaign.h5", "no/such/report.html"])

    def test_nothing_is_written_through_a_link(self):
        for name in ("run.log", "campaign.lock", "trace.tsv"):
            with self.subTest(name=name):
                study = self.make()
                study.path("out").mkdir()
                study.write("precious", "" if name == "trace.tsv" else "precious")
                study.path(f"out/{name}").symlink_to("../precious")
                study.replace("study.yaml", "workers: 1", "workers: 1\n  trace: true")
                before = study.bytes("precious")
                if name == "trace.tsv":  # looked at when the first task has run: a warning
                    self.assertIn("trace.tsv: could not be written whole", study.arete(*study.arguments).stderr)
                else:
                    self.refuses(study, f"out/{name}: a link found", unchanged=False)
                self.assertEqual(study.bytes("precious"), before)


class Permissions(Outputs):
    """Files of people are for their user and the group; the umask may take more away."""

    def modes_with(self, umask):
        before = os.umask(umask)
        self.addCleanup(os.umask, before)
        study = self.make()
        self.runs(study)
        os.umask(before)
        return study, {name: self.mode(study, f"out/{name}") for name in [*PEOPLES, "results.tsv"]}

    def test_nobody_else_reads_files_of_people(self):
        for umask, of_people, table in ((0o022, 0o640, 0o644), (0o002, 0o660, 0o664), (0o077, 0o600, 0o600)):
            _, modes = self.modes_with(umask)
            self.assertEqual(modes, {**dict.fromkeys(PEOPLES, of_people), "results.tsv": table}, oct(umask))

    def test_what_was_closed_or_opened_stays_so(self):
        study, _ = self.modes_with(0o022)
        study.path("out/campaign.h5").chmod(0o600)
        study.path("out/results.tsv").chmod(0o664)
        self.runs(study, "--set", "permutations.count=500")
        self.assertEqual(self.mode(study, "out/campaign.h5"), 0o600)  # extended: a new file in its place


if __name__ == "__main__":
    unittest.main()
