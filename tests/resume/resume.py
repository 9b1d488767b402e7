#!/usr/bin/python3
"""Stopping, going on, adding permutations, and what a campaign that was interrupted or damaged does.

    tests/resume/resume.py                # all of it
    tests/resume/resume.py Stopping       # one class
"""
import fcntl
import functools
import json
import os
import re
import shutil
import signal
import socket
import time
import unittest
from pathlib import Path

import h5py
import numpy as np

from support.interruption import SLOW, UNIT, InterruptedStudy, count_is, units_done, wait_until
from support.tiny_study import PATIENCE_S

MANY = 20000  # permutations that take about a second


@functools.cache
def uninterrupted(count, *sets):
    """/null/score and results.tsv of a run from beginning to end."""
    study = InterruptedStudy()
    try:
        done = study.run(count_is(count), "run.block=auto", *sets)
        assert done.returncode == 0, done.stderr
        return study.outcome(count)
    finally:
        study.remove()


class ResumeTest(unittest.TestCase):
    def setUp(self):
        self.study = InterruptedStudy()
        self.addCleanup(self.study.remove)

    def run_to_end(self, *sets, options=(), environment=None):
        done = self.study.run(*sets, options=options, environment=environment)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done

    def start(self, *sets, options=()):
        process = self.study.start(*sets, options=options)
        self.addCleanup(self.end, process)
        return process

    def end(self, process):
        if process.poll() is None:
            process.kill()
        process.communicate()

    def stop(self, process, number=signal.SIGTERM):
        """Sends the signal; what the process says, once it has ended as it should."""
        process.send_signal(number)
        _, err = process.communicate(timeout=PATIENCE_S)
        self.assertEqual(process.returncode, 75, err)
        self.assertFalse(self.study.has("results.tsv"))
        return err

    def interrupt(self, *sets, least=3, number=signal.SIGTERM):
        """A campaign with at least so many units done; their number."""
        process = self.start(*sets)
        wait_until(units_done(self.study, least), process)
        self.stop(process, number)
        return int(self.study.campaign().done().sum())

    def assert_same(self, count, *sets):
        scores, results = self.study.outcome(count)
        expected_scores, expected_results = uninterrupted(count, *sets)
        self.assertTrue(scores == expected_scores, "/null/score differs")
        self.assertEqual(results, expected_results)

    def arete(self, *arguments):
        return self.study.arete(*arguments)

    def status(self):
        done = self.arete("status", "out/campaign.h5", "--json")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return json.loads(done.stdout)

    def errors(self, done):
        """Lines on stderr beside warnings."""
        return [line for line in done.stderr.splitlines() if not line.startswith("arete: warning: ")]


