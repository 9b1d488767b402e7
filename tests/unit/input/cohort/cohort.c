#include "input/cohort/cohort.h"

#include "input/cohort/cohort_keep.h"
#include "input_fixtures.h"

#include <fcntl.h>
#include <math.h>
#include <stdarg.h>
#include <sys/stat.h>

enum { N = 14 };

/* Fourteen subjects, families of two: FID f0 IID 100, f0 101, f1 102 ... f6 113. Subject 113 lacks 2 of 4
 * calls. */
static const char *const calls[] = {"01210012100121", "1111111111111.", "20002000200020", "0011220011220."};

/* A study in a folder of its own, with what is asked for and how it went. */
struct study {
    const char *folder;
    struct text_list prefixes, columns, quantitative, categorical, codes;
    struct cohort_request request;
    struct cohort cohort;
    struct error err;
    char log[4000];
};

static void add(struct text_list *list, const char *text)
{
    struct error err = {0};
    if (text_list_add(list, text, &err) != 0)
        abort();
}

static const char *write_text(const struct study *study, const char *name, const char *format, ...)
{
    char *text = NULL;
    va_list arguments;
    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) < 0)
        abort();
    va_end(arguments);
    const char *path = testing_write_text(study->folder, name, text);
    free(text);
    return path;
}

/* A table: the header, then for every subject "FID IID" and the values that `row` writes for it; NULL rows
 * are left out. */
static const char *write_rows(const struct study *study, const char *name, const char *header,
                              const char *const rows[N])
{
    char text[4000];
    size_t used = (size_t)snprintf(text, sizeof text, "FID IID %s\n", header);
    for (int i = N - 1; i >= 0; i--) /* not in the order of the .fam */
        if (rows[i] != NULL)
            used += (size_t)snprintf(text + used, sizeof text - used, "f%d %d %s\n", i / 2, 100 + i, rows[i]);
    return testing_write_text(study->folder, name, text);
}

static const char *const plain_targets[N] = {"0 5 1",  "1 5 1",  "2 5 NA",  "3 5 NA", "4 5 NA",
                                             "5 5 NA", "6 5 1",  "7 5 1.5", "8 5 1",  "9 5 1",
                                             "NA 5 1", "11 5 1", "12 5 1",  "13 5 1"};

static void set_up(struct study *study)
{
    *study = (struct study){.folder = testing_folder()};
    fixture_bed(study->folder, "g.bed", calls, 4);
    write_text(study, "g.bim", "1 rs1 0 1 A G\n2 rs2 0 2 A G\n3 rs3 0 3 A G\n23 rs4 0 4 A G\n");
    char fam[1000];
    size_t used = 0;
    for (int i = 0; i < N; i++)
        used += (size_t)snprintf(fam + used, sizeof fam - used, "f%d %d 0 0 1 %d %d.5\n", i / 2, 100 + i,
                                 i == 3 ? -9 : i, i);
    write_text(study, "g.fam", "%s", fam);
    char prefix[300];
    snprintf(prefix, sizeof prefix, "%s/g", study->folder);
    add(&study->prefixes, prefix);
    study->request = (struct cohort_request){
        .genotypes = &study->prefixes,
        .selection = {.all_chromosomes = true},
        .max_missing_per_subject = 0.5,
        .targets_table = write_rows(study, "y.txt", "y1 y2 y3", plain_targets),
        .target_columns = &study->columns,
        .missing = COHORT_MISSING_DROP_SUBJECT,
        .max_missing_per_target = 0.2,
        .missing_codes = &study->codes,
        .quantitative = &study->quantitative,
        .categorical = &study->categorical,
    };
}

static int load(struct study *study)
{
    struct log log;
    study->err = (struct error){0};
    if (log_init(&log, NULL, &study->err) != 0)
        abort();
    int code = cohort_load(&study->cohort, &study->request, &log, &study->err);
    CU_ASSERT_EQUAL(code, study->err.code);
    size_t used = 0;
    for (size_t i = 0; i < log.kept.count; i++) /* without the time of day */
        used += (size_t)snprintf(study->log + used, sizeof study->log - used, "%s\n", log.kept.items[i] + 20);
    log_close(&log, &study->err);
    return code;
}

static void tear_down(struct study *study)
{
    cohort_free(&study->cohort);
    text_list_free(&study->prefixes);
    text_list_free(&study->columns);
    text_list_free(&study->quantitative);
    text_list_free(&study->categorical);
    text_list_free(&study->codes);
}

#define ASSERT_REFUSED(study, expected)                                                                      \
    do {                                                                                                     \
        CU_ASSERT_EQUAL(load(study), EXIT_CODE_BAD_INPUT);                                                   \
        ASSERT_MESSAGE((study)->err.message, (study)->folder, (expected));                                   \
        CU_ASSERT_PTR_NULL((study)->cohort.targets);                                                         \
    } while (0)

