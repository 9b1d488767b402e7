/* The models that scores are measured against. */
#ifndef ARETE_RUN_BASELINES_H
#define ARETE_RUN_BASELINES_H

#include "model/ridge/baseline.h"

struct baselines {
    struct baseline scored;          /* the study's */
    struct baseline covariates_only; /* lambda = infinity, for the observed scores; perhaps the same */
};

/* covariates and folds are copied from. */
int baselines_init(struct baselines *baselines, enum baseline_kind scored,
                   const struct covariates *covariates, const struct folds *folds, struct error *err);
void baselines_free(struct baselines *baselines);

#endif
