#include "config/study.h"

#include "testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char MINIMAL[] = "genotypes:\n"
                              "  plink: data/all\n"
                              "targets:\n"
                              "  table: parcels.tsv\n"
                              "output: results/study\n";

static const char EXAMPLE[] = "genotypes:\n"
                              "  plink: data/chr{1..22}   # a comment\n"
                              "  min_allele_frequency: 0.05\n"
                              "  max_missing_per_snp: 0.02\n"
                              "  max_missing_per_subject: 0.2\n"
                              "  scale: sample\n"
                              "  precision: double\n"
                              "  keep: ids.txt\n"
                              "targets:\n"
                              "  table: parcels.tsv\n"
                              "  missing: drop-subject\n"
                              "  max_missing_per_target: 0.25\n"
                              "  missing_codes: [NA, -9]\n"
                              "  not_missing: [0, -9]\n"
                              "covariates:\n"
                              "  table: covariates.tsv\n"
                              "  columns: [age, sex, PC{1..10}]\n"
                              "  categorical: [site]\n"
                              "  genetic_pcs: 10\n"
                              "model:\n"
                              "  outer_folds: 8\n"
                              "  inner_folds: 4\n"
                              "  penalties: {from: 1e-2, to: 1e2, count: 5}\n"
                              "  score: pooled-r2\n"
                              "  baseline: test-mean\n"
                              "  penalty_tolerance: 1e-4\n"
                              "  penalty_nodes: auto\n"
                              "  keep_together: family\n"
                              "permutations:\n"
                              "  count: 999\n"
                              "  within: site\n"
                              "seed: 18446744073709551615\n"
                              "output: results/example\n"
                              "run: {workers: 3, memory: 8G, block: 64, placement: by-fold,\n"
                              "      shared_memory: false}\n"
                              "network: {bandwidth_gbit_s: 2.5, latency_us: 150}\n";

static struct study study;
static struct error err;

/* Loads `text` as study.yaml of the present folder, with up to two --set. */
static int load_bytes(const char *text, size_t length, const char *first_set, const char *second_set)
{
    char *items[2] = {(char *)(size_t)first_set, (char *)(size_t)second_set};
    struct text_list sets = {items, (first_set != NULL) + (size_t)(second_set != NULL), 2};
    FILE *file = fopen("study.yaml", "w");
    if (file == NULL || fwrite(text, 1, length, file) != length || fclose(file) != 0)
        return -1;
    err = (struct error){0};
    return study_load(&study, "study.yaml", &sets, &err);
}

static int load(const char *text, const char *first_set, const char *second_set)
{
    return load_bytes(text, strlen(text), first_set, second_set);
}

/* The whole message, exactly, and an empty study. */
static void check_error(int code, const char *expected)
{
    CU_ASSERT_EQUAL(code, EXIT_CODE_BAD_INPUT);
    CU_ASSERT_EQUAL(err.code, EXIT_CODE_BAD_INPUT);
    CU_ASSERT_STRING_EQUAL(err.message, expected);
    if (strcmp(err.message, expected) != 0)
        printf("\nfound:    %s\nexpected: %s\n", err.message, expected);
    CU_ASSERT_PTR_NULL(study.path);
    study_free(&study);
}

static void refuses(const char *text, const char *expected)
{
    check_error(load(text, NULL, NULL), expected);
}

static void refuses_set(const char *set, const char *expected)
{
    check_error(load(MINIMAL, set, NULL), expected);
}

/* The minimal study with more lines behind it, whose numbers begin at 6. */
static void refuses_more(const char *lines, const char *expected)
{
    char text[2000];
    snprintf(text, sizeof text, "%s%s", MINIMAL, lines);
    refuses(text, expected);
}

