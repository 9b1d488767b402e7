/* The genetic principal components that the study asks for among its covariates. */
#ifndef ARETE_RUN_GENETIC_COMPONENTS_H
#define ARETE_RUN_GENETIC_COMPONENTS_H

#include "base/error.h"
#include "checkpoint/campaign.h"
#include "run/session.h"
#include "study/analysis.h"

/* Those of the campaign that is gone on with (or NULL), where it has them; else from K, by all workers of
 * this rank, which sleep before and afterwards. Does nothing where the design does not wait for them. Needs
 * cohort, folds, gram; leaves analysis->components. In rank 0. */
int genetic_components_find(struct session *session, struct analysis *analysis,
                            const struct campaign *earlier, struct error *err);

#endif
