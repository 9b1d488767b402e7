/* Who is related to whom, by K; what that says of a study's folds and of its power; genetic principal
 * components. */
#ifndef ARETE_MODEL_KINSHIP_RELATEDNESS_H
#define ARETE_MODEL_KINSHIP_RELATEDNESS_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* group[i] = connected component of subject i, subjects i and j being joined where K_ij > threshold. gram is
 * n x n. */
int relatedness_groups(const double *gram, size_t n, double threshold, int32_t *group, struct error *err);

/* Pairs with K_ij > threshold; *split counts those whose outer folds differ. */
size_t relatedness_pairs(const double *gram, size_t n, double threshold, const int32_t *outer_fold,
                         size_t *split);

/* Whether exchanging subjects inside strata exchanges relatives for the most part: over half of the pairs
 * that share a stratum have K_ij > threshold. stratum[n]. */
bool relatedness_strata_are_families(const double *gram, size_t n, double threshold, const int32_t *stratum);

/* Size of the largest of the groups. */
int relatedness_largest_group(const int32_t *group, size_t n, size_t *largest, struct error *err);

/* The first `count` eigenvectors of K as columns: n x count, row-major, largest eigenvalue first; each one's
 * largest entry is positive, so that the sign is fixed. gram is n x n. */
int relatedness_components(const double *gram, size_t n, size_t count, double *components, struct error *err);

/* Standard deviation of the off-diagonal K_ij. */
double relatedness_spread(const double *gram, size_t n);

/* Standard error of SNP heritability in n subjects: sqrt(2) / (n sd(K_ij)) (Visscher et al. 2014). */
double relatedness_heritability_error(double spread, size_t n);

/* Expected out-of-sample r2 at heritability h2 with n training subjects: h2 * n h2 / (n h2 + M), M = 1 /
 * var(K_ij) effective segments (Daetwyler et al. 2008; Goddard 2009). */
double relatedness_expected_r2(double h2, double spread, size_t n_train);

#endif
