/* Codes that a study declares for missing values, and which of them were met; and numbers that look like such
 * a code, and which it declares to be none. */
#ifndef ARETE_INPUT_TABLES_MISSING_CODES_H
#define ARETE_INPUT_TABLES_MISSING_CODES_H

#include "base/error.h"
#include "base/text.h"

#include <stdbool.h>

/* A code and a field that are both numbers are compared as such: -999 is -999.0 too. Others as text. */
struct missing_codes {
    const struct text_list *texts; /* or NULL */
    double *numbers;               /* of each; NaN = it is none */
    bool *found;                   /* of each: a field was it */
    const double *values;          /* n_values numbers that are no codes, whatever texts says; not owned */
    size_t n_values;
    const char *section; /* of the study file, which has them, for messages */
};

/* texts (NULL: none) must outlive the codes. */
int missing_codes_init(struct missing_codes *codes, const struct text_list *texts, struct error *err);
void missing_codes_free(struct missing_codes *codes);

/* Whether a number is declared to be none of them (codes may be NULL). */
bool missing_codes_has_value(const struct missing_codes *codes, double number);

/* Whether a field is one of them (codes may be NULL). number: the field's; NaN = it is none. */
bool missing_codes_match(const struct missing_codes *codes, const char *field, double number);

#endif