static void test_defaults(void)
{
    CU_ASSERT_EQUAL_FATAL(load(MINIMAL, NULL, NULL), 0);
    CU_ASSERT_STRING_EQUAL(study.path, "study.yaml");
    CU_ASSERT_STRING_EQUAL(study.yaml, MINIMAL);
    CU_ASSERT_EQUAL(study.genotypes.plink.count, 1);
    CU_ASSERT_STRING_EQUAL(study.genotypes.plink.items[0], "data/all");
    CU_ASSERT_FALSE(study.genotypes.all_chromosomes);
    CU_ASSERT_EQUAL(study.genotypes.min_allele_frequency, 0.01);
    CU_ASSERT_EQUAL(study.genotypes.max_missing_per_snp, 0.05);
    CU_ASSERT_EQUAL(study.genotypes.max_missing_per_subject, 0.10);
    CU_ASSERT_EQUAL(study.genotypes.scale, STUDY_SCALE_ALLELE_FREQUENCY);
    CU_ASSERT_EQUAL(study.genotypes.precision, STUDY_PRECISION_AUTO);
    CU_ASSERT_PTR_NULL(study.genotypes.keep);
    CU_ASSERT_EQUAL(study.targets.columns.count, 0);
    CU_ASSERT_PTR_NULL(study.targets.fam_columns);
    CU_ASSERT_EQUAL(study.targets.missing, STUDY_MISSING_ERROR);
    CU_ASSERT_EQUAL(study.targets.max_missing_per_target, 0.10);
    CU_ASSERT_PTR_NULL(study.covariates.table);
    CU_ASSERT_EQUAL(study.covariates.genetic_pcs, 0);
    CU_ASSERT_EQUAL(study.model.outer_folds, 10);
    CU_ASSERT_EQUAL(study.model.inner_folds, 5);
    CU_ASSERT_PTR_NULL(study.model.penalties);
    CU_ASSERT_EQUAL_FATAL(study.model.n_penalties, 5);
    static const double HERITABILITIES[] = {0.8, 0.5, 0.25, 0.1, 0.02};
    CU_ASSERT_EQUAL(memcmp(study.model.heritabilities, HERITABILITIES, sizeof HERITABILITIES), 0);
    CU_ASSERT_EQUAL(study.model.score, STUDY_SCORE_MEAN_R2);
    CU_ASSERT_EQUAL(study.model.baseline, STUDY_BASELINE_COVARIATES);
    CU_ASSERT_EQUAL(study.model.penalty_tolerance, 1e-5);
    CU_ASSERT_PTR_NULL(study.model.keep_together);
    CU_ASSERT_EQUAL(study.model.relatedness, 0);
    CU_ASSERT_EQUAL(study.permutations.count, 10000);
    CU_ASSERT_PTR_NULL(study.permutations.within);
    CU_ASSERT_EQUAL(study.seed, 42);
    CU_ASSERT_EQUAL(study.run.workers, 0);
    CU_ASSERT_EQUAL(study.run.memory_bytes, 0);
    CU_ASSERT_EQUAL(study.run.block_permutations, 0);
    CU_ASSERT_EQUAL(study.run.placement, STUDY_PLACEMENT_AUTO);
    CU_ASSERT_TRUE(study.run.shared_memory);
    CU_ASSERT_EQUAL(study.network.bandwidth_gbit_s, 10);
    CU_ASSERT_EQUAL(study.network.latency_us, 20);
    study_free(&study);
    study_free(&study); /* legal twice */
}

static void check_example_input(void)
{
    CU_ASSERT_EQUAL_FATAL(study.genotypes.plink.count, 22);
    CU_ASSERT_STRING_EQUAL(study.genotypes.plink.items[0], "data/chr1");
    CU_ASSERT_STRING_EQUAL(study.genotypes.plink.items[21], "data/chr22");
    CU_ASSERT_EQUAL(study.genotypes.min_allele_frequency, 0.05);
    CU_ASSERT_EQUAL(study.genotypes.max_missing_per_snp, 0.02);
    CU_ASSERT_EQUAL(study.genotypes.max_missing_per_subject, 0.2);
    CU_ASSERT_EQUAL(study.genotypes.scale, STUDY_SCALE_SAMPLE);
    CU_ASSERT_EQUAL(study.genotypes.precision, STUDY_PRECISION_DOUBLE);
    CU_ASSERT_STRING_EQUAL(study.genotypes.keep, "ids.txt");
    CU_ASSERT_STRING_EQUAL(study.targets.table, "parcels.tsv");
    CU_ASSERT_EQUAL(study.targets.missing, STUDY_MISSING_DROP_SUBJECT);
    CU_ASSERT_EQUAL(study.targets.max_missing_per_target, 0.25);
    CU_ASSERT_EQUAL_FATAL(study.targets.missing_codes.count, 2);
    CU_ASSERT_STRING_EQUAL(study.targets.missing_codes.items[1], "-9");
    CU_ASSERT_EQUAL_FATAL(study.targets.n_not_missing, 2);
    CU_ASSERT_TRUE(study.targets.not_missing[0] == -9 && study.targets.not_missing[1] == 0);
    CU_ASSERT_EQUAL(study.covariates.n_not_missing, 0);
    CU_ASSERT_STRING_EQUAL(study.covariates.table, "covariates.tsv");
    CU_ASSERT_EQUAL_FATAL(study.covariates.columns.count, 12);
    CU_ASSERT_STRING_EQUAL(study.covariates.columns.items[1], "sex");
    CU_ASSERT_STRING_EQUAL(study.covariates.columns.items[11], "PC10");
    CU_ASSERT_EQUAL_FATAL(study.covariates.categorical.count, 1);
    CU_ASSERT_STRING_EQUAL(study.covariates.categorical.items[0], "site");
    CU_ASSERT_EQUAL(study.covariates.genetic_pcs, 10);
}

