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

const char *decimal_p(double p, char text[DECIMAL_BYTES])
{
    char digits[DECIMAL_BYTES];
    snprintf(digits, sizeof digits, "%.3g", p);
    snprintf(text, DECIMAL_BYTES, "%s", strncmp(digits, "0.", 2) == 0 ? digits + 1 : digits);
    return text;
}
