#!/usr/bin/python3
"""Bad input: each function below breaks the tiny study in the way its name says, and the decorator holds what `arete` must say of it:
exactly these lines on stderr, each with "arete: " in front. Besides, nothing on stdout, nothing written, exit code 2.

    tests/cli/bad_inputs.py                             # all of them
    tests/cli/bad_inputs.py BadInputs.test_bim_is_empty # one
"""
import unittest
from functools import partialmethod

from support.tiny_study import GENOTYPES, TinyStudy

CASES = {}


def expect(*lines, leaves_log=False):
    """leaves_log: it can be known only after a pass over the genotypes, when the output folder, its lock and run.log are there already."""

    def add(spoil):
        CASES[spoil.__name__] = (spoil, lines, leaves_log)
        return spoil

    return add


# The command line


@expect("fit: no such command; expected init, run, associate, plan, status, results, report, permutation, simulate or parcellate (arete --help)")
def unknown_command(study):
    study.arguments = ["fit", "study.yaml"]


@expect("0 files found; expected one (arete run study.yaml)")
def no_study_file(study):
    study.arguments = ["run"]


@expect("2 files found; expected one (arete run study.yaml)")
def two_study_files(study):
    study.arguments = ["run", "study.yaml", "other.yaml"]


@expect("--quick: unknown option; see arete run --help")
def unknown_option(study):
    study.arguments += ["--quick"]


@expect("-q: unknown option; see arete run --help")
def unknown_short_option(study):
    study.arguments += ["-q"]


@expect("--set: a value is missing; see arete run --help")
def set_without_a_value(study):
    study.arguments += ["--set"]


@expect("--set seed: expected key.path=value")
def set_without_an_equals_sign(study):
    study.arguments += ["--set", "seed"]


@expect(
    "--set sed=3: sed: unknown key; expected one of: genotypes, targets, covariates, model, permutations, seed, output, run, network, associate",
    "--set model.outer_fold=5: model.outer_fold: unknown key; expected one of: outer_folds, inner_folds, heritability, penalties, score, baseline, penalty_tolerance, penalty_nodes, keep_together",
)
def set_of_an_unknown_key(study):
    study.arguments += ["--set", "model.outer_fold=5", "--set", "sed=3"]


@expect("--set model.outer_folds=1: model.outer_folds: 1 found; expected an integer from 2 to 1000")
def set_out_of_range(study):
    study.arguments += ["--set", "model.outer_folds=1"]


@expect("--set seed.value=1: seed: a mapping found; expected an integer from 0 to 18446744073709551615")
def set_inside_a_value(study):
    study.arguments += ["--set", "seed.value=1"]


@expect('--set run.workers=many: run.workers: text "many" found; expected auto or an integer from 1 to 1024')
def option_with_a_bad_value(study):
    study.arguments += ["--threads", "many"]


@expect(
    '--set run.placement=by-penalty: run.placement: text "by-penalty" found; expected auto, replicate or by-fold',
    '--set run.shared_memory=maybe: run.shared_memory: text "maybe" found; expected true or false',
    "--set network.latency_us=-1: network.latency_us: -1 found; expected a number from 0 to 1000000",
)
def run_and_network_out_of_range(study):
    for one in ("run.placement=by-penalty", "run.shared_memory=maybe", "network.latency_us=-1"):
        study.arguments += ["--set", one]


@expect("--set model.outer_folds=1: model.outer_folds: 1 found; expected an integer from 2 to 1000")
def plan_of_a_bad_study(study):
    study.arguments = ["plan", "study.yaml", "--set", "model.outer_folds=1"]


@expect("chr2.bed: 9002 bytes found; expected 9003 for 300 SNPs (lines of chr2.bim) and 120 subjects (lines of chr2.fam)")
def plan_with_a_bed_too_short(study):
    study.cut("chr2.bed", -1)
    study.arguments[0] = "plan"


@expect("--fresh: unknown option; see arete plan --help")
def plan_with_run_s_option(study):
    study.arguments = ["plan", "study.yaml", "--fresh"]


@expect('--nodes: "0" found; expected an integer from 1 to 1000000')
def plan_of_no_machine(study):
    study.arguments = ["plan", "study.yaml", "--nodes", "0"]


@expect("--ranks: a value is missing; see arete plan --help")
def plan_with_an_option_cut_short(study):
    study.arguments = ["plan", "study.yaml", "--ranks"]


@expect("--shape: no targets found; expected it")
def plan_of_half_a_shape(study):
    study.arguments = ["plan", "--shape", "subjects=1500,snps=500000"]


@expect("--shape: penalty_nodes=9 found; expected at most penalties=5")
def plan_of_more_nodes_than_penalties(study):
    study.arguments = ["plan", "--shape", "subjects=1500,snps=500000,targets=1000,penalty_nodes=9"]


@expect("--parcels: unknown option; see arete run --help")
def run_with_parcellate_s_option(study):
    study.arguments = ["run", "study.yaml", "--parcels", "100"]


@expect("--shape: subjects=many found; expected a number from 30 to 1e+06")
def plan_of_a_shape_with_a_bad_number(study):
    study.arguments = ["plan", "--shape", "subjects=many,snps=500000,targets=1000"]


