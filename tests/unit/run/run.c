/* A whole study without a command line: tests/data/tiny, run through run_study. */
#include "run/run.h"

#include "base/memory.h"
#include "testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { N_PERMUTATIONS = 4000, MOST_ROUNDS = 100 };

#define TINY ARETE_TEST_DATA "/tiny"

/* What a study told of itself, and when it is to be stopped. */
struct listener {
    char labels[1000];       /* of the pieces of work, each followed by "\n" */
    int n_begun, n_ended;    /* pieces of work */
    const char *stop_within; /* the piece of work; "" = at once, NULL = never */
    int stop_after_polls;
    char said[1000];
};

static void hear_begin(void *context, const char *label, const char *unit, double scale, double most)
{
    struct listener *listener = context;
    (void)unit, (void)scale, (void)most;
    size_t used = strlen(listener->labels);
    snprintf(listener->labels + used, sizeof listener->labels - used, "%s\n", label);
    listener->n_begun++;
}

static void hear_end(void *context)
{
    ((struct listener *)context)->n_ended++;
}

static bool hear_should_stop(void *context)
{
    struct listener *listener = context;
    return listener->stop_within != NULL && strstr(listener->labels, listener->stop_within) != NULL &&
           listener->stop_after_polls-- <= 0;
}

static const char *hear_reason(void *context)
{
    (void)context;
    return "a test";
}

static void hear_say(void *context, const char *text)
{
    struct listener *listener = context;
    snprintf(listener->said, sizeof listener->said, "%s", text);
}

static void hear_stopping(void *context, const char *text, int64_t n_left)
{
    CU_ASSERT_TRUE(n_left >= 0);
    hear_say(context, text);
}

static struct reporter reporter_of(struct listener *listener)
{
    return (struct reporter){.context = listener,
                             .begin = hear_begin,
                             .end = hear_end,
                             .should_stop = hear_should_stop,
                             .stop_reason = hear_reason,
                             .say = hear_say,
                             .stopping = hear_stopping};
}

/* A study file in `folder`, with its output in out; method: permutations.method. */
static const char *write_study(const char *folder, uint64_t seed, const char *method)
{
    char text[2000];
    snprintf(text, sizeof text,
             "genotypes:\n  plink: " TINY "/chr{1..2}\n"
             "targets:\n  table: " TINY "/targets.tsv\n"
             "covariates:\n  table: " TINY "/covariates.tsv\n  columns: [age, sex]\n  categorical: [site]\n"
             "model:\n  outer_folds: 5\n  inner_folds: 4\n"
             "permutations:\n  count: %d\n  method: %s\n"
             "seed: %d\noutput: %s/out\n"
             "run:\n  workers: 1\n  block: 200\n",
             N_PERMUTATIONS, method, (int)seed, folder);
    return testing_write_text(folder, "study.yaml", text);
}

static int run(const char *study_path, const struct reporter *reporter, struct error *err)
{
    static const struct text_list no_sets;
    struct ranks ranks = {0};
    struct run_request request = {.study_path = study_path, .sets = &no_sets, .reporter = reporter};
    *err = (struct error){0};
    CU_ASSERT_EQUAL_FATAL(ranks_open(&ranks, err), 0);
    run_study(&request, &ranks, err);
    ranks_close(&ranks, err->code);
    return err->code;
}

