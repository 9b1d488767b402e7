/* Who is in every file: a step of cohort_load. */
#ifndef ARETE_INPUT_COHORT_COHORT_SUBJECTS_H
#define ARETE_INPUT_COHORT_COHORT_SUBJECTS_H

#include "input/cohort/cohort_build.h"

/* Opens the tables and keeps the subjects whom the lists and the tables allow; sets build n and in,
 * subject_of_row, and the genotypes' subjects. */
int cohort_subjects_match(struct cohort_build *build, struct error *err);
void cohort_subjects_free(struct cohort_build *build);

#endif