@expect("--shape: people=3 found; expected one of the keys of arete plan --help")
def plan_of_a_shape_with_an_unknown_key(study):
    study.arguments = ["plan", "--shape", "people=3"]


@expect("study.yaml: found beside --shape; expected --nodes, --ranks, --threads or --sbatch")
def plan_of_a_shape_and_a_study(study):
    study.arguments = ["plan", "study.yaml", "--shape", "subjects=1500,snps=5,targets=1"]


@expect("1 arguments found; expected arete permutation campaign.h5 NUMBER, or ORBIT SHIFT")
def permutation_without_a_number(study):
    study.arguments = ["permutation", "campaign.h5"]


@expect("permutation -1 found; expected a number from 0")
def permutation_of_a_bad_number(study):
    study.arguments = ["permutation", "campaign.h5", "-1"]


@expect("campaign.h5: cannot be read: No such file or directory")
def permutation_of_no_campaign(study):
    study.arguments = ["permutation", "campaign.h5", "1"]


@expect("study.yaml: is not an HDF5 file; expected an arete campaign")
def permutation_of_a_file_that_is_no_campaign(study):
    study.arguments = ["permutation", "study.yaml", "1"]


# The study file


@expect("study.yaml: cannot be read: No such file or directory")
def study_file_is_missing(study):
    study.delete("study.yaml")


@expect("study.yaml: empty; expected a study file (docs/study-file.md)")
def study_file_is_empty(study):
    study.write("study.yaml", "")


@expect(".: a folder found; expected a file")
def study_file_is_a_folder(study):
    study.arguments = ["run", "."]


@expect("study.yaml:1:1: a list found; expected a mapping of keys (docs/study-file.md)")
def study_file_is_no_mapping(study):
    study.write("study.yaml", "- chr1\n- chr2\n")


@expect("study.yaml:10:1: not YAML: the line is indented with a tab; expected spaces")
def study_file_indented_with_a_tab(study):
    study.replace("study.yaml", "  outer_folds", "\touter_folds")


@expect("study.yaml:8:14: not YAML: did not find expected ',' or ']' while parsing a flow sequence")
def study_file_with_an_open_bracket(study):
    study.replace("study.yaml", "[age, sex]", "[age, sex")


@expect(
    "study.yaml:15:1: runs: unknown key; expected one of: genotypes, targets, covariates, model, permutations, seed, output, run, network, associate",
    "study.yaml:10:3: model.outerfolds: unknown key; expected one of: outer_folds, inner_folds, heritability, penalties, score, baseline, penalty_tolerance, penalty_nodes, keep_together",
    "study.yaml:13:3: permutations.number: unknown key; expected one of: count, within, method",
)
def unknown_keys(study):
    study.replace("study.yaml", "outer_folds", "outerfolds")
    study.replace("study.yaml", "count: 20", "number: 20")
    study.replace("study.yaml", "run:", "runs:")


@expect("study.yaml:11:3: outer_folds: found twice; expected each key once")
def key_found_twice(study):
    study.replace("study.yaml", "  inner_folds: 4", "  outer_folds: 4")


@expect(
    "study.yaml:7:3: covariates.columns: a mapping found; expected column names, such as [age, PC{1..10}]",
    'study.yaml:10:3: model.outer_folds: text "five" found; expected an integer from 2 to 1000',
    "study.yaml:13:3: permutations.count: a list found; expected an integer from 1 to 1000000000",
)
def values_of_wrong_type(study):
    study.replace("study.yaml", "outer_folds: 5", "outer_folds: five")
    study.replace("study.yaml", "count: 20", "count: [20]")
    study.replace("study.yaml", "columns: [age, sex]", "columns: {age: 1}")


@expect(
    "study.yaml:3:3: genotypes.min_allele_frequency: 0.5 found; expected a number from 0 to less than 0.5",
    "study.yaml:11:3: model.outer_folds: 1 found; expected an integer from 2 to 1000",
    "study.yaml:12:23: model.heritability: 1.5 found; expected a number greater than 0 and less than 1",
    "study.yaml:14:3: permutations.count: 0 found; expected an integer from 1 to 1000000000",
)
def values_out_of_range(study):
    study.replace("study.yaml", "outer_folds: 5", "outer_folds: 1")
    study.replace("study.yaml", "inner_folds: 4", "heritability: [0.5, 1.5]")
    study.replace("study.yaml", "count: 20", "count: 0")
    study.replace("study.yaml", "plink: chr{1..2}", "plink: chr{1..2}\n  min_allele_frequency: 0.5")


@expect('study.yaml:5:3: targets.missing: text "drop" found; expected error, drop-subject or mean')
def unknown_choice(study):
    study.replace("study.yaml", "table: targets.tsv", "table: targets.tsv\n  missing: drop")


@expect("study.yaml:11:3: model.penalties: found beside model.heritability; expected one of them")
def penalties_beside_heritability(study):
    study.replace("study.yaml", "inner_folds: 4", "penalties: {from: 10, to: 1, count: 5}\n  heritability: 0.5")


@expect("study.yaml:11:25: model.penalties.to: 1 found; expected more than from (10)")
def penalties_that_go_down(study):
    study.replace("study.yaml", "inner_folds: 4", "penalties: {from: 10, to: 1, count: 5}")


