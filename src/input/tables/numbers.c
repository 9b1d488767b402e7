#include "input/tables/numbers.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { REMEDY_BYTES = 128 };

/* A -9 (-9.0 too) that is not declared, neither as a code nor as a value. */
static bool is_minus_nine(const struct numbers *numbers, double value)
{
    return fabs(value + 9) == 0 && !missing_codes_has_value(numbers->missing_codes, value);
}

void numbers_init(struct numbers *numbers, const char *path, const struct missing_codes *missing_codes)
{
    *numbers = (struct numbers){.path = path, .missing_codes = missing_codes, .expected = "a number"};
}

static bool parse(const struct numbers *numbers, const char *field, double *value)
{
    char text[64];
    const char *comma = numbers->decimal_comma ? strchr(field, ',') : NULL;
    size_t length = strlen(field);
    if (comma == NULL || strchr(field, '.') != NULL || length >= sizeof text)
        return text_to_double(field, value);
    memcpy(text, field, length + 1);
    text[comma - field] = '.';
    return text_to_double(text, value);
}

bool numbers_is_number(const struct numbers *numbers, const char *field)
{
    double value;
    return parse(numbers, field, &value);
}

bool numbers_is_missing(const struct numbers *numbers, const char *field)
{
    double value = NAN;
    if (text_is_missing(field))
        return true;
    if (numbers->missing_codes == NULL)
        return false;
    if (!parse(numbers, field, &value))
        value = NAN;
    return missing_codes_match(numbers->missing_codes, field, value);
}

static void count_minus_nine(struct numbers *numbers, size_t line, const char *column)
{
    if (numbers->n_minus_nine++ > 0)
        return;
    numbers->first_line = line;
    numbers->first_column = column;
}

double numbers_parse(struct numbers *numbers, const char *field, size_t line, const char *column,
                     struct error *err)
{
    double value = NAN;
    if (text_is_missing(field))
        return NAN;
    bool is_number = parse(numbers, field, &value);
    if (missing_codes_match(numbers->missing_codes, field, is_number ? value : NAN))
        return NAN;
    if (!is_number) {
        problems_add(&numbers->problems, err, "%s:%zu: column %s: \"%s\" found; expected a number or NA",
                     numbers->path, line, column, field);
        return NAN;
    }
    if (!is_minus_nine(numbers, value))
        return value;
    count_minus_nine(numbers, line, column);
    return NAN;
}

bool numbers_is_label(struct numbers *numbers, const char *field, size_t line, const char *column)
{
    double value;
    if (numbers_is_missing(numbers, field))
        return false;
    if (!text_to_double(field, &value) || !is_minus_nine(numbers, value))
        return true;
    count_minus_nine(numbers, line, column);
    return false;
}

const char *numbers_section(const struct numbers *numbers)
{
    const struct missing_codes *codes = numbers->missing_codes;
    return codes != NULL && codes->section != NULL ? codes->section : "targets";
}

int numbers_end(struct numbers *numbers, struct error *err)
{
    char remedy[REMEDY_BYTES] = "NA there";
    int code = problems_end(&numbers->problems, err);
    if (numbers->n_minus_nine == 0)
        return code;
    if (numbers->missing_codes != NULL)
        snprintf(remedy, sizeof remedy,
                 "targets.missing_codes: [-9] in the study file, else %s.not_missing: [-9]",
                 numbers_section(numbers));
    return error_add_line(
        err, EXIT_CODE_BAD_INPUT,
        "%s:%zu: column %s: -9 found (%zu in all); expected %s or NA; if -9 means missing, write %s",
        numbers->path, numbers->first_line, numbers->first_column, numbers->n_minus_nine, numbers->expected,
        remedy);
}
