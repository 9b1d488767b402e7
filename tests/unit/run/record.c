#include "run/record.h"

#include "campaign_example.h"
#include "run/record_content.h"
#include "testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { T = 3, G = 333 /* a unit of three targets (model/ridge/ridge.h) */, N = 1000, MOST_BYTES = 1 << 20 };

static void files_are_named_in_the_folder(void)
{
    struct error err = {0};
    struct record record = {0};
    CU_ASSERT_EQUAL_FATAL(record_name_files(&record, "some/folder", &err), 0);
    CU_ASSERT_STRING_EQUAL(record.campaign_path, "some/folder/campaign.h5");
    CU_ASSERT_STRING_EQUAL(record.results_path, "some/folder/results.tsv");
    record_free(&record);
    CU_ASSERT_PTR_NULL(record.campaign_path);
    record_free(&record); /* also of what was never made */
}

/* A record of the campaigns of arete run in that folder. */
static struct record record_in(const char *folder)
{
    struct error err = {0};
    struct record record = {0};
    CU_ASSERT_EQUAL_FATAL(record_name_files(&record, folder, &err), 0);
    return record;
}

/* A campaign of a small study in a new folder. */
static const char *folder_with_campaign(int64_t n_permutations)
{
    const char *folder = testing_folder();
    struct campaign campaign = example_campaign(T, n_permutations, G);
    struct error err = {0};
    char path[512];
    snprintf(path, sizeof path, "%s/campaign.h5", folder);
    CU_ASSERT_EQUAL_FATAL(campaign_create(path, &campaign, &err), 0);
    campaign_free(&campaign);
    return folder;
}

static bool has(const char *folder, const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return access(path, F_OK) == 0;
}

static const char *name_in(const char *folder, const char *name, char path[512])
{
    snprintf(path, 512, "%s/%s", folder, name);
    return path;
}

/* What stands under the campaign's name is gone on with, but for --fresh. */
static void an_earlier_campaign(void)
{
    struct error err = {0};
    const char *folder = testing_folder();
    struct record record = record_in(folder);
    CU_ASSERT_EQUAL(record_find_earlier(&record, &err), 0);
    CU_ASSERT_FALSE(record.resumed);

    testing_write_text(folder, "campaign.h5", "not a campaign");
    CU_ASSERT_EQUAL(record_find_earlier(&record, &err), EXIT_CODE_BAD_INPUT);
    ASSERT_CONTAINS(err.message, record.campaign_path);
    CU_ASSERT_TRUE(record.resumed);

    err = (struct error){0};
    record.fresh = true;
    CU_ASSERT_EQUAL(record_find_earlier(&record, &err), 0);
    CU_ASSERT_FALSE(record.resumed);
    CU_ASSERT_FALSE(has(folder, "campaign.lock")); /* nothing is written beside what is not arete's */
    record_free(&record);
}

/* From before the campaign is read: also for who would begin it anew, and for the other command. */
static void the_lock_is_taken_first(void)
{
    struct error err = {0};
    const char *folder = folder_with_campaign(N);
    struct record record = record_in(folder), second = record_in(folder), other = {.model = "univariate"};
    CU_ASSERT_EQUAL(record_find_earlier(&record, &err), 0);
    CU_ASSERT_TRUE(record.resumed && record.units != NULL);
    second.fresh = true;
    CU_ASSERT_EQUAL(record_find_earlier(&second, &err), EXIT_CODE_FAILED);
    ASSERT_CONTAINS(err.message, "campaign.h5: another arete run is working on it (host ");
    err = (struct error){0};
    CU_ASSERT_EQUAL_FATAL(record_name_files(&other, folder, &err), 0);
    CU_ASSERT_EQUAL(record_find_earlier(&other, &err), EXIT_CODE_FAILED);
    ASSERT_CONTAINS(err.message, "associations.h5: another arete run is working in its folder (host ");
    record_free(&record); /* it does not outlive its run */
    err = (struct error){0};
    CU_ASSERT_EQUAL(record_find_earlier(&second, &err), 0);
    CU_ASSERT_TRUE(second.is_locked && !second.resumed);
    record_free(&second);
    record_free(&other);
}

