/* Test sets in which a target does not vary beyond the covariates: they have no r2 of their own (score.h).
 * That is fair where permutation leaves as many of them. It is not where permuted residuals do vary there: r2
 * is 0 in the data as they are, and on average below 0 in permutations. */
#ifndef ARETE_MODEL_RIDGE_FLAT_FOLDS_H
#define ARETE_MODEL_RIDGE_FLAT_FOLDS_H

#include "base/error.h"
#include "model/ridge/folds.h"
#include "model/stats/permutation.h"

#include <stdbool.h>
#include <stddef.h>

struct flat_folds {
    size_t n_filled; /* test sets of which every value was filled in (targets.h) */
    size_t n_other;  /* others without variance */
    /* How many permutation leaves on average: of filled values alone, and of equal ones. 0 where there is
     * none as the data are. */
    double expected_filled, expected_equal;
    double least; /* smallest mean square of a test set that varies, over the mean of all; 1: all are flat */
};

/* y: residuals of unit variance, n values `stride` apart. around_mean: of each test set (BASELINE_TEST_MEAN);
 * else around 0. */
int flat_folds_count(struct flat_folds *flat, const struct folds *folds,
                     const struct permutation_scheme *scheme, const double *y, size_t stride,
                     bool around_mean, struct error *err);

/* The chance of as many test sets without a value as there are, or more, where values are missing at
 * random. */
double flat_folds_chance(const struct flat_folds *flat);

#endif
