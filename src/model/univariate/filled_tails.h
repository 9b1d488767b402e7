/* Whether values that were filled in (model/ridge/targets.h) make p of the best SNP too small.
 *
 * What is filled in stands at fixed people in the data as they are, and at others in every permutation. By
 * chance x'y of SNP k has a variance that goes by v_k, what there is of x_k among those who have a value.
 * Where SNPs differ in that more than among as many people at random (frequencies of an ancestry that has all
 * values, say), those with the largest have chance correlations that no permutation makes. A target without
 * any effect passes u^2, the chi-square whose p is .05 over the number of SNPs, about
 *
 *     sum over k of P(chi-square > u^2/v_k)
 *
 * times as the data are; this over its mean under permutation is how many times too often p_snps is .05 or
 * less (measured in docs/study-file.md). */
#ifndef ARETE_MODEL_UNIVARIATE_FILLED_TAILS_H
#define ARETE_MODEL_UNIVARIATE_FILLED_TAILS_H

#include "base/error.h"
#include "model/ridge/covariates.h"
#include "model/stats/permutation.h"

#include <stdbool.h>
#include <stddef.h>

/* SNPs beyond the covariates, each of length 1. */
struct filled_sample {
    float *people;   /* n x count: a row a person */
    size_t count;    /* SNPs of the sample */
    size_t n_tested; /* of the study */
};

/* Permutations that a pattern is held against: so many first, and all where it seems to stand out. */
enum { FILLED_TAILS_FIRST = 8, FILLED_TAILS_ALL = 32 };

struct filled_tails {
    double ratio; /* the sum, over its mean under permutation */
    double z;     /* its logarithm in standard deviations under permutation, as of a normal number */
};

/* is_filled: n. scheme: who changes places with whom; its permutations 1, 2 ... are drawn. least: up to this
 * ratio z is not made, and 0. About 2 n (c + 1) flops a SNP and permutation. */
int filled_tails_of(struct filled_tails *tails, const struct filled_sample *sample,
                    const struct covariates *covariates, const struct permutation_scheme *scheme,
                    const bool *is_filled, double least, struct error *err);

#endif
