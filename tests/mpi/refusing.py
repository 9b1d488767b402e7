#!/usr/bin/python3
"""What a rank cannot begin with (its input, its folder, StarPU, shared memory) ends every rank, soon, with one message and one exit code.

None of it depends on how permutations are made: that is in failing.py.
"""
import os
import subprocess
import unittest

from support.ranks_study import APART, FailingTest


class BadInput(FailingTest):
    def test_arguments(self):
        self.assert_fails(2, options=["--nonsense"], message="--nonsense", code=2)

    def test_study_file(self):
        self.study.replace("study.yaml", "outer_folds: 5", "outer_folds: many")
        self.assert_fails(2, message="study.yaml:.*outer_folds.*many", code=2)
        self.assertFalse(self.study.path("out").exists())

    def test_study_file_of_one_rank(self):
        self.assert_fails(3, launcher=self.only_rank(2, "cd /"), message=r"study.yaml: .*\(rank 2 on ", code=2)

    def test_genotypes_that_one_rank_lacks(self):
        """Its folder has the study file only."""
        self.study.path("bare").mkdir()
        self.study.write("bare/study.yaml", self.study.read("study.yaml"))
        self.assert_fails(2, launcher=self.only_rank(1, "cd bare"), message=r"chr1\.\w+: .*\(rank 1 on ", code=2)

    def other_genotypes(self):
        self.study.path("other").mkdir()
        for path in [*self.study.folder.glob("chr*"), *self.study.folder.glob("*.tsv"), self.study.path("study.yaml")]:
            self.study.write(f"other/{path.name}", path.read_bytes())

    def test_subjects_that_one_rank_lacks(self):
        self.other_genotypes()
        self.study.write("other/chr1.fam", self.study.read("chr1.fam").replace("S007", "S707"))
        self.study.write("other/chr2.fam", self.study.read("chr2.fam").replace("S007", "S707"))
        self.assert_fails(2, launcher=self.only_rank(1, "cd other"), message="expected the same genotypes on every machine", code=2)

    def test_fewer_snps_on_one_rank(self):
        """K would be a sum over different files."""
        self.other_genotypes()
        bim = self.study.lines("other/chr2.bim")
        self.study.set_lines("other/chr2.bim", bim[:-4])
        bed = self.study.bytes("other/chr2.bed")
        self.study.write("other/chr2.bed", bed[: len(bed) - 4 * 30])
        self.assert_fails(2, launcher=self.only_rank(1, "cd other"), message="expected the same genotypes on every machine", code=2)

    def test_other_calls_on_one_rank(self):
        """As a copy that was not brought up to date: K would be of both. A copy that is the same goes."""
        self.other_genotypes()
        self.study.path("other/out").symlink_to("../out")
        calls = bytearray(self.study.bytes("other/chr2.bed"))
        calls[100] ^= 3
        for command in ("run", "associate"):
            launcher = self.study.write_script("launcher.sh", '[ "$OMPI_COMM_WORLD_RANK" != 1 ] || cd other\n'
                                               f'program=$1\nshift 2\nexec "$program" {command} "$@"\n')
            os.utime(self.study.path("other/chr2.bed"), (1, 1))
            code, _, err = self.study.run_ranks(2, launcher=[launcher])
            self.assertEqual(code, 0, err)
            same = self.study.bytes("other/chr2.bed")
            self.study.write("other/chr2.bed", bytes(calls))
            self.assert_fails(2, launcher=[launcher], options=["--fresh"], message=r"other calls here than where rank 0 runs.*\(rank 1 on ", code=2)
            self.study.write("other/chr2.bed", same)

    def test_another_folder_on_one_rank(self):
        """Found before K: blocks would be saved where nobody looks for them."""
        self.other_genotypes()
        self.study.path("other/out").mkdir()
        message = r"^arete: out: is another folder here than where rank 0 runs, or none; .*\(rank 1 on "
        self.assert_fails(2, launcher=self.only_rank(1, "cd other"), message=message, code=2)
        self.assertEqual((os.listdir(self.study.path("other/out")), self.study.files()), ([], {"campaign.lock", "run.log"}))

    def test_another_study_on_one_rank(self):
        """A job may give each of its processes options of its own: one campaign of two studies."""
        for there, message in (('set -- "$@" --set model.baseline=test-mean', "another study .*: model.baseline not set there, test-mean here"),
                               ('set -- "$@" --set run.predictions=false', "another study .*: run.predictions not set there, false here"),
                               ('set -- "$@" --set permutations.count=2', "another study .*: permutations.count .* there, 2 here"),
                               ('set -- "$@" --fresh', "arete [0-9.]+ run --fresh found here, arete [0-9.]+ run in rank 0"),
                               ('program=$1; shift 2; set -- "$program" associate "$@"', "arete [0-9.]+ associate found here, arete [0-9.]+ run in rank 0")):
            self.assert_fails(2, launcher=self.only_rank(1, there), message=rf"^arete: study.yaml: {message}.*\(rank 1 on ", code=2)
            self.assertFalse(self.study.path("out").exists())
        names = ", ".join(f"rs{1000 + k}" for k in range(40))  # a list is shown from where it differs
        self.study.add_line("study.yaml", f"associate: {{snps: [{names}, rs1050]}}")
        self.assert_fails(2, launcher=self.only_rank(1, f'set -- "$@" --set "associate.snps=[{names}, rs1051]"'),
                          message=r"another study .*: associate.snps ...rs1050\] there, ...rs1051\] here \(rank 1 on ", code=2)
        code, _, err = self.study.run_ranks(2, launcher=self.only_rank(1, 'set -- "$@" --threads 2; export OPENBLAS_CORETYPE=Prescott'))
        self.assertEqual(code, 0, err)
        self.assertRegex(err, r"arete: warning: 1 of 2 ranks use other BLAS kernels than rank 0 \(\w+\): ")

    def test_genotypes_that_end_early_on_one_rank(self):
        self.other_genotypes()
        self.study.cut("other/chr2.bed", -1)
        self.assert_fails(2, launcher=self.only_rank(1, "cd other"), message=r"chr2\.bed: .*\(rank 1 on ", code=2)


