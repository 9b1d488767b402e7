#include "base/amount.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const char *amount_exact(int64_t value, char text[AMOUNT_BYTES])
{
    char digits[AMOUNT_BYTES];
    int count = snprintf(digits, sizeof digits, "%lld", (long long)value);
    int sign = value < 0, used = 0;
    for (int k = 0; k < count; k++) {
        if (k > sign && (count - k) % 3 == 0)
            text[used++] = ',';
        text[used++] = digits[k];
    }
    text[used] = '\0';
    return text;
}

/* Two digits below 100, then all of them. */
static void short_number(double value, char text[AMOUNT_BYTES])
{
    const double one_decimal = 9.95; /* 9.95 would be 10.0 */
    if (value < 0.995)
        snprintf(text, AMOUNT_BYTES, "%.2g", value);
    else
        snprintf(text, AMOUNT_BYTES, "%.*f", value < one_decimal, value);
}

const char *amount_about(double value, char text[AMOUNT_BYTES])
{
    static const struct {
        double size;
        const char *word;
    } large[] = {{1e12, " trillion"}, {1e9, " billion"}, {1e6, " million"}};
    const double first_of_three = 0.9995; /* 999,500 is written as a million */
    for (size_t k = 0; k < sizeof large / sizeof *large; k++)
        if (value >= large[k].size * first_of_three) {
            short_number(value / large[k].size, text);
            memcpy(text + strlen(text), large[k].word, strlen(large[k].word) + 1);
            return text;
        }
    if (value < 1000 * first_of_three) {
        short_number(value, text);
        return text;
    }
    double unit = value < 1e4 * first_of_three ? 10 : value < 1e5 * first_of_three ? 100 : 1000;
    return amount_exact((int64_t)(round(value / unit) * unit), text);
}