static void test_example(void)
{
    CU_ASSERT_EQUAL_FATAL(load(EXAMPLE, NULL, NULL), 0);
    check_example_input();
    CU_ASSERT_EQUAL(study.model.outer_folds, 8);
    CU_ASSERT_EQUAL(study.model.inner_folds, 4);
    CU_ASSERT_PTR_NULL(study.model.heritabilities);
    CU_ASSERT_EQUAL_FATAL(study.model.n_penalties, 5);
    static const double PENALTIES[] = {0.01, 0.1, 1, 10, 100};
    for (size_t i = 0; i < 5; i++)
        ASSERT_NEAR(study.model.penalties[i], PENALTIES[i], 1e-14 * PENALTIES[i]);
    CU_ASSERT_EQUAL(study.model.score, STUDY_SCORE_POOLED_R2);
    CU_ASSERT_EQUAL(study.model.baseline, STUDY_BASELINE_TEST_MEAN);
    CU_ASSERT_EQUAL(study.model.penalty_tolerance, 1e-4);
    CU_ASSERT_STRING_EQUAL(study.model.keep_together, "family");
    CU_ASSERT_EQUAL(study.permutations.count, 999);
    CU_ASSERT_STRING_EQUAL(study.permutations.within, "site");
    CU_ASSERT_EQUAL(study.seed, UINT64_MAX);
    CU_ASSERT_STRING_EQUAL(study.output, "results/example");
    CU_ASSERT_EQUAL(study.run.workers, 3);
    CU_ASSERT_EQUAL(study.run.memory_bytes, (int64_t)8 << 30);
    CU_ASSERT_EQUAL(study.run.block_permutations, 64);
    CU_ASSERT_EQUAL(study.run.placement, STUDY_PLACEMENT_BY_FOLD);
    CU_ASSERT_FALSE(study.run.shared_memory);
    CU_ASSERT_EQUAL(study.network.bandwidth_gbit_s, 2.5);
    CU_ASSERT_EQUAL(study.network.latency_us, 150);
    study_free(&study);
}

/* The text that goes into the campaign file is a study file itself, and stays the same from then on. */
static void test_yaml_again(void)
{
    CU_ASSERT_EQUAL_FATAL(load(EXAMPLE, NULL, NULL), 0);
    ASSERT_CONTAINS(study.yaml, "columns: [age, sex, 'PC{1..10}']");
    char *first = strdup(study.yaml);
    study_free(&study);
    CU_ASSERT_EQUAL_FATAL(load(first, NULL, NULL), 0);
    CU_ASSERT_STRING_EQUAL(study.yaml, first);
    check_example_input();
    study_free(&study);
    free(first);
}

static void test_many_fam_columns(void)
{
    enum { COLUMNS = 80000, LINE_BYTES = 12 };
    const double most_seconds = 5; /* 14 when each name was looked for among all */
    char *text = malloc(200 + (size_t)COLUMNS * LINE_BYTES), *at = text;
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    at += sprintf(at, "genotypes: {plink: a}\noutput: out\ntargets:\n  fam_columns:\n");
    for (int k = 0; k < COLUMNS; k++)
        at += sprintf(at, "   %05d: 7\n", k);
    clock_t begin = clock();
    CU_ASSERT_EQUAL_FATAL(load(text, NULL, NULL), 0);
    CU_ASSERT_TRUE((double)(clock() - begin) / CLOCKS_PER_SEC < most_seconds);
    CU_ASSERT_EQUAL(study.targets.fam_names.count, COLUMNS);
    CU_ASSERT_EQUAL(study.targets.fam_columns[COLUMNS - 1], 7);
    study_free(&study);
    free(text);
}

