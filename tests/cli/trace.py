#!/usr/bin/python3
"""`run.trace`: what it writes, that it changes no result, and the picture that scripts/trace-picture.py makes of it.

    tests/cli/trace.py
"""
import json
import re
import subprocess
import sys
import unittest
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

from support.tiny_study import TinyStudy

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "trace-picture.py"
COLUMNS = ["task", "start_s", "end_s", "worker", "memory_bytes", "count", "busy_s"]

# 600 SNPs in 8 chunks of one tile, of which K, the tile's heterozygosity and the chunk's are added up; 5 penalties x 5 folds; 5 units, each a block: of 200 permutations drawn one by one, and the observed scores beside them ...
COMMON = {"load_snps": 8, "gram_tile": 8, "gram_add": 24, "begin_svd": 1, "svd": 1, "finish_svd": 1, "tile_product": 5, "apply_operator": 5, "load_fold": 25, "save_block": 5}
SINGLE = COMMON | {"round_operator": 5, "gather_targets": 6, "ridge_batch": 30, "baseline_batch": 6, "reduce": 6}
# ... or of 8 orbits of 120: a criterion, from the rows of four inner folds, an error and, once a fold, a baseline; 40 columns in three groups of 16.
ORBITS = COMMON | {"form_rows": 100, "form_tile": 50, "finish_form": 50, "baseline_form": 5, "transform_form": 55, "arrange_targets": 5, "orbit_batch": 5, "reduce_orbit": 15}
UNITS = {"independent": 200, "orbits": 960}


def units(method, count=5):
    return [f"permutations.method={method}", f"permutations.count={count * UNITS[method]}", f"run.block={UNITS[method]}"]


