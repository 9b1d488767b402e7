#include "base/log.h"

#include "base/memory.h"
#include "testing.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { STAMP_CHARACTERS = 20 }; /* "2026-01-31 12:00:00 " */

/* The lines of a log file without their time, each ended by '|'. */
static const char *lines_of(const char *path)
{
    static char all[4000];
    struct error err = {0};
    struct text_reader reader;
    char *line = NULL;
    all[0] = '\0';
    CU_ASSERT_EQUAL_FATAL(text_reader_open(&reader, path, &err), 0);
    while (text_reader_next(&reader, &line, &err) == 0 && line != NULL) {
        CU_ASSERT_EQUAL_FATAL(strspn(line, "0123456789-: "), STAMP_CHARACTERS);
        strcat(strcat(all, line + STAMP_CHARACTERS), "|");
    }
    text_reader_close(&reader);
    return all;
}

static char *path_in(const char *folder, const char *name)
{
    struct error err = {0};
    return memory_format(&err, "%s/%s", folder, name);
}

/* What was said before the file was there comes first, in order; an older run's lines stay. */
static void lines_are_kept_until_attached(void)
{
    char *path = path_in(testing_folder(), "run.log");
    for (int run = 1; run <= 2; run++) {
        struct error err = {0};
        struct log log;
        CU_ASSERT_EQUAL_FATAL(log_init(&log, NULL, &err), 0);
        log_info(&log, "first of %d", run);
        log_warning(&log, "second of %d", run);
        CU_ASSERT_EQUAL(log_attach(&log, path, &err), 0);
        log_info(&log, "third");
        ASSERT_CONTAINS(lines_of(path), "third|"); /* there at once, not when the run ends */
        CU_ASSERT_EQUAL(log_close(&log, &err), 0);
    }
    CU_ASSERT_STRING_EQUAL(lines_of(path), "first of 1|warning: second of 1|third|"
                                           "first of 2|warning: second of 2|third|");
    free(path);
}

static void warnings_are_listed_and_echoed(void)
{
    char *echoed = NULL, *path = path_in(testing_folder(), "run.log");
    size_t echoed_bytes = 0;
    FILE *echo = open_memstream(&echoed, &echoed_bytes);
    struct error err = {0};
    struct log log;
    CU_ASSERT_EQUAL_FATAL(log_init(&log, echo, &err), 0);
    log_warning(&log, "%d pairs of %.3s", 3, "Zo\xC3\xA9"); /* cut inside a character */
    log_info(&log, "not a warning: this");
    CU_ASSERT_EQUAL(log_attach(&log, path, &err), 0);
    log_warning(&log, "warning: twice");
    CU_ASSERT_EQUAL_FATAL(log.warnings.count, 2);
    CU_ASSERT_STRING_EQUAL(log.warnings.items[0], "3 pairs of Zo?");
    CU_ASSERT_STRING_EQUAL(log.warnings.items[1], "warning: twice");
    CU_ASSERT_EQUAL(log_close(&log, &err), 0);
    fclose(echo);
    CU_ASSERT_STRING_EQUAL(echoed, "arete: warning: 3 pairs of Zo?\narete: warning: warning: twice\n");
    free(echoed);
    free(path);
}

/* Who and what was left out, and warnings about this run alone: in the log like all else, and kept or not. */
static void filters_are_kept_and_warnings_of_the_run_are_not(void)
{
    char *path = path_in(testing_folder(), "run.log");
    struct error err = {0};
    struct log log;
    CU_ASSERT_EQUAL_FATAL(log_init(&log, NULL, &err), 0);
    log_filter(&log, LOG_SUBJECTS, 5, 115, "not in %s", "keep.txt");
    log_filter(&log, LOG_SNPS, 0, 600, "do not vary%.1s", "\xC3\xA9");
    for (size_t k = 0; k < 40; k++)
        log_filter(&log, LOG_SUBJECTS, k, 115 - k, "one by one");
    log_run_warning(&log, "slower");
    CU_ASSERT_EQUAL(log.warnings.count, 0);
    CU_ASSERT_EQUAL_FATAL(log.filtered[LOG_SUBJECTS].count, 41);
    CU_ASSERT_EQUAL_FATAL(log.filtered[LOG_SNPS].count, 1);
    const struct log_filter *first = log.filtered[LOG_SUBJECTS].filters, *last = first + 40;
    CU_ASSERT_STRING_EQUAL(first->why, "not in keep.txt");
    CU_ASSERT(first->dropped == 5 && first->left == 115 && last->dropped == 39 && last->left == 76);
    CU_ASSERT_STRING_EQUAL(log.filtered[LOG_SNPS].filters->why, "do not vary?");
    CU_ASSERT_EQUAL(log_attach(&log, path, &err), 0);
    const char *lines = lines_of(path);
    ASSERT_CONTAINS(lines, "subjects: 5 dropped: not in keep.txt|SNPs: 0 dropped: do not vary?|");
    ASSERT_CONTAINS(lines, "|warning: slower|");
    CU_ASSERT_EQUAL(log_close(&log, &err), 0);
    free(path);
}

