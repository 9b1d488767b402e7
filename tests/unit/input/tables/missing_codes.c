#include "input/tables/missing_codes.h"

#include "testing.h"

#include <math.h>

static struct text_list list_of(const char *const *texts, size_t count)
{
    struct error err = {0};
    struct text_list list = {0};
    for (size_t k = 0; k < count; k++)
        CU_ASSERT_EQUAL_FATAL(text_list_add(&list, texts[k], &err), 0);
    return list;
}

/* What a field is, as the readers have it. */
static bool match(const struct missing_codes *codes, const char *field)
{
    double number;
    return missing_codes_match(codes, field, text_to_double(field, &number) ? number : NAN);
}

static void numbers_are_compared_as_numbers(void)
{
    static const char *const texts[] = {"-999", "99.00", "None"};
    static const char *const are[] = {"-999", "-999.0", "-9.99e2", "99", "99.0", "9.9e1", "None"};
    static const char *const are_not[] = {"-998", "999", "-999.5", "9", "none", "NA", "", "99 a"};
    struct error err = {0};
    struct text_list list = list_of(texts, 3);
    struct missing_codes codes;
    CU_ASSERT_EQUAL_FATAL(missing_codes_init(&codes, &list, &err), 0);
    for (size_t k = 0; k < sizeof are / sizeof *are; k++)
        CU_ASSERT_TRUE(match(&codes, are[k]));
    for (size_t k = 0; k < sizeof are_not / sizeof *are_not; k++)
        CU_ASSERT_FALSE(match(&codes, are_not[k]));
    missing_codes_free(&codes);
    text_list_free(&list);
}

static void it_is_known_which_were_met(void)
{
    static const char *const texts[] = {"-9", "-999"};
    struct error err = {0};
    struct text_list list = list_of(texts, 2);
    struct missing_codes codes;
    CU_ASSERT_EQUAL_FATAL(missing_codes_init(&codes, &list, &err), 0);
    CU_ASSERT_TRUE(match(&codes, "-9.0"));
    CU_ASSERT_TRUE(codes.found[0] && !codes.found[1]);
    missing_codes_free(&codes);
    text_list_free(&list);
}

static void a_number_may_be_none_of_them(void)
{
    static const char *const texts[] = {"-9", "x"};
    struct error err = {0};
    struct text_list list = list_of(texts, 2);
    struct missing_codes codes;
    CU_ASSERT_EQUAL_FATAL(missing_codes_init(&codes, &list, &err), 0);
    codes.values = (const double[]){-9, 0};
    codes.n_values = 2;
    CU_ASSERT_FALSE(match(&codes, "-9"));
    CU_ASSERT_FALSE(match(&codes, "-9.0"));
    CU_ASSERT_TRUE(match(&codes, "x"));
    CU_ASSERT_TRUE(missing_codes_has_value(&codes, 0) && !missing_codes_has_value(&codes, 9));
    CU_ASSERT_FALSE(missing_codes_has_value(NULL, 0) || missing_codes_has_value(&codes, NAN));
    missing_codes_free(&codes);
    text_list_free(&list);
}

static void there_may_be_none(void)
{
    struct error err = {0};
    struct missing_codes codes;
    CU_ASSERT_EQUAL_FATAL(missing_codes_init(&codes, NULL, &err), 0);
    CU_ASSERT_FALSE(match(&codes, "-9"));
    CU_ASSERT_FALSE(match(NULL, "-9"));
    missing_codes_free(&codes);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"numbers_are_compared_as_numbers", numbers_are_compared_as_numbers},
        {"it_is_known_which_were_met", it_is_known_which_were_met},
        {"a_number_may_be_none_of_them", a_number_may_be_none_of_them},
        {"there_may_be_none", there_may_be_none},
    };
    return testing_main(argc, argv, "input/tables/missing_codes", cases, sizeof cases / sizeof *cases);
}
