#include "run/report_notes.h"

#include "testing.h"

static void decimals(void)
{
    char text[REPORT_NOTES_DECIMAL];
    CU_ASSERT_STRING_EQUAL(report_notes_decimal(0.0614, text), ".061");
    CU_ASSERT_STRING_EQUAL(report_notes_decimal(-0.12, text), "-.120");
    CU_ASSERT_STRING_EQUAL(report_notes_decimal(0.00042, text), ".00042");
    CU_ASSERT_STRING_EQUAL(report_notes_decimal(-0.0035, text), "-.0035");
    CU_ASSERT_STRING_EQUAL(report_notes_decimal(1, text), "1");
    CU_ASSERT_STRING_EQUAL(report_notes_decimal(-12.345, text), "-12.3");
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {{"decimals", decimals}};
    return testing_main(argc, argv, "report_notes", cases, sizeof cases / sizeof *cases);
}