@expect('study.yaml:2:3: genotypes.plink: text "chr{2..1}" found; expected a range that goes up, such as PC{1..10}')
def range_that_goes_down(study):
    study.replace("study.yaml", "chr{1..2}", "chr{2..1}")


@expect(
    "study.yaml: genotypes.plink: nothing found; expected the prefix of a PLINK fileset, a list of them, or a pattern such as data/chr{1..22}",
    "study.yaml: targets: none of table, fam_columns and images found; expected one of them",
    "study.yaml: output: nothing found; expected the path of a folder",
)
def required_keys_are_missing(study):
    study.replace("study.yaml", "  plink: chr{1..2}\n", "")
    study.replace("study.yaml", "  table: targets.tsv\n", "")
    study.replace("study.yaml", "output: out\n", "")


@expect(
    "study.yaml:6:3: covariates.columns: found without covariates.table; expected the table they are in",
    "study.yaml:7:3: covariates.categorical: found without covariates.table; expected the table they are in",
)
def columns_without_a_table(study):
    study.replace("study.yaml", "  table: covariates.tsv\n", "")


# Genotypes


@expect("chr1.bed: begins with 00 1b 01; expected 6c 1b 01 (a PLINK 1 .bed, SNP-major)")
def bed_of_wrong_magic(study):
    study.patch("chr1.bed", 0, b"\x00")


@expect("chr1.bed: begins with 6c 1b 00: individual-major; expected SNP-major (6c 1b 01): convert it with plink2 --bfile chr1 --make-bed --out NEW")
def bed_is_individual_major(study):
    study.patch("chr1.bed", 2, b"\x00")


@expect("chr2.bed: 9002 bytes found; expected 9003 for 300 SNPs (lines of chr2.bim) and 120 subjects (lines of chr2.fam)")
def bed_is_truncated(study):
    study.cut("chr2.bed", -1)


@expect("chr2.bed: 9033 bytes found; expected 9003 for 300 SNPs (lines of chr2.bim) and 120 subjects (lines of chr2.fam)")
def bed_with_bytes_too_many(study):
    study.write("chr2.bed", study.bytes("chr2.bed") + b"\x00" * 30)


@expect("chr1.bed: 2 bytes found; expected 6c 1b 01 and the calls")
def bed_without_calls(study):
    study.cut("chr1.bed", 2)


@expect("chr1.bed: 0 bytes found; expected 6c 1b 01 and the calls")
def bed_is_empty(study):
    study.write("chr1.bed", "")


@expect("chr1.bed: cannot be read: No such file or directory")
def bed_is_missing(study):
    study.delete("chr1.bed")


@expect("chr1.bed: cannot be read: No such file or directory", "chr2.bed: cannot be read: No such file or directory")
def two_beds_are_missing(study):
    study.delete("chr1.bed")
    study.delete("chr2.bed")


@expect(
    "chr3.bed: cannot be read: No such file or directory",
    "chr3.bim: cannot be read: No such file or directory",
    "chr3.fam: cannot be read: No such file or directory",
)
def fileset_is_missing(study):
    study.replace("study.yaml", "chr{1..2}", "chr{1..3}")


@expect(
    "genotypes.plink: chr1.pgen found, PLINK 2 genotypes, which arete does not read yet; expected a PLINK 1 fileset (.bed .bim .fam), as this makes: "
    "plink2 --pfile chr1 --make-bed --out chr1"
)
def plink_2_beside_the_prefix(study):
    study.path("chr1.bed").rename(study.path("chr1.pgen"))


@expect(
    "genotypes.plink: my data/all.bgen found, BGEN genotypes, which arete does not read yet; expected a PLINK 1 fileset (.bed .bim .fam), as this "
    "makes: plink2 --bgen 'my data/all'.bgen ref-first --sample 'my data/all'.sample --make-bed --out 'my data/all'"
)
def bgen_in_a_folder_with_a_blank(study):
    study.path("my data").mkdir()
    study.write("my data/all.bgen", "")
    study.replace("study.yaml", "chr{1..2}", "my data/all")


@expect(
    "genotypes.plink: all.vcf.gz found, a VCF file, which arete does not read yet; expected a PLINK 1 fileset (.bed .bim .fam), as this makes: "
    "plink2 --vcf all.vcf.gz --make-bed --out all"
)
def a_vcf_as_the_prefix(study):
    study.write("all.vcf.gz", "")
    study.replace("study.yaml", "chr{1..2}", "all.vcf.gz")


@expect("genotypes.plink: chr1.bed found; expected the prefix of the fileset, without .bed")
def prefix_with_an_ending(study):
    study.replace("study.yaml", "chr{1..2}", "chr1.bed")


@expect(
    "chr1.bim:3: 5 fields found; expected 6 (chromosome, SNP ID, centimorgans, position, allele 1, allele 2)",
    "chr1.bim:5: 1 field found; expected 6 (chromosome, SNP ID, centimorgans, position, allele 1, allele 2)",
)
def bim_with_short_lines(study):
    study.set_line("chr1.bim", 3, "1 rs1002 0 3000 A")
    study.set_line("chr1.bim", 5, "1")


@expect("chr1.bim: 0 SNPs found; expected 1 to 4294967295")
def bim_is_empty(study):
    study.write("chr1.bim", "")


