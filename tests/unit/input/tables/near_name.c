#include "input/tables/near_name.h"

#include "testing.h"

#include <stdlib.h>
#include <string.h>

static struct error err;

static const char *near(const char *wanted, const char *a, const char *b, const char *c)
{
    static char found[80];
    struct text_list names = {0};
    text_list_add(&names, a, &err);
    text_list_add(&names, b, &err);
    text_list_add(&names, c, &err);
    const char *name = near_name_find(&names, wanted);
    strcpy(found, name != NULL ? name : "nothing");
    text_list_free(&names);
    return found;
}

static void test_letters_blanks_and_punctuation(void)
{
    CU_ASSERT_STRING_EQUAL(near("Site", "FID", "sites", "site"), "site");
    CU_ASSERT_STRING_EQUAL(near("Age at scan", "FID", "age_at_scan", "age"), "age_at_scan");
    CU_ASSERT_STRING_EQUAL(near("pc.1", "PC2", "PC11", "PC1"), "PC1");
}

static void test_one_letter(void)
{
    CU_ASSERT_STRING_EQUAL(near("scaner", "FID", "scanner", "site"), "scanner");
    CU_ASSERT_STRING_EQUAL(near("scannner", "FID", "scanner", "site"), "scanner");
    CU_ASSERT_STRING_EQUAL(near("scammer", "FID", "scanner", "site"), "nothing");
    CU_ASSERT_STRING_EQUAL(near("scanter", "FID", "scanner", "site"), "scanner");
    CU_ASSERT_STRING_EQUAL(near("sites", "FID", "scanner", "site"), "site");
    CU_ASSERT_STRING_EQUAL(near("ite", "FID", "scanner", "site"), "site");
}

/* T12 is another target, and any letter is near "m". */
static void test_what_is_another_name(void)
{
    CU_ASSERT_STRING_EQUAL(near("T12", "T11", "T1", "T123"), "nothing");
    CU_ASSERT_STRING_EQUAL(near("noise_4", "noise_1", "noise_2", "noise"), "nothing");
    CU_ASSERT_STRING_EQUAL(near("m", "f", "x", "mm"), "nothing");
    CU_ASSERT_STRING_EQUAL(near("", "f", "x", "--"), "nothing");
    CU_ASSERT_STRING_EQUAL(
        near("a name of more than 64 letters which nobody gives to a column of any table", "f", "x", "mm"),
        "nothing");
}

int main(int argc, char **argv)
{
    static const struct test_case CASES[] = {
        {"letters, blanks and punctuation", test_letters_blanks_and_punctuation},
        {"one letter", test_one_letter},
        {"what is another name", test_what_is_another_name},
    };
    return testing_main(argc, argv, "input/tables/near_name", CASES, sizeof CASES / sizeof *CASES);
}
