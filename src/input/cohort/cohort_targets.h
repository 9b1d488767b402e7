/* The targets, their values and what missing ones mean: a step of cohort_load. */
#ifndef ARETE_INPUT_COHORT_COHORT_TARGETS_H
#define ARETE_INPUT_COHORT_COHORT_TARGETS_H

#include "input/cohort/cohort_build.h"

/* Room for n x n_targets values and the notes. */
int cohort_targets_make_room(struct cohort_build *build, size_t n_targets, struct error *err);

/* Reads the targets' names and values for all n. */
int cohort_targets_read(struct cohort_build *build, struct error *err);

/* Applies the policy on missing values: notes, dropped subjects. */
int cohort_targets_settle(struct cohort_build *build, struct error *err);

/* After subjects have left a cohort that is loaded: notes for targets that can no longer be analysed. */
int cohort_targets_look_again(struct cohort *cohort, double max_missing, struct log *log, struct error *err);

#endif
