#include "base/amount.h"

#include "testing.h"

static void every_digit(void)
{
    static const struct {
        int64_t value;
        const char *text;
    } cases[] = {{0, "0"},
                 {7, "7"},
                 {999, "999"},
                 {1000, "1,000"},
                 {-100, "-100"},
                 {-1234, "-1,234"},
                 {123456, "123,456"},
                 {1234567, "1,234,567"},
                 {INT64_MIN, "-9,223,372,036,854,775,808"}};
    char text[AMOUNT_BYTES];
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++)
        CU_ASSERT_STRING_EQUAL(amount_exact(cases[k].value, text), cases[k].text);
}

static void a_few_digits(void)
{
    static const struct {
        double value;
        const char *text;
    } cases[] = {{0, "0"},
                 {0.0517, "0.052"},
                 {0.1, "0.1"},
                 {0.52, "0.52"},
                 {0.997, "1.0"},
                 {8.14, "8.1"},
                 {9.949, "9.9"},
                 {9.96, "10"},
                 {52.4, "52"},
                 {998.7, "999"},
                 {999.6, "1,000"},
                 {1332, "1,330"},
                 {9996, "10,000"},
                 {12345, "12,300"},
                 {123456, "123,000"},
                 {999499, "999,000"},
                 {999500, "1.0 million"},
                 {8123456, "8.1 million"},
                 {52e6, "52 million"},
                 {2.34e9, "2.3 billion"},
                 {1.86e12, "1.9 trillion"},
                 {1.5e15, "1500 trillion"}};
    char text[AMOUNT_BYTES];
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++)
        CU_ASSERT_STRING_EQUAL(amount_about(cases[k].value, text), cases[k].text);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"every_digit", every_digit},
        {"a_few_digits", a_few_digits},
    };
    return testing_main(argc, argv, "amount", cases, sizeof cases / sizeof *cases);
}
