/* Out-of-fold predictions: what the table's r2 is made of, person by person. */
#ifndef ARETE_MODEL_RIDGE_PREDICTIONS_H
#define ARETE_MODEL_RIDGE_PREDICTIONS_H

#include "base/error.h"
#include "model/ridge/observed.h"

/* n x T each, row-major, in units of the target's standard deviation beyond the covariates; the caller's. */
struct predictions {
    float *beyond; /* the target beyond the baseline, e_o of it; NaN where the value was filled in */
    float *
        predicted; /* what the SNPs predict of it: beyond - e_o(lambda chosen); also where it was filled in */
};

/* observed: complete, with its residuals kept. scored_against: the baseline of its scores. With it r2 of a
 * fold is 1
 * - sum (beyond - predicted)^2 / sum beyond^2, over people with a value; against the mean of the test set
 * beyond is taken from its mean over these. */
int predictions_fill(const struct observed *observed, const struct folds *folds,
                     const struct baseline *scored_against, const struct predictions *predictions,
                     struct error *err);

#endif