@expect("chr1.bed: 9003 bytes found; expected 8973 for 299 SNPs (lines of chr1.bim) and 120 subjects (lines of chr1.fam)")
def bim_with_a_line_too_few(study):
    study.keep_lines("chr1.bim", 299)


@expect("chr1.bim: none of 600 SNPs is on chromosomes 1-22 (the first is rs1000 on X); expected some, or genotypes.chromosomes: all in the study file")
def no_snp_on_chromosomes_1_to_22(study):
    for name in ("chr1.bim", "chr2.bim"):
        study.set_lines(name, ["X" + line[1:] for line in study.lines(name)])


@expect("chr1.fam:2: 5 fields found; expected 6 or more (FID, IID, father, mother, sex, phenotype)")
def fam_with_a_short_line(study):
    study.set_line("chr1.fam", 2, "F01 S002 0 0 0")


@expect("chr1.fam:4: FID F01 IID S001 found, as at line 1; expected every subject once")
def fam_with_a_subject_twice(study):
    study.set_line("chr1.fam", 4, study.lines("chr1.fam")[0])


@expect("chr1.fam: 0 subjects found; expected 1 to 4294967295")
def fam_is_empty(study):
    study.write("chr1.fam", "")


@expect(
    "chr1.fam: 120 subjects and chr2.fam: 120 subjects do not agree: FID F60 IID S120 is only in chr1.fam; expected the same subjects in every fileset",
)
def filesets_with_different_subjects(study):
    study.set_line("chr2.fam", 120, "F60 S121 0 0 0 -9")


@expect("snps.txt: none of its 2 SNPs (extract) is in the genotypes, e.g. rs1; these have e.g. rs1000; expected the same IDs")
def extract_list_without_a_known_snp(study):
    study.write("snps.txt", "rs1\nrs2\nrs2\n")
    study.replace("study.yaml", "chr{1..2}", "chr{1..2}\n  extract: snps.txt")


@expect("snps.txt: none of its 2 SNPs (exclude) is in the genotypes, e.g. rs1000,rs1001; these have e.g. rs1000; expected the same IDs")
def exclude_list_without_a_known_snp(study):
    study.write("snps.txt", "rs1000,rs1001\n1:1000\n")
    study.replace("study.yaml", "chr{1..2}", "chr{1..2}\n  exclude: snps.txt")


@expect("snps.txt: no SNP found; expected one SNP ID a line")
def extract_list_is_empty(study):
    study.write("snps.txt", "")
    study.replace("study.yaml", "chr{1..2}", "chr{1..2}\n  extract: snps.txt")


@expect(
    "snps.txt:1: more than one field found; expected one SNP ID a line",
    "snps.txt:2: more than one field found; expected one SNP ID a line",
)
def extract_list_with_two_fields(study):
    study.write("snps.txt", "rs1000 A\nrs1001 A\n")
    study.replace("study.yaml", "chr{1..2}", "chr{1..2}\n  extract: snps.txt")


@expect(
    "people.txt: no subject in common with chr1.fam: genotypes: 120 subjects, e.g. FID F02 IID S003; keep: 2, e.g. FID F01 IID S03; expected the same IDs (leading zeros differ, which spreadsheets drop)",
)
def keep_list_with_nobody(study):
    study.write("people.txt", "F01 S03\nF02 S04\n")
    study.replace("study.yaml", "chr{1..2}", "chr{1..2}\n  keep: people.txt")


@expect(
    "people.txt: no subject in common with chr1.fam: genotypes: 120 subjects, e.g. FID F02 IID S003; remove: 2, e.g. IID S003,S003; expected the same IDs (commas stand where blanks are expected)",
)
def remove_list_with_nobody(study):
    study.write("people.txt", "S003,S003\nS004,S004\n")
    study.replace("study.yaml", "chr{1..2}", "chr{1..2}\n  remove: people.txt")


@expect("people.txt: cannot be read: No such file or directory")
def keep_list_is_missing(study):
    study.replace("study.yaml", "chr{1..2}", "chr{1..2}\n  keep: people.txt")


@expect("people.txt: no subject left: all of the 120 still in are in this file (remove); expected some to be kept")
def remove_list_with_everybody(study):
    study.write("people.txt", study.read("chr1.fam"))
    study.replace("study.yaml", "chr{1..2}", "chr{1..2}\n  remove: people.txt")


@expect(
    "chr1.fam: no subject left: each of the 120 lacks more than 0.1 of the 600 selected calls; expected some with fewer missing (genotypes.max_missing_per_subject)",
)
def subjects_without_calls(study):
    for name in ("chr1.bed", "chr2.bed"):
        study.write(name, study.bytes(name)[:3] + b"\x55" * 9000)


@expect(
    "genotypes: no SNP is left of 600 (0 over max_missing_per_snp, 600 do not vary, 0 under min_allele_frequency); expected at least one",
    leaves_log=True,
)
def no_snp_passes_the_filters(study):
    for name in ("chr1.bed", "chr2.bed"):
        study.write(name, study.bytes(name)[:3] + b"\xff" * 9000)


# Targets


@expect("targets.tsv: cannot be read: No such file or directory")
def table_is_missing(study):
    study.delete("targets.tsv")


