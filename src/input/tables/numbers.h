/* Fields that must be numbers (or labels) or missing, with what is wrong listed at once. */
#ifndef ARETE_INPUT_TABLES_NUMBERS_H
#define ARETE_INPUT_TABLES_NUMBERS_H

#include "base/error.h"
#include "base/text.h"
#include "input/tables/missing_codes.h"
#include "input/tables/problems.h"

#include <stdbool.h>
#include <stddef.h>

/* The numbers of one file. */
struct numbers {
    const char *path;
    const struct missing_codes *missing_codes; /* NULL: what is read declares none, in no study file */
    const char *expected;                      /* "a number", "a label", for messages */
    bool decimal_comma;                        /* "3,14" is a number too */
    struct problems problems;
    size_t n_minus_nine; /* undeclared ones, and where the first stands */
    size_t first_line;
    const char *first_column;
};

/* The path and codes must outlive `numbers`, and so must every column name given to numbers_parse. */
void numbers_init(struct numbers *numbers, const char *path, const struct missing_codes *missing_codes);

/* Whether a field says that its value is missing. */
bool numbers_is_missing(const struct numbers *numbers, const char *field);

/* Whether a field is a number. */
bool numbers_is_number(const struct numbers *numbers, const char *field);

/* The field's value; NaN when it is missing, and when it is a problem, which numbers_end reports. */
double numbers_parse(struct numbers *numbers, const char *field, size_t line, const char *column,
                     struct error *err);

/* For a column of labels (whoever reads it sets `expected`): whether the field is one. False when it is
 * missing, and when it is an undeclared -9, which numbers_end reports. */
bool numbers_is_label(struct numbers *numbers, const char *field, size_t line, const char *column);

/* The section of the study file whose `not_missing` holds for these numbers. */
const char *numbers_section(const struct numbers *numbers);

/* 0 when every field was right. */
int numbers_end(struct numbers *numbers, struct error *err);

#endif
