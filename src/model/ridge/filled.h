/* Whether values that were filled in (targets.h) make p too small.
 *
 * What is filled in stands at fixed people in the data as they are, and at others in every permutation. That
 * is fair where values are missing at random. It is not where those who have a value are alike in their
 * genotypes: a score is a quadratic form of the target with K beyond the covariates, and its variance under
 * the null hypothesis is the sum of K_ij^2 over the pairs who have a value. Where that is larger in the data
 * as they are than under permutation, so are chance scores. (Of the best of many SNPs, which is no such form:
 * model/univariate/filled_tails.h.)
 *
 * d times the identity, d the mean eigenvalue, says the same of every target. It is taken out first: beyond
 * covariates and pattern it has entries between people, which are no likeness. */
#ifndef ARETE_MODEL_RIDGE_FILLED_H
#define ARETE_MODEL_RIDGE_FILLED_H

#include "base/error.h"
#include "model/ridge/covariates.h"
#include "model/stats/permutation.h"

#include <stdbool.h>
#include <stddef.h>

/* K beyond the covariates, less d times the identity beyond them, n x n, both triangles; the caller frees it.
 * NULL on error. gram: K. */
float *filled_kinship(const double *gram, const struct covariates *covariates, struct error *err);

/* Of a pattern of missing values. */
struct filled_likeness {
    double ratio; /* sum of K_ij^2 over pairs with a value, over what it is under permutation on average */
    double z;     /* the same, in standard deviations under permutation; 0 where it cannot vary */
};

/* Doubles of workspace for filled_likeness_of. */
size_t filled_workspace(const struct covariates *covariates);

/* kinship: of filled_kinship, for the same covariates. is_filled: n. scheme: who changes places with whom.
 * least: up to this ratio z is not made, and 0.
 *
 * The pattern's own direction is taken out of K too. The residual is orthogonal to it (0 where it is filled
 * in, of mean 0 elsewhere), and the ancestry of those who lack the target would hide all else. About 15 n^2
 * flops, and as many for z. The mean is exact; the standard deviation but for terms of 1/(size of a block).
 */
struct filled_likeness filled_likeness_of(const float *kinship, const struct covariates *covariates,
                                          const struct permutation_scheme *scheme, const bool *is_filled,
                                          double least, double *workspace);

#endif