/* Every step drops someone, and the log counts each. */
static void test_steps(void)
{
    struct study study;
    set_up(&study);
    static const char *const ages[N] = {"20 a", NULL,   "22 b", "23 a", "24 b", "25 a", "26 b",
                                        "27 a", "28 b", "29 a", "30 b", "31 a", "32 b", "33 a"};
    study.request.max_missing_per_subject = 0.49;
    study.request.keep = write_text(&study, "keep",
                                    "FID IID\nf0 100\nf0 101\nf1 102\nf1 103\nf2 104\nf2 105\nf3 106\n"
                                    "f3 107\nf4 108\nf4 109\nf5 110\nf5 111\nf6 113\nf6 112\nf9 1\n");
    study.request.remove = write_text(&study, "remove", "105\n");
    study.request.covariates_table = write_rows(&study, "x.txt", "age site", ages);
    add(&study.quantitative, "age");
    add(&study.categorical, "site");
    study.request.within = "site";
    study.request.keep_together = "FID";
    CU_ASSERT_EQUAL_FATAL(load(&study), 0);
    ASSERT_MESSAGE(
        study.log, study.folder,
        "SNPs: 4 in 1 fileset\nSNPs: 4 selected\nwarning: 1 of 4 SNPs are on chromosomes of which not "
        "everybody "
        "has two copies, e.g. rs4 on 23: calls are taken as they stand, so K is too large among those who "
        "have "
        "one; genotypes.chromosomes: 1-22 or genotypes.exclude leaves them out\nsubjects: 14 in @/g.fam\n"
        "warning: @/keep (keep): 1 of its 15 subjects are not in the genotypes, e.g. FID f9 IID 1\n"
        "subjects: 1 of 15 in @/keep are not in the genotypes: not used\n"
        "subjects: 0 dropped: not in @/keep (keep)\n"
        "subjects: 1 dropped: in @/remove (remove)\n"
        "subjects: 0 dropped: not in @/y.txt (targets)\n"
        "note: 1 of 13 subjects dropped: not in @/x.txt (covariates), e.g. FID f0 IID 101\n"
        "subjects: 1 dropped: not in @/x.txt (covariates)\n"
        "warning: 1 of 12 subjects dropped: more than 0.49 of the 4 selected calls missing "
        "(genotypes.max_missing_per_subject), e.g. FID f6 IID 113, who lacks 2\n"
        "subjects: 1 dropped: more than 0.49 of the calls missing\n"
        "targets: y2 left out: constant\n"
        "targets: y3 left out: 3 of 11 values missing, more than max_missing_per_target 0.2\n"
        "subjects: 1 dropped: a target is missing (y1: 1)\n"
        "warning: 1 of 11 subjects dropped: a target is missing (y1: 1); a smaller "
        "targets.max_missing_per_target leaves out the worst targets first\n"
        "targets: 1 of 3 in @/y.txt analysed\n"
        "subjects: 10 kept\n"
        "covariates: site: 2 levels\n");
    const struct cohort *cohort = &study.cohort;
    CU_ASSERT_EQUAL(cohort->n, 10);
    CU_ASSERT_EQUAL(cohort->genotypes.n_subjects, 10);
    CU_ASSERT_STRING_EQUAL(cohort->iid.items[1], "102");
    CU_ASSERT_STRING_EQUAL(cohort->genotypes.iid.items[4], "106");
    CU_ASSERT_EQUAL(cohort->n_targets, 3);
    CU_ASSERT_PTR_NULL(cohort->target_notes[0]);
    CU_ASSERT_STRING_EQUAL(cohort->target_notes[1], "constant");
    CU_ASSERT_EQUAL(cohort->target_n_missing[0], 1); /* of whom was dropped for it */
    CU_ASSERT_EQUAL(cohort->target_n_missing[1], 0);
    CU_ASSERT_EQUAL(cohort->target_n_missing[2], 3);
    ASSERT_NEAR(cohort->targets[5 * 3], 7, 0);
    ASSERT_NEAR(cohort->targets[5 * 3 + 2], 1.5, 0);
    CU_ASSERT(isnan(cohort->targets[1 * 3 + 2]));
    ASSERT_NEAR(cohort->quantitative[9], 32, 0);
    CU_ASSERT_EQUAL(cohort->categorical[0].names.count, 2);
    CU_ASSERT_EQUAL(cohort->within.level[0], 0);
    CU_ASSERT_EQUAL(cohort->within.level[9], 1);
    CU_ASSERT_STRING_EQUAL(cohort->group.names.items[cohort->group.level[4]], "f3");
    CU_ASSERT_PTR_NULL(cohort->fold.level);
    CU_ASSERT_EQUAL(cohort->n_files, 7);
    CU_ASSERT_EQUAL(cohort->files[0].size_bytes, 3 + 4 * 4);
    CU_ASSERT_NOT_EQUAL(cohort->files[0].hash, 0);
    CU_ASSERT_NOT_EQUAL(cohort->files[6].modified_ns, 0);
    tear_down(&study);
}

