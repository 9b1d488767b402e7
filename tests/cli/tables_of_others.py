#!/usr/bin/python3
"""Tables as other programs write them: the same study in other clothes gives the same results."""
import gzip
import unittest

from runs import RunTest


def is_number(field):
    return field.replace(".", "").replace("-", "").replace("e", "").isdigit()


def quoted(text, separator):
    """As R's write.table does by default: quotes around everything that is no number."""
    rows = [[field if is_number(field) else f'"{field}"' for field in line.split("\t")] for line in text.splitlines()]
    return "".join(separator.join(row) + "\n" for row in rows)


class TablesOfOthers(RunTest):
    """One study for all: each test rewrites its targets and covariates."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plain = RunTest()
        cls.plain.setUp()
        cls.study = cls.plain.study
        cls.addClassCleanup(cls.plain.doCleanups)
        cls.tables = {name: cls.study.read(name) for name in ("targets.tsv", "covariates.tsv")}
        cls.plain.run_study("permutations.count=20", output="first")

    def setUp(self):
        super().setUp()
        self.addCleanup(self.restore)

    def restore(self):
        for name, text in self.tables.items():
            self.study.write(name, text)

    def check(self, rewrite):
        self.check_as("first", rewrite)

    def check_as(self, first, rewrite, *sets):
        for name, text in self.tables.items():
            self.study.write(name, rewrite(text))
        self.run_study("permutations.count=20", *sets, output="second", options=["--fresh"], quiet=first == "first")
        self.assertEqual(self.study.read("second/results.tsv"), self.study.read(f"{first}/results.tsv"))

    def test_quotes_and_tabs(self):
        self.check(lambda text: quoted(text, "\t"))

    def test_quotes_and_blanks(self):
        self.check(lambda text: quoted(text, " "))

    def test_a_blank_after_each_comma(self):
        self.check(lambda text: quoted(text, ", "))

    def test_semicolons_and_decimal_commas(self):
        self.check(lambda text: text.replace(".", ",").replace("\t", ";"))

    def test_line_ends_of_old_macs(self):
        self.check(lambda text: text.replace("\n", "\r"))

    def test_what_spreadsheets_and_programs_put_around(self):
        """A line that names the separator, comments, columns and rows without anything in them."""
        self.check(lambda text: "sep=;\n" + "".join(line.replace("\t", ";") + ";;\n" for line in text.splitlines()) + ";;;;\n;\n")
        self.check(lambda text: f"# made by R\n# FID and IID are made up\n{text}\t\t\n")

    def test_other_names_of_the_ids(self):
        self.study.give_folds(lambda k: k % 5)  # families share a fold no more
        without_fid = lambda text: "".join(line.split("\t", 1)[1] + "\n" for line in text.splitlines())  # noqa: E731
        self.study.write("folds.tsv", without_fid(self.study.read("folds.tsv")).replace("IID", "eid"))
        given = ["model.outer_folds={column: fold, table: folds.tsv, id_column: eid}"]
        self.addCleanup(self.study.write, "study.yaml", self.study.read("study.yaml").replace("{column: fold, table: folds.tsv}", "5"))
        self.run_study("permutations.count=20", *given, output="given", quiet=False)
        self.check_as("given", lambda text: without_fid(text).replace("IID", "Measure:volume").replace("\nS", "\nsub-S"), *given,
                      "targets.id_column=Measure:volume", "covariates.id_column=Measure:volume")

    def test_packed(self):
        self.check(lambda text: gzip.compress(text.encode()))


if __name__ == "__main__":
    unittest.main()