/* The bytes of a file in the output folder, to be freed; NULL when there is none. */
static char *content_of(const char *folder, const char *name)
{
    enum { MOST_BYTES = 100000 };
    struct error err = {0};
    char *path = memory_format(&err, "%s/out/%s", folder, name);
    FILE *file = fopen(path, "r");
    free(path);
    if (file == NULL)
        return NULL;
    char *content = memory_zeroed(MOST_BYTES, 1, "a file", &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(content);
    CU_ASSERT_TRUE(fread(content, 1, MOST_BYTES - 1, file) > 0);
    fclose(file);
    return content;
}

/* The table of an uninterrupted run whose reporter does nothing. */
static char *undisturbed_table(const char *method)
{
    static const struct reporter SILENT;
    struct error err;
    const char *folder = testing_folder();
    CU_ASSERT_EQUAL_FATAL(run(write_study(folder, 1, method), &SILENT, &err), 0);
    return content_of(folder, "results.tsv");
}

static void assert_table(const char *method)
{
    char *table = undisturbed_table(method);
    CU_ASSERT_PTR_NOT_NULL_FATAL(table);
    size_t n_lines = 0;
    for (const char *c = table; *c != '\0'; c++)
        n_lines += *c == '\n';
    CU_ASSERT_EQUAL(n_lines, 1 + 6);
    ASSERT_CONTAINS(table, "\nsignal_1\t");
    ASSERT_CONTAINS(table, "\nconstant\t120\t0\tNA\t");
    free(table);
}

static void a_study_needs_no_command_line(void)
{
    assert_table("orbits");
    assert_table("independent");
}

static void each_piece_of_work_is_told(void)
{
    struct listener listener = {0};
    struct reporter reporter = reporter_of(&listener);
    struct error err;
    const char *folder = testing_folder();
    CU_ASSERT_EQUAL(run(write_study(folder, 1, "auto"), &reporter, &err), 0);
    ASSERT_CONTAINS(listener.labels, "reading genotypes: SNPs\n");
    ASSERT_CONTAINS(listener.labels, "penalties\n");
    ASSERT_CONTAINS(listener.labels, "permutations\n");
    CU_ASSERT_EQUAL(listener.n_begun, listener.n_ended);
    CU_ASSERT_STRING_EQUAL(listener.said, "");
}

static void stopped_before_anything_is_written(void)
{
    struct listener listener = {.stop_within = ""};
    struct reporter reporter = reporter_of(&listener);
    struct error err;
    const char *folder = testing_folder();
    CU_ASSERT_EQUAL(run(write_study(folder, 1, "auto"), &reporter, &err), EXIT_CODE_STOPPED);
    ASSERT_CONTAINS(err.message, "stopped on request after reading the input");
    char *out = memory_format(&err, "%s/out", folder);
    CU_ASSERT_NOT_EQUAL(access(out, F_OK), 0);
    free(out);
}

/* Permutations saved when the study was stopped, from its message. */
static long long saved_permutations(const char *message, int n_permutations)
{
    long long saved = -1, all = -1;
    char plain[256] = ""; /* "1,200" as 1200 */
    for (size_t length = 0; *message != '\0' && length + 1 < sizeof plain; message++)
        if (*message != ',')
            plain[length++] = *message;
    CU_ASSERT_EQUAL(sscanf(plain, "stopped on request with %lld of %lld", &saved, &all), 2);
    CU_ASSERT_EQUAL(all, n_permutations);
    return saved;
}

/* Each time a little further: the table is that of a run that nobody stopped. */
static void assert_goes_on(const char *method, int n_permutations)
{
    struct error err = {.code = EXIT_CODE_STOPPED};
    const char *folder = testing_folder(), *study = write_study(folder, 1, method);
    long long saved = 0;
    int n_stops = 0, n_between = 0;
    for (int round = 0; err.code == EXIT_CODE_STOPPED && round < MOST_ROUNDS; round++) {
        struct listener listener = {.stop_within = "permutations", .stop_after_polls = 2 + round};
        struct reporter reporter = reporter_of(&listener);
        if (run(study, &reporter, &err) != EXIT_CODE_STOPPED)
            break;
        long long now = saved_permutations(err.message, n_permutations);
        CU_ASSERT_TRUE(now >= saved && now <= n_permutations);
        CU_ASSERT_PTR_NULL(content_of(folder, "results.tsv"));
        ASSERT_CONTAINS(listener.said, "stopping (a test): ");
        saved = now;
        n_stops++;
        n_between += saved > 0 && saved < n_permutations;
    }
    CU_ASSERT_EQUAL(err.code, 0);
    CU_ASSERT_TRUE(n_stops > 0);
    CU_ASSERT_TRUE(n_between > 0);
    char *table = content_of(folder, "results.tsv"), *undisturbed = undisturbed_table(method);
    CU_ASSERT_PTR_NOT_NULL_FATAL(table);
    CU_ASSERT_STRING_EQUAL(table, undisturbed);
    free(table);
    free(undisturbed);
}

static void stopped_and_gone_on_with(void)
{
    enum { N = 120, ORBITS = (N_PERMUTATIONS + N - 1) / N };
    assert_goes_on("orbits", ORBITS * N);
    assert_goes_on("independent", N_PERMUTATIONS);
}

static void another_study_is_refused(void)
{
    static const struct reporter SILENT;
    struct error err;
    const char *folder = testing_folder();
    CU_ASSERT_EQUAL_FATAL(run(write_study(folder, 1, "auto"), &SILENT, &err), 0);
    char *table = content_of(folder, "results.tsv");
    CU_ASSERT_EQUAL(run(write_study(folder, 2, "auto"), &SILENT, &err), EXIT_CODE_BAD_INPUT);
    ASSERT_CONTAINS(err.message, "seed");
    char *after = content_of(folder, "results.tsv");
    CU_ASSERT_PTR_NOT_NULL_FATAL(after);
    CU_ASSERT_STRING_EQUAL(table, after);
    free(table);
    free(after);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"a_study_needs_no_command_line", a_study_needs_no_command_line},
        {"each_piece_of_work_is_told", each_piece_of_work_is_told},
        {"stopped_before_anything_is_written", stopped_before_anything_is_written},
        {"stopped_and_gone_on_with", stopped_and_gone_on_with},
        {"another_study_is_refused", another_study_is_refused},
    };
    return testing_main(argc, argv, "run/run", cases, sizeof cases / sizeof *cases);
}
