/* Numbers that look like codes for missing values, and that nobody declared. */
#ifndef ARETE_INPUT_COHORT_COHORT_LIKELY_CODES_H
#define ARETE_INPUT_COHORT_COHORT_LIKELY_CODES_H

#include "input/cohort/cohort_build.h"

/* Warns of targets (of tables) and quantitative covariates in which -99, -999, -9999, 99, 999 or 9999 lies
 * further from all other values than these from each other: a line for targets, one for covariates. Of a -9
 * numbers.h knows. For whoever is kept. */
int cohort_likely_codes_tell(const struct cohort_build *build, struct error *err);

#endif