class TraceTest(unittest.TestCase):
    def setUp(self):
        self.study = TinyStudy()
        self.addCleanup(self.study.remove)

    def run_study(self, *sets, output="out"):
        arguments = [part for one in sets for part in ("--set", one)]
        done = self.study.arete("run", "study.yaml", "--output", output, *arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done

    def rows(self, output="out"):
        """The tasks of each section."""
        header, *lines = self.study.lines(f"{output}/trace.tsv")
        self.assertEqual(header.split("\t"), COLUMNS)
        sections = []
        for line in filter(None, lines):
            if line.startswith("# arete-trace"):
                sections.append([])
            elif not line.startswith("# ended="):
                sections[-1].append(dict(zip(COLUMNS, line.split("\t"), strict=True)))
        return sections

    def picture(self, *arguments):
        return subprocess.run([sys.executable, SCRIPT, *arguments], cwd=self.study.folder, capture_output=True, text=True, timeout=60, check=False)

    def made(self, rows, ended="# ended=100.000000 peak_memory_bytes=2097152\n"):
        lines = "".join("\t".join(map(str, row)) + "\n" for row in rows)
        return "\t".join(COLUMNS) + "\n# arete-trace 1 workers=2 began=1700000000.000000\n" + lines + ended


class Trace(TraceTest):
    def test_no_result_changes(self):
        for method in UNITS:
            without, traced = f"{method}/without", f"{method}/with"
            self.run_study(*units(method), output=without)
            self.run_study(*units(method), "run.trace=true", "run.workers=2", output=traced)
            self.assertEqual(self.study.bytes(f"{traced}/results.tsv"), self.study.bytes(f"{without}/results.tsv"))
            self.assertFalse(self.study.path(f"{without}/trace.tsv").exists())

    def test_every_task_once_and_one_at_a_time(self):
        for method, tasks in (("independent", SINGLE), ("orbits", ORBITS)):
            self.run_study(*units(method), "run.trace=true", "run.workers=2", output=method)
            self.check_tasks(method, tasks)

    def check_tasks(self, output, tasks):
        (rows,) = self.rows(output)
        self.assertEqual(Counter(row["task"] for row in rows), tasks)
        self.assertEqual({row["count"] for row in rows}, {"1"})
        ended = float(re.search(r"^# ended=(\S+) peak_memory_bytes=\d+$", self.study.read(f"{output}/trace.tsv"), re.M)[1])
        for worker in {row["worker"] for row in rows}:
            self.assertIn(worker, ("0", "1"))
            times = sorted((float(row["start_s"]), float(row["end_s"])) for row in rows if row["worker"] == worker)
            flat = [time for pair in times for time in pair]
            self.assertEqual(flat, sorted(flat))
            self.assertTrue(0 < flat[0] and flat[-1] <= ended)
        for row in rows:
            self.assertAlmostEqual(float(row["busy_s"]), float(row["end_s"]) - float(row["start_s"]), delta=2e-6)
            self.assertTrue(1e6 < int(row["memory_bytes"]) < 1e9)

    def test_going_on_adds_and_starting_over_replaces(self):
        self.run_study(*units("orbits", 2), "run.trace=true")
        self.run_study(*units("orbits"), "run.trace=true")
        first, second = self.rows()
        count = Counter(row["task"] for row in second)
        self.assertEqual((len([row for row in first if row["task"] == "save_block"]), count["save_block"]), (2, 3))
        self.assertEqual((count["svd"], count["gram_tile"], count["reduce_orbit"]), (1, 0, 9))
        before = self.study.bytes("out/trace.tsv")
        self.run_study(*units("orbits"), "run.trace=true")  # nothing is left to do
        self.assertEqual(self.study.bytes("out/trace.tsv"), before)
        self.study.arete("run", "study.yaml", "--fresh", "--set", "run.trace=true")
        self.assertEqual(len(self.rows()), 1)

    def test_an_earlier_study_leaves_none(self):
        """Of any rank; the report would show it. What is no trace of arete's stays."""
        self.study.path("out").mkdir()
        for command, name in (("run", "trace"), ("associate", "associate-trace")):
            with self.subTest(command=command):
                rows = [("load_snps", 0.1, 0.2, 0, 1000, 1, 0.1)]
                for file in (f"out/{name}.tsv", f"out/{name}.rank-1.tsv", f"out/{name}.rank-12.tsv"):
                    self.study.write(file, self.made(rows))
                self.study.write(f"out/{name}.rank-2.tsv", "somebody's\n")
                done = self.study.arete(command, "study.yaml", "--set", "permutations.count=100")
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual([path.name for path in self.study.path("out").glob(f"{name}*")], [f"{name}.rank-2.tsv"])

    def test_a_trace_that_cannot_be_written_stops_nothing(self):
        self.study.path("out/trace.tsv").mkdir(parents=True)
        done = self.run_study("run.trace=true")
        self.assertIn("arete: warning: out/trace.tsv: could not be written whole: Is a directory\n", done.stderr)
        self.assertTrue(self.study.path("out/results.tsv").exists())

    def test_neither_true_nor_false(self):
        done = self.study.arete("run", "study.yaml", "--set", "run.trace=on")
        self.assertEqual(done.returncode, 2)
        self.assertEqual(done.stderr, 'arete: --set run.trace=on: run.trace: text "on" found; expected true or false\n')


class Picture(TraceTest):
    def test_of_a_campaign_that_went_on(self):
        self.run_study(*units("orbits", 2), "run.trace=true", "run.workers=2")
        self.run_study(*units("orbits"), "run.trace=true", "run.workers=2")
        done = self.picture("out/trace.tsv", "-o", "trace.svg")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        tree = ElementTree.parse(self.study.path("trace.svg"))
        words = " ".join(filter(None, (text.text for text in tree.iter("{http://www.w3.org/2000/svg}text"))))
        for part in ("run 1", "run 2", "genotypes", "operators", "permutations", "worker 0", "worker 1", "idle", *ORBITS):
            self.assertIn(part, words)
        shares = re.findall(r"^(\S+) .* ([\d.]+)%", done.stdout, re.M)
        self.assertEqual({name for name, _ in shares}, {*ORBITS, "(idle)"})
        self.assertAlmostEqual(sum(float(share) for _, share in shares), 100, delta=0.2)
        self.assertRegex(done.stdout, r"\n2 workers, \S+ s, \S+ core-hours, idle \S+ %, largest memory \d+ MiB\n$")

    def test_shares_of_a_known_trace(self):
        """Two workers for 100 s: 50 + 30 + 20 of 200 s, the 30 in ten tasks that one row sums up."""
        rows = [("svd", 0, 50, 0, 2**20, 1, 50), ("ridge_batch", 50, 100, 1, 2**20, 10, 30), ("my<task>", 60, 80, 0, 2**20, 1, 20)]
        self.study.write("trace.tsv", self.made(rows))
        done = self.picture("trace.tsv", "-o", "trace.svg")
        self.assertEqual(done.returncode, 0, done.stderr)
        shares = dict(re.findall(r"^(\S+) .* ([\d.]+)%", done.stdout, re.M))
        self.assertEqual(shares, {"svd": "25.00", "ridge_batch": "15.00", "my<task>": "10.00", "(idle)": "50.00"})
        self.assertIn("operators, 50 s: idle 50.0 %\npermutations, 50 s: idle 50.0 %\n", done.stdout)
        self.assertIn("0.0556 core-hours, idle 50.0 %, largest memory 2 MiB\n", done.stdout)
        ElementTree.parse(self.study.path("trace.svg"))

    def events(self, *traces):
        done = self.picture(*traces, "--chrome", "trace.json")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        whole = json.loads(self.study.read("trace.json"))
        self.assertEqual(sorted(whole), ["displayTimeUnit", "traceEvents"])
        return whole["traceEvents"]

    def check_format(self, events):
        """What the Trace Event Format asks of complete events, counters and names; events of one row nest or follow each other."""
        named, rows = set(), {}
        for event in events:
            self.assertIn(event["ph"], "XCM")
            self.assertTrue(isinstance(event["pid"], int) and isinstance(event["tid"], int) and isinstance(event["name"], str))
            if event["ph"] == "M":
                self.assertIn(event["name"], ("process_name", "thread_name"))
                self.assertIsInstance(event["args"]["name"], str)
                named.add((event["pid"], event["tid"]) if event["name"] == "thread_name" else event["pid"])
                continue
            self.assertGreaterEqual(event["ts"], 0)
            if event["ph"] == "C":
                self.assertIsInstance(event["args"]["MiB"], float)
                continue
            self.assertGreaterEqual(event["dur"], 0)
            rows.setdefault((event["pid"], event["tid"]), []).append((event["ts"], event["ts"] + event["dur"]))
        for row, spans in rows.items():
            self.assertTrue(row in named and row[0] in named, row)
            spans.sort()
            self.assertTrue(all(next_start >= end - 2 for (_, end), (next_start, _) in zip(spans, spans[1:])), row)
        return rows

    def test_for_chrome(self):
        self.run_study(*units("orbits"), "run.trace=true")
        events = self.events("out/trace.tsv")
        self.check_format(events)
        self.assertEqual(Counter(event["name"] for event in events if event["ph"] == "X"), ORBITS)
        self.assertEqual({event["cat"] for event in events if event["ph"] == "X"}, {"genotypes", "operators", "permutations"})
        first = min((event for event in events if event["name"] == "load_snps"), key=lambda event: event["ts"])
        row = min((row for row in self.rows()[0] if row["task"] == "load_snps"), key=lambda row: float(row["start_s"]))
        self.assertAlmostEqual(first["ts"], 1e6 * float(row["start_s"]), delta=2)
        self.assertAlmostEqual(first["dur"], 1e6 * (float(row["end_s"]) - float(row["start_s"])), delta=2)

    def test_for_chrome_of_sums_and_several_processes(self):
        """Rows that stand for a minute's tasks of a type overlap: each type has a row of its own."""
        rows = [("svd", 0, 20, 0, 2**20, 1, 20), ("ridge_batch", 20, 80, 0, 2**20, 500, 50), ("save_block", 25, 80, 0, 2**20, 100, 5), ("new_kind", 20, 80, 1, 2**20, 9, 5)]
        self.study.write("trace.tsv", self.made(rows))
        self.study.write("trace.rank-1.tsv", self.made(rows))
        spans = self.check_format(self.events("trace.tsv", "trace.rank-1.tsv"))
        self.assertEqual(sorted(spans), sorted((process, row) for process in (0, 1) for row in {row for _, row in spans}))
        self.assertEqual([len(one) for one in spans.values()], [1] * 8)

    def test_of_several_processes(self):
        for name, busy in (("trace.tsv", 100), ("trace.rank-1.tsv", 60)):
            self.study.write(name, self.made([("svd", 0, busy, 0, 2**20, 1, busy)]))
        done = self.picture("trace.rank-1.tsv", "trace.tsv", "-o", "trace.svg")
        self.assertIn("svd                      2     160.00  40.00%", done.stdout)
        self.assertIn("\n4 workers, 1 min 40 s, 0.111 core-hours, idle 60.0 %, largest memory 4 MiB\n", done.stdout)
        self.assertIn(">worker 1.0</text>", self.study.read("trace.svg"))

    def test_stays_small(self):
        """64 workers that never do the same for long."""
        names = list(ORBITS)
        rows = [(names[(k * 7 + k // 9 + w) % 12], k, k + 1, w, 2**20 * (1 + k % 50), 1, 1) for k in range(100) for w in range(64)]
        rows = [(name, start + j / 10, start + j / 10 + 0.05, *rest, 0.05) for name, start, _, *rest, _ in rows for j in range(10)]
        self.study.write("trace.tsv", self.made(rows).replace("workers=2", "workers=64"))
        self.assertEqual(self.picture("trace.tsv", "-o", "trace.svg").returncode, 0)
        self.assertLess(self.study.path("trace.svg").stat().st_size, 300_000)

    def test_killed_and_not_a_trace(self):
        rows = [("svd", 0, 50, 0, 2**20, 1, 50)]
        self.study.write("trace.tsv", self.made(rows, "svd\t50.0"))
        done = self.picture("trace.tsv")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("2 workers, 50 s,", done.stdout)
        self.study.write("trace.tsv", self.made(rows, "svd\t50.0\n# arete-trace 1 workers=2 began=1700000060.000000\n" + "svd\t0\t50\t0\t1\t1\t50\n"))
        self.assertIn("2 workers, 1 min 40 s,", self.picture("trace.tsv").stdout)
        self.study.write("trace.tsv", self.made([*rows, ("svd", 50), *rows]))
        done = self.picture("trace.tsv")
        self.assertEqual((done.returncode, len(done.stderr.splitlines())), (2, 1))
        self.assertTrue(done.stderr.startswith(r"trace-picture: trace.tsv:4: 'svd\t50' found; expected task start_s "), done.stderr)
        self.assertEqual(self.picture("study.yaml").returncode, 2)


if __name__ == "__main__":
    unittest.main()