static void test_other_forms(void)
{
    CU_ASSERT_EQUAL_FATAL(
        load("genotypes: {plink: [a, 'b{08..10}', c{1..2}_{1..2}], chromosomes: all}\n"
             "targets: {fam_columns: {CD8: 6, MCH: 11}, missing: mean}\n"
             "covariates:\n"
             "model: {outer_folds: {column: fold, table: folds.tsv}, penalties: [10, 0.1, 1],\n"
             "        keep_together: {relatedness: 0.1}}\n"
             "run: {memory: 1.5G}\n"
             "output: out\n",
             NULL, NULL),
        0);
    static const char *const PREFIXES[] = {"a", "b08", "b09", "b10", "c1_1", "c1_2", "c2_1", "c2_2"};
    CU_ASSERT_EQUAL_FATAL(study.genotypes.plink.count, 8);
    for (size_t i = 0; i < 8; i++)
        CU_ASSERT_STRING_EQUAL(study.genotypes.plink.items[i], PREFIXES[i]);
    CU_ASSERT_TRUE(study.genotypes.all_chromosomes);
    CU_ASSERT_PTR_NULL(study.targets.table);
    CU_ASSERT_EQUAL_FATAL(study.targets.fam_names.count, 2);
    CU_ASSERT_STRING_EQUAL(study.targets.fam_names.items[1], "MCH");
    CU_ASSERT_EQUAL(study.targets.fam_columns[1], 11);
    CU_ASSERT_EQUAL(study.targets.missing, STUDY_MISSING_MEAN);
    CU_ASSERT_EQUAL(study.model.outer_folds, 0);
    CU_ASSERT_STRING_EQUAL(study.model.folds_column, "fold");
    CU_ASSERT_STRING_EQUAL(study.model.folds_table, "folds.tsv");
    CU_ASSERT_EQUAL_FATAL(study.model.n_penalties, 3);
    CU_ASSERT_EQUAL(study.model.penalties[0], 0.1);
    CU_ASSERT_EQUAL(study.model.penalties[2], 10);
    CU_ASSERT_EQUAL(study.model.relatedness, 0.1);
    CU_ASSERT_PTR_NULL(study.model.keep_together);
    CU_ASSERT_EQUAL(study.run.memory_bytes, (int64_t)1536 << 20);
    study_free(&study);
}

static void test_set(void)
{
    CU_ASSERT_EQUAL_FATAL(load(EXAMPLE, "permutations.count=50", "covariates.columns=[PC{1..3}]"), 0);
    CU_ASSERT_EQUAL(study.permutations.count, 50);
    CU_ASSERT_EQUAL(study.covariates.columns.count, 3);
    ASSERT_CONTAINS(study.yaml, "count: 50\n");
    study_free(&study);
    CU_ASSERT_EQUAL_FATAL(load(MINIMAL, "model.keep_together.relatedness=0.2", "run.workers=2"), 0);
    CU_ASSERT_EQUAL(study.model.relatedness, 0.2);
    CU_ASSERT_EQUAL(study.run.workers, 2);
    study_free(&study);
    /* null takes a key away, so that another can stand in its place */
    CU_ASSERT_EQUAL_FATAL(load(EXAMPLE, "model.penalties=null", "model.heritability=[0.3]"), 0);
    CU_ASSERT_PTR_NULL(study.model.penalties);
    CU_ASSERT_EQUAL_FATAL(study.model.n_penalties, 1);
    CU_ASSERT_EQUAL(study.model.heritabilities[0], 0.3);
    study_free(&study);
}

/* A script may say "the default, whatever stands there": a key that is not there stays away. */
static void test_set_null_of_what_is_not_there(void)
{
    static const char *const KEYS[] = {"seed=null",
                                       "model.penalties=null",
                                       "associate=null",
                                       "associate.permute=null",
                                       "run.trace=~",
                                       "targets.fam_columns.A=null",
                                       "model.penalties.lowest=null"};
    CU_ASSERT_EQUAL_FATAL(load(MINIMAL, NULL, NULL), 0);
    char *plain = strdup(study.yaml);
    study_free(&study);
    for (size_t k = 0; k < sizeof KEYS / sizeof *KEYS; k++) {
        CU_ASSERT_EQUAL_FATAL(load(MINIMAL, KEYS[k], KEYS[k]), 0);
        CU_ASSERT_STRING_EQUAL(study.yaml, plain);
        study_free(&study);
    }
    free(plain);
    CU_ASSERT_EQUAL_FATAL(load(MINIMAL, "associate.permute=null", "associate.permute=true"), 0);
    CU_ASSERT(study.associate.permute);
    study_free(&study);
    CU_ASSERT_EQUAL_FATAL(load(MINIMAL, "associate.permute=true", "associate.permute=null"), 0);
    CU_ASSERT(!study.associate.permute);
    study_free(&study);
}

static void test_id_columns(void)
{
    static const char TEXT[] =
        "genotypes: {plink: x}\noutput: x\ntargets: {table: t, id_column: Measure:volume}\n"
        "covariates: {table: c, id_column: \"#ID\", columns: age}\n"
        "model: {outer_folds: {table: f, column: g, id_column: eid}}\n";
    CU_ASSERT_EQUAL_FATAL(load(TEXT, NULL, NULL), 0);
    CU_ASSERT_STRING_EQUAL(study.targets.id_column, "Measure:volume");
    CU_ASSERT_STRING_EQUAL(study.covariates.id_column, "#ID");
    CU_ASSERT_STRING_EQUAL(study.model.folds_id_column, "eid");
    CU_ASSERT_EQUAL(study.covariates.missing, STUDY_MISSING_ERROR);
    study_free(&study);
    CU_ASSERT_EQUAL_FATAL(load(TEXT, "covariates.missing=drop-subject", NULL), 0);
    CU_ASSERT_EQUAL(study.covariates.missing, STUDY_MISSING_DROP_SUBJECT);
    study_free(&study);
}