@expect(".: a folder found; expected a file")
def table_is_a_folder(study):
    study.replace("study.yaml", "targets.tsv", ".")


@expect("targets.tsv: is empty; expected a header line")
def table_is_empty(study):
    study.write("targets.tsv", "")


@expect("targets.tsv: a header and no rows found; expected one row a subject")
def table_is_a_header(study):
    study.keep_lines("targets.tsv", 1)


@expect("targets.tsv:1: holds a zero byte; expected a text file")
def table_of_bytes(study):
    study.write("targets.tsv", study.bytes("chr1.bed"))


@expect(
    'targets.tsv:1: no column of IDs found in the header, which begins with "family"; expected FID and IID, #FID and IID, IID, #IID, participant_id, or the name of another one in id_column',
)
def header_without_an_id(study):
    study.replace("targets.tsv", "FID\tIID", "family\tperson")


@expect("targets.tsv:3: a value found in column 9 or behind, which has no name in the header; expected a name for every column")
def header_with_a_column_without_a_name(study):
    study.set_lines("targets.tsv", [line + "\t" + ("7" if k == 2 else "") for k, line in enumerate(study.lines("targets.tsv"))])


@expect("targets.tsv:1: column noise_1 found at fields 5 and 6; expected different column names")
def header_with_a_column_twice(study):
    study.replace("targets.tsv", "noise_2", "noise_1")


@expect(
    "targets.tsv:3: 9 fields found; expected 8 (as in the header)",
    "targets.tsv:7: 3 fields found; expected 8 (as in the header)",
)
def ragged_rows(study):
    study.set_line("targets.tsv", 3, study.lines("targets.tsv")[2] + "\t5")
    study.set_line("targets.tsv", 7, "F01\tS001\t1.5")


@expect("targets.tsv:123: FID F01 IID S002 found, as at line 2; expected every subject once")
def table_with_a_subject_twice(study):
    study.add_line("targets.tsv", study.lines("targets.tsv")[1])


@expect("targets.tsv:58: IID S001 fits two subjects of the genotypes, FID F01 IID S001 and FID F77 IID S001; expected FID and IID, which tell them apart")
def table_whose_iid_fits_two_subjects(study):
    for name in ("chr1.fam", "chr2.fam"):
        study.set_line(name, 3, "F77 S001 0 0 0 -9")
    study.set_lines("targets.tsv", [line.split("\t", 1)[1] for line in study.lines("targets.tsv")])


@expect(
    "targets.tsv: no subject in common with chr1.fam: genotypes: 120 subjects, e.g. FID F01 IID S001; targets: 121, e.g. FID F01 IID sub-S001; expected the same IDs (a sub- in front differs)",
)
def no_common_subject(study):
    study.set_lines("targets.tsv", [line.replace("\tS", "\tsub-S") for line in study.lines("targets.tsv")])


@expect(
    'targets.tsv:2: column noise_1: "high" found; expected a number or NA',
    'targets.tsv:3: column signal_1: "1,5" found; expected a number or NA',
)
def text_in_numeric_columns(study):
    study.set_value("targets.tsv", "S002", "noise_1", "high")
    study.set_value("targets.tsv", "S028", "signal_1", "1,5")


@expect(
    'targets.tsv:5: columns group, site: text found, such as "patient"; expected numbers; targets.columns names those to take',
    'targets.tsv:2: column noise_1: "high" found; expected a number or NA',
)
def columns_of_text_among_the_targets(study):
    study.set_value("targets.tsv", "S002", "noise_1", "high")
    study.add_column("targets.tsv", "group", lambda fid, iid: "NA" if iid < "S030" else "patient")
    study.add_column("targets.tsv", "site", lambda fid, iid: "Berlin" if iid < "S100" else "7")


def fam_of_cases(study, phenotype):
    """Column 6 of every .fam, phenotype(line), as the target CASE."""
    for name in ("chr1.fam", "chr2.fam"):
        study.set_lines(name, [f"{line.rsplit(maxsplit=1)[0]} {phenotype(number)}" for number, line in enumerate(study.lines(name), 1)])
    study.replace("study.yaml", "  table: targets.tsv\n", "  fam_columns: {CASE: 6}\n")


@expect(
    "targets.tsv:2: column noise_1: -9 found (2 in all); expected a number or NA; if -9 means missing, write targets.missing_codes: [-9] in the study file, else targets.not_missing: [-9]",
)
def undeclared_minus_nine(study):
    study.set_value("targets.tsv", "S002", "noise_1", "-9")
    study.set_value("targets.tsv", "S028", "noise_1", "-9")


@expect(
    "chr1.fam:2: column CASE: 0 found (20 in all) beside 1 and 2, as PLINK writes a missing phenotype; if it means missing, write targets.missing_codes: [0] "
    "in the study file, else targets.not_missing: [0]",
)
def zero_beside_cases_and_controls(study):
    fam_of_cases(study, lambda number: 0 if 2 <= number < 22 else 1 + number % 2)


@expect(
    "study.yaml:5:17: targets.not_missing: text \"none\" found; expected numbers, such as [-9]",
)
def not_missing_of_no_number(study):
    study.replace("study.yaml", "  table: targets.tsv\n", "  table: targets.tsv\n  not_missing: [none]\n")


