#include "run/record.h"

#include "testing.h"

#include <string.h>

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

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"files_are_named_in_the_folder", files_are_named_in_the_folder},
        {"an_earlier_campaign", an_earlier_campaign},
    };
    return testing_main(argc, argv, "run/record", cases, sizeof cases / sizeof *cases);
}