/* After a reorder, everything of a subject has moved with it. */
static void test_reorder(void)
{
    struct study study;
    set_up(&study);
    add(&study.columns, "y2");
    add(&study.columns, "y1");
    study.request.missing = COHORT_MISSING_KEEP;
    study.request.folds_table = write_rows(
        &study, "folds", "fold",
        (const char *const[N]){"2", "10", "1", "2", "10", "1", "2", "10", "1", "2", "10", "1", "2", "10"});
    study.request.folds_column = "fold";
    CU_ASSERT_EQUAL_FATAL(load(&study), 0);
    struct cohort *cohort = &study.cohort;
    CU_ASSERT_EQUAL(cohort->n, N);
    CU_ASSERT_STRING_EQUAL(cohort->target_names.items[0], "y1"); /* table order */
    CU_ASSERT_STRING_EQUAL(cohort->fold.names.items[1], "2");    /* 1, 2, 10 */
    const size_t order[N] = {3, 0, 1, 2, 5, 4, 13, 12, 11, 10, 9, 8, 6, 7};
    CU_ASSERT_EQUAL(cohort_reorder(cohort, order, &study.err), 0);
    static const int32_t level[N] = {1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2};
    uint8_t third[N];
    CU_ASSERT_EQUAL(genotypes_read_calls(&cohort->genotypes, 0, 1, third, &study.err), 0);
    for (size_t k = 0; k < N; k++) {
        CU_ASSERT_EQUAL(atoi(cohort->iid.items[k]), 100 + (int)order[k]);
        CU_ASSERT_EQUAL(atoi(cohort->fid.items[k] + 1), (int)order[k] / 2);
        CU_ASSERT_STRING_EQUAL(cohort->genotypes.iid.items[k], cohort->iid.items[k]);
        CU_ASSERT_EQUAL(cohort->fold.level[k], level[order[k]]);
        CU_ASSERT_EQUAL(third[k], calls[0][order[k]] - '0');
        if (order[k] == 10)
            CU_ASSERT(isnan(cohort->targets[k * 2]));
        if (order[k] != 10)
            ASSERT_NEAR(cohort->targets[k * 2], (double)order[k], 0);
    }
    tear_down(&study);
}

/* Labels of fourteen people in four columns: of a covariate, of `within`, of `keep_together` and of folds. */
static const char *const labelled[N] = {
    "20 s0 w0 g0 p1", "21 s1 w0 g1 p0", "22 s0 w1 g2 p1", "23 s2 w1 g0 p2", "24 s2 w2 g1 p1",
    "25 s0 w2 g2 p2", "26 s2 w0 g0 p2", "27 s0 w1 g1 p2", "28 s2 w2 g2 p1", "29 s0 w0 g0 p1",
    "30 s2 w1 g1 p1", "31 s0 w2 g2 p2", "32 s2 w0 g0 p1", "33 s0 w1 g1 p2"};

static void ask_for_labels(struct study *study)
{
    study->request.missing = COHORT_MISSING_KEEP;
    study->request.covariates_table = write_rows(study, "x.txt", "age site stratum house part", labelled);
    add(&study->quantitative, "age");
    add(&study->categorical, "site");
    study->request.within = "stratum";
    study->request.keep_together = "house";
    study->request.folds_table = study->request.covariates_table;
    study->request.folds_column = "part";
    CU_ASSERT_EQUAL_FATAL(load(study), 0);
}

/* Subject k is the one that stood at `subject`, with labels and all. */
static void assert_labels(const struct cohort *cohort, size_t k, size_t subject)
{
    const struct cohort_labels *labels[] = {&cohort->categorical[0], &cohort->within, &cohort->group,
                                            &cohort->fold};
    for (size_t j = 0; j < sizeof labels / sizeof *labels; j++) {
        size_t level = (size_t)labels[j]->level[k];
        CU_ASSERT_TRUE_FATAL(level < labels[j]->names.count);
        CU_ASSERT_EQUAL(strncmp(labels[j]->names.items[level], labelled[subject] + 3 + 3 * j, 2), 0);
    }
    ASSERT_NEAR(cohort->quantitative[k], 20 + (double)subject, 0);
    CU_ASSERT_EQUAL(atoi(cohort->iid.items[k]), 100 + (int)subject);
}

/* ... and so have the labels, which permutations and folds go by. */
static void test_reorder_labels(void)
{
    struct study study;
    set_up(&study);
    ask_for_labels(&study);
    const size_t order[N] = {3, 0, 1, 2, 5, 4, 13, 12, 11, 10, 9, 8, 6, 7};
    CU_ASSERT_EQUAL(cohort_reorder(&study.cohort, order, &study.err), 0);
    for (size_t k = 0; k < N; k++)
        assert_labels(&study.cohort, k, order[k]);
    tear_down(&study);
}

/* Of people who leave later (relatives): everybody's labels stay theirs, and one that nobody has any more
 * goes. */