static void test_bad_set(void)
{
    refuses_set("model.outer_folds=1",
                "--set model.outer_folds=1: model.outer_folds: 1 found; expected an integer from 2 to 1000");
    refuses_set(
        "genotypes.maf=0.1",
        "--set genotypes.maf=0.1: genotypes.maf: unknown key; expected one of: plink, chromosomes, "
        "min_allele_frequency, max_missing_per_snp, max_missing_per_subject, scale, precision, max_relatedness, "
        "keep, remove, "
        "extract, exclude");
    refuses_set("seed", "--set seed: expected key.path=value");
    refuses_set("model..x=1", "--set model..x=1: expected key.path=value");
    refuses_set("=1", "--set =1: expected key.path=value");
    refuses_set("seed=[1",
                "--set seed=[1: not YAML: did not find expected ',' or ']' while parsing a flow sequence");
    refuses_set("sead=null",
                "--set sead=null: sead: unknown key; expected one of: genotypes, targets, covariates, model, "
                "permutations, seed, output, run, network, associate");
    refuses_set("associate.permutes=null", "--set associate.permutes=null: associate.permutes: unknown key; "
                                           "expected one of: report_p, most_hits, permute, full, snps");
    refuses_set("genotypes.maf=null",
                "--set genotypes.maf=null: genotypes.maf: unknown key; expected one of: plink, chromosomes, "
                "min_allele_frequency, max_missing_per_snp, max_missing_per_subject, scale, precision, "
                "max_relatedness, keep, remove, extract, exclude");
    refuses_set("genotypes.plink.x=1",
                "--set genotypes.plink.x=1: plink: text \"data/all\" found; expected a mapping");
    check_error(load(MINIMAL, "a", "b"),
                "--set a: expected key.path=value\n--set b: expected key.path=value");
}

static void test_all_at_once(void)
{
    refuses(
        "genotypes:\n"
        "  plink: data/all\n"
        "  min_maf: 0.1\n"
        "  scale: unit\n"
        "targets: {table: t.tsv, missing: 3}\n"
        "model:\n"
        "  outer_folds: 1\n"
        "  inner_folds: [5]\n"
        "sed: 1\n",
        "study.yaml:9:1: sed: unknown key; expected one of: genotypes, targets, covariates, model, "
        "permutations, seed, output, run, network, associate\n"
        "study.yaml:3:3: genotypes.min_maf: unknown key; expected one of: plink, chromosomes, "
        "min_allele_frequency, max_missing_per_snp, max_missing_per_subject, scale, precision, max_relatedness, keep, "
        "remove, extract, "
        "exclude\n"
        "study.yaml:4:3: genotypes.scale: text \"unit\" found; expected allele-frequency, sample or none\n"
        "study.yaml:5:25: targets.missing: 3 found; expected error, drop-subject or mean\n"
        "study.yaml:7:3: model.outer_folds: 1 found; expected an integer from 2 to 1000\n"
        "study.yaml:8:3: model.inner_folds: a list found; expected an integer from 2 to 100\n"
        "study.yaml: output: nothing found; expected the path of a folder");
}

static void test_wrong_types(void)
{
    refuses_more("model: 5\n",
                 "study.yaml:6:1: model: 5 found; expected a mapping of: outer_folds, inner_folds, "
                 "heritability, penalties, score, baseline, penalty_tolerance, penalty_nodes, "
                 "keep_together");
    refuses_more("seed: {a: 1}\n",
                 "study.yaml:6:1: seed: a mapping found; expected an integer from 0 to 18446744073709551615");
    refuses_more("seed: 18446744073709551616\n",
                 "study.yaml:6:1: seed: 18446744073709551616 found; expected an "
                 "integer from 0 to 18446744073709551615");
    refuses_more("seed: -1\n",
                 "study.yaml:6:1: seed: -1 found; expected an integer from 0 to 18446744073709551615");
    refuses_more("permutations: {count: \"10\"}\n", "study.yaml:6:16: permutations.count: text \"10\" found; "
                                                    "expected an integer from 1 to 1000000000");
    refuses_more("permutations: {count: 10_000}\n",
                 "study.yaml:6:16: permutations.count: text \"10_000\" found; "
                 "expected an integer from 1 to 1000000000");
    refuses_more("permutations: {within: }\n",
                 "study.yaml:6:16: permutations.within: nothing found; expected the name of a column");
    refuses_more("covariates: {table: c.tsv, columns: [age, [sex]]}\n",
                 "study.yaml:6:43: covariates.columns: a list found; expected column names, such as [age, "
                 "PC{1..10}]");
    refuses_more(
        "run: {memory: 8, workers: 0, block: many}\n",
        "study.yaml:6:18: run.workers: 0 found; expected auto or an integer from 1 to 1024\n"
        "study.yaml:6:7: run.memory: 8 found; expected auto or a size with its unit (M, G or T), such as "
        "500M or 8G\n"
        "study.yaml:6:30: run.block: text \"many\" found; expected auto or an integer from 1 to "
        "1000000000");
    refuses_more("run: {placement: penalty, shared_memory: 1}\n",
                 "study.yaml:6:7: run.placement: text \"penalty\" found; expected auto, replicate or "
                 "by-fold\n"
                 "study.yaml:6:27: run.shared_memory: 1 found; expected true or false");
    refuses_more(
        "network: {bandwidth_gbit_s: 0, latency_us: 20us, ports: 2}\n",
        "study.yaml:6:50: network.ports: unknown key; expected one of: bandwidth_gbit_s, latency_us\n"
        "study.yaml:6:11: network.bandwidth_gbit_s: 0 found; expected a number from 0.001 to 100000\n"
        "study.yaml:6:32: network.latency_us: text \"20us\" found; expected a number from 0 to "
        "1000000");
    refuses(
        "genotypes: 3\ntargets: {table: t}\noutput: \"\"\n",
        "study.yaml:1:1: genotypes: 3 found; expected a mapping of: plink, chromosomes, "
        "min_allele_frequency, "
        "max_missing_per_snp, max_missing_per_subject, scale, precision, max_relatedness, keep, remove, extract, "
        "exclude\n"
        "study.yaml:3:1: output: text \"\" found; expected the path of a folder");
}

