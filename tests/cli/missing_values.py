#!/usr/bin/python3
"""People who lack a covariate or a target: dropped where the study says so, listed in a file where they are many."""
import re
import unittest

from runs import RunTest

DROP = ["covariates.missing=drop-subject", "permutations.count=50"]


class MissingValues(RunTest):
    def forget(self, table, column, people):
        for iid in people:
            self.study.set_value(table, iid, column, "NA")

    def test_drop_subject_drops_as_remove_does(self):
        """Of covariates, labels and the columns that only `within` and `keep_together` name."""
        self.study.add_column("covariates.tsv", "house", lambda fid, iid: fid)
        gaps = {"age": ["S011"], "site": ["S011", "S116"], "house": ["S020"]}
        dropped = ["S011", "S020", "S116"]
        sets = ["model.keep_together=house", "permutations.count=50"]
        self.study.set_lines("remove.txt", dropped)
        self.run_study(*sets, "genotypes.remove=remove.txt", output="removed")
        for column, people in gaps.items():
            self.forget("covariates.tsv", column, people)
        done = self.run_study(*sets, DROP[0])
        self.assertEqual(self.results(), self.results("removed"))
        self.assertIn("subjects: 3 dropped: a covariate is missing (age: 1, site: 2, house: 1)\n", self.log())
        self.assertNotIn("a covariate is missing", done.stderr)  # 3 of 120 are few
        again = self.run_study(*sets, DROP[0])  # goes on with the people of the campaign
        self.assertEqual((again.returncode, self.results()), (0, self.results("removed")))

    def test_many_who_are_dropped_are_told_of(self):
        self.forget("covariates.tsv", "age", [f"S{k:03d}" for k in range(1, 13)])
        done = self.run_study(*DROP, quiet=False)
        self.assertIn("arete: warning: 12 of 120 subjects dropped: a covariate is missing (age: 12)\n", done.stderr)
        self.assertEqual(self.results()["signal_1"]["n"], "108")

    def test_nobody_lacks_a_covariate(self):
        self.run_study(*DROP)
        self.assertIn("subjects: 0 dropped: a covariate is missing\n", self.log())

    def check_list(self, table, column, name, message):
        """The list is what genotypes.remove takes."""
        people = [f"S{k:03d}" for k in range(7, 18)]
        self.forget(table, column, people)
        refused = self.study.arete("run", "study.yaml")
        self.assertEqual(refused.returncode, 2)
        self.assertEqual(refused.stderr.splitlines()[-1], message)
        header, *listed = [line.split("\t") for line in self.study.lines(f"out/{name}")]
        self.assertEqual((header, [iid for _, iid in listed]), (["FID", "IID"], people))
        self.assertFalse(self.study.path("out/campaign.h5").exists())
        self.run_study("permutations.count=50", f"genotypes.remove=out/{name}", quiet=False)
        self.assertEqual(self.results()["signal_1"]["n"], "109")
        before = self.study.bytes(f"out/{name}")
        self.forget(table, column, [f"S{k:03d}" for k in range(30, 50)])  # the list is an input now, and stays
        refused = self.study.arete("run", "study.yaml", "--set", f"genotypes.remove=out/{name}", "--set",
                                   "targets.max_missing_per_target=0.5", "--fresh")
        self.assertIn("20 subjects, e.g. FID F15 IID S030; expected", refused.stderr)
        self.assertEqual(self.study.bytes(f"out/{name}"), before)

    def test_plan_lists_nobody_in_a_file(self):
        self.forget("covariates.tsv", "site", [None])
        before = self.study.content()
        refused = self.study.arete("plan", "study.yaml")
        self.assertEqual((refused.returncode, self.study.content()), (2, before))
        self.assertEqual(refused.stderr, "arete: covariates.tsv: without a value (site: 120): 120 subjects, e.g. FID F01 IID S001; expected a value for "
                                         "everybody (covariates.missing: drop-subject leaves out those who lack one)\n")

    def test_a_list_of_people_without_covariates(self):
        self.check_list("covariates.tsv", "site", "without_covariates.tsv",
                        "arete: covariates.tsv: without a value (site: 11): 11 subjects, e.g. FID F04 IID S007, all of them in out/without_covariates.tsv; "
                        "expected a value for everybody (covariates.missing: drop-subject leaves out those who lack one)")

    def test_a_list_of_people_without_targets(self):
        self.check_list("targets.tsv", "noise_1", "without_targets.tsv",
                        "arete: targets.tsv: without a value: 11 subjects, e.g. FID F04 IID S007, all of them in out/without_targets.tsv; expected a value "
                        "for everybody (targets.missing: drop-subject leaves out those who lack one, mean keeps them)")

    def test_numbers_that_look_like_codes(self):
        """Far from all other values, and declared neither as codes nor as values."""
        for iid in ("S007", "S008", "S011"):
            self.study.set_value("targets.tsv", iid, "noise_1", "-999")
            self.study.set_value("covariates.tsv", iid, "age", "999.0")
        self.study.set_value("targets.tsv", "S012", "noise_2", "99")
        told = ["arete: warning: targets: noise_1 has -999 in 3 of 120 people, far from all other values (and such values in 1 more): a code for a missing value? "
                "Then write targets.missing_codes: [-999] in the study file, else targets.not_missing: [-999]",
                "arete: warning: covariates: age has 999 in 3 of 120 people, far from all other values: a code for a missing value? "
                "Then write targets.missing_codes: [999] in the study file, else covariates.not_missing: [999]"]
        found = [line for line in self.study.arete("plan", "study.yaml").stderr.splitlines() if "a code for a missing value?" in line]
        self.assertEqual(found, told)
        for sets in (["targets.not_missing=[-999, 99]", "covariates.not_missing=[999]"],
                     ["targets.missing_codes=[-999, 999, 99]", "targets.missing=mean", "covariates.missing=drop-subject"]):
            done = self.study.arete("plan", "study.yaml", *(part for one in sets for part in ("--set", one)))
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertNotIn("a code for a missing value?", done.stderr)

    def test_a_list_with_blanks_in_the_ids(self):
        for name in ("chr1.fam", "chr2.fam", "targets.tsv", "covariates.tsv"):
            self.study.set_lines(name, [re.sub(r"^(F\d+)", r'"family \1"', line) for line in self.study.lines(name)])
        self.forget("targets.tsv", "noise_1", [f"S{k:03d}" for k in range(7, 18)])
        self.assertEqual(self.study.arete("run", "study.yaml").returncode, 2)
        self.assertEqual(self.study.lines("out/without_targets.tsv")[1], '"family F04"\tS007')
        done = self.study.arete("plan", "study.yaml", "--set", "genotypes.remove=out/without_targets.tsv")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("subjects: 11 dropped: in out/without_targets.tsv", done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
