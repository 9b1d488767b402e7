#!/usr/bin/python3
"""report.html and associations.html can be mailed: no ID of anybody is in them, whatever the study was warned of, and no image's name. run.log has them."""
import re
import unittest

import h5py
from support.image_study import ImageStudy
from support.tiny_study import TinyStudy

TEXTS = ["chr1.fam", "chr2.fam", "targets.tsv", "covariates.tsv"]
LACKING = range(96, 104)  # whose calls are missing, from 0


def give_long_ids(study, *more):
    """S001 is in a page by chance, where pictures are base64; Person-S001 is not."""
    for name in [*TEXTS, *more]:
        study.write(name, re.sub(r"\b([SF])(\d{2,3})\b", lambda found: {"S": "Person-S", "F": "Family-F"}[found[1]] + found[2], study.read(name)))


def ids(study):
    people = [line.split()[:2] for line in study.lines("chr1.fam")]
    return {text for person in people for text in person}


def lack_calls(study):
    for name in ("chr1.bed", "chr2.bed"):
        data = bytearray(study.bytes(name))
        for snp in range(300):
            for person in LACKING:
                at, shift = 3 + snp * 30 + person // 4, 2 * (person % 4)
                data[at] = data[at] & ~(3 << shift) | 1 << shift
        study.write(name, bytes(data))


class NamesNobody(unittest.TestCase):
    def check(self, study, page):
        text = study.read(page)
        self.assertEqual([name for name in sorted(ids(study)) if name.lower() in text.lower()], [])
        return text

    def run_both(self, study, *arguments):
        """Both pages, and those that `arete report` makes of the campaigns."""
        found = {}
        for command, page in (("run", "report.html"), ("associate", "associations.html")):
            done = study.arete(command, "study.yaml", "--set", "associate.permute=true", *arguments)
            self.assertEqual(done.returncode, 0, done.stderr)
            found[command] = done.stderr, self.check(study, f"out/{page}")
        for campaign in ("campaign.h5", "associations.h5"):
            self.assertEqual(study.arete("report", f"out/{campaign}", f"{campaign}.html").returncode, 0)
            self.check(study, f"{campaign}.html")
        return found

    def test_warnings(self):
        study = TinyStudy()
        self.addCleanup(study.remove)
        give_long_ids(study)
        lack_calls(study)
        study.set_value("covariates.tsv", "Person-S011", "age", "9999")
        rows = study.lines("targets.tsv")
        study.set_lines("targets.tsv", [row.lower() if 20 < k <= 32 else row for k, row in enumerate(rows)])
        study.set_lines("remove.txt", [*(f"Family-X{k} Person-X{k}" for k in range(5)), "Family-F60 Person-S120"])
        study.replace("study.yaml", "  plink: chr{1..2}\n", "  plink: chr{1..2}\n  remove: remove.txt\n")
        for terminal, page in self.run_both(study).values():
            log = study.read("out/run.log")
            for told in (r"covariate age: FID Family-F\d+ IID Person-S011 has 9999, which alone makes", r"not in targets.tsv \(targets\), e.g. FID Family",
                         r"subjects are not in the genotypes, e.g. FID Family-X", r"selected calls missing .*, e.g. FID Family"):
                self.assertRegex(terminal.replace("\n       ", " "), told)
                self.assertRegex(log, told)
            self.assertIn("covariate age: the value of one person alone makes", page)
            self.assertIn("others are there: small and capital letters differ", page)
            self.assertIn("remove.txt (remove): 5 of its 6 subjects are not in the genotypes", page)
            self.assertIn("of the 600 selected calls missing (genotypes.max_missing_per_subject)", page)
            for gone in ("9999", "Family", "Person"):
                self.assertNotIn(gone, page)

    def test_images(self):
        study = ImageStudy()
        self.addCleanup(study.remove)
        give_long_ids(study, "brain/images.tsv")
        for path in study.path("brain").glob("S*.nii.gz"):
            path.rename(path.with_name(f"Person-{path.name}"))
        for _, page in self.run_both(study).values():
            self.assertIn("brain/mask.nii<", page)
            self.assertIn("brain/atlas.nii.gz<", page)
            self.assertIn("and 120 images of a person each", page)
        with h5py.File(study.path("out/campaign.h5")) as campaign:
            files = [file["path"] for file in campaign["study/files"]]
        self.assertIn(b"brain/Person-S001.nii.gz", files)


if __name__ == "__main__":
    unittest.main()
