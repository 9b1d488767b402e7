#include "config/study_changes.h"

#include "testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void assert_changes(const char *before, const char *now, const char *expected)
{
    struct error err = {0};
    char *found = study_changes(before, now, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(found);
    CU_ASSERT_STRING_EQUAL(found, expected);
    free(found);
}

static void keys(void)
{
    assert_changes("a: 1\nmodel: {outer_folds: 10, x: [1, 2]}\n",
                   "a: 1\nmodel: {x: [1, 2], outer_folds: 10}\n", "");
    assert_changes("model: {outer_folds: 10}\n", "model: {outer_folds: 5}\n",
                   "model.outer_folds was 10, is 5");
    assert_changes("seed: 1\n", "model:\n  heritability: [0.1, 0.5]\nseed: null\n",
                   "seed was 1, is not set; model.heritability was not set, is [0.1, 0.5]");
    assert_changes("model: {keep_together: FID}\n", "model: {keep_together: {relatedness: 0.1}}\n",
                   "model.keep_together was FID, is relatedness: 0.1");
    assert_changes("a: 'text: x'\n", "a: '1'\n", "a was 'text: x', is '1'");
}

static void keys_that_change_nothing(void)
{
    assert_changes("permutations: {count: 10}\noutput: a\nrun: {workers: 1}\n",
                   "permutations: {count: 20}\noutput: b\nnetwork: {latency_us: 1}\n", "");
    assert_changes("permutations: {count: 10}\n", "permutations: {count: 10, within: site}\n",
                   "permutations.within was not set, is site");
}

static void between_processes_all_but_workers_counts(void)
{
    struct error err = {0};
    char *found =
        study_differences("permutations: {count: 10}\nrun: {workers: 1}\noutput: a\n",
                          "permutations: {count: 20}\nrun: {workers: 2}\noutput: a\nseed: 1\n", &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(found);
    CU_ASSERT_STRING_EQUAL(found, "permutations.count 10 there, 20 here; seed not set there, 1 here");
    free(found);
}

static void a_long_list_is_cut(void)
{
    assert_changes(
        "{a: 1, b: 1, c: 1, d: 1, e: 1, f: 1, g: 1, h: 1}", "{}",
        "a was 1, is not set; b was 1, is not set; c was 1, is not set; d was 1, is not set; e was 1, "
        "is not set; f was 1, is not set; ...");
}

static const char unreadable[] = "the study as it was cannot be read";

/* It is not the same study for that. */
static void what_is_no_mapping(void)
{
    assert_changes("", "a: 1\n", unreadable);
    assert_changes("a: [\n", "a: 1\n", unreadable);
    assert_changes("- a\n", "a: 1\n", unreadable);
    assert_changes("a: [\n", "a: [\n", "");
}

/* What is shown is cut; what is compared is not. */
static void long_values_that_begin_alike(void)
{
    char before[2048] = "model: {x: [", now[2048], number[16];
    for (int k = 0; k < 200; k++) {
        snprintf(number, sizeof number, "rs%d, ", 1000 + k);
        strcat(before, number);
    }
    strcpy(now, before);
    strcat(before, "rs1]}\n");
    assert_changes(before, before, "");
    strcat(now, "rs2]}\n");
    assert_changes(before, now, "model.x was ...rs1], is ...rs2]");
    strcpy(now + strlen(now) - strlen("rs2]}\n"), "rs1, rs2]}\n");
    assert_changes(before, now, "model.x was ...rs1], is ...rs1, rs2]");
}

/* No character is parted. */
static void long_paths_that_begin_alike(void)
{
    char before[512] = "a: /", now[512];
    for (int k = 0; k < 40; k++)
        strcat(before, "\xC3\xA9/");
    strcpy(now, before);
    strcat(before, "x.txt\n");
    strcat(now, "y.txt\n");
#define SEVEN "\xC3\xA9/\xC3\xA9/\xC3\xA9/\xC3\xA9/\xC3\xA9/\xC3\xA9/\xC3\xA9/"
    assert_changes(before, now, "a was ..." SEVEN "x.txt, is ..." SEVEN "y.txt");
}

static void a_text_that_says_not_set(void)
{
    assert_changes("a: null\n", "a: not set\n", "a was not set, is not set");
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"keys", keys},
        {"keys_that_change_nothing", keys_that_change_nothing},
        {"between_processes_all_but_workers_counts", between_processes_all_but_workers_counts},
        {"a_long_list_is_cut", a_long_list_is_cut},
        {"what_is_no_mapping", what_is_no_mapping},
        {"long_values_that_begin_alike", long_values_that_begin_alike},
        {"long_paths_that_begin_alike", long_paths_that_begin_alike},
        {"a_text_that_says_not_set", a_text_that_says_not_set},
    };
    return testing_main(argc, argv, "study_changes", cases, sizeof cases / sizeof *cases);
}