static void test_required(void)
{
    refuses(
        "targets: {columns: a}\noutput: x\ngenotypes: {scale: none}\n",
        "study.yaml:3:1: genotypes.plink: nothing found; expected the prefix of a PLINK fileset, a list of "
        "them, or a pattern such as data/chr{1..22}\n"
        "study.yaml:1:1: targets: none of table, fam_columns and images found; expected one of them\n"
        "study.yaml:1:11: targets.columns: found without targets.table; expected the table they are in");
    refuses("genotypes: {plink: x}\ntargets: {table: t, fam_columns: {a: 5}}\noutput: x\n",
            "study.yaml:2:21: targets.fam_columns: found beside targets.table; expected one of them\n"
            "study.yaml:2:35: targets.fam_columns.a: 5 found; expected an integer from 6 to 1000000");
    refuses(
        "genotypes: {plink: x}\ntargets: {id_column: eid, fam_columns: {a: 6}}\ncovariates: {id_column: "
        "eid}\noutput: x\n",
        "study.yaml:2:11: targets.id_column: found beside targets.fam_columns; expected it beside "
        "targets.table or "
        "targets.images\n"
        "study.yaml:3:14: covariates.id_column: found without covariates.table; expected the table it is in");
}

static void test_ranges(void)
{
    refuses_set("genotypes.plink=c{5..1}",
                "--set genotypes.plink=c{5..1}: genotypes.plink: text \"c{5..1}\" found; "
                "expected a range that goes up, such as PC{1..10}");
    refuses_set("genotypes.plink=[c{1:5}]",
                "--set genotypes.plink=[c{1:5}]: genotypes.plink: text \"c{1:5}\" found; "
                "expected a range with two dots, such as PC{1..10}");
    refuses_set("genotypes.plink=c{1..100001}", "--set genotypes.plink=c{1..100001}: genotypes.plink: text "
                                                "\"c{1..100001}\" found; expected at most 100000 names");
    refuses_set("genotypes.plink=c{1..400}_{1..400}",
                "--set genotypes.plink=c{1..400}_{1..400}: genotypes.plink: text "
                "\"c{1..400}_{1..400}\" found; expected at most 100000 names");
    refuses_set("genotypes.plink=c1}",
                "--set genotypes.plink=c1}: genotypes.plink: text \"c1}\" found; expected a { "
                "before the }");
    refuses_set("targets.columns=[a2, a{1..3}]",
                "--set targets.columns=[a2, a{1..3}]: targets.columns: text \"a2\" "
                "found twice; expected different names");
}

static void test_penalties(void)
{
    refuses_more("model: {heritability: [0.5], penalties: [1]}\n",
                 "study.yaml:6:30: model.penalties: found beside model.heritability; expected one of them");
    refuses_more(
        "model:\n  heritability: [0.5, 1, 0]\n",
        "study.yaml:7:23: model.heritability: 1 found; expected a number greater than 0 and less than 1\n"
        "study.yaml:7:26: model.heritability: 0 found; expected a number greater than 0 and less than 1");
    refuses_more("model: {penalties: [1, 2, 1.0]}\n",
                 "study.yaml:6:9: model.penalties: 1 found twice; expected different values");
    refuses_more("model: {penalties: []}\n",
                 "study.yaml:6:9: model.penalties: a list of 0 found; expected 1 to 1000 values");
    refuses_more("model: {penalties: [inf]}\n",
                 "study.yaml:6:21: model.penalties: text \"inf\" found; expected a number greater than 0");
    refuses_more("model: {penalties: {from: 2, to: 1, count: 5}}\n",
                 "study.yaml:6:30: model.penalties.to: 1 found; expected more than from (2)");
    refuses_more("model: {penalties: {from: 2, count: 1}}\n",
                 "study.yaml:6:9: model.penalties.to: nothing found; expected all of from, to and count\n"
                 "study.yaml:6:30: model.penalties.count: 1 found; expected an integer from 2 to 1000");
    refuses_more("model: {penalties: {from: 1, to: 1.0000000000000002, count: 100}}\n",
                 "study.yaml:6:9: model.penalties: from and to are too close for 100 different values");
}

