/* The genetic principal components that the study asks for among its covariates. */
#ifndef ARETE_RUN_GENETIC_COMPONENTS_H
#define ARETE_RUN_GENETIC_COMPONENTS_H

#include "base/error.h"
#include "run/session.h"
#include "study/analysis.h"

/* From K, by all workers of this rank, which sleep before and afterwards. Does nothing where the design does
 * not wait for them. Needs cohort, folds, gram; leaves analysis->components. In rank 0. */
int genetic_components_compute(struct session *session, struct analysis *analysis, struct error *err);

#endif