class Beginning(FailingTest):
    def test_starpu_of_one_rank(self):
        """It cannot start while the others have."""
        for rank in (0, 1):
            with self.subTest(rank=rank):
                self.assert_fails(2, launcher=self.only_rank(rank, "export TMPDIR=/nonexistent"), message="StarPU's temporary folder", code=1)

    def test_shared_memory_of_one_rank(self):
        """MPI refuses it a window that the other one is inside, and waits for."""
        there = "export OMPI_MCA_osc_sm_backing_directory=/nonexistent"
        self.assert_fails(2, launcher=self.only_rank(0, there), message=r"MPI: sharing memory for .*shared_memory: false")

    def test_little_shared_memory(self):
        """As containers have by default: told before K, not after it."""
        small = 'mount -t tmpfs -o size=32m tmpfs /dev/shm && exec "$@"'
        hidden = ["unshare", "--mount", "sh", "-c", small, "sh"]
        if subprocess.run([*hidden, "true"], capture_output=True, check=False, timeout=30).returncode != 0:
            self.skipTest("mount is not permitted")
        self.study.write("sim.yaml", "output: large\nsubjects: 1000\nsnps: 2000\nchromosomes: 1\ntargets: {count: 2}\n")
        self.assertEqual(self.study.arete("simulate", "sim.yaml").returncode, 0)
        self.study.write("study.yaml", "genotypes: {plink: large/chr1}\ntargets: {table: large/targets.tsv}\noutput: out\nrun: {workers: 1}\n")
        self.assert_fails(2, before=hidden, message=r"^arete: /dev/shm: \d+ MB free; expected \d+ MB for the singular vectors .*shared_memory: false")
        self.assertFalse(self.study.path("out").exists())
        self.run_to_end(2, APART, "permutations.count=10", before=hidden)

    def test_output_folder(self):
        self.study.write("out", "a file\n")
        self.assert_fails(2, message="out", code=2)


if __name__ == "__main__":
    unittest.main()
