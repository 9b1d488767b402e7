#include "run/baselines.h"

int baselines_init(struct baselines *baselines, enum baseline_kind scored,
                   const struct covariates *covariates, const struct folds *folds, struct error *err)
{
    if (baseline_init(&baselines->scored, scored, covariates, folds, err) == 0)
        baseline_init(&baselines->covariates_only, BASELINE_COVARIATES, covariates, folds, err);
    return err->code;
}

void baselines_free(struct baselines *baselines)
{
    baseline_free(&baselines->scored);
    baseline_free(&baselines->covariates_only);
}