static void test_keep_labels(void)
{
    struct study study;
    struct log log;
    set_up(&study);
    ask_for_labels(&study);
    const size_t stay[] = {0, 2, 3, 4, 5, 7, 8, 9, 10, 12, 13}; /* nobody of site s1 and part p0 */
    size_t count = sizeof stay / sizeof *stay;
    log_init(&log, NULL, &study.err);
    CU_ASSERT_EQUAL(cohort_keep(&study.cohort, stay, count, 0.9, &log, &study.err), 0);
    CU_ASSERT_EQUAL(study.cohort.n, count);
    CU_ASSERT_EQUAL(study.cohort.categorical[0].names.count, 2);
    CU_ASSERT_EQUAL(study.cohort.fold.names.count, 2);
    CU_ASSERT_EQUAL(study.cohort.group.names.count, 3);
    for (size_t k = 0; k < count; k++)
        assert_labels(&study.cohort, k, stay[k]);
    log_close(&log, &study.err);
    tear_down(&study);
}

/* As many missing as the limit allows are not too many; and whoever is dropped for another target may have
 * been the only one in whom one varied. */
static void test_targets_at_the_limit(void)
{
    static const char *const rows[N] = {"0 1 NA",  "1 1 1",   "2 1 2",   "3 1 3",  "4 1 4",
                                        "5 1 5",   "6 1 6",   "7 1 7",   "8 1 8",  "9 1 9",
                                        "NA 2 10", "11 1 11", "12 1 12", "13 1 13"};
    struct study study;
    set_up(&study);
    study.request.targets_table = write_rows(&study, "y.txt", "y1 y2 y3", rows);
    study.request.max_missing_per_target = 1.0 / N;
    CU_ASSERT_EQUAL_FATAL(load(&study), 0);
    CU_ASSERT_EQUAL(study.cohort.n, N - 2);
    CU_ASSERT_PTR_NULL(study.cohort.target_notes[0]);
    CU_ASSERT_PTR_NULL(study.cohort.target_notes[2]);
    CU_ASSERT_PTR_NOT_NULL_FATAL(study.cohort.target_notes[1]);
    CU_ASSERT_STRING_EQUAL(study.cohort.target_notes[1], "constant");
    tear_down(&study);
}

static void test_fam_targets(void)
{
    struct study study;
    set_up(&study);
    struct text_list names = {0};
    add(&names, "height");
    add(&names, "weight");
    study.request.targets_table = NULL;
    study.request.fam_names = &names;
    study.request.fam_columns = (const int[]){6, 7};
    ASSERT_REFUSED(
        &study,
        "@/g.fam:4: column height: -9 found (1 in all); expected a number or NA; if -9 means "
        "missing, write targets.missing_codes: [-9] in the study file, else targets.not_missing: [-9]");
    add(&study.codes, "-9");
    study.request.missing = COHORT_MISSING_ERROR;
    ASSERT_REFUSED(
        &study,
        "@/g.fam: target height: 1 of 14 values missing; expected none (targets.missing: error)\n@/g.fam: without a value: FID f1 IID 103; expected a value for everybody (targets.missing: drop-subject leaves out those who lack one, mean keeps them)");
    study.request.missing = COHORT_MISSING_DROP_SUBJECT;
    CU_ASSERT_EQUAL_FATAL(load(&study), 0);
    CU_ASSERT_EQUAL(study.cohort.n, 13);
    ASSERT_NEAR(study.cohort.targets[3 * 2], 4, 0);
    ASSERT_NEAR(study.cohort.targets[3 * 2 + 1], 4.5, 0);
    cohort_free(&study.cohort);
    study.request.fam_columns = (const int[]){7, 8};
    CU_ASSERT_EQUAL(load(&study), EXIT_CODE_BAD_INPUT);
    ASSERT_REFUSED(&study,
                   "@/g.fam:1: 7 fields found, and so in 13 lines more; expected at least 8 (for weight)");
    text_list_free(&names);
    tear_down(&study);
}

/* arete plan: no pass over the calls, so nobody is dropped for missing ones. */
static void test_headers_only(void)
{
    struct study study;
    set_up(&study);
    study.request.max_missing_per_subject = 0.1;
    study.request.headers_only = true;
    CU_ASSERT_EQUAL_FATAL(load(&study), 0);
    CU_ASSERT_EQUAL(study.cohort.n, 13);
    CU_ASSERT_EQUAL(study.cohort.files[0].hash, 0);
    CU_ASSERT_NOT_EQUAL(study.cohort.files[1].hash, 0);
    tear_down(&study);
}