static void test_choices(void)
{
    refuses_more("model: {penalty_nodes: 7}\n",
                 "study.yaml:6:9: model.penalty_nodes: 7 found; expected auto or exact");
    CU_ASSERT_EQUAL_FATAL(load(MINIMAL, "run.placement=replicate", "model.penalty_nodes=exact"), 0);
    CU_ASSERT(study.model.exact_penalties);
    CU_ASSERT_EQUAL(study.run.placement, STUDY_PLACEMENT_REPLICATE);
    study_free(&study);
}

static void test_together(void)
{
    refuses_more(
        "model: {keep_together: family, outer_folds: {column: f}}\npermutations: {within: site}\n",
        "study.yaml:6:32: model.outer_folds.table: nothing found; expected both of column and table\n"
        "study.yaml:6:9: model.keep_together: text \"family\" found without covariates.table; expected "
        "the table it is in, or FID\n"
        "study.yaml:7:16: permutations.within: text \"site\" found without covariates.table; expected the "
        "table it is in, or FID");
    refuses_more(
        "model: {keep_together: {relatedness: 0}}\n",
        "study.yaml:6:25: model.keep_together.relatedness: 0 found; expected a number greater than 0, up "
        "to 1");
    refuses_more("covariates: {columns: [age]}\n", "study.yaml:6:14: covariates.columns: found without "
                                                   "covariates.table; expected the table they are in");
    refuses_more("covariates: {table: c.tsv}\n",
                 "study.yaml:6:14: covariates.table: found without columns or "
                 "categorical; expected which to use");
    refuses_more("covariates: {table: c.tsv, columns: [age, site], categorical: site}\n",
                 "study.yaml:6:50: covariates.categorical: text \"site\" found, which is also in "
                 "covariates.columns; expected it in one of them");
    CU_ASSERT_EQUAL_FATAL(load(MINIMAL, "model.keep_together=FID", "permutations.within=FID"), 0);
    study_free(&study);
}

static void test_not_yaml(void)
{
    refuses("", "study.yaml: empty; expected a study file (docs/study-file.md)");
    refuses("# nothing yet\n", "study.yaml: empty; expected a study file (docs/study-file.md)");
    refuses("[1]\n", "study.yaml:1:1: a list found; expected a mapping of keys (docs/study-file.md)");
    refuses("genotypes:\n\tplink: x\n",
            "study.yaml:2:1: not YAML: the line is indented with a tab; expected spaces");
    refuses("a: b: c\n", "study.yaml:1:5: not YAML: mapping values are not allowed in this context");
    refuses("a: 'b\n",
            "study.yaml:2:1: not YAML: found unexpected end of stream while scanning a quoted scalar");
    refuses("a: 1\n---\nb: 2\n",
            "study.yaml:2:1: a second document (---) found; expected one study in a file");
    refuses("seed: 1\nseed: 2\n", "study.yaml:2:1: seed: found twice; expected each key once");
    refuses("a: &x 1\nb: *x\n", "study.yaml:2:4: an alias (*name) found; expected the value itself");
    refuses("[a]: 1\n", "study.yaml:1:1: a key that is not text found; expected \"key: value\"");
    refuses("a: \"\\0\"\n", "study.yaml:1:4: text with a zero byte found; expected text without");
    refuses("a: 1\nb: \xff\n", "study.yaml:2:4: not UTF-8 text; expected a YAML file");
    refuses("a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: "
            "{a: {a: "
            "{a: {a: {a: {a: {a: {a: {a: {a: ",
            "study.yaml:1:132: nested too deeply; expected a study file");
    check_error(load_bytes("a: 1\nb\0c", 8, NULL, NULL),
                "study.yaml:2: a zero byte found; expected a text file");
    check_error(load_bytes("\xFF\xFEg\0", 4, NULL, NULL),
                "study.yaml:1: is UTF-16 (\"Unicode\" of some editors); expected UTF-8");
}

