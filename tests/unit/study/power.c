#include "study/power.h"

#include "testing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* SE = sqrt(2)/(n sd); r2 = h2 * n h2/(n h2 + (1 - r2)/sd^2), with numbers that can be followed by hand. */
static void by_hand(void)
{
    struct power power;
    char text[POWER_TEXT_BYTES];
    power_compute(&power, 0.01, 1000, 900); /* M = 10,000 */
    ASSERT_NEAR(power.heritability_error, sqrt(2) / 10, 1e-12);
    const double *r2 = power.expected_r2;
    ASSERT_NEAR(r2[0], 0.2 * 180 / (180 + 10000 * (1 - r2[0])), 1e-12);
    ASSERT_NEAR(r2[2], 0.8 * 720 / (720 + 10000 * (1 - r2[2])), 1e-12);
    power_text(power.heritability_error, power.heritability, power.expected_r2, POWER_LEVELS, text);
    CU_ASSERT_STRING_EQUAL(
        text, "SE(h2) = 0.141; expected r2 in people related as these at h2 = 0.2, 0.5, 0.8: 0.0035, 0.0220, "
              "0.0567");
}

/* Any number of levels, as a file may have them. */
static void many_levels_are_cut(void)
{
    enum { LEVELS = 1000 };
    static const double level[LEVELS];
    char text[POWER_TEXT_BYTES];
    power_text(0.5, level, level, LEVELS, text);
    CU_ASSERT_EQUAL(strlen(text), POWER_TEXT_BYTES - 1);
    power_text(0.5, level, level, 0, text);
    CU_ASSERT_STRING_EQUAL(text, "SE(h2) = 0.500; expected r2 in people related as these at h2");
}

/* README's table of people: unrelated Europeans, whose standard error is 316/n, and 10 outer folds. A number
 * may be rounded by half of its last digit. */
static void readme_table(void)
{
    static const double EUROPEANS = 316;
    FILE *file = fopen(ARETE_TEST_DATA "/../../README.md", "r");
    char line[4096];
    int n_rows = 0;
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    while (fgets(line, sizeof line, file) != NULL && strncmp(line, "| people |", 10) != 0)
        ;
    CU_ASSERT_PTR_NOT_NULL(fgets(line, sizeof line, file)); /* the line of dashes */
    while (fgets(line, sizeof line, file) != NULL && line[0] == '|') {
        double n = 0;
        const char *at = line;
        for (at++; *at != '|' && *at != '\0'; at++)
            n = *at >= '0' && *at <= '9' ? 10 * n + (*at - '0') : n;
        struct power power;
        power_compute(&power, sqrt(2) / EUROPEANS, (size_t)n, (size_t)n - (size_t)n / 10);
        const double expected[] = {power.heritability_error, power.expected_r2[0], power.expected_r2[1],
                                   power.expected_r2[2]};
        for (size_t k = 0; k < sizeof expected / sizeof *expected; k++) {
            char *end;
            const char *cell = at + 1 + strspn(at + 1, " ");
            double found = strtod(cell, &end);
            ASSERT_NEAR(found, expected[k], 0.5001 * pow(10, -(double)(end - cell - 1)));
            at = strchr(end, '|');
            CU_ASSERT_PTR_NOT_NULL_FATAL(at);
        }
        n_rows++;
    }
    fclose(file);
    CU_ASSERT(n_rows >= 4);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"by_hand", by_hand}, {"many_levels_are_cut", many_levels_are_cut}, {"readme_table", readme_table}};
    return testing_main(argc, argv, "power", cases, sizeof cases / sizeof *cases);
}
