#!/usr/bin/python3
"""A pipe, a device or a folder under any name that arete opens: refused by one line, and nobody waits for the other end.

    tests/cli/not_files.py
"""
import os
import re
import subprocess
import unittest

from support.image_study import ImageStudy
from support.parcel_study import ParcelStudy
from support.tiny_study import ARETE, TinyStudy

PATIENCE_S = 60  # whoever opens a pipe and waits, waits for ever


def make_pipe(path):
    os.mkfifo(path)


def make_folder(path):
    path.mkdir()


def make_device(path):
    path.symlink_to("/dev/zero")


KINDS = [make_pipe, make_folder, make_device]
INPUTS = ["study.yaml", "chr1.bed", "chr1.bim", "chr1.fam", "targets.tsv", "covariates.tsv", "keep.txt", "snps.txt"]


class NotFiles(unittest.TestCase):
    def make(self, kind=TinyStudy):
        study = kind()
        self.addCleanup(study.remove)
        return study

    def refuses(self, study, name, *arguments):
        """Each kind under the name; what stood there is put back."""
        path, aside = study.path(name), study.path("aside")
        path.parent.mkdir(parents=True, exist_ok=True)
        for make in KINDS:
            with self.subTest(name=name, kind=make.__name__):
                if path.exists():
                    path.rename(aside)
                make(path)
                done = subprocess.run([ARETE, *arguments], cwd=study.folder, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                      timeout=PATIENCE_S, check=False)
                lines = [line for line in done.stderr.splitlines() if not re.match("arete: (warning|note): ", line)]
                self.assertEqual((done.returncode, len(lines)), (2, 1), done.stderr)
                self.assertIn(f"{name}: ", lines[0])
                if make is make_folder:
                    path.rmdir()
                else:
                    path.unlink()
                if aside.exists():
                    aside.rename(path)

    def test_inputs_of_a_study(self):
        study = self.make()
        for name in ("keep.txt", "snps.txt"):
            study.write(name, "".join(f"S{k:03}\n" for k in range(1, 121)) if name == "keep.txt" else "".join(f"rs{k}\n" for k in range(1000, 1200)))
        study.replace("study.yaml", "chr{1..2}", "chr{1..2}\n  keep: keep.txt\n  extract: snps.txt")
        for name in INPUTS:
            self.refuses(study, name, "run", "study.yaml")

    def test_images(self):
        study = self.make(ImageStudy)
        for name in ("brain/mask.nii", "brain/images.tsv", "brain/S007.nii.gz", "brain/atlas.nii.gz"):
            self.refuses(study, name, "run", "study.yaml")

    def test_what_stands_in_the_output_folder(self):
        study = self.make()
        for name in ("out/campaign.h5", "out/run.log", "out/campaign.lock", "out/results.tsv", "out/campaign.folds-3.h5"):
            self.refuses(study, name, "run", "study.yaml")

    def test_what_stands_in_the_folder_of_associations(self):
        study = self.make()
        study.add_line("study.yaml", "associate: {permute: true, full: [signal_1]}")
        for name in ("associations.h5", "associations.rank-1.block", "associations.part-2.h5", "campaign.lock", "associate.log", "targets.tsv", "qq.svg", "full/target_signal_1.tsv.gz"):
            self.refuses(study, f"out/{name}", "associate", "study.yaml")

    def test_what_stands_beside_a_campaign(self):
        study = self.make()
        self.assertEqual(study.arete(*study.arguments).returncode, 0)
        for command in (["status"], ["results"], ["permutation"]):
            arguments = [*command, "out/campaign.h5", *(["3"] if command == ["permutation"] else [])]
            self.refuses(study, "out/campaign.h5", *arguments)
        self.refuses(study, "out/campaign.lock", "status", "out/campaign.h5")
        self.refuses(study, "out/table.tsv", "results", "out/campaign.h5", "out/table.tsv")
        for make in KINDS:  # a part that is none is told of, as one of another study is
            make(study.path("out/campaign.part-1.h5"))
            done = subprocess.run([ARETE, "status", "out/campaign.h5"], cwd=study.folder, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
            self.assertEqual((done.returncode, "ignored:    1; out/campaign.part-1.h5: " in done.stdout), (0, True), done.stdout + done.stderr)
            self.refuses_as_it_is(study, "out/campaign.part-1.h5: ", "run", "study.yaml")
            self.refuses_as_it_is(study, "out/campaign.part-1.h5: ", "run", "study.yaml", "--fresh")
            if make is make_folder:
                study.path("out/campaign.part-1.h5").rmdir()
            else:
                study.delete("out/campaign.part-1.h5")

    def refuses_as_it_is(self, study, part, *arguments):
        done = subprocess.run([ARETE, *arguments], cwd=study.folder, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
        self.assertEqual((done.returncode, part in done.stderr), (2, True), done.stderr)

    def test_other_commands(self):
        study = self.make()
        study.write("made.yaml", "subjects: 40\nsnps: 100\noutput: made\n")
        self.refuses(study, "made.yaml", "simulate", "made.yaml")
        study = self.make(ParcelStudy)
        for name in ("parcels.yaml", "mask.nii.gz", "images.tsv", "brain/S03.nii.gz", "out/tree.h5", "out/parcellate.lock", "out/parcellate.log", "out/parcels-4.tsv"):
            self.refuses(study, name, "parcellate", "parcels.yaml")


if __name__ == "__main__":
    unittest.main()