@expect(
    "covariates.tsv:7: column site: label 1 found, and 01 in line 3, which are one number; expected one way of writing it",
    "covariates.tsv:2: column site: label 1.0 found, and 1 in line 7, which are one number; expected one way of writing it",
    "folds.tsv:4: column fold: label 3.0 found, and 3 in line 7, which are one number; expected one way of writing it",
)
def labels_that_are_one_number(study):
    sites = ["1.0", "01", "2", "3", "2", "1"]
    people = [line.split("\t")[1] for line in study.lines("covariates.tsv")[1:]]
    study.set_value("covariates.tsv", None, "site", "2")
    for iid, site in zip(people, sites):
        study.set_value("covariates.tsv", iid, "site", site)
    study.give_folds(lambda k: "3.0" if k == 2 else k % 5 + 3 if k > 2 else 4)


@expect(
    "covariates.tsv:4: column site: label 1.0 found, and 1 in line 3, which are one number; expected one way of writing it",
    "covariates.tsv:6: column site: label 1e0 found, and 1.0 in line 4, which are one number; expected one way of writing it",
)
def labels_that_are_one_number_beside_words(study):
    """Sorted as texts, 1.5T and 12 stand between 1.0 and 1e0."""
    people = [line.split("\t")[1] for line in study.lines("covariates.tsv")[1:]]
    for k, iid in enumerate(people):
        study.set_value("covariates.tsv", iid, "site", ["other", "1", "1.0", "1.5T", "1e0", "12"][k % 6])


@expect("study.yaml:6:3: covariates.table: found without columns or categorical; expected which to use")
def covariates_of_which_nothing_is_used(study):
    """FID in keep_together and within is the family of the .fam: the table would only drop whoever is not in it."""
    study.replace("study.yaml", "  columns: [age, sex]\n  categorical: [site]\n", "")
    study.arguments += ["--set", "model.keep_together=FID", "--set", "permutations.within=FID"]


@expect(
    "targets.tsv: target signal_2: 1 of 120 values missing; expected none (targets.missing: error)",
    "targets.tsv: target noise_1: 2 of 120 values missing; expected none (targets.missing: error)",
    "targets.tsv: without a value: FID F01 IID S002, FID F14 IID S028; expected a value for everybody (targets.missing: drop-subject leaves out those who lack one, mean keeps them)",
)
def missing_values_under_missing_error(study):
    study.set_value("targets.tsv", "S002", "noise_1", "NA")
    study.set_value("targets.tsv", "S028", "noise_1", "")
    study.set_value("targets.tsv", "S028", "signal_2", "n/a")


@expect(
    "targets.tsv:1: no column noise_4 found; expected it in the header (8 columns)",
    "targets.tsv:1: no column signal_3 found; expected it in the header (8 columns)",
)
def target_columns_absent(study):
    study.replace("study.yaml", "table: targets.tsv", "table: targets.tsv\n  columns: [noise_{1..4}, signal_3]")


@expect(
    "targets.tsv: target noise_1 cannot be analysed, and no other can: 120 of 120 values missing, more than max_missing_per_target 0.1",
    "targets.tsv: target constant cannot be analysed, and no other can: constant",
)
def no_target_can_be_analysed(study):
    study.set_value("targets.tsv", None, "noise_1", "NA")
    study.replace("study.yaml", "table: targets.tsv", "table: targets.tsv\n  columns: [noise_1, constant]")


@expect("study.yaml: targets: none of 1 varies beyond the covariates; expected one", leaves_log=True)
def target_is_a_covariate(study):
    study.replace("study.yaml", "table: targets.tsv", "table: covariates.tsv\n  columns: age")


@expect("chr1.fam:5: 6 fields found; expected at least 7 (for height)")
def fam_column_that_is_not_there(study):
    study.replace("study.yaml", "table: targets.tsv", "fam_columns: {height: 7}")
    study.set_lines("chr1.fam", [f"{line} 170" for line in study.lines("chr1.fam")])
    study.set_line("chr1.fam", 5, "F03 S005 0 0 0 -9")


# Covariates and folds


@expect(
    *(f"{name}: cannot be read: No such file or directory" for name in [*GENOTYPES, "targets.tsv", "covariates.tsv"]),
    "there/study.yaml: its paths begin where arete is started, not at the study file, beside which they lead to files; expected arete to be started in there, "
    "or there/ before each path",
)
def paths_as_seen_from_the_study_file(study):
    study.path("there").mkdir()
    for name in [*GENOTYPES, "targets.tsv", "covariates.tsv", "study.yaml"]:
        study.path(name).rename(study.path(f"there/{name}"))
    study.arguments = ["run", "there/study.yaml"]


@expect(
    "covariates.tsv:1: no column ages found; expected it in the header (5 columns, one of them age)",
    "covariates.tsv:1: no column Site found; expected it in the header (5 columns, one of them site)",
)
def covariate_columns_misspelt(study):
    study.replace("study.yaml", "[age, sex]", "[ages, sex]")
    study.replace("study.yaml", "[site]", "[Site]")


@expect(
    "covariates.tsv:1: no column height found; expected it in the header (5 columns)",
    "covariates.tsv:1: no column scanner found; expected it in the header (5 columns)",
)
def covariate_columns_absent(study):
    study.replace("study.yaml", "[age, sex]", "[age, height]")
    study.replace("study.yaml", "[site]", "[scanner]")