static void test_no_file(void)
{
    err = (struct error){0};
    check_error(study_load(&study, "absent.yaml", NULL, &err),
                "absent.yaml: cannot be read: No such file or directory");
    check_error(study_load(&study, ".", NULL, &err), ".: a folder found; expected a file");
    size_t count = (1 << 20) + 1;
    char *large = malloc(count);
    CU_ASSERT_PTR_NOT_NULL_FATAL(large);
    memset(large, '#', count);
    check_error(load_bytes(large, count, NULL, NULL),
                "study.yaml: more than 1 MB found; expected a study file");
    free(large);
}

/* A long or odd value still gives one short line. */
static void test_long_values(void)
{
    char set[400] = "seed=\"a\\nb";
    memset(set + strlen(set), 'x', 300);
    strcat(set, "\"");
    CU_ASSERT_EQUAL(load(MINIMAL, set, NULL), EXIT_CODE_BAD_INPUT);
    CU_ASSERT_PTR_NULL(strchr(err.message, '\n'));
    ASSERT_CONTAINS(err.message, "seed: text \"a bxxx");
    ASSERT_CONTAINS(err.message, "xxx...\" found; expected an integer");
}

/* Every key that names a file or folder; "~" within a path or before a name is a character like any other. */
static void test_home(void)
{
    static const char TEXT[] = "genotypes:\n"
                               "  plink: [\"~/data/chr{1..2}\", other/chr3]\n"
                               "  keep: ~/keep\n"
                               "  remove: ~/remove\n"
                               "  extract: ~/extract\n"
                               "  exclude: ~/exclude\n"
                               "targets: {table: ~/targets}\n"
                               "covariates: {table: ~user/covariates, columns: [age]}\n"
                               "model: {outer_folds: {table: a/~/folds, column: fold}}\n"
                               "output: ~/out\n";
    setenv("HOME", "/home/me", 1);
    CU_ASSERT_EQUAL_FATAL(load(TEXT, NULL, NULL), 0);
    CU_ASSERT_STRING_EQUAL(study.genotypes.plink.items[0], "/home/me/data/chr1");
    CU_ASSERT_STRING_EQUAL(study.genotypes.plink.items[1], "/home/me/data/chr2");
    CU_ASSERT_STRING_EQUAL(study.genotypes.plink.items[2], "other/chr3");
    CU_ASSERT_STRING_EQUAL(study.genotypes.keep, "/home/me/keep");
    CU_ASSERT_STRING_EQUAL(study.genotypes.remove, "/home/me/remove");
    CU_ASSERT_STRING_EQUAL(study.genotypes.extract, "/home/me/extract");
    CU_ASSERT_STRING_EQUAL(study.genotypes.exclude, "/home/me/exclude");
    CU_ASSERT_STRING_EQUAL(study.targets.table, "/home/me/targets");
    CU_ASSERT_STRING_EQUAL(study.covariates.table, "~user/covariates");
    CU_ASSERT_STRING_EQUAL(study.model.folds_table, "a/~/folds");
    CU_ASSERT_STRING_EQUAL(study.output, "/home/me/out");
    study_free(&study);
    CU_ASSERT_EQUAL_FATAL(load(TEXT, "output=~/elsewhere", NULL), 0);
    CU_ASSERT_STRING_EQUAL(study.output, "/home/me/elsewhere");
    study_free(&study);
    /* without a home a run would make a folder called ~ where it stands */
    unsetenv("HOME");
    check_error(load(MINIMAL, "output=~/elsewhere", "genotypes.plink=~/x"),
                "--set genotypes.plink=~/x: genotypes.plink: a path found that begins with ~, your home, "
                "while the variable HOME is not set; expected it to be, or a path without ~\n"
                "--set output=~/elsewhere: output: a path found that begins with ~, your home, while the "
                "variable HOME is not set; expected it to be, or a path without ~");
}

int main(int argc, char **argv)
{
    static const struct test_case CASES[] = {
        {"defaults", test_defaults},
        {"example", test_example},
        {"yaml again", test_yaml_again},
        {"many_fam_columns", test_many_fam_columns},
        {"other forms", test_other_forms},
        {"set", test_set},
        {"set null of what is not there", test_set_null_of_what_is_not_there},
        {"id columns", test_id_columns},
        {"bad set", test_bad_set},
        {"all at once", test_all_at_once},
        {"wrong types", test_wrong_types},
        {"required", test_required},
        {"ranges", test_ranges},
        {"penalties", test_penalties},
        {"choices", test_choices},
        {"together", test_together},
        {"not yaml", test_not_yaml},
        {"no file", test_no_file},
        {"long values", test_long_values},
        {"home", test_home},
    };
    if (chdir(testing_folder()) != 0) /* so that messages name the file without its folder */
        return EXIT_FAILURE;
    return testing_main(argc, argv, "config/study", CASES, sizeof CASES / sizeof *CASES);
}