/* Between the pass that hashes and the one that computes, a file is written over, replaced or removed. */
static void test_files_that_change(void)
{
    struct study study;
    char aside[300], table[300];
    set_up(&study);
    CU_ASSERT_EQUAL_FATAL(load(&study), 0);
    CU_ASSERT_EQUAL(cohort_check_unchanged(&study.cohort, &study.err), 0);
    snprintf(table, sizeof table, "%s/y.txt", study.folder);
    snprintf(aside, sizeof aside, "%s/aside", study.folder);
    CU_ASSERT_EQUAL_FATAL(rename(table, aside), 0);
    CU_ASSERT_EQUAL(cohort_check_unchanged(&study.cohort, &study.err), EXIT_CODE_FAILED);
    ASSERT_CONTAINS(study.err.message, "y.txt: was there when it was read, and is not now: ");
    /* The same bytes, in another file of the same time. */
    struct stat first;
    write_rows(&study, "y.txt", "y1 y2 y3", plain_targets);
    CU_ASSERT_EQUAL_FATAL(stat(aside, &first), 0);
    const struct timespec times[] = {first.st_atim, first.st_mtim};
    CU_ASSERT_EQUAL_FATAL(utimensat(AT_FDCWD, table, times, 0), 0);
    CU_ASSERT_EQUAL(cohort_check_unchanged(&study.cohort, &study.err), EXIT_CODE_FAILED);
    ASSERT_CONTAINS(study.err.message, "y.txt: was changed or replaced while it was read");
    CU_ASSERT_EQUAL_FATAL(rename(aside, table), 0);
    CU_ASSERT_EQUAL(cohort_check_unchanged(&study.cohort, &study.err), 0);
    for (size_t f = 0; f < study.cohort.n_files;
         f++) { /* every one of them, the .bed too, by its time alone */
        struct stat status;
        const char *path = study.cohort.files[f].path;
        CU_ASSERT_EQUAL_FATAL(stat(path, &status), 0);
        const struct timespec before[] = {status.st_atim, status.st_mtim}, after[] = {status.st_atim, {1, 1}};
        CU_ASSERT_EQUAL_FATAL(utimensat(AT_FDCWD, path, after, 0), 0);
        CU_ASSERT_EQUAL(cohort_check_unchanged(&study.cohort, &study.err), EXIT_CODE_FAILED);
        ASSERT_CONTAINS(study.err.message, path);
        CU_ASSERT_EQUAL_FATAL(utimensat(AT_FDCWD, path, before, 0), 0);
    }
    CU_ASSERT_EQUAL(study.cohort.n_files, 4);
    tear_down(&study);
}

/* IDs of other shapes: IID alone, participant_id with sub- that the genotypes lack. */
static void test_other_ids(void)
{
    struct study study;
    set_up(&study);
    char text[1000] = "participant_id,y\n";
    for (int i = 0; i < N; i++)
        snprintf(text + strlen(text), 40, "sub-%d,%d\n", 113 - i, i * i);
    study.request.targets_table = write_text(&study, "y.csv", "%s", text);
    CU_ASSERT_EQUAL_FATAL(load(&study), 0);
    CU_ASSERT_EQUAL(study.cohort.n, N);
    ASSERT_NEAR(study.cohort.targets[0], 169, 0);
    cohort_free(&study.cohort);
    write_text(&study, "g.fam", "a 1 0 0 0 0\nb 1 0 0 0 0\nc 3 0 0 0 0\n");
    testing_write(study.folder, "g.bed", "\x6c\x1b\x01    ", 7);
    study.request.targets_table = write_text(&study, "y.txt", "IID y\n3 1\n1 2\n");
    ASSERT_REFUSED(
        &study,
        "@/y.txt:3: IID 1 fits two subjects of the genotypes, FID a IID 1 and FID b IID 1; expected FID "
        "and IID, which tell them apart");
    tear_down(&study);
}

/* FID 0, which is no family: found by the IID, on either side, and kept together with nobody. */
static void test_no_family(void)
{
    struct study study;
    set_up(&study);
    /* a stranger of the same IID stands before the one without a family */
    char fam[1000] = "", table[1000] = "FID IID y\nx 105 -1\n";
    for (int i = 0; i < N; i++) { /* 100 to 103 have no FID in the .fam; 104 to 107 have none in the table */
        snprintf(fam + strlen(fam), 40, "%s%d %d 0 0 1 0\n", i < 4 ? "" : "f", i < 4 ? 0 : i / 2, 100 + i);
        snprintf(table + strlen(table), 40, "%s%d %d %d\n", i >= 4 && i < 8 ? "" : "f",
                 i >= 4 && i < 8 ? 0 : i / 2, 100 + i, i * i);
    }
    write_text(&study, "g.fam", "%s", fam);
    study.request.targets_table = write_text(&study, "t", "%s", table);
    study.request.remove = write_text(&study, "remove", "0 113\nf9 100\n0 112\n");
    study.request.keep_together = "FID";
    study.request.within = "FID";
    CU_ASSERT_EQUAL_FATAL(load(&study), 0);
    const struct cohort *cohort = &study.cohort;
    CU_ASSERT_EQUAL_FATAL(cohort->n, 11);
    ASSERT_CONTAINS(study.log, "subjects: 3 of 11 have FID 0, which is no family\n");
    for (size_t i = 0; i < cohort->n; i++) {
        int who = atoi(cohort->iid.items[i]) - 100;
        CU_ASSERT(who >= 1 && who < 12); /* f9 100 is 0 100 of the .fam, 0 112 is f6 112 */
        ASSERT_NEAR(cohort->targets[i], who * who, 0);
        for (size_t j = 0; j < i; j++) {
            int other = atoi(cohort->iid.items[j]) - 100;
            CU_ASSERT_EQUAL(cohort->group.level[i] == cohort->group.level[j],
                            who >= 4 && who / 2 == other / 2);
        }
    }
    CU_ASSERT_EQUAL(cohort->within.level[0], cohort->within.level[2]);
    tear_down(&study);
}

