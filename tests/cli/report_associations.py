#!/usr/bin/python3
"""associations.html of arete associate, with and without permutations, and the timeline that both reports draw of a trace."""
import json
import re
import unittest

import h5py
import numpy as np
from support.browser import CHROMIUM, Browser
from support.campaign_file import crc32c_of
from support.tiny_study import TinyStudy

SECTIONS = ["targets", "snps", "null", "flow", "relatives", "study", "methods"]


def sections(text):
    return re.findall(r'<section id="(\w+)"', text)


class Report(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.study = TinyStudy()
        cls.addClassCleanup(cls.study.remove)
        cls.study.write("chr1.bim", cls.study.read("chr1.bim").replace("\trs1003\t", '\t"<script>&rs1003"\t'))
        for name, factor in (("chr1.bim", 4.5), ("chr2.bim", 0)):  # over and under a million; unknown
            cls.study.write(name, re.sub(r"\d+(?=\t[ACGT]\t)", lambda place: str(int(factor * int(place[0]))), cls.study.read(name)))
        cls.study.add_line("study.yaml", "associate: {permute: true, report_p: 1e-3}")
        done = cls.study.arete("associate", "study.yaml", "--set", "permutations.count=240")
        assert done.returncode == 0, done.stderr
        cls.page = cls.study.path("out/associations.html")

    def put(self, path, index, value):
        """A value of the campaign, with the right CRC."""
        with h5py.File(self.study.path("part/associations.h5"), "r+", libver=("v108", "latest")) as file:
            values = file[path][...]
            values[index] = value
            file[path][...] = values
            file[path].attrs.modify("crc32c", crc32c_of(values.tobytes()))

    def copy(self):
        self.study.path("part").mkdir(exist_ok=True)
        self.study.write("part/associations.h5", self.study.bytes("out/associations.h5"))

    def test_what_the_tables_say(self):
        text = self.page.read_text()
        self.assertEqual(sections(text), SECTIONS)
        pairs = len(self.study.lines("out/associations.tsv")) - 1
        self.assertIn(f"<strong>{pairs}</strong> pairs of a SNP and a target have p &le; 0.001", text)
        rows = json.loads(re.search(r'id="rows">(.*?)</script>', text, re.DOTALL)[1])
        heads = re.findall(r'<th scope="col"[^>]*>(\w+)</th>', text.split("<tbody>")[0])
        shown = {row[0]: dict(zip(heads, row, strict=False)) for row in rows}  # a number stands behind the texts of some
        head, *lines = (line.split("\t") for line in self.study.lines("out/targets.tsv"))
        for row in (dict(zip(head, line, strict=True)) for line in lines):
            page = shown[row["target"]]
            self.assertEqual(row["base_pair_location"] == "NA", row["chromosome"] in ("2", "NA"))
            self.assertEqual((page["best_snp"], page["n_hits"]), (row["variant_id"], row["n_hits"]) if row["n_hits"] != "NA" else ("NA", "NA"))
            for ours, theirs in (("p_value", "p_value"), ("beta", "beta"), ("p_snps", "p_snps"), ("p_fwer", "p_fwer")):
                if row[theirs] != "NA":
                    self.assertAlmostEqual(float(page[ours]) / float(row[theirs]), 1, 2)
        self.assertIn("240 permutations", text)
        self.assertIn("beyond the dashed line at .1 (first cousins and closer;", text)  # .125
        self.assertRegex(text, "had a SNP with family-wise p &lt; .05")

    def test_plots_are_those_beside_it(self):
        text = self.page.read_text()
        for name in ("manhattan.svg", "qq.svg"):
            marks = re.findall(r'<path class="(?:odd|even|over)"[^>]*>|<circle class="point"[^>]*>', self.study.read(f"out/{name}"))
            self.assertGreater(len(marks), 2)
            self.assertTrue(all(mark in text for mark in marks), name)

    def test_the_same_from_the_campaign_alone(self):
        before = self.page.read_bytes()
        self.assertEqual(self.study.arete("report", "out/associations.h5").returncode, 0)
        self.assertEqual(self.page.read_bytes(), before)

    def test_names_are_escaped(self):
        self.assertNotIn("<script>&rs", self.page.read_text())
        self.assertEqual(re.findall(r'(?:src|href)="(?!#)[^"]*"', self.page.read_text()), [])

    def test_not_permuted(self):
        """No campaign; the report all the same."""
        done = self.study.arete("associate", "study.yaml", "--set", "associate.permute=false", "--output", "plain")
        self.assertEqual(done.returncode, 0, done.stderr)
        text = self.study.read("plain/associations.html")
        self.assertEqual(sections(text), [name for name in SECTIONS if name not in ("null", "relatives")])
        self.assertNotIn("permut", re.search(r'id="paragraph">.*?</p>', text, re.DOTALL)[0])
        self.assertFalse(self.study.path("plain/associations.h5").exists())

    def test_unfinished(self):
        self.copy()
        with h5py.File(self.study.path("part/associations.h5"), "r+") as campaign:
            campaign["null/unit_crc"][-1] = 0
        done = self.study.arete("report", "part/associations.h5")
        self.assertEqual(done.returncode, 0, done.stderr)
        text = self.study.read("part/associations.html")
        self.assertIn("<strong>Not finished:</strong>", text)
        self.assertEqual(sections(text), [name for name in SECTIONS if name != "null"])

    def test_what_cannot_be(self):
        for path, index, value, message in (("best/beta", 0, np.nan, "/best holds what no SNP"), ("best/log_p", 0, 1.0, "/best holds what no SNP"),
                                            ("best/n_hits", 0, -1, "/best holds what no SNP"), ("plots/quantile", (1, 1), np.inf, "/plots has places outside"),
                                            ("plots/quantile", (1, 0), -1.0, "/plots has places outside")):
            with self.subTest(path=path):
                self.copy()
                self.put(path, index, value)
                done = self.study.arete("report", "part/associations.h5")
                self.assertEqual((done.returncode, len(done.stderr.splitlines())), (1, 1), done.stderr)
                self.assertIn(message, done.stderr)

    @unittest.skipUnless(CHROMIUM, "no Chromium here")
    def test_in_a_browser(self):
        with Browser() as browser:
            page = browser.open(self.page)
            names = page.evaluate("[...document.querySelectorAll('#table thead th')].map(head => head.textContent)")

            def sort_by(name):
                page.evaluate(f"document.querySelectorAll('#table thead th button')[{names.index(name)}].click()")
                cells = page.evaluate(f"[...document.querySelectorAll('#table tbody tr')].map(row => row.cells[{names.index(name)}].textContent)")
                return [cell for cell in cells if cell != "NA"]

            up = [float(cell) for cell in sort_by("p_value")]
            self.assertEqual((len(up), up), (5, sorted(up)))
            places = [tuple(map(int, cell.replace(",", "").split(":"))) for cell in sort_by("position")]
            self.assertEqual(places, sorted(places))
            self.assertEqual(places[-1], (2,))
            self.assertEqual({place[1] >= 1_000_000 for place in places if place[0] == 1}, {False, True})
            self.assertEqual((page.requests, page.complaints), ([self.page.resolve().as_uri()], []))


class Timeline(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.study = TinyStudy()
        cls.addClassCleanup(cls.study.remove)

    def run_study(self, command, *sets):
        done = self.study.arete(command, "study.yaml", *(part for one in sets for part in ("--set", one)))
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_of_a_run_that_went_on(self):
        self.run_study("run", "run.trace=true", "permutations.count=200")
        self.run_study("run", "run.trace=true", "permutations.count=5000", "run.workers=2")
        text = self.study.read("out/report.html")
        self.assertIn("timeline", sections(text))
        for part in ("orbit_batch", "2 runs, the time between them left out", " MB; "):
            self.assertTrue(part in text, part)
        shares = [float(share) for share in re.findall(r'class="label"[^>]*>\w+ ([\d.]+) %</text>', text.split('id="timeline"')[1].split("</section>")[0])]
        self.assertGreater(len(shares), 3)
        self.assertLessEqual(sum(shares), 100)
        before = self.study.bytes("out/report.html")
        self.assertEqual(self.study.arete("report", "out/campaign.h5").returncode, 0)
        self.assertEqual(self.study.bytes("out/report.html"), before, "the same campaign and trace give the same bytes")
        for count in (200, 5000):
            self.run_study("associate", "run.trace=true", "associate.permute=true", f"permutations.count={count}")
        self.assertTrue("2 runs, the time between them left out" in self.study.read("out/associations.html"))
        self.assertEqual(self.study.arete("report", "out/campaign.h5").returncode, 0)
        self.assertEqual(self.study.bytes("out/report.html"), before, "the other command has its own trace")
        self.check_strange(self.study.read("out/trace.tsv"))

    def check_strange(self, trace):
        """Traces that were cut, or are none: what can be read, and nothing that harms."""
        head, section, row = (line + "\n" for line in trace.splitlines()[:3])
        row = "orbit_batch" + row[row.index("\t"):]
        for lines, is_drawn in ((head, False), (head + section, False), ("mine\n" + section + row, False), (head + row, False),
                                (head + section + row + row[:9], True), (head + section + row + "<b>&x" + row[row.index("\t"):], True),
                                (head + section + "a\tnan\tinf\t0\t1\t1\t1\n" + row + "# arete-trace 1 workers=-3 began=x\n" + row, True),
                                (head + section + row + "x" * 100000 + "\n" + row, True)):
            self.study.write("out/trace.tsv", lines)
            self.assertEqual(self.study.arete("report", "out/campaign.h5").returncode, 0)
            text = self.study.read("out/report.html")
            self.assertEqual("timeline" in sections(text), is_drawn, lines[-200:])
            self.assertNotIn("<b>&x", text)
            self.assertNotRegex(text.split('id="timeline"')[-1], r"[\" ]-?(nan|inf)\b")


if __name__ == "__main__":
    unittest.main()
