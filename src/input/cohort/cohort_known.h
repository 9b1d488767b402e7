/* What an earlier pass over the same files found, in place of another one. */
#ifndef ARETE_INPUT_COHORT_COHORT_KNOWN_H
#define ARETE_INPUT_COHORT_COHORT_KNOWN_H

#include "input/cohort/cohort_build.h"

/* found[i] = position of subject i of the build among the known ones, or TEXT_NOT_FOUND. */
int cohort_known_find(const struct cohort_build *build, const struct cohort_known *known, ptrdiff_t *found,
                      struct error *err);

/* Whether the targets of these very regions are known. */
bool cohort_known_has_targets(const struct cohort_build *build);

/* The notes of the targets that were left out, where these very targets are known: they were judged by people
 * who are no longer there. */
int cohort_known_take_notes(struct cohort_build *build, struct error *err);

/* Fills in the targets' values and notes, for which there is room. */
int cohort_known_take_targets(struct cohort_build *build, struct error *err);

#endif