/* Who is found by both IDs is not taken by somebody without a family; two who fit are an error. */
static void test_no_family_fits_two(void)
{
    struct study study;
    set_up(&study);
    write_text(&study, "g.fam", "%s", "0 1 0 0 0 0\na 1 0 0 0 0\nb 2 0 0 0 0\n0 3 0 0 0 0\n");
    testing_write(study.folder, "g.bed", "\x6c\x1b\x01\xff\xff\xff\xff", 7);
    study.request.targets_table = write_text(&study, "t", "FID IID y\n0 1 5\nb 2 6\n0 4 7\n");
    study.request.missing = COHORT_MISSING_KEEP;
    CU_ASSERT_EQUAL(load(&study), EXIT_CODE_BAD_INPUT); /* too few values; but a 1 was dropped, 0 1 was not */
    ASSERT_CONTAINS(study.log, "subjects: 2 dropped: not in ");
    study.request.targets_table = write_text(&study, "t", "FID IID y\nx 3 5\nb 2 6\ny 3 7\n");
    ASSERT_REFUSED(&study,
                   "@/t:2: FID x IID 3 found, and FID y IID 3 at line 4; FID 0 IID 3 of the genotypes "
                   "fits both; expected one");
    write_text(&study, "g.fam", "%s", "c 1 0 0 0 0\na 1 0 0 0 0\nb 2 0 0 0 0\n0 3 0 0 0 0\n");
    study.request.targets_table = write_text(&study, "t", "FID IID y\n0 1 5\nb 2 6\n");
    ASSERT_REFUSED(&study,
                   "@/t:2: FID 0 IID 1 fits two subjects of the genotypes, FID c IID 1 and FID a IID 1; "
                   "expected FID and IID, which tell them apart");
    tear_down(&study);
}

static void test_everybody_without_family(void)
{
    struct study study;
    set_up(&study);
    char fam[1000] = "";
    for (int i = 0; i < N; i++)
        snprintf(fam + strlen(fam), 40, "0 %d 0 0 1 0\n", 100 + i);
    write_text(&study, "g.fam", "%s", fam);
    study.request.keep_together = "FID";
    CU_ASSERT_EQUAL_FATAL(load(&study), 0);
    CU_ASSERT_EQUAL(study.cohort.n, 13);
    CU_ASSERT_EQUAL(study.cohort.group.names.count, 13);
    ASSERT_CONTAINS(study.log, "warning: model.keep_together: FID: everybody has FID 0, which is no family: "
                               "nobody is kept together\n");
    tear_down(&study);
}

/* A list that fits nobody is an error, whatever it is for; one that fits in part is told of. */
static void test_lists_that_do_not_fit(void)
{
    struct study study;
    set_up(&study);
    study.request.remove = write_text(&study, "remove", "100,100\n101,101\n");
    ASSERT_REFUSED(
        &study,
        "@/remove: no subject in common with @/g.fam: genotypes: 14 subjects, e.g. FID f0 IID 100; "
        "remove: 2, e.g. IID 100,100; expected the same IDs (commas stand where blanks are expected)");
    study.request.remove = write_text(&study, "remove", "775\n776\n");
    ASSERT_REFUSED(
        &study, "@/remove: no subject in common with @/g.fam: genotypes: 14 subjects, e.g. FID f0 IID 100; "
                "remove: 2, e.g. IID 775; expected the same IDs");
    study.request.remove = write_text(&study, "remove", "f0 100\nx 101\nf9 775\n");
    CU_ASSERT_EQUAL_FATAL(load(&study), 0);
    ASSERT_CONTAINS(study.log, "warning: ");
    ASSERT_CONTAINS(study.log,
                    "remove (remove): 2 of its 3 subjects are not in the genotypes, e.g. FID x IID 101, "
                    "where these have FID f0 IID 101: the IIDs fit, the FIDs differ\n");
    tear_down(&study);
}

/* People of whom the table knows nothing are told of, and why that may be. */
static void test_table_that_fits_in_part(void)
{
    struct study study;
    set_up(&study);
    char fam[1000] = "", table[1000] = "IID y\n";
    for (int i = 0; i < N; i++) {
        snprintf(fam + strlen(fam), 40, "f%d %03d 0 0 1 0\n", i, i + 1);
        snprintf(table + strlen(table), 40, "%0*d %d\n", i < 12 ? 3 : 1, i + 1, i);
    }
    write_text(&study, "g.fam", "%s", fam);
    study.request.targets_table = write_text(&study, "t", "%s", table);
    CU_ASSERT_EQUAL_FATAL(load(&study), 0);
    ASSERT_CONTAINS(study.log, "warning: 2 of 14 subjects dropped: not in ");
    ASSERT_CONTAINS(study.log,
                    "t (targets), e.g. FID f12 IID 013; 2 others are there, e.g. IID 13: leading zeros "
                    "differ, which spreadsheets drop\n");
    cohort_free(&study.cohort);
    strcpy(strstr(table, "13 12"), ""); /* the last two are not there at all */
    study.request.targets_table = write_text(&study, "t", "%s", table);
    CU_ASSERT_EQUAL_FATAL(load(&study), 0);
    ASSERT_CONTAINS(study.log, "note: 2 of 14 subjects dropped: not in ");
    ASSERT_CONTAINS(study.log, "t (targets), e.g. FID f12 IID 013\n");
    tear_down(&study);
}

