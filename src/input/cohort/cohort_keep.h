/* Fewer subjects in a cohort that is loaded already: relatives, whom only K tells. */
#ifndef ARETE_INPUT_COHORT_COHORT_KEEP_H
#define ARETE_INPUT_COHORT_COHORT_KEEP_H

#include "base/error.h"
#include "base/log.h"
#include "input/cohort/cohort.h"

#include <stddef.h>

/* Keeps the subjects at `positions` (ascending, all different). Labels that nobody has any more go. Targets
 * that cannot be analysed among those who are left get their note; max_missing: as
 * cohort_request.max_missing_per_target. */
int cohort_keep(struct cohort *cohort, const size_t *positions, size_t count, double max_missing,
                struct log *log, struct error *err);

/* The rows at `positions`, of row_bytes each, move to the front. */
void cohort_keep_rows(void *array, size_t row_bytes, const size_t *positions, size_t count);

#endif
