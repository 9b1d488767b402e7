/* Codes that a study declares for missing values, and which of them were met. */
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
};

/* texts (NULL: none) must outlive the codes. */
int missing_codes_init(struct missing_codes *codes, const struct text_list *texts, struct error *err);
void missing_codes_free(struct missing_codes *codes);

/* Whether a field is one of them (codes may be NULL). number: the field's; NaN = it is none. */
bool missing_codes_match(const struct missing_codes *codes, const char *field, double number);

#endif