static void test_no_subjects(void)
{
    struct study study;
    set_up(&study);
    const char *targets = study.request.targets_table;
    study.request.targets_table = write_text(&study, "other", "IID y\n775 1\n776 1\n");
    ASSERT_REFUSED(&study,
                   "@/other: no subject in common with @/g.fam: genotypes: 14 subjects, e.g. FID f0 IID 100; "
                   "targets: 2, e.g. IID 775; expected the same IDs");
    study.request.targets_table = targets;
    study.request.keep = write_text(&study, "keep", "f0 100\nf0 101\n");
    study.request.remove = write_text(&study, "remove", "#FID IID\nf0 101\nf0 100\n");
    ASSERT_REFUSED(
        &study, "@/remove: no subject left: all of the 2 still in are in this file (remove); expected some "
                "to be kept");
    study.request.remove = NULL;
    study.request.keep = write_text(&study, "keep", "f6 113\n");
    study.request.max_missing_per_subject = 0.25;
    ASSERT_REFUSED(&study,
                   "@/g.fam: no subject left: each of the 1 lacks more than 0.25 of the 4 selected calls; "
                   "expected some with fewer missing (genotypes.max_missing_per_subject)");
    study.request.keep = write_text(&study, "keep", "f6 113\n112\n");
    ASSERT_REFUSED(&study, "@/keep:2: 1 field found; expected FID and IID, as in the lines above");
    study.request.keep = write_text(&study, "keep", "f6 113\nf6 112\nf6 113\n");
    ASSERT_REFUSED(&study, "@/keep:3: FID f6 IID 113 found, as at line 1; expected every subject once");
    tear_down(&study);
}

/* A target with too few values is left out before it can cost anybody. */
static void test_few_values(void)
{
    struct study study;
    set_up(&study);
    static const char *const split[N] = {"1 NA", "2 NA", "3 NA",  "4 NA", "5 NA", "6 NA", "7 NA",
                                         "8 NA", "9 NA", "10 NA", "NA 1", "NA 2", "NA 3", "NA 4"};
    study.request.targets_table = write_rows(&study, "split", "a b", split);
    study.request.max_missing_per_target = 1;
    CU_ASSERT_EQUAL_FATAL(load(&study), 0);
    CU_ASSERT_EQUAL(study.cohort.n, 10);
    CU_ASSERT_STRING_EQUAL(study.cohort.target_notes[1], "4 values, fewer than 10");
    ASSERT_CONTAINS(study.log, "subjects: 4 dropped: a target is missing (a: 4)\n");
    tear_down(&study);
}

/* Lists of SNPs that fit in part, SNPs that stand twice, chromosomes that are not looked at: all told of. */
static void test_snps_that_vanish(void)
{
    struct study study;
    set_up(&study);
    write_text(&study, "g.bim", "1 a 0 1 A G\nX b 0 2 A G\nchr1 a 0 1 G A\n2 c 0 4 A G\n");
    study.request.selection = (struct genotype_selection){
        .extract = write_text(&study, "x", "a\nb\na\nq\nr\n"), .exclude = write_text(&study, "e", "b\n")};
    CU_ASSERT_EQUAL_FATAL(load(&study), 0);
    ASSERT_CONTAINS(study.log,
                    "SNPs: 2 selected\nnote: 1 of 4 SNPs dropped: not on chromosomes 1-22, e.g. b on X; "
                    "genotypes.chromosomes: all takes every SNP\nwarning: ");
    ASSERT_CONTAINS(study.log,
                    "x (extract): 2 of its 4 SNPs are not in the genotypes, e.g. q; these have e.g. a\n");
    ASSERT_CONTAINS(study.log,
                    "warning: 1 SNPs stand twice and count twice, e.g. a (chromosome 1, position 1) in ");
    CU_ASSERT_PTR_NULL(strstr(study.log, "(exclude)")); /* b is there, though it is not looked at */
    tear_down(&study);
}

static void test_no_snps(void)
{
    struct study study;
    set_up(&study);
    write_text(&study, "g.bim", "X a 0 1 A G\nX b 0 2 A G\nY c 0 3 A G\n0 d 0 4 A G\n");
    study.request.selection.all_chromosomes = false;
    ASSERT_REFUSED(&study, "@/g.bim: none of 4 SNPs is on chromosomes 1-22 (the first is a on X); expected "
                           "some, or genotypes.chromosomes: "
                           "all in the study file");
    study.request.selection = (struct genotype_selection){.all_chromosomes = true,
                                                          .extract = write_text(&study, "extract", "a\nb\n"),
                                                          .exclude = write_text(&study, "exclude", "b\na\n")};
    ASSERT_REFUSED(&study,
                   "@/g.bim: no SNP is left of 4: 0 not on chromosomes 1-22, 2 not in the extract list, 2 in "
                   "the exclude list; expected some");
    tear_down(&study);
}