@expect(
    "covariates.tsv: without a value (age: 1, site: 2): FID F06 IID S011, FID F08 IID S015, FID F58 IID S116; expected a value for everybody (covariates.missing: drop-subject leaves out those who lack one)",
)
def covariates_missing(study):
    study.set_value("covariates.tsv", "S011", "age", "NA")
    study.set_value("covariates.tsv", "S015", "site", "")
    study.set_value("covariates.tsv", "S116", "site", "NA")


@expect("covariates.tsv: no subject left: each of the 120 lacks a covariate (age: 1, site: 119); expected some with all")
def nobody_with_all_covariates(study):
    study.set_value("covariates.tsv", None, "site", "NA")
    study.set_value("covariates.tsv", "S011", "site", "Leuven")
    study.set_value("covariates.tsv", "S011", "age", "NA")
    study.arguments += ["--set", "covariates.missing=drop-subject"]


@expect(
    "folds.tsv: without a value (fold: 1): FID F01 IID S001; expected a value for everybody (genotypes.remove leaves people out)",
)
def a_fold_missing_though_covariates_may_be(study):
    study.give_folds(lambda k: k % 5 if k > 0 else "NA")
    study.arguments += ["--set", "covariates.missing=drop-subject"]


@expect('--set covariates.missing=mean: covariates.missing: text "mean" found; expected error or drop-subject')
def covariates_are_never_filled_in(study):
    study.arguments += ["--set", "covariates.missing=mean"]


@expect('covariates.tsv:2: column site: text found, such as "Leuven"; expected numbers; labels belong in covariates.categorical')
def a_covariate_of_labels(study):
    study.arguments += ["--set", "covariates.columns=[age, sex, site]", "--set", "covariates.categorical=null"]


@expect('covariates.tsv:2: column sex: "F" found; expected a number or NA')
def covariate_of_text(study):
    study.set_value("covariates.tsv", "S011", "sex", "F")


@expect(
    "covariates.tsv:2: column site: -9 found (2 in all); expected a label or NA; if -9 means missing, write targets.missing_codes: [-9] in the study file, else covariates.not_missing: [-9]",
)
def undeclared_minus_nine_among_labels(study):
    study.set_value("covariates.tsv", "S011", "site", "-9")
    study.set_value("covariates.tsv", "S015", "site", "-9")


@expect('study.yaml:8:3: covariates.categorical: text "age" found, which is also in covariates.columns; expected it in one of them')
def covariate_that_is_categorical_too(study):
    study.replace("study.yaml", "[site]", "[site, age]")


@expect("study.yaml: model.outer_folds: 200 found for 120 subjects; expected 2 to 120")
def more_folds_than_subjects(study):
    study.replace("study.yaml", "outer_folds: 5", "outer_folds: 200")


@expect(
    "folds.tsv: column fold: FID F01 IID S001 and FID F01 IID S002 stand in different folds (0, 1), but model.keep_together joins them; expected given folds that keep groups whole",
)
def given_folds_that_part_a_family(study):
    study.give_folds(lambda k: k % 5)
    study.replace("study.yaml", "inner_folds: 4", "inner_folds: 4\n  keep_together: FID")


@expect("study.yaml: model.outer_folds: a test set of 1 subject found; expected at least 2 (fewer folds, or more subjects)")
def test_sets_of_one_subject(study):
    study.replace("study.yaml", "outer_folds: 5", "outer_folds: 100")


@expect(
    "warning: the smallest test set has 4 subjects: r2 of a fold that small says little",
    "study.yaml: model: the smallest inner training set has 12 subjects for 5 covariates (with the intercept); expected at least 10 more subjects than covariates",
)
def too_few_subjects_to_train(study):
    study.write("people.txt", "".join(f"{line}\n" for line in study.lines("chr1.fam")[:20]))
    study.replace("study.yaml", "chr{1..2}", "chr{1..2}\n  keep: people.txt")


@expect(
    "study.yaml: model: the smallest inner training set has 72 subjects for 105 covariates (with the intercept); expected at least 10 more subjects than covariates",
    leaves_log=True,
)
def genetic_pcs_too_many(study):
    study.replace("study.yaml", "[site]", "[site]\n  genetic_pcs: 100")


@expect("covariates.tsv:1: no column scanner found; expected it in the header (5 columns)")
def within_column_absent(study):
    study.replace("study.yaml", "count: 20", "count: 20\n  within: scanner")


@expect('study.yaml:10:3: permutations.within: text "site" found without covariates.table; expected the table it is in, or FID')
def within_without_a_table(study):
    study.replace("study.yaml", "covariates:\n  table: covariates.tsv\n  columns: [age, sex]\n  categorical: [site]\n", "")
    study.replace("study.yaml", "count: 20", "count: 20\n  within: site")


@expect("study.yaml: model.keep_together: a group of 40 subjects found among 120; expected at most 24 (one of 5 outer folds): a higher relatedness, fewer folds, or permutations.within: the family")
def keep_together_group_larger_than_a_fold(study):
    study.replace("study.yaml", "inner_folds: 4", "inner_folds: 4\n  keep_together: site")