/* Two that begin where there is none yet: one that is made since is gone on with, or nothing happens to it.
 */
static void one_that_was_made_meanwhile(void)
{
    for (int fresh = 0; fresh < 2; fresh++) {
        struct error err = {0};
        const char *folder = testing_folder(), *made = folder_with_campaign(N);
        char from[512], to[512];
        struct record record = record_in(folder);
        record.fresh = fresh;
        CU_ASSERT_EQUAL(record_find_earlier(&record, &err), 0);
        CU_ASSERT_FALSE(has(folder, "campaign.lock"));
        CU_ASSERT_EQUAL(rename(name_in(made, "campaign.h5", from), name_in(folder, "campaign.h5", to)), 0);
        CU_ASSERT_EQUAL(record_begin(&record, &err), EXIT_CODE_FAILED);
        ASSERT_CONTAINS(err.message, fresh ? "made it meanwhile; the same command without --fresh goes on"
                                           : "made it meanwhile; the same command goes on with it");
        err = (struct error){0};
        CU_ASSERT_EQUAL(record_create(&record, NULL, NULL, &err), EXIT_CODE_FAILED);
        record_free(&record);
    }
}

static char *bytes_of(const char *path, size_t *count)
{
    FILE *file = fopen(path, "rb");
    char *bytes = malloc(MOST_BYTES);
    *count = fread(bytes, 1, MOST_BYTES, file);
    fclose(file);
    return bytes;
}

/* By a program that knows nothing of locks: renamed into its place, or written over it. */
static void one_that_was_replaced_meanwhile(void)
{
    for (int in_place = 0; in_place < 2; in_place++) {
        struct error err = {0};
        struct log log;
        const char *folder = folder_with_campaign(N), *other = testing_folder();
        char path[512], from[512];
        size_t count, after;
        struct campaign campaign = example_campaign(T, N, G);
        campaign.fingerprints[0].hash++; /* another study in a file of the same length */
        CU_ASSERT_EQUAL_FATAL(campaign_create(name_in(other, "campaign.h5", from), &campaign, &err), 0);
        campaign_free(&campaign);
        char *theirs = bytes_of(from, &count);
        struct record record = record_in(folder);
        CU_ASSERT_EQUAL_FATAL(record_find_earlier(&record, &err), 0);
        name_in(folder, "campaign.h5", path);
        if (in_place) {
            FILE *file = fopen(path, "r+b");
            fwrite(theirs, 1, count, file);
            fclose(file);
        } else {
            CU_ASSERT_EQUAL(rename(from, path), 0);
        }
        log_init(&log, NULL, &err);
        CU_ASSERT_EQUAL(record_make_room(&record, 2 * N, &log, &err), EXIT_CODE_FAILED);
        ASSERT_CONTAINS(err.message, "campaign.h5: was replaced, cut or written to by somebody else");
        err = (struct error){0};
        CU_ASSERT_EQUAL(record_open_units(&record, N, &log, &err), EXIT_CODE_FAILED);
        ASSERT_CONTAINS(err.message, "campaign.h5: was replaced, cut or written to by somebody else");
        char *found = bytes_of(path, &after);
        CU_ASSERT(after == count && memcmp(found, theirs, count) == 0);
        free(found);
        free(theirs);
        err = (struct error){0};
        log_close(&log, &err);
        record_free(&record);
    }
}

