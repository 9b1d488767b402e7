#!/usr/bin/python3
"""Campaigns made to harm: numbers that cannot be, with right CRCs, and HDF5 that leads elsewhere. Each is refused by one line that names it, in a moment.

    tests/cli/hostile.py
"""
import os
import subprocess
import unittest

import h5py
import numpy as np

from support.campaign_file import crc32c_of, with_units_of
from support.tiny_study import ARETE, TinyStudy

PATIENCE_S = 60
HUGE = [-(2**63), -1, 0, 2**62, 2**63 - 1]


class Hostile(unittest.TestCase):
    METHOD = "independent"

    @classmethod
    def setUpClass(cls):
        cls.study = TinyStudy()
        cls.addClassCleanup(cls.study.remove)
        done = cls.study.arete(*cls.study.arguments, "--set", f"permutations.method={cls.METHOD}")
        assert done.returncode == 0, done.stderr
        cls.whole = cls.study.bytes("out/campaign.h5")

    def refuses(self, change, *parts, commands=(["status", "out/campaign.h5"],)):
        """change(file): what is done to the campaign."""
        self.study.write("out/campaign.h5", self.whole)
        with h5py.File(self.study.path("out/campaign.h5"), "r+", libver=("v108", "latest")) as file:
            change(file)
        for arguments in commands:
            done = subprocess.run([ARETE, *arguments], cwd=self.study.folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE_S,
                                  check=False)
            self.assertEqual((done.returncode, done.stdout, len(done.stderr.splitlines())), (1, "", 1), f"{arguments} {parts} {done.stderr}")
            for part in ("out/campaign.h5: ", *parts):
                self.assertIn(part, done.stderr)

    @staticmethod
    def put(file, path, index, value):
        """A value with the right CRC."""
        values = file[path][...]
        values[index] = value
        file[path][...] = values
        file[path].attrs.modify("crc32c", crc32c_of(values.tobytes()))

    def test_counts(self):
        for name in ("count", "G", "T"):
            for value in HUGE:
                with self.subTest(name=name, value=value):
                    self.refuses(lambda file, name=name, value=value: file["permutation/block"].attrs.modify(name, np.int64(value)))
        for value in (-1, 0, 2**31 - 1):
            self.refuses(lambda file, value=value: file["folds/inner"].attrs.modify("count", np.int32(value)))
        everywhere = [["status", "out/campaign.h5"], ["results", "out/campaign.h5", "table.tsv"], ["permutation", "out/campaign.h5", "1"]]
        for value in (-5, 0):
            self.refuses(lambda file, value=value: file["gram"].attrs.modify("snps", np.int64(value)), "SNPs", commands=everywhere)

    def test_values(self):
        for path in ("penalties", "covariates", "targets/residual", "gram"):
            for value in (np.nan, np.inf):
                self.refuses(lambda file, path=path, value=value: self.put(file, path, -1, value), f"/{path} holds what is no number")
        self.refuses(lambda file: self.put(file, "penalties", 1, 0.0), "/penalties: ")
        self.refuses(lambda file: self.put(file, "folds/outer", 3, 2**31 - 1), "/folds/outer names a fold")
        self.refuses(lambda file: self.put(file, "folds/outer", 3, -7), "/folds/outer names a fold")

    def test_what_contradicts_itself(self):
        """One dataset of another, or of what can be: /targets/n of 120 people, correlations, folds."""
        for path, index, value, message in (
                ("targets/n", 0, 121, "target 0 has 121 values, of 120 people"),
                ("targets/n", 0, -1, "target 0 has -1 values"),
                ("targets/analysed", 0, 7, "target 0 has 120 values"),
                ("observed/r", 0, 1.01, "/observed/r holds numbers that cannot be; expected -1 to 1"),
                ("observed/r2", 1, np.inf, "/observed/r2 holds numbers that cannot be"),
                ("observed/r2_by_fold", (1, 0), 7, "/observed/r2_by_fold holds numbers that cannot be"),
                ("observed/penalty_by_fold", (0, 1), np.inf, "/observed/penalty_by_fold holds what is none of its 5 penalties"),
                ("power/expected_r2", 0, -1, "/power/expected_r2 holds numbers that cannot be; expected 0 to 1"),
                ("power/heritability", 0, 1e308, "/power/heritability holds numbers that cannot be"),
                ("relatives/pairs", 7, 2**62, "/relatives/pairs counts what cannot be"), ("relatives/pairs", 7, -1, "/relatives/pairs counts what cannot be"),
                ("permutation/block", 3, -1, "/permutation/block names a block"),
                ("folds/outer", 119, 0, "/folds/outer and inner do not part its 120 subjects into 5 x 4 folds"),
                ("folds/outer", slice(None), 0, "/folds/outer and inner do not part"),
                ("folds/inner", (1, 0), -1, "/folds/outer and inner do not part"),
                ("folds/inner", (0, 0), 0, "/folds/outer and inner do not part")):
            with self.subTest(path=path, value=value):
                self.refuses(lambda file, path=path, index=index, value=value: self.put(file, path, index, value), message)

    def test_more_nodes_than_scores_have_room_for(self):
        """299 of 300 penalties with weights: a run that went on wrote beyond its stack."""
        def more(file):
            n_outer = len(np.unique(file["folds/outer"][...]))
            weights = np.zeros((2 * n_outer * 300, 300))
            errors = np.zeros((n_outer * 299, file["observed/r"].size))
            old = file["penalties"][...]
            penalty = np.concatenate([old, old[-1] + 1 + np.arange(300 - old.size)])
            for path, values in (("penalties", penalty), ("nodes/penalty", np.arange(299, dtype=np.int32)), ("nodes/weight", weights), ("observed/node_error", errors)):
                if path in file:
                    del file[path]
                    file.create_dataset(path, data=values).attrs.create("crc32c", crc32c_of(values.tobytes()))

        self.refuses(more, "/nodes/penalty: 299 nodes with weights; expected at most 256", commands=(["status", "out/campaign.h5"], self.study.arguments))

    def refuses_units(self, unit, width, message, commands):
        with self.subTest(unit=unit, width=width):
            self.refuses(lambda file: with_units_of(file, unit, width), "is damaged", message, commands=commands)

    def test_units_of_another_size(self):
        """Rows were computed by 200 and saved by 1000: memory behind them went into the file, and into p."""
        for unit in (1, 199, 201, 1000, 2000000):
            self.refuses_units(unit, None, f"a unit of {unit} permutations found; expected 200, of 5 targets", [self.study.arguments])

    def test_one_of_two_that_belong_together(self):
        """The other one was believed to be there, and a number of it read."""
        commands = [["status", "out/campaign.h5"], ["results", "out/campaign.h5", "table.tsv"], ["report", "out/campaign.h5"]]
        for path in ("power/expected_r2", "power/heritability"):
            self.refuses(lambda file, path=path: file.__delitem__(path), "/power/heritability and expected_r2 belong together", commands=commands)
        for path in ("observed/beyond", "observed/predicted"):
            self.refuses(lambda file, path=path: file.__delitem__(path), "/observed/beyond and predicted belong together", commands=commands)

    def test_orders_to_the_terminal_are_not_passed_on(self):
        name = "\x1b]0;owned\x07\x1b[2J.h5"
        done = self.study.arete("status", name)
        self.assertEqual((done.returncode, done.stderr), (2, "arete: ?]0;owned??[2J.h5: cannot be read: No such file or directory\n"))

    def replaced(self, make):
        """/gram is taken away and made anew."""
        def change(file):
            gram = file["gram"][...]
            del file["gram"]
            make(file, gram)
        return change

    def test_structure_that_leads_elsewhere(self):
        os.mkfifo(self.study.path("pipe"))
        n = 120
        layout = h5py.VirtualLayout(shape=(n, n), dtype="<f8")
        layout[...] = h5py.VirtualSource(str(self.study.path("pipe")), "gram", shape=(n, n))

        def external(file, gram):
            file.create_dataset("gram", shape=gram.shape, dtype="<f8", external=[(str(self.study.path("targets.tsv")), 0, 8 * gram.size)])

        changes = {"/ at byte 48 has a link that leads elsewhere": [lambda file, gram: file.__setitem__("gram", h5py.ExternalLink(str(self.study.path("pipe")), "/gram")),
                                                            lambda file, gram: file.__setitem__("gram", h5py.SoftLink("/covariates"))],
                   "is not as arete writes it": [lambda file, gram: file.create_dataset("gram", data=gram, chunks=(8, 8)),
                                                 lambda file, gram: file.create_virtual_dataset("gram", layout)],
                   "has a message of type 11, which arete does not write": [lambda file, gram: file.create_dataset("gram", data=gram, chunks=(8, 8),
                                                                                                                    compression="gzip")],
                   "has a message of type 7, which arete does not write": [external]}
        for message, makers in changes.items():
            for make in makers:
                self.refuses(self.replaced(make), message)

        def elsewhere(file):
            del file["folds"]
            file["folds"] = h5py.ExternalLink(str(self.study.path("pipe")), "/folds")
        self.refuses(elsewhere, "/ at byte 48 has a link that leads elsewhere")

    def test_structure_that_goes_in_circles(self):
        """One object under two names, a group inside itself."""
        for source, name in (("gram", "twice"), ("/", "null/root"), ("null", "null/null")):
            self.refuses(lambda file, source=source, name=name: file.__setitem__(name, file[source]), "has a message of type 22, which arete does not write")  # how many names it has


