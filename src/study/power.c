#include "study/power.h"

#include "model/kinship/relatedness.h"

#include <stdio.h>

void power_compute(struct power *power, double spread, size_t n, size_t n_train)
{
    static const double levels[POWER_LEVELS] = {0.2, 0.5, 0.8};
    power->heritability_error = relatedness_heritability_error(spread, n);
    for (int k = 0; k < POWER_LEVELS; k++) {
        power->heritability[k] = levels[k];
        power->expected_r2[k] = relatedness_expected_r2(levels[k], spread, n_train);
    }
}

/* Adds to a text of POWER_TEXT_BYTES, as much as it has room for. */
static void add(char *text, size_t *used, const char *format, double value)
{
    int length = snprintf(text + *used, POWER_TEXT_BYTES - *used, format, value);
    *used += length > 0 ? (size_t)length : 0;
    if (*used >= POWER_TEXT_BYTES)
        *used = POWER_TEXT_BYTES - 1;
}

void power_text(double heritability_error, const double *heritability, const double *expected_r2,
                size_t n_levels, char text[POWER_TEXT_BYTES])
{
    size_t used = 0;
    add(text, &used, "SE(h2) = %.3f; expected r2 in people related as these at h2", heritability_error);
    for (size_t k = 0; k < n_levels; k++)
        add(text, &used, k == 0 ? " = %g" : ", %g", heritability[k]);
    for (size_t k = 0; k < n_levels; k++)
        add(text, &used, k == 0 ? ": %.4f" : ", %.4f", expected_r2[k]);
}