/* A note is shown as a warning is, and is none. */
static void notes_are_echoed(void)
{
    char *echoed = NULL, *path = path_in(testing_folder(), "run.log");
    size_t echoed_bytes = 0;
    FILE *echo = open_memstream(&echoed, &echoed_bytes);
    struct error err = {0};
    struct log log;
    CU_ASSERT_EQUAL_FATAL(log_init(&log, echo, &err), 0);
    log_note(&log, "%d of %d", 1, 2);
    CU_ASSERT_EQUAL(log.warnings.count, 0);
    CU_ASSERT_EQUAL(log_attach(&log, path, &err), 0);
    CU_ASSERT_EQUAL(log_close(&log, &err), 0);
    fclose(echo);
    CU_ASSERT_STRING_EQUAL(echoed, "arete: note: 1 of 2\n");
    CU_ASSERT_STRING_EQUAL(lines_of(path), "note: 1 of 2|");
    free(echoed);
    free(path);
}

static void more_than_one_in_twenty_is_a_large_loss(void)
{
    CU_ASSERT(!log_is_large_loss(0, 0));
    CU_ASSERT(!log_is_large_loss(0, 1));
    CU_ASSERT(!log_is_large_loss(5, 100));
    CU_ASSERT(log_is_large_loss(6, 100));
    CU_ASSERT(log_is_large_loss(1, 19));
}

static void a_log_without_a_file(void)
{
    char *path = path_in(testing_folder(), "none/run.log"), expected[300];
    struct error err = {0};
    struct log log;
    CU_ASSERT_EQUAL_FATAL(log_init(&log, NULL, &err), 0);
    log_info(&log, "said");
    CU_ASSERT_EQUAL(log_attach(&log, path, &err), EXIT_CODE_FAILED);
    snprintf(expected, sizeof expected, "%s: cannot be written: No such file or directory", path);
    CU_ASSERT_STRING_EQUAL(err.message, expected);
    CU_ASSERT_EQUAL(log.kept.count, 1); /* still there for another place */
    err = (struct error){0};
    CU_ASSERT_EQUAL(log_close(&log, &err), 0);
    free(path);
}

/* A disk that is full does not stop a run, but closing says so. */
static void a_full_disk_is_reported_at_the_end(void)
{
    struct error err = {0};
    struct log log;
    CU_ASSERT_EQUAL_FATAL(log_init(&log, NULL, &err), 0);
    char *path = path_in(testing_folder(), "associate.log");
    struct rlimit before; /* a limit on the size of files stands for the disk */
    signal(SIGXFSZ, SIG_IGN);
    CU_ASSERT_EQUAL_FATAL(getrlimit(RLIMIT_FSIZE, &before), 0);
    CU_ASSERT_EQUAL_FATAL(log_attach(&log, path, &err), 0);
    CU_ASSERT_EQUAL_FATAL(setrlimit(RLIMIT_FSIZE, &(struct rlimit){0, before.rlim_max}), 0);
    log_info(&log, "lost");
    CU_ASSERT_EQUAL(setrlimit(RLIMIT_FSIZE, &before), 0);
    free(path);
    CU_ASSERT_EQUAL(err.code, 0);
    CU_ASSERT_EQUAL(log_close(&log, &err), EXIT_CODE_FAILED);
    ASSERT_CONTAINS(err.message, "associate.log: could not be written whole: File too large");
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"lines_are_kept_until_attached", lines_are_kept_until_attached},
        {"warnings_are_listed_and_echoed", warnings_are_listed_and_echoed},
        {"filters_are_kept_and_warnings_of_the_run_are_not",
         filters_are_kept_and_warnings_of_the_run_are_not},
        {"notes_are_echoed", notes_are_echoed},
        {"more_than_one_in_twenty_is_a_large_loss", more_than_one_in_twenty_is_a_large_loss},
        {"a_log_without_a_file", a_log_without_a_file},
        {"a_full_disk_is_reported_at_the_end", a_full_disk_is_reported_at_the_end},
    };
    return testing_main(argc, argv, "log", cases, sizeof cases / sizeof *cases);
}