@expect("study.yaml: model.keep_together: a group of 89 subjects found among 120; expected at most 24 (one of 5 outer folds): a higher relatedness, fewer folds, or permutations.within: the family", leaves_log=True)
def relatives_more_than_a_fold(study):
    study.replace("study.yaml", "inner_folds: 4", "inner_folds: 4\n  keep_together: {relatedness: 0.33}")


@expect("study.yaml:10:3: model.outer_folds.table: nothing found; expected both of column and table")
def given_folds_without_a_table(study):
    study.replace("study.yaml", "outer_folds: 5", "outer_folds: {column: fold}")


@expect("folds.tsv: without a value (fold: 1): FID F04 IID S007; expected a value for everybody (genotypes.remove leaves people out)")
def given_folds_with_a_subject_missing(study):
    study.give_folds(lambda k: k % 5)
    study.set_value("folds.tsv", "S007", "fold", "NA")


@expect("study.yaml: model.outer_folds: 1 found for 120 subjects; expected 2 to 120")
def given_folds_with_one_fold(study):
    study.give_folds(lambda k: 1)


@expect("study.yaml: model.outer_folds: a test set of 1 subject found; expected at least 2 (fewer folds, or more subjects)")
def given_folds_with_a_fold_of_one(study):
    study.give_folds(lambda k: k % 5 if k > 0 else 7)


@expect("folds.tsv:1: no column fold found; expected it in the header (3 columns)")
def given_folds_of_no_known_column(study):
    study.give_folds(lambda k: k % 5)
    study.replace("folds.tsv", "fold", "set")


# Latin-1: what goes into a campaign and into tables is UTF-8


def is_latin(text, byte):
    return f'"{text}" found, which is no UTF-8 (byte {byte:02X}); expected UTF-8, as iconv -f windows-1252 -t utf-8 makes of Latin-1'


def make_latin(study, name, old, new):
    study.write(name, study.bytes(name).replace(old.encode(), new.encode("latin1"), 1))


@expect("targets.tsv:1: column 8: " + is_latin("Gr?sse", 0xF6))
def latin_name_of_a_target(study):
    make_latin(study, "targets.tsv", "constant", "Gr\u00f6sse")


@expect("targets.tsv:2: IID: " + is_latin("S?2", 0xFC))
def latin_person_of_a_table(study):
    make_latin(study, "targets.tsv", "S002", "S\u00fc2")


@expect("covariates.tsv:2: column site: " + is_latin("K?ln", 0xF6))
def latin_label(study):
    make_latin(study, "covariates.tsv", "Leuven", "K\u00f6ln")


@expect("chr1.fam:1: FID: " + is_latin("M?ller", 0xFC))
def latin_family(study):
    make_latin(study, "chr1.fam", "F01", "M\u00fcller")


@expect("people.txt:1: IID: " + is_latin("S?", 0xFF))
def latin_person_of_a_list(study):
    study.write("people.txt", b"F01 S\xff\n")
    study.replace("study.yaml", "  plink: chr{1..2}\n", "  plink: chr{1..2}\n  keep: people.txt\n")


@expect("chr1.bim:3: SNP ID: " + is_latin("rs?1002", 0xB5))
def latin_snp(study):
    make_latin(study, "chr1.bim", "rs1002", "rs\u00b51002")


@expect("snps.txt:2: SNP: " + is_latin("rs?", 0xE9))
def latin_snp_of_a_list(study):
    study.write("snps.txt", b"rs1000\nrs\xe9\n")
    study.replace("study.yaml", "  plink: chr{1..2}\n", "  plink: chr{1..2}\n  extract: snps.txt\n")


@expect("--set output=o?: not UTF-8 text; expected a YAML file")
def latin_value_of_an_option(study):
    study.arguments += ["--set", b"output=o\xdf".decode(errors="surrogateescape")]


# The output folder


@expect("out: the output folder cannot be used: Not a directory")
def output_is_a_file(study):
    study.write("out", "")


@expect("targets.tsv/out: the output folder cannot be used: Not a directory")
def output_is_below_a_file(study):
    study.replace("study.yaml", "output: out", "output: targets.tsv/out")


@expect("out/campaign.h5: is not an HDF5 file; expected an arete campaign")
def something_else_stands_where_the_campaign_goes(study):
    study.path("out").mkdir()
    study.write("out/campaign.h5", "")


class BadInputs(unittest.TestCase):
    maxDiff = None

    def check(self, spoil, lines, leaves_log):
        study = TinyStudy()
        self.addCleanup(study.remove)
        spoil(study)
        before = study.content()
        done = study.arete(*study.arguments)
        self.assertEqual(done.stderr, "".join(f"arete: {line}\n" for line in lines))
        self.assertEqual(done.returncode, 2)
        self.assertEqual(done.stdout, "")
        after = study.content()
        if leaves_log:
            self.assertIsNone(after.pop("out"))
            self.assertEqual(after.pop("out/campaign.lock"), b"host")
            self.assertIn(f"failed: {lines[0]}\n", after.pop("out/run.log").decode())
        self.assertEqual(after, before)


for name, (spoil, lines, leaves_log) in CASES.items():
    setattr(BadInputs, f"test_{name}", partialmethod(BadInputs.check, spoil, lines, leaves_log))

if __name__ == "__main__":
    unittest.main()