class Stopping(ResumeTest):
    def check_signal(self, number):
        process = self.start(count_is(MANY))
        wait_until(units_done(self.study, 3), process)
        err = self.stop(process, number)
        name = signal.Signals(number).name
        how = r"; a second Ctrl-C stops at once(?:, without them)?" if number == signal.SIGINT else ""
        in_flight = r"[\d,]+ permutations in flight are being finished and saved(?:, in about \S+)?"
        self.assertRegex(err, rf"arete: stopping \({name}\): (?:{in_flight}|what has begun is finished first){how}\n")  # all may be computed by then
        found = re.search(rf"arete: stopped on request with ([\d,]+) of {MANY:,} permutations saved; the same command goes on\n$", err)
        self.assertTrue(found, err)
        done = int(self.study.campaign().done().sum())
        self.assertEqual(int(found[1].replace(",", "")), done * UNIT)  # what was in flight is in the file
        self.assertGreaterEqual(done, 3)
        self.assertLess(done, MANY // UNIT)
        self.run_to_end(count_is(MANY))
        self.assertEqual(self.study.said_done(), [(MANY, 0), (MANY, done * UNIT)])
        self.assertEqual(self.study.said_computed(), [MANY - done * UNIT])
        self.assert_same(MANY)

    def test_sigterm(self):
        self.check_signal(signal.SIGTERM)

    def test_sigint(self):
        self.check_signal(signal.SIGINT)

    def test_sigusr1(self):
        self.check_signal(signal.SIGUSR1)

    def test_many_times(self):
        for _ in range(4):
            process = self.start(count_is(MANY))
            before = int(self.study.campaign().done().sum()) if self.study.has("campaign.h5") else 0
            wait_until(units_done(self.study, before + 2), process)
            self.stop(process)
        self.run_to_end(count_is(MANY))
        self.assertEqual(sum(self.study.said_computed()), MANY - self.study.said_done()[-1][1])
        self.assert_same(MANY)

    def test_a_second_sigint_does_not_wait(self):
        """Two blocks of seconds each are in flight: the first signal would wait for them."""
        slow = [*SLOW, count_is(400 * UNIT), "run.block=20000"]
        process = self.start(*slow)
        wait_until(lambda: "of them 0 done" in self.study.log(), process)
        process.send_signal(signal.SIGINT)
        wait_until(lambda: "stopping (SIGINT)" in self.study.log(), process)
        process.send_signal(signal.SIGINT)
        sent = time.monotonic()
        _, err = process.communicate(timeout=PATIENCE_S)
        self.assertLess(time.monotonic() - sent, 1)
        self.assertEqual(process.returncode, 75)
        self.assertNotIn("saved; the same command goes on", err)
        self.assertEqual(int(self.study.campaign().done().sum()), 0)
        self.assertFalse(self.study.has("results.tsv"))
        self.run_to_end(*SLOW, count_is(2 * UNIT))
        self.assert_same(2 * UNIT, *SLOW)

    def test_stop_after(self):
        finished = 0
        for seconds in (1, 10):  # one is not enough on a busy machine
            began = time.monotonic()
            done = self.study.run(*SLOW, count_is(1000 * UNIT), f"run.stop_after={seconds}s")
            self.assertEqual(done.returncode, 75, done.stderr)
            self.assertLess(time.monotonic() - began, 20 + seconds)
            self.assertIn("arete: stopping (run.stop_after): ", done.stderr)
            self.assertFalse(self.study.has("results.tsv"))
            finished = int(self.study.campaign().done().sum()) if self.study.has("campaign.h5") else 0
            if finished > 0:
                break
        self.assertGreater(finished, 0)
        self.run_to_end(*SLOW, count_is(2 * UNIT))
        self.assert_same(2 * UNIT, *SLOW)

    def test_afresh(self):
        """What was typed would throw away what it saved."""
        process = self.start(count_is(MANY), options=["--fresh"])
        wait_until(units_done(self.study, 3), process)
        err = self.stop(process)
        self.assertRegex(err, rf" of {MANY:,} permutations saved; the same command without --fresh goes on\n$")
        done = int(self.study.campaign().done().sum())
        self.run_to_end(count_is(MANY))
        self.assertEqual(self.study.said_done(), [(MANY, 0), (MANY, done * UNIT)])

    def larger_study(self):
        self.study.write("sim.yaml", "output: large\nsubjects: 900\nsnps: 30000\nchromosomes: 1\ntargets: {count: 5}\n")
        made = self.study.arete("simulate", "sim.yaml")
        self.assertEqual(made.returncode, 0, made.stderr)
        self.study.write("study.yaml", "genotypes: {plink: large/chr1}\ntargets: {table: large/targets.tsv}\npermutations: {count: 200}\noutput: out\n")

    def check_stop_before_the_campaign(self, line, message):
        """Stops once the log has a line: nothing is kept, and the same command begins again, with --fresh too."""
        self.larger_study()
        process = self.start(options=["--fresh"])
        wait_until(lambda: line in self.study.log(), process)
        sent = time.monotonic()
        err = self.stop(process)
        self.assertLess(time.monotonic() - sent, 30)
        self.assertRegex(err, message)
        self.assertEqual(sorted(os.listdir(self.study.path("out"))), ["campaign.lock", "run.log"])
        self.assertEqual(os.listdir(self.study.path("tmp")), [])
        self.run_to_end()
        self.assertTrue(self.study.has("results.tsv"))

    def test_while_reading_genotypes(self):
        self.check_stop_before_the_campaign(" workers: ", r"arete: stopped on request (while|after) reading genotypes: nothing is kept of that; the same command goes on\n$")

    def test_while_building_operators(self):
        self.check_stop_before_the_campaign(" SNPs: 30000 kept", r"arete: stopped on request while (computing the SVD|building the operators); the same command goes on\n$")

    def test_while_building_operators_of_a_resume(self):
        """Nothing finished is lost with it."""
        self.larger_study()
        self.run_to_end()
        process = self.start(count_is(400))
        wait_until(lambda: "going on with out/campaign.h5" in self.study.log(), process)
        err = self.stop(process)
        self.assertRegex(err, r"arete: stopped on request (while computing the SVD|while building the operators|with 200 of 400 permutations saved); the same command goes on\n$")
        self.assertEqual(self.study.campaign().done().tolist(), [True, False])
        self.run_to_end(count_is(400))
        self.assertEqual(self.study.said_computed(), [200, 200])


class Extension(ResumeTest):
    def test_only_the_others_are_computed(self):
        self.run_to_end(count_is(1000))
        before = self.study.campaign().score_bytes()
        self.run_to_end(count_is(5000))
        self.assertEqual(self.study.said_done(), [(1000, 0), (5000, 1000)])
        self.assertEqual(self.study.said_computed(), [1000, 4000])
        self.assertEqual(self.study.campaign().score_bytes(5), before)
        self.assert_same(5000)

    def test_counts_that_are_no_whole_units(self):
        self.run_to_end(count_is(500))
        self.run_to_end(count_is(550))  # inside the last unit, which is there already
        self.assert_same(550)
        self.run_to_end(count_is(1250))
        self.assertEqual(self.study.said_done(), [(500, 0), (1250, 600)])
        self.assert_same(1250)

    def test_of_an_interrupted_campaign(self):
        done = self.interrupt(count_is(MANY))
        self.run_to_end(count_is(MANY + 5000))
        self.assertEqual(self.study.said_done()[-1], (MANY + 5000, done * UNIT))
        self.assert_same(MANY + 5000)

    def test_units_are_copied_not_computed(self):
        """A forged unit is still there afterwards."""
        self.run_to_end(count_is(1000))
        forged = self.study.campaign().forge(2)
        self.run_to_end(count_is(2000))
        campaign = self.study.campaign()
        self.assertEqual(campaign.score_bytes()[2 * campaign.unit_bytes : 3 * campaign.unit_bytes], forged)

    def test_a_smaller_count_keeps_the_file(self):
        self.run_to_end(count_is(2000))
        before = self.study.bytes("out/campaign.h5")
        for count in (1000, 700, 1):
            self.run_to_end(count_is(count))
            self.assert_same(count)
        self.assertEqual(self.study.bytes("out/campaign.h5"), before)
        self.run_to_end(count_is(2000))
        self.assert_same(2000)
        self.assertEqual(len(self.study.said_done()), 1)

    def test_notes_are_those_of_the_count(self):
        """Strata that allow 2,000 permutations or so are enough for 1,000 and too few for 5,000."""
        self.study.add_column("covariates.tsv", "stratum", lambda fid, iid: iid if iid > "S022" else f"pair{(int(iid[1:]) - 1) // 2}")
        strata = ["permutations.within=stratum", "covariates.categorical=[site]"]
        notes = {}
        for name, counts in {"at once": [5000], "extended": [1000, 5000], "few": [1000], "smaller": [5000, 1000]}.items():
            for count in counts:
                self.run_to_end(*strata, count_is(count), f"output=out/{name.replace(' ', '_')}")
            notes[name] = self.study.bytes(f"out/{name.replace(' ', '_')}/results.tsv")
        self.assertIn(b"few permutations possible", notes["at once"])
        self.assertEqual(notes["extended"], notes["at once"])
        self.assertNotIn(b"few permutations possible", notes["few"])
        self.assertEqual(notes["smaller"], notes["few"])


class OlderCampaign(ResumeTest):
    """A campaign that an older program began: of its 4 units 2 are done, and it has none of what format 2 got later (its README.md says how it was
    made)."""

    FILES = Path(__file__).resolve().parent.parent / "data/campaign_format_2"
    UNIT = 500

    def setUp(self):
        super().setUp()
        for name in ("study.yaml", "keep.txt"):
            shutil.copyfile(self.FILES / name, self.study.path(name))
        self.study.path("out").mkdir()
        shutil.copyfile(self.FILES / "campaign.h5", self.study.campaign_path)
        self.before = self.study.campaign()
        self.scores_before = self.before.score_bytes(2)

    def check(self, count, units):
        done = self.run_to_end(count_is(count), "run.block=500")
        self.assertEqual(self.study.said_done(), [(count, 1000)])
        self.assertTrue(self.study.campaign().done().all())
        self.assertEqual(self.study.campaign().n_units, units)
        self.assertEqual(self.study.campaign().score_bytes(2), self.scores_before)
        with h5py.File(self.study.campaign_path, "r") as campaign:
            self.assertNotIn("warnings", campaign["study"])
            self.assertNotIn("power", campaign)
            kernels = campaign.attrs["blas_core"]
        self.check_against_a_new_one(count, kernels)
        return done

    def check_against_a_new_one(self, count, kernels):
        """With the kernels it was begun with, every number is that of a campaign of today."""
        scores, results = self.study.outcome(count)
        self.run_to_end(count_is(count), "output=new")
        with h5py.File(self.study.path("new/campaign.h5"), "r") as campaign:
            self.assertIn("warnings", campaign["study"])
            if campaign.attrs["blas_core"] == kernels:
                self.assertEqual(campaign["null/score"][:].tobytes(), scores)
                columns = [[line.split("\t") for line in table.splitlines()] for table in (results.decode(), self.study.read("new/results.tsv"))]
                new_column = columns[1][0].index("n_missing")  # which the older campaign does not know
                for old, new in zip(*columns, strict=True):
                    self.assertEqual(old[:new_column] + old[new_column + 1 :], new[:new_column] + new[new_column + 1 :])

    def test_goes_on(self):
        self.check(2000, 4)

    def test_is_extended(self):
        self.check(3000, 6)

    def test_is_reported(self):
        told = self.arete("results", "out/campaign.h5")
        self.assertEqual((told.returncode, self.errors(told)), (0, []))
        self.assertNotIn("genetic principal components", told.stderr)
        self.assertIn("(1,000 of 2,000 permutations)", told.stdout)
        self.assertNotIn("power:", told.stdout)


class Changes(ResumeTest):
    """What is another study, and what is not. One finished campaign, copied for each."""

    COUNT = 400

    @classmethod
    def setUpClass(cls):
        cls.original = InterruptedStudy()
        cls.addClassCleanup(cls.original.remove)
        done = cls.original.run(count_is(cls.COUNT))
        assert done.returncode == 0, done.stderr

    def setUp(self):
        super().setUp()
        self.restore()

    def restore(self):
        shutil.rmtree(self.study.folder)
        shutil.copytree(self.original.folder, self.study.folder)  # with the files' times

    def check_refused(self, what, *sets, changes=None):
        """changes: what the message says of study file and input files in the end; not looked at when None."""
        before = self.study.content()
        done = self.study.run(count_is(self.COUNT), *sets)
        message = (f"arete: study.yaml: the campaign in out was made with other {what}; expected the same study "
                   "(--fresh starts over, or choose another output folder)")
        (found,) = self.errors(done)
        self.assertEqual((done.returncode, found[: len(message)]), (2, message))
        if changes is not None:
            self.assertEqual(found[len(message) :], f": {changes}" if changes else "")
        self.assertEqual(self.study.content(), before)

    def test_old_and_new_values(self):
        self.check_refused("folds", "model.outer_folds=4", changes="model.outer_folds was 5, is 4")
        self.check_refused("folds, seed", "seed=43", "model.inner_folds=3", "run.workers=2", changes="model.inner_folds was 4, is 3; seed was not set, is 43")
        self.check_refused("penalties", "model.heritability=[0.2, 0.5]", changes="model.heritability was not set, is [0.2, 0.5]")
        self.check_refused("covariates", "covariates.categorical=null", changes="covariates.categorical was [site], is not set")
        self.study.set_value("targets.tsv", "S009", "noise_2", "1.5")
        self.check_refused("targets", changes="targets.tsv has changed")
        self.check_refused("targets, folds", "model.outer_folds=4", changes="model.outer_folds was 5, is 4; targets.tsv has changed")

    def test_settings_that_change_numbers(self):
        for what, one in {
            "genotype filters and scale": ["genotypes.min_allele_frequency=0.05", "genotypes.max_missing_per_snp=0.04", "genotypes.max_missing_per_subject=0.5",
                                           "genotypes.scale=sample", "genotypes.chromosomes=all"],
            "targets": ["targets.columns=[signal_1, noise_1]"],
            "treatment of missing values": ["targets.missing=mean", "targets.max_missing_per_target=0.2", "targets.missing_codes=[-99]"],
            "covariates": ["covariates.columns=[age]", "covariates.categorical=null", "covariates.genetic_pcs=2"],
            "folds": ["model.outer_folds=4", "model.inner_folds=3", "model.keep_together=FID"],
            "penalties": ["model.heritability=[0.2, 0.5]", "model.heritability=[0.02, 0.1, 0.25, 0.5, 0.81]"],
            "score and baseline": ["model.score=pooled-r2", "model.baseline=test-mean"],
            "exchangeability blocks": ["permutations.within=site"],
            "folds, seed": ["seed=43"],
        }.items():
            for setting in one:
                with self.subTest(setting):
                    self.check_refused(what, setting)

    def test_calls(self):
        self.study.patch("chr1.bed", 1000, bytes([self.study.bytes("chr1.bed")[1000] ^ 1]))
        self.check_refused("genotypes")

    def test_calls_that_keep_size_and_time(self):
        """Inode and time of change would see them, and would have every copy of a study's folder read again. The numbers are those of the calls before, all of them."""
        calls = self.study.path("chr1.bed")
        times = calls.stat()
        self.study.patch("chr1.bed", 1000, bytes([self.study.bytes("chr1.bed")[1000] ^ 1]))
        os.utime(calls, ns=(times.st_atime_ns, times.st_mtime_ns))
        self.run_to_end(count_is(self.COUNT + UNIT))
        self.assertIn("their calls have kept size and time and were not read again", self.study.log())
        self.assert_same(self.COUNT + UNIT)
        os.utime(calls)
        self.check_refused("genotypes", changes="chr1.bed has changed")

    def test_selected_snps(self):
        self.study.write("snps.txt", "".join(f"rs1{k:03d}\n" for k in range(100, 200)))
        self.check_refused("genotypes", "genotypes.extract=snps.txt")
        self.check_refused("genotypes", "genotypes.exclude=snps.txt")

    def test_calls_of_other_people(self):
        """Given folds, so that the order of subjects stays when two neighbours change their genotypes."""
        self.study.give_folds(lambda k: k % 5)
        self.run_to_end(count_is(self.COUNT), options=["--fresh"])
        for name in ("chr1.fam", "chr2.fam"):
            lines = self.study.lines(name)
            lines[10], lines[11] = lines[11], lines[10]
            self.study.set_lines(name, lines)
        self.check_refused("genotypes")

    def test_subjects(self):
        self.study.write("one.txt", "F01 S001\n")
        self.check_refused("subjects", "genotypes.remove=one.txt")
        lines = self.study.lines("targets.tsv")
        self.study.set_lines("targets.tsv", [line for line in lines if "\tS007\t" not in line])
        self.check_refused("subjects")

    def test_values_of_tables(self):
        self.study.set_value("targets.tsv", "S009", "noise_2", "1.5")
        self.check_refused("targets")
        self.restore()
        self.study.set_value("targets.tsv", "S009", "constant", "4")  # a target that had not been analysed
        self.check_refused("targets")
        self.restore()
        self.study.set_value("covariates.tsv", "S009", "age", "81")
        self.check_refused("covariates")
        self.restore()
        old = next(line.split("\t")[4] for line in self.study.lines("covariates.tsv") if "\tS009\t" in line)
        self.study.set_value("covariates.tsv", "S009", "site", "Dublin" if old != "Dublin" else "Leuven")
        self.check_refused("covariates")

    def test_who_is_dropped_for_missing_values(self):
        """Files that have not changed are read again where the rule is another one."""
        self.study.set_value("targets.tsv", "S005", "noise_1", "NA")
        self.run_to_end(count_is(self.COUNT), "targets.missing=drop-subject", options=["--fresh"])
        self.check_refused("subjects", "targets.missing=mean", changes="targets.missing was drop-subject, is mean")

    def test_lists_that_change_places(self):
        """Files that have not changed are read again where the study asks for something else of them."""
        self.study.write("snps.txt", "".join(f"rs1{k:03d}\n" for k in range(100, 200)))
        self.run_to_end(count_is(self.COUNT), "genotypes.extract=snps.txt", options=["--fresh"])
        self.check_refused("genotypes", "genotypes.exclude=snps.txt",
                           changes="genotypes.extract was snps.txt, is not set; genotypes.exclude was not set, is snps.txt")

    def test_lists_under_long_paths_that_change_places(self):
        """As long as what is shown of a value: they were taken for the same, and not read again."""
        folder = f"{'a' * 60}/{'b' * 60}"
        self.study.path(folder).mkdir(parents=True)
        snps = [line.split("\t")[1] for line in self.study.lines("chr1.bim")]
        self.study.write(f"{folder}/one.txt", "".join(f"{name}\n" for name in snps[:250]))
        self.study.write(f"{folder}/two.txt", "".join(f"{name}\n" for name in snps[150:]))
        self.run_to_end(count_is(self.COUNT), f"genotypes.extract={folder}/one.txt", f"genotypes.exclude={folder}/two.txt", options=["--fresh"])
        end = f"...{'b' * 19}/"
        self.check_refused("genotypes", f"genotypes.extract={folder}/two.txt", f"genotypes.exclude={folder}/one.txt",
                           changes=f"genotypes.extract was {end}one.txt, is {end}two.txt; genotypes.exclude was {end}two.txt, is {end}one.txt")

    def test_choices_that_no_fingerprint_holds(self):
        """`auto` goes on with what the campaign was begun with; who asks for something else in so many words is refused. These are all keys that leave a
        choice to `auto` and change what is computed or kept."""
        method = os.environ.get("ARETE_METHOD", "independent")
        for key, begun, same, other in (("genotypes.precision", "auto", "double", "single"), ("genotypes.precision", "single", "single", "double"),
                                        ("permutations.method", method, method, "orbits" if method == "independent" else "independent"),
                                        ("run.predictions", "auto", "true", "false"), ("run.predictions", "false", "false", "true")):
            with self.subTest(key=key, begun=begun):
                self.run_to_end(count_is(self.COUNT), f"{key}={begun}", options=["--fresh"])
                before = self.study.bytes("out/campaign.h5")
                for setting in ("auto", same):
                    self.run_to_end(count_is(self.COUNT), f"{key}={setting}")
                    self.assertEqual(self.study.bytes("out/campaign.h5"), before)
                self.check_refused(key, f"{key}={other}")

    def check_no_change(self, *sets, options=()):
        before = self.study.bytes("out/campaign.h5")
        self.run_to_end(count_is(self.COUNT), *sets, options=options)
        self.assertEqual(self.study.bytes("out/campaign.h5"), before)
        self.assert_same(self.COUNT)
        self.assertEqual(len(self.study.said_done()), 1)  # nothing computed again

    def test_settings_that_change_nothing(self):
        for setting in ("run.workers=2", "run.block=37", "run.placement=replicate", "run.memory=8G", "run.stop_after=1h",
                        "model.penalty_tolerance=1e-4"):
            with self.subTest(setting):
                self.check_no_change(setting)

    def test_touched_files(self):
        for path in self.study.folder.iterdir():
            os.utime(path)
        self.check_no_change()

    def test_files_in_another_place(self):
        shutil.copytree(self.study.folder, self.study.path("elsewhere"), ignore=shutil.ignore_patterns("out", "tmp"))
        for name in ("targets.tsv", "covariates.tsv", "chr1.bed", "chr1.bim", "chr2.fam"):
            self.study.delete(name)
        self.check_no_change("genotypes.plink=elsewhere/chr{1..2}", "targets.table=elsewhere/targets.tsv", "covariates.table=elsewhere/covariates.tsv")

    def test_tables_written_otherwise(self):
        for name in ("targets.tsv", "covariates.tsv"):
            header, *rows = self.study.lines(name)
            self.study.write(name, "".join(",".join(row.split("\t")) + "\r\n" for row in [header, *rows[::-1]]))
        self.study.replace("covariates.tsv", "F04,S007,", "F04,S007,0")  # an age of 047
        self.check_no_change()

    def test_another_study_file_and_no_log(self):
        self.study.write("study.yaml", "# a comment\n" + self.study.read("study.yaml"))
        before = self.study.bytes("out/campaign.h5")
        self.study.delete("out/run.log")
        self.study.delete("out/results.tsv")
        self.study.delete("out/campaign.lock")
        self.run_to_end(count_is(self.COUNT))
        self.assertEqual((self.study.bytes("out/campaign.h5"), self.study.said_done()), (before, []))
        self.assert_same(self.COUNT)

    def test_a_moved_campaign(self):
        self.study.path("out").rename(self.study.path("moved"))
        self.run_to_end(count_is(self.COUNT), "output=moved")
        self.assertEqual(self.study.bytes("moved/results.tsv"), uninterrupted(self.COUNT)[1])
        self.assertFalse(self.study.path("out").exists())

    def test_fresh_starts_over(self):
        self.run_to_end(count_is(200), "seed=43", options=["--fresh"])
        self.assertEqual(self.study.campaign().count, 200)
        self.assert_same(200, "seed=43")

    def test_fresh_leaves_no_results_of_before(self):
        """Of a run that is stopped they would look finished; those of a campaign that goes on are its own."""
        of_before = ["predictions.tsv", "report.html", "results.partial.tsv"]
        self.interrupt(count_is(MANY), least=8)
        self.assertEqual(self.arete("results", "out/campaign.h5").returncode, 0)
        self.assertEqual([name for name in of_before if self.study.has(name)], of_before)
        n_begun = self.study.log().count(" SNPs: ")
        process = self.start(*SLOW, count_is(1000 * UNIT), "seed=43", options=["--fresh"])
        wait_until(lambda: self.study.log().count(" SNPs: ") > n_begun, process)
        self.stop(process)
        self.assertEqual([name for name in of_before if self.study.has(name)], [])


class Components(ResumeTest):
    def test_the_campaign_keeps_them(self):
        sets, computed = ["covariates.genetic_pcs=3"], "genetic principal components: 3 in "
        self.interrupt(*sets, count_is(MANY))
        before = self.study.log()
        self.assertIn(computed, before)
        self.run_to_end(*sets, count_is(MANY))
        self.assertNotIn(computed, self.study.log()[len(before) :])
        self.assertTrue(self.study.outcome(MANY) == uninterrupted(MANY, *sets))


class Kernels(ResumeTest):
    """A campaign goes on on a processor for which OpenBLAS has other kernels: said, not refused."""

    def test_other_kernels(self):
        sets = ["covariates.genetic_pcs=3"]
        done = self.interrupt(*sets, count_is(MANY))
        log = self.study.log()
        core = re.search(r"BLAS kernels (\w+)", log)[1]
        other = {"OPENBLAS_CORETYPE": "Prescott" if core != "Prescott" else "Core2"}
        resumed = self.run_to_end(*sets, count_is(MANY), environment=other)
        now = re.search(r"BLAS kernels (\w+)", self.study.log()[len(log) :])[1]
        if now == core:
            self.skipTest("this OpenBLAS has one kind of kernels")
        self.assertIn(f"out/campaign.h5 was begun with OpenBLAS's {core} kernels and goes on with {now}: ", resumed.stderr)
        self.assertEqual(self.study.said_done()[-1], (MANY, done * UNIT))
        scores, _ = self.study.outcome(MANY)
        expected, _ = uninterrupted(MANY, *sets)
        difference = np.abs(np.frombuffer(scores, "<f4") - np.frombuffer(expected, "<f4"))
        self.assertGreater(np.mean(difference < 2e-5), 0.999)  # beside a penalty that was a tie but for rounding
        self.assertEqual(scores[: done * UNIT * 20], expected[: done * UNIT * 20])


class Damage(ResumeTest):
    COUNT = 2000

    def setUp(self):
        super().setUp()
        self.run_to_end(count_is(self.COUNT))

    def test_damaged_units_are_named_and_computed_again(self):
        campaign = self.study.campaign()
        campaign.flip_row(2)
        campaign.flip_crc(7)
        self.assertEqual(np.flatnonzero(~campaign.done()).tolist(), [2, 7])
        status = self.status()
        self.assertEqual((status["done"], status["n_damaged"], status["damaged_units"]), (self.COUNT - 2 * UNIT, 2, [2, 7]))
        text = self.arete("status", "out/campaign.h5")
        self.assertRegex(text.stdout, r"\ndamaged: +2 of 10 units, computed again by the next run: 2 7\n")
        forged = campaign.forge(4)  # a finished unit is left alone
        self.run_to_end(count_is(self.COUNT))
        self.assertEqual(self.study.said_done()[-1], (self.COUNT, self.COUNT - 2 * UNIT))
        campaign = self.study.campaign()
        self.assertTrue(campaign.done().all())
        scores, expected = campaign.score_bytes(), uninterrupted(self.COUNT)[0]
        at = slice(4 * campaign.unit_bytes, 5 * campaign.unit_bytes)
        self.assertEqual(scores[at], forged)
        self.assertTrue(scores[: at.start] + scores[at.stop :] == expected[: at.start] + expected[at.stop :])

    def test_every_unit_damaged(self):
        campaign = self.study.campaign()
        for unit in range(campaign.n_units):
            campaign.flip_row(unit)
        self.assertEqual(self.status()["done"], 0)
        self.run_to_end(count_is(self.COUNT))
        self.assert_same(self.COUNT)

    def check_refused(self, pattern, code=None):
        """run, status and results all say it in one line, and nothing is changed."""
        before = self.study.content()
        for done in (self.study.run(count_is(self.COUNT)), self.arete("status", "out/campaign.h5"), self.arete("results", "out/campaign.h5"),
                     self.study.run(count_is(self.COUNT + 1000))):
            lines = self.errors(done)
            self.assertIn(done.returncode, (1, 2) if code is None else (code,))
            self.assertEqual(len(lines), 1, lines)
            self.assertRegex(lines[0], r"^arete: out/campaign\.h5: " + pattern)
        self.assertEqual(self.study.content(), before)

    def test_what_is_computed_once(self):
        with h5py.File(self.study.campaign_path, "r") as file:
            offsets = {path: file[path].id.get_offset() for path in ("gram", "folds/outer", "folds/inner", "observed/score", "covariates", "study/fingerprint")}
        campaign = self.study.campaign()
        for path, offset in offsets.items():
            with self.subTest(path):
                campaign.flip(offset + 8)
                self.check_refused(f".*/{path}.*")
                campaign.flip(offset + 8)
        self.assert_same(self.COUNT)

    def test_headers(self):
        size = len(self.study.bytes("out/campaign.h5"))
        good = self.study.bytes("out/campaign.h5")
        for name, content in {"empty": b"", "a text": b"hello\n" * 1000, "no superblock": b"\0" * 8 + good[8:], "half": good[: size // 2], "a kilobyte": good[:1024]}.items():
            with self.subTest(name):
                self.study.write("out/campaign.h5", content)
                self.check_refused(".")
        self.run_to_end(count_is(self.COUNT), options=["--fresh"])
        self.assert_same(self.COUNT)

    def test_another_kind_of_file(self):
        with h5py.File(self.study.campaign_path, "w") as file:
            file["gram"] = np.eye(3)
        self.check_refused("is an HDF5 file, but damaged or not written by arete; expected an arete campaign")

    def test_other_versions(self):
        for version, word in ((999, "newer"), (0, "older")):
            with self.subTest(version), h5py.File(self.study.campaign_path, "r+") as file:
                file.attrs.modify("format_version", np.int32(version))
            self.check_refused(f".*{word}")


class OneAtATime(ResumeTest):
    def test_a_second_run_is_refused_and_reading_is_not(self):
        slow = [*SLOW, count_is(1000 * UNIT)]
        process = self.start(*slow)
        wait_until(units_done(self.study, 2), process)
        log = self.study.log()
        host = re.escape(socket.gethostname())
        holder = rf"host {host}, pid {process.pid}, since \d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{{4}}"
        for options in ([], ["--fresh"]):
            second = self.study.run(*slow, options=options)
            self.assertEqual(second.returncode, 1)
            self.assertEqual(len(self.errors(second)), 1)
            self.assertRegex(second.stderr, rf"out/campaign\.(h5|lock): another arete run .*\({holder}\); wait for it or stop it\n")
        more = self.study.run(*SLOW, count_is(2000 * UNIT))
        self.assertEqual(more.returncode, 1)
        self.assertTrue(self.study.log().startswith(log))
        self.assertEqual(self.study.log().count(" arete "), 1, "a run that was refused wrote to the other's log")

        status = self.status()
        self.assertTrue(status["running"])
        self.assertRegex(status["holder"], f"^{holder}$")
        self.assertEqual((status["total"], status["unit_permutations"], status["units"]), (1000 * UNIT, UNIT, 1000))
        self.assertGreaterEqual(status["done"], 2 * UNIT)
        self.assertEqual(status["damaged_units"], [])
        self.assertRegex(self.arete("status", "out/campaign.h5").stdout, rf"\nrunning: +{holder}\n")
        self.assertEqual(self.arete("results", "out/campaign.h5").returncode, 0)
        wait_until(lambda: self.status()["permutations_per_second"] is not None, process, pause=0.2)
        status = self.status()
        self.assertAlmostEqual(status["seconds_left"], (status["total"] - status["done"]) / status["permutations_per_second"], delta=1)

        self.stop(process)
        status = self.status()
        self.assertEqual((status["running"], status["holder"]), (False, ""))
        self.assertIn("arete run goes on with it", self.arete("status", "out/campaign.h5").stdout)

    def test_a_new_one_looks_at_the_lock_first(self):
        """Where there is no campaign yet, as well: a run that computes everything first is refused hours later."""
        self.study.path("out").mkdir()
        self.study.write("out/campaign.lock", "host elsewhere, pid 1, since then\n")
        before = self.study.content()
        with open(self.study.path("out/campaign.lock"), "r+b") as lock:
            fcntl.lockf(lock, fcntl.LOCK_EX)
            for options in ([], ["--fresh"]):
                done = self.study.run(count_is(200), options=options)
                self.assertEqual((done.returncode, done.stderr), (1, "arete: out/campaign.h5: another arete run is working in its folder (host elsewhere, pid 1, "
                                                                     "since then); wait for it or stop it\n"))
        self.assertEqual(self.study.content(), before)

    def test_two_that_begin_together(self):
        """Where there is no campaign yet: one makes it, the other is refused or finds it made; nothing is lost."""
        both = [self.start(count_is(MANY)) for _ in range(2)]
        codes = []
        for process in both:
            _, err = process.communicate(timeout=PATIENCE_S)
            codes.append(process.returncode)
            if process.returncode != 0:
                self.assertEqual(process.returncode, 1, err)
                self.assertRegex(err, r"another arete run|another run has made it meanwhile")
        self.assertIn(0, codes)
        self.assert_same(MANY)


class Partial(ResumeTest):
    def test_results_of_what_is_finished(self):
        done = self.interrupt(count_is(MANY)) * UNIT
        written = self.arete("results", "out/campaign.h5")
        self.assertEqual((written.returncode, self.errors(written)), (0, []))
        self.assertIn(f"results:  out/results.partial.tsv ({done:,} of {MANY:,} permutations)\n", written.stdout)
        self.assertFalse(self.study.has("results.tsv"))
        header, *rows = [line.split("\t") for line in self.study.lines("out/results.partial.tsv")]
        self.assertTrue(all(row[-1].startswith(f"partial: {done} of {MANY} permutations") for row in rows), rows)
        expected = [line.split("\t") for line in uninterrupted(done)[1].decode().splitlines()]
        self.assertEqual([header[:-1], *(row[:-1] for row in rows)], [row[:-1] for row in expected])
        status = self.status()
        self.assertEqual((status["done"], status["total"], status["running"]), (done, MANY, False))

    def test_results_end_before_a_gap(self):
        self.run_to_end(count_is(2000))
        self.study.campaign().flip_row(4)
        self.study.delete("out/results.tsv")
        self.assertEqual(self.arete("results", "out/campaign.h5").returncode, 0)
        self.assertIn("partial: 800 of 2000 permutations", self.study.read("out/results.partial.tsv"))

    def test_results_of_a_finished_campaign(self):
        self.run_to_end(count_is(1000))
        self.study.delete("out/results.tsv")
        self.assertEqual(self.arete("results", "out/campaign.h5").returncode, 0)
        self.assert_same(1000)
        self.assertEqual(self.arete("results", "out/campaign.h5", "out/other.tsv").returncode, 0)
        self.assertEqual(self.study.bytes("out/other.tsv"), self.study.bytes("out/results.tsv"))

    def test_a_whole_table_takes_the_partial_one_away(self):
        self.interrupt(count_is(MANY))
        self.assertEqual(self.arete("results", "out/campaign.h5").returncode, 0)
        self.assertTrue(self.study.has("results.partial.tsv"))
        self.run_to_end(count_is(MANY))
        self.assertFalse(self.study.has("results.partial.tsv"))
        self.study.write("out/results.partial.tsv", self.study.bytes("out/results.tsv"))  # of an earlier day
        self.assertEqual(self.arete("results", "out/campaign.h5", "elsewhere.tsv").returncode, 0)
        self.assertTrue(self.study.has("results.partial.tsv"))  # the table that was asked for stands elsewhere
        self.assertEqual(self.arete("results", "out/campaign.h5").returncode, 0)
        self.assertFalse(self.study.has("results.partial.tsv"))

    def test_nothing_finished(self):
        self.run_to_end(count_is(200))
        self.study.campaign().flip_row(0)
        done = self.arete("results", "out/campaign.h5")
        self.assertEqual((done.returncode, done.stderr), (1, "arete: out/campaign.h5: no permutation is finished yet; expected at least one unit (200)\n"))

    def test_a_resume_takes_an_older_table_away(self):
        """While more permutations are computed there is no table that looks finished."""
        self.run_to_end(count_is(1000))
        self.interrupt(count_is(MANY), least=8)
        self.assertFalse(self.study.has("results.tsv"))


if __name__ == "__main__":
    unittest.main()
