/* Covariates and labels: a step of cohort_load. */
#ifndef ARETE_INPUT_COHORT_COHORT_COVARIATES_H
#define ARETE_INPUT_COHORT_COHORT_COVARIATES_H

#include "input/cohort/cohort_build.h"

/* Reads covariates and labels for all n. */
int cohort_covariates_read(struct cohort_build *build, struct error *err);

/* Turns texts into labels, when `n` and every array hold only the subjects kept. */
int cohort_covariates_label(struct cohort_build *build, struct error *err);
void cohort_covariates_free(struct cohort_build *build);

#endif
