#!/usr/bin/python3
"""report.html as a file, and in Debian's Chromium: nothing asked for, nothing complained of, a table that sorts and filters, print and dark."""
import json
import re
import unittest

import h5py
from support.browser import CHROMIUM, Browser
from support.tiny_study import TinyStudy

HOSTILE = ['<script>alert(1)</script>', '"quoted"&\'single\'', "𝛼𝛽\U0001f9e0"]


class Report(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.study = TinyStudy()
        lines = cls.study.lines("targets.tsv")
        names = lines[0].split("\t")
        names[2:5] = HOSTILE
        cls.study.set_lines("targets.tsv", ["\t".join(names), *lines[1:]])
        done = cls.study.arete("run", "study.yaml", "--set", "permutations.count=200")
        assert done.returncode == 0, done.stderr
        cls.page = cls.study.path("out/report.html")

    @classmethod
    def tearDownClass(cls):
        cls.study.remove()

    def test_names_are_escaped_and_nothing_is_outside(self):
        text = self.page.read_text()
        self.assertNotIn("<script>alert", text)
        self.assertIn("&lt;script&gt;alert(1)&lt;/script&gt;", text)
        self.assertIn(HOSTILE[2], text)
        self.assertEqual(re.findall(r'(?:src|href)="(?!#)[^"]*"', text), [])
        self.assertLess(len(text.encode()), 1_000_000)

    def test_the_same_from_the_campaign_alone(self):
        done = self.study.arete("report", "out/campaign.h5", "out/report.html")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        before = self.page.read_bytes()
        self.assertEqual(self.study.arete("report", "out/campaign.h5").returncode, 0)
        self.assertEqual(self.page.read_bytes(), before)

    def test_the_same_wherever_the_campaign_is(self):
        """The page is called by the study's output folder, not by the one that it was mailed to."""
        self.study.path("mailed").mkdir(exist_ok=True)
        self.study.write("mailed/campaign.h5", self.study.bytes("out/campaign.h5"))
        self.assertEqual(self.study.arete("report", "mailed/campaign.h5", "here.html").returncode, 0)
        self.assertEqual(self.study.bytes("here.html"), self.page.read_bytes())
        self.assertIn("<title>out · arete</title>", self.page.read_text())

    def test_somebodys_file_stays(self):
        self.study.write("mine.html", "<html>mine</html>")
        done = self.study.arete("report", "out/campaign.h5", "mine.html")
        self.assertEqual(done.returncode, 2)
        self.assertEqual(self.study.read("mine.html"), "<html>mine</html>")

    def test_unfinished(self):
        self.study.path("part").mkdir()
        self.study.write("part/campaign.h5", self.study.bytes("out/campaign.h5"))
        with h5py.File(self.study.path("part/campaign.h5"), "r+") as campaign:
            campaign["null/unit_crc"][-1] = 0
        done = self.study.arete("report", "part/campaign.h5")
        self.assertEqual(done.returncode, 0, done.stderr)
        text = self.study.read("part/report.html")
        self.assertIn("<strong>Not finished:</strong>", text)
        self.assertNotIn('<section id="null"', text)
        self.assertNotRegex(text, r"<th [^>]*>p_fwer</th>")

    @unittest.skipUnless(CHROMIUM, "no Chromium here")
    def test_in_a_browser(self):
        with Browser() as browser:
            page = browser.open(self.page)
            column = "[...document.querySelectorAll('#table tbody tr')].map(row => row.cells[{}].textContent)".format
            r2 = page.evaluate("[...document.querySelectorAll('#table thead th')].findIndex(head => head.textContent === 'r2')")
            click = f"document.querySelectorAll('#table thead th button')[{r2}].click()"
            page.evaluate(click)
            down = [float(cell) for cell in page.evaluate(column(r2)) if cell != "NA"]
            page.evaluate(click)
            up = [float(cell) for cell in page.evaluate(column(r2)) if cell != "NA"]
            self.assertEqual(down, sorted(down, reverse=True))
            self.assertEqual(up, sorted(down))
            self.assertGreater(len(set(down)), 2)
            page.evaluate("document.getElementById('filter').value = 'SCRIPT'; document.getElementById('filter').dispatchEvent(new Event('input'))")
            self.assertEqual(page.evaluate(column(0)), [HOSTILE[0]])
            self.assertEqual(page.evaluate("[...document.querySelectorAll('.choice')].map(c => c.querySelectorAll('figure.on').length)"), [1, 1])
            page.evaluate("(() => { const list = document.querySelectorAll('.choice select')[0]; list.selectedIndex = 2; list.dispatchEvent(new Event('change')); })()")
            names = page.evaluate("[...document.querySelectorAll('.choice figure.on')].map(figure => figure.dataset.name)")
            self.assertEqual(len(set(names)), 1, "one target, in all figures")
            self.check_keyboard(page)
            self.check_contrast(page)
            light = page.evaluate("getComputedStyle(document.body).backgroundColor")
            page.media(dark=True)
            self.assertNotEqual(page.evaluate("getComputedStyle(document.body).backgroundColor"), light)
            self.check_contrast(page)
            page.media("print")
            self.assertEqual(page.evaluate("getComputedStyle(document.querySelector('nav')).display"), "none")
            self.assertEqual(page.evaluate("getComputedStyle(document.querySelector('#table thead button')).display"), "inline-block", "headings are printed")
            self.assertEqual(page.requests, [self.page.resolve().as_uri()])
            self.assertEqual(page.complaints, [])
            self.check_rounded(browser)

    def check_rounded(self, browser):
        """A target under .05 is found, although its cell may be rounded up to it (.04995: 0.05)."""
        before, rows, after = re.fullmatch(r'(.*id="rows">)(.*?)(</script>.*)', self.page.read_text(), re.DOTALL).groups()
        heads = re.findall(r'<th scope="col"[^>]*>(\w+)</th>', before)
        rows, fwer = json.loads(rows), heads.index("p_fwer")
        found = [row for row in rows if row[fwer] != "NA" and float(row[fwer]) < 0.05]
        self.assertTrue(0 < len(found) < len(rows))
        for row in found:
            row[fwer] = "0.05"
        self.study.write("rounded.html", before + json.dumps(rows).replace("<", "\\u003c") + after)
        page = browser.open(self.study.path("rounded.html"))
        page.evaluate("document.getElementById('found').click()")
        shown = page.evaluate("[...document.querySelectorAll('#table tbody tr')].map(row => [...row.cells].map(cell => cell.textContent))")
        self.assertEqual(shown, [row[: len(heads)] for row in found])

    def check_keyboard(self, page):
        """Tab comes first to the link past the contents, then to what can be used; each shows where it is; Enter sorts."""
        page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
        page.press("Tab", 9)
        self.assertEqual(page.evaluate("[document.activeElement.className, document.activeElement.getBoundingClientRect().left > 0]"), ["skip", True])
        page.evaluate("document.querySelector('#table thead button').focus()")
        page.press("Tab", 9)
        self.assertEqual(page.evaluate("document.activeElement.textContent"), "n")
        self.assertNotEqual(page.evaluate("getComputedStyle(document.activeElement).outlineStyle"), "none")
        page.press("Enter", 13)
        self.assertEqual(page.evaluate("document.activeElement.closest('th').getAttribute('aria-sort')"), "descending")
        without = "[...document.querySelectorAll('a,button,input,select,[tabindex]')].filter(e => e.tabIndex < 0 || !(e.textContent.trim() || e.labels?.length || e.ariaLabel)).length"
        self.assertEqual(page.evaluate(without), 0)
        self.assertEqual(page.evaluate("[...document.querySelectorAll('svg')].filter(svg => !svg.ariaLabel || svg.getAttribute('role') !== 'img').length"), 0)

    def check_contrast(self, page):
        """Texts stand out from what is behind them, 4.5 to 1 at least (WCAG AA)."""
        poor = page.evaluate("""(() => {
            const numbers = (color) => color.match(/[\\d.]+/g).map(Number);
            const light = (color) => { const [r, g, b] = numbers(color).map(v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
                return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
            const behind = (e) => { while (e && /^rgba.* 0\\)$/.test(getComputedStyle(e).backgroundColor)) e = e.parentElement;
                return e ? getComputedStyle(e).backgroundColor : 'rgb(255, 255, 255)'; };
            const poor = new Set();
            for (const e of document.querySelectorAll('body *')) {
                if (e.closest('script,.brain,.skip') || ![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) || !e.getClientRects().length) continue;
                const style = getComputedStyle(e), back = behind(e.closest('svg') ?? e);
                if (back.startsWith('color')) continue; // mixed
                const [x, y] = [light(e.closest('svg') ? style.fill : style.color), light(back)].sort((a, b) => b - a);
                if ((x + 0.05) / (y + 0.05) < 4.5) poor.add(`${e.tagName}.${e.className.baseVal ?? e.className} ${style.color} on ${back}`);
            }
            return [...poor]; })()""")
        self.assertEqual(poor, [])


if __name__ == "__main__":
    unittest.main()