static void test_bad_targets(void)
{
    struct study study;
    set_up(&study);
    study.request.missing = COHORT_MISSING_ERROR;
    study.request.max_missing_per_target = 0.5;
    ASSERT_REFUSED(
        &study,
        "@/y.txt: target y1: 1 of 14 values missing; expected none (targets.missing: error)\n"
        "@/y.txt: target y3: 4 of 14 values missing; expected none (targets.missing: error)\n"
        "@/y.txt: without a value: FID f1 IID 102, FID f1 IID 103, FID f2 IID 104, FID f2 IID 105, FID f5 IID 110; expected a value for everybody (targets.missing: drop-subject leaves out those who lack one, mean keeps them)");
    add(&study.columns, "y2");
    ASSERT_REFUSED(&study, "@/y.txt: target y2 cannot be analysed, and no other can: constant");
    add(&study.columns, "y7");
    ASSERT_REFUSED(&study, "@/y.txt:1: no column y7 found; expected it in the header (5 columns)");
    text_list_free(&study.columns);
    study.request.keep = write_text(&study, "keep", "100\n101\n102\n");
    ASSERT_REFUSED(&study,
                   "@/y.txt: target y1 cannot be analysed, and no other can: 3 values, fewer than 10\n"
                   "@/y.txt: target y2 cannot be analysed, and no other can: 3 values, fewer than 10\n"
                   "@/y.txt: target y3 cannot be analysed, and no other can: 2 values, fewer than 10");
    study.request.targets_table = write_text(&study, "ids", "FID IID\nf0 100\n");
    ASSERT_REFUSED(&study, "@/ids:1: no column but IDs found; expected one column a target");
    tear_down(&study);
}

static void test_bad_covariates(void)
{
    struct study study;
    set_up(&study);
    study.request.within = "site";
    study.request.keep_together = "family";
    ASSERT_REFUSED(
        &study,
        "permutations.within: column site found, but no covariates table; expected covariates.table, or "
        "FID\nmodel.keep_together: column family found, but no covariates table; expected "
        "covariates.table, or FID");
    static const char *const gaps[N] = {"NA a x", "NA a x", "1 NA x", "NA a x",  "NA a x", "1 a x", "1 a x",
                                        "1 a x",  "1 a x",  "NA a x", "NA NA x", "1 a x",  "1 a x", "1 a x"};
    study.request.covariates_table = write_rows(&study, "x.txt", "age site family", gaps);
    add(&study.quantitative, "age");
    ASSERT_REFUSED(
        &study,
        "@/x.txt: without a value (age: 5, site: 1): FID f0 IID 100, FID f0 IID 101, FID f1 IID 102, FID f1 IID 103, FID f2 IID 104, FID f4 IID 109; expected a value for everybody (covariates.missing: drop-subject leaves out those who lack one)");
    add(&study.quantitative, "height");
    study.request.within = "centre";
    ASSERT_REFUSED(&study, "@/x.txt:1: no column height found; expected it in the header (5 columns)\n"
                           "@/x.txt:1: no column centre found; expected it in the header (5 columns)");
    tear_down(&study);
}

static void test_bad_files(void)
{
    struct study study;
    set_up(&study);
    char folder[300], absent[300];
    snprintf(folder, sizeof folder, "%s/sub", study.folder);
    snprintf(absent, sizeof absent, "%s/absent", study.folder);
    CU_ASSERT_EQUAL(mkdir(folder, 0700), 0);
    study.request.targets_table = folder;
    study.request.keep = absent;
    ASSERT_REFUSED(
        &study,
        "@/absent: cannot be read: No such file or directory\n@/sub: a folder found; expected a file");
    tear_down(&study);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"steps", test_steps},
        {"reorder", test_reorder},
        {"reorder_labels", test_reorder_labels},
        {"keep_labels", test_keep_labels},
        {"targets_at_the_limit", test_targets_at_the_limit},
        {"fam_targets", test_fam_targets},
        {"headers_only", test_headers_only},
        {"other_ids", test_other_ids},
        {"no_family", test_no_family},
        {"no_family_fits_two", test_no_family_fits_two},
        {"everybody_without_family", test_everybody_without_family},
        {"lists_that_do_not_fit", test_lists_that_do_not_fit},
        {"table_that_fits_in_part", test_table_that_fits_in_part},
        {"files_that_change", test_files_that_change},
        {"no_subjects", test_no_subjects},
        {"few_values", test_few_values},
        {"snps_that_vanish", test_snps_that_vanish},
        {"no_snps", test_no_snps},
        {"bad_targets", test_bad_targets},
        {"bad_covariates", test_bad_covariates},
        {"bad_files", test_bad_files},
    };
    return testing_main(argc, argv, "input/cohort/cohort", cases, sizeof cases / sizeof *cases);
}
