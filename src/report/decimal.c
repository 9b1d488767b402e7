#include "report/decimal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const char *decimal_fixed(double value, int decimals, char text[DECIMAL_BYTES])
{
    char digits[DECIMAL_BYTES - 8];
    double size = fabs(value), smallest = 0.5 * pow(10, -decimals);
    snprintf(digits, sizeof digits, "%.*f", decimals, size);
    const char *shown = digits[0] == '0' && digits[1] == '.' ? digits + 1 : digits;
    snprintf(text, DECIMAL_BYTES, "%s%s", value < 0 && size >= smallest ? "\xE2\x88\x92" : "", shown);
    return text;
}

/* As many as two digits take; below a millionth nothing is said. */
static int decimals_of(double value, int least)
{
    const double smallest = 1e-6;
    if (!(fabs(value) >= smallest))
        return least;
    int digits = (int)-floor(log10(fabs(value))) + 1;
    return digits > least ? digits : least;
}

const char *decimal_digits(double value, int decimals, char text[DECIMAL_BYTES])
{
    return decimal_fixed(value, decimals_of(value, decimals), text);
}

const char *decimal_above(double value, int decimals, char text[DECIMAL_BYTES])
{
    const double rounding = 1e-9; /* of the product: a number of so many decimals stays */
    int digits = decimals_of(value, decimals);
    double parts = pow(10, digits);
    return decimal_fixed(ceil(value * parts - rounding) / parts, digits, text);
}

const char *decimal_p(double p, char text[DECIMAL_BYTES])
{
    char digits[DECIMAL_BYTES];
    snprintf(digits, sizeof digits, "%.3g", p);
    snprintf(text, DECIMAL_BYTES, "%s", strncmp(digits, "0.", 2) == 0 ? digits + 1 : digits);
    return text;
}
