#include "run/record.h"

#include "testing.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

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

/* What stands under the campaign's name is gone on with, but for --fresh. */
static void an_earlier_campaign(void)
{
    struct error err = {0};
    struct record record = {0};
    const char *folder = testing_folder();
    CU_ASSERT_EQUAL_FATAL(record_name_files(&record, folder, &err), 0);
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

    /* one that somebody made since may not be replaced unasked */
    record.fresh = false;
    CU_ASSERT_EQUAL(record_create(&record, NULL, NULL, &err), EXIT_CODE_FAILED);
    ASSERT_CONTAINS(err.message, "another run has made it meanwhile");
    record_free(&record);
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

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"files_are_named_in_the_folder", files_are_named_in_the_folder},
        {"an_earlier_campaign", an_earlier_campaign},
        {"one_that_cannot_be_reached", one_that_cannot_be_reached},
    };
    return testing_main(argc, argv, "run/record", cases, sizeof cases / sizeof *cases);
}