class Orbits(Hostile):
    """The same of permutations in orbits."""

    METHOD = "orbits"

    def test_nobody_at_a_place_that_a_shift_leads_to(self):
        """`arete permutation` took the data of person 2^32 - 1"""
        commands = [["status", "out/campaign.h5"], ["permutation", "out/campaign.h5", "1", "2"]]
        self.refuses(lambda file: self.put(file, "permutation/source", (0, 5), -1), "do not tell of 120 shifts of 120 subjects", commands=commands)


    def test_units_of_another_size(self):
        """Of 5 targets and 120 shifts 8 orbits are a unit. Where an orbit has slices it has units of its own."""
        for unit, width in ((1, 5), (7, 5), (9, 5), (1, 2), (20000, 5)):
            self.refuses_units(unit, width, f"a unit of {unit} orbits of {width} targets found; expected 8 of 5, of 5 targets and orbits of 120 shifts",
                               [self.study.arguments])
        for unit, width in ((8, 2), (2, 4), (1, 6), (1, 100000)):
            self.refuses_units(unit, width, f"a unit of {unit} orbits of {width} targets found; expected one orbit, or all of 5 targets",
                               [self.study.arguments, ["status", "out/campaign.h5"]])


class UnderFingerprints(unittest.TestCase):
    """A campaign that has the fingerprints of a study and is another one's, or half of it. A run that goes on compares the rest of it as well, before it computes or writes
    anything: folds of another number were read beyond their end, and any p came of others."""

    COMMAND, CAMPAIGN = "run", "out/campaign.h5"

    def setUp(self):
        self.study = TinyStudy()
        self.addCleanup(self.study.remove)

    def begin(self, *sets):
        """Whole campaigns of the study, by its settings; those of the first one are this study's."""
        self.sets, self.study_sets = sets, [part for one in sets[0] for part in ("--set", one)]
        self.whole = [self.campaign_of(one) for one in sets]

    def campaign_of(self, sets):
        done = self.study.arete(self.COMMAND, "study.yaml", *(part for one in sets for part in ("--set", one)), "--fresh")
        self.assertEqual(done.returncode, 0, done.stderr)
        return self.study.bytes(self.CAMPAIGN)

    def check_refused(self, campaign, change, what):
        self.study.write(self.CAMPAIGN, campaign)
        with h5py.File(self.study.path(self.CAMPAIGN), "r+", libver=("v108", "latest")) as file:
            change(file)
        before = self.study.content()
        done = self.study.arete(self.COMMAND, "study.yaml", *self.study_sets, "--set", "permutations.count=2000")
        message = f"arete: {self.CAMPAIGN}: is damaged: its fingerprints are this study's, its {what} are not; expected both"
        self.assertEqual((done.returncode, done.stderr.splitlines()[-1]), (1, message))
        self.assertEqual(self.study.content(), before)

    def check_changed(self, what, changes):
        """changes: of each dataset what is done to its values."""
        def alter(file):
            for path, change in changes.items():
                values = file[path][...]
                change(values)
                file[path][...] = values
                file[path].attrs.modify("crc32c", crc32c_of(values.tobytes()))
        with self.subTest(what=what):
            self.check_refused(self.whole[0], alter, what)

    def check_others(self, whats):
        """Whole campaigns of other studies under what says whose they are."""
        study = self.study.path("study.h5")
        study.write_bytes(self.whole[0])
        for campaign, what in zip(self.whole[1:], whats, strict=True):
            def disguise(file):
                with h5py.File(study) as mine:
                    del file["study"]
                    mine.copy("study", file)
            with self.subTest(what=what):
                self.check_refused(campaign, disguise, what)
        study.unlink()

    @staticmethod
    def exchange(*places):
        def change(values):
            one, other = (values[place].copy() for place in places)
            values[places[0]], values[places[1]] = other, one
        return change

    def check_attribute(self, what, path, name, value):
        with self.subTest(what=what):
            self.check_refused(self.whole[0], lambda file: file[path].attrs.modify(name, value), what)

    def fewer_nodes(self, file):
        """Two of five, in a grid of which all are computed."""
        n_outer, count = len(np.unique(file["folds/outer"][...])), file["penalties"].size
        for path, values in (("nodes/penalty", np.arange(2, dtype=np.int32)), ("nodes/weight", np.zeros((2 * n_outer * count, 3))),
                             ("observed/node_error", np.zeros((2 * n_outer, file["observed/r"].size)))):
            if path in file:
                del file[path]
                file.create_dataset(path, data=values).attrs.create("crc32c", crc32c_of(values.tobytes()))

    def check_all(self, *sets):
        self.begin(sets, (*sets, "model.outer_folds=2"), (*sets, "model.inner_folds=3"), (*sets, "seed=9"))
        self.check_others(["subjects", "folds", "subjects"])  # other outer folds have them in another order
        self.check_changed("subjects", {"subjects/fid": self.exchange(0, 1), "subjects/iid": self.exchange(0, 1)})
        self.check_changed("names of targets", {"targets/name": self.exchange(0, 1)})
        self.check_changed("folds", {"folds/inner": lambda values: values.__setitem__((0, 119), (values[0, 119] + 1) % 4)})
        self.check_changed("exchangeability blocks", {"permutation/block": lambda values: values.__setitem__(3, 1)})
        self.check_attribute("seeds", "permutation/block", "seed", np.uint64(9))
        self.check_changed("covariates", {"covariates": lambda values: values.__setitem__((7, 1), 81)})
        self.check_changed("residuals", {"targets/residual": self.exchange(0, 119)})

    def check_model(self):
        def more(values):
            values *= 1.01
        self.check_changed("penalties", {"penalties": more, "observed/penalty_by_fold": more})
        self.check_refused(self.whole[0], self.fewer_nodes, "penalty nodes")

    def check_orbits(self):
        self.check_changed("orbits", {"permutation/subject": self.exchange((0, 0), (0, 1)), "permutation/source": self.exchange((0, 0), (0, 1))})
        self.check_attribute("orbits", "permutation/method", "identity", np.int64(7))

    def test_drawn_one_by_one(self):
        self.check_all("permutations.method=independent")
        self.check_model()

    def test_orbits(self):
        self.check_all("permutations.method=orbits")
        self.check_model()
        self.check_orbits()


