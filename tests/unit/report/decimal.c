#include "report/decimal.h"

#include "testing.h"

#include <stdlib.h>

static void fixed(void)
{
    char text[DECIMAL_BYTES];
    CU_ASSERT_STRING_EQUAL(decimal_fixed(0.061, 3, text), ".061");
    CU_ASSERT_STRING_EQUAL(decimal_fixed(-0.0001, 3, text), ".000");
    CU_ASSERT_STRING_EQUAL(decimal_fixed(1.236, 2, text), "1.24");
}

static void digits(void)
{
    char text[DECIMAL_BYTES];
    CU_ASSERT_STRING_EQUAL(decimal_digits(0.061, 3, text), ".061");
    CU_ASSERT_STRING_EQUAL(decimal_digits(0.2, 3, text), ".200");
    CU_ASSERT_STRING_EQUAL(decimal_digits(0.003485, 3, text), ".0035");
    CU_ASSERT_STRING_EQUAL(decimal_digits(-0.000123, 3, text), "\xE2\x88\x92.00012");
    CU_ASSERT_STRING_EQUAL(decimal_digits(0.0023, 2, text), ".0023");
    CU_ASSERT_STRING_EQUAL(decimal_digits(0, 3, text), ".000");
    CU_ASSERT_STRING_EQUAL(decimal_digits(1e-15, 3, text), ".000");
    CU_ASSERT_STRING_EQUAL(decimal_digits(12.34, 1, text), "12.3");
}

static void above(void)
{
    char text[DECIMAL_BYTES];
    CU_ASSERT_STRING_EQUAL(decimal_above(0.003405, 3, text), ".0035");
    CU_ASSERT_STRING_EQUAL(decimal_above(0.0614, 3, text), ".062");
    CU_ASSERT_STRING_EQUAL(decimal_above(0.35, 3, text), ".350");
    CU_ASSERT_STRING_EQUAL(decimal_above(-0.0614, 3, text), "\xE2\x88\x92.061");
    CU_ASSERT_STRING_EQUAL(decimal_above(0, 3, text), ".000");
    CU_ASSERT_STRING_EQUAL(decimal_above(1e-15, 3, text), ".000");
    for (double value = 1e-5; value < 1; value *= 1.37)
        CU_ASSERT(strtod(decimal_above(value, 3, text), NULL) >= value);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {{"fixed", fixed}, {"digits", digits}, {"above", above}};
    return testing_main(argc, argv, "decimal", cases, sizeof cases / sizeof *cases);
}
