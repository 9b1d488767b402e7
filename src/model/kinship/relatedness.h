/* What K tells: what relatives (relatives.h) mean for folds; genetic principal components; power.
 * gram is always K, n x n, both triangles. */
#ifndef ARETE_MODEL_KINSHIP_RELATEDNESS_H
#define ARETE_MODEL_KINSHIP_RELATEDNESS_H

#include "base/error.h"
#include "model/kinship/relatives.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* group[i] = number of the group of subject i. A group is a connected component: subjects i and j are joined
 * where r_ij > threshold. */
int relatedness_groups(const struct relatives *relatives, double threshold, int32_t *group,
                       struct error *err);

/* How many pairs have r_ij > threshold; *split of them are in different outer folds. */
size_t relatedness_pairs(const struct relatives *relatives, double threshold, const int32_t *outer_fold,
                         size_t *split);

/* Whether strata are mostly families: of the pairs that share a stratum, more than half have r_ij >
 * threshold. */
bool relatedness_strata_are_families(const struct relatives *relatives, double threshold,
                                     const int32_t *stratum);

/* *largest = how many subjects the largest group has. */
int relatedness_largest_group(const int32_t *group, size_t n, size_t *largest, struct error *err);

/* The genetic principal components: leading eigenvectors of K (model/eigen/leading_vectors.h), vector k the n
 * numbers from vectors + k n on, as columns of components: n x count, row-major. The entry of largest size is
 * positive, which fixes the sign. */
void relatedness_components(const double *vectors, size_t n, size_t count, double *components);

/* Standard deviation of K_ij over all pairs i != j. */
double relatedness_spread(const double *gram, size_t n);

/* Standard error of SNP heritability in n subjects: sqrt(2) / (n spread) (Visscher et al. 2014). */
double relatedness_heritability_error(double spread, size_t n);

/* Expected out-of-sample r2 at heritability h2 with n training subjects, M = 1 / spread^2 being the effective
 * number of chromosome segments (Goddard 2009): the smaller root of
 *
 *     r2 = h2 * n h2 / (n h2 + M (1 - r2))
 *
 * The SNPs are fitted together, so what the others explain is no noise to each of them (Daetwyler et al.
 * 2010, Genetics 185:1021). Without 1 - r2 (Daetwyler et al. 2008) it is too small where much is explained:
 * .39 for .54 at h2 = .8, n = 360, M = 300. */
double relatedness_expected_r2(double h2, double spread, size_t n_train);

#endif