class AssociationsUnderFingerprints(UnderFingerprints):
    COMMAND, CAMPAIGN = "associate", "out/associations.h5"

    def test_drawn_one_by_one(self):
        self.check_all("associate.permute=true", "permutations.method=independent")

    def test_orbits(self):
        self.check_all("associate.permute=true", "permutations.method=orbits")
        self.check_orbits()


class Names(unittest.TestCase):
    """Whoever makes the files chooses the names in them."""

    NAME = "x\x1b[2J\x1b]0;owned\x07\u009b31m\u0085seed: 7 #<script>"

    def test_no_order_reaches_the_terminal(self):
        study = TinyStudy()
        self.addCleanup(study.remove)
        study.add_column("targets.tsv", self.NAME, lambda fid, iid: int(iid[1:]) * 37 % 101)
        study.set_lines("chr1.bim", [line.replace("rs1", "rs\x1b[31m1") for line in study.lines("chr1.bim")])
        study.write("gone.txt", "S001\n" + "".join(f"\x1b[2J{k}\n" for k in range(9)))
        study.replace("study.yaml", "chr{1..2}", "chr{1..2}\n  remove: gone.txt")
        study.add_line("study.yaml", "associate: {report_p: 0.9}")
        for arguments in (["plan", "study.yaml"], study.arguments, ["results", "out/campaign.h5"], ["report", "out/campaign.h5"],
                          ["status", "out/campaign.h5"], ["associate", "study.yaml", "--output", "other"], ["init", "--study", "made.yaml"], ["plan", "made.yaml"]):
            with self.subTest(command=arguments[0]):
                done = study.arete(*arguments)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertNotRegex(done.stdout + done.stderr, "[\x00-\x08\x0b-\x1f\x7f-\x9f]")
        for log in ("out/run.log", "other/associate.log"):
            self.assertNotRegex(study.read(log), "[\x00-\x08\x0b-\x1f\x7f-\x9f]")
        self.assertNotIn("<script>alert", study.read("out/report.html"))
        self.assertNotIn("seed: 7", study.read("made.yaml").splitlines())


class Extreme(unittest.TestCase):
    def test_no_result_depends_on_a_unit(self):
        """Squares of these targets are beyond a double; their numbers are those of the same target in another unit, digit for digit."""
        study = TinyStudy()
        self.addCleanup(study.remove)
        names, *rows = [line.split("\t") for line in study.lines("targets.tsv")]
        value = {row[1]: float(row[names.index("signal_1")]) for row in rows}
        study.add_column("targets.tsv", "huge", lambda fid, iid: repr(value[iid] * 2.0**664))
        study.add_column("targets.tsv", "tiny", lambda fid, iid: repr(value[iid] * 2.0**-664))
        done = study.arete(*study.arguments, "--set", "permutations.count=100")
        self.assertEqual(done.returncode, 0, done.stderr)
        table = {row[0]: row[1:] for row in (line.split("\t") for line in study.lines("out/results.tsv"))}
        self.assertNotIn("NA", table["signal_1"][2:10])
        self.assertEqual([table["huge"], table["tiny"]], [table["signal_1"]] * 2)


if __name__ == "__main__":
    unittest.main()