/* Permutations that are done, of a campaign that is elsewhere. */
static void parts_without_their_campaign(void)
{
    static const char *const names[] = {"campaign.part-1.h5", "campaign.folds-4.h5", "campaign.rank-0.block"};
    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
        struct error err = {0};
        const char *folder = testing_folder();
        struct record record = record_in(folder);
        testing_write_text(folder, names[k], "");
        CU_ASSERT_EQUAL(record_find_earlier(&record, &err), EXIT_CODE_BAD_INPUT);
        ASSERT_CONTAINS(err.message, names[k]);
        ASSERT_CONTAINS(err.message,
                        "belongs to a campaign that is not here: put that back, or move this away");
        CU_ASSERT_FALSE(has(folder, "campaign.lock"));
        err = (struct error){0};
        record.fresh = true;
        CU_ASSERT_EQUAL(record_find_earlier(&record, &err), 0);
        record_free(&record);
    }
}

/* Two folders would have a lock and parts each for one campaign, and a larger one would take the link's
 * place. */
static void a_link_is_no_campaign(void)
{
    for (int fresh = 0; fresh < 2; fresh++) {
        struct error err = {0};
        const char *folder = testing_folder(), *store = folder_with_campaign(N);
        char from[512], to[512];
        struct record record = record_in(folder);
        record.fresh = fresh;
        CU_ASSERT_EQUAL(symlink(name_in(store, "campaign.h5", from), name_in(folder, "campaign.h5", to)), 0);
        CU_ASSERT_EQUAL(record_find_earlier(&record, &err), EXIT_CODE_BAD_INPUT);
        ASSERT_CONTAINS(err.message, "campaign.h5: a link found; expected the campaign itself");
        record_free(&record);
    }
}

/* What cannot be looked at, and what a link leads to that is not mounted, is not begun anew. */
static void one_that_cannot_be_reached(void)
{
    const char *folder = testing_folder();
    char loop[512], link[512];
    snprintf(loop, sizeof loop, "%s/loop", folder);
    snprintf(link, sizeof link, "%s/campaign.h5", folder);
    CU_ASSERT_EQUAL_FATAL(symlink(loop, loop), 0);
    CU_ASSERT_EQUAL_FATAL(symlink("/nonexistent/campaign.h5", link), 0);
    const char *const folders[] = {folder, loop};
    for (size_t k = 0; k < 2; k++) {
        struct error err = {0};
        struct record record = {0};
        CU_ASSERT_EQUAL_FATAL(record_name_files(&record, folders[k], &err), 0);
        CU_ASSERT_NOT_EQUAL(record_find_earlier(&record, &err), 0);
        ASSERT_CONTAINS(err.message, k == 0 ? "campaign.h5" : "loop/campaign.");
        record_free(&record);
    }
}

/* Another rank knows of all people of the genotypes, and of relatives that have left by the campaign alone.
 */
static void who_is_left_is_taken(void)
{
    struct error err = {0};
    struct campaign campaign = example_campaign(T, N, G);
    struct analysis analysis = {.cohort = {.n = campaign.n + 3}};
    CU_ASSERT_EQUAL(record_content_take(&analysis, &campaign, &err), 0);
    CU_ASSERT_EQUAL(analysis.cohort.n, campaign.n);
    CU_ASSERT_EQUAL(analysis.covariates.n, campaign.n);
    analysis_free(&analysis);
    campaign_free(&campaign);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"files_are_named_in_the_folder", files_are_named_in_the_folder},
        {"an_earlier_campaign", an_earlier_campaign},
        {"the_lock_is_taken_first", the_lock_is_taken_first},
        {"one_that_was_made_meanwhile", one_that_was_made_meanwhile},
        {"one_that_was_replaced_meanwhile", one_that_was_replaced_meanwhile},
        {"parts_without_their_campaign", parts_without_their_campaign},
        {"a_link_is_no_campaign", a_link_is_no_campaign},
        {"one_that_cannot_be_reached", one_that_cannot_be_reached},
        {"who_is_left_is_taken", who_is_left_is_taken},
    };
    return testing_main(argc, argv, "run/record", cases, sizeof cases / sizeof *cases);
}
