/* p-values from the permutations' scores: per target, family-wise by the maximum over targets, and
 * Benjamini-Hochberg q. */
#ifndef ARETE_MODEL_STATS_SIGNIFICANCE_H
#define ARETE_MODEL_STATS_SIGNIFICANCE_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

/* A null score counts as extreme when it is at least observed - this: rounding must not split exact ties. */
#define SIGNIFICANCE_TIE 1e-6

/* Counts that grow as rows of null scores come in. A NaN observed score takes no part in anything: its p is
 * NaN. A NaN null score of a target with a score counts as extreme (the permutation gave no score, and p must
 * not gain by it) for its own p and p_fwer, and takes no part in the maximum that other targets meet. */
struct significance {
    size_t n_targets;
    const float *observed;  /* T, the caller's */
    int64_t *extreme;       /* T: null scores of the target at least as large */
    int64_t *extreme_max;   /* T: permutation maxima at least as large */
    int64_t n_permutations; /* rows so far */
};

int significance_init(struct significance *significance, const float *observed, size_t n_targets,
                      struct error *err);
void significance_free(struct significance *significance);

/* Adds `count` permutations: null is count x T, row-major. */
void significance_add(struct significance *significance, const float *null, size_t count);

/* p = (1 + extreme) / (1 + N), p_fwer likewise from the maxima, q: T doubles each. */
int significance_finish(const struct significance *significance, double *p, double *p_fwer, double *q,
                        struct error *err);

/* q of the k-th smallest of m p-values that are no NaN: the smallest p_j m / j over j >= k (Benjamini and
 * Hochberg 1995). */
int significance_false_discovery(const double *p, size_t n_targets, double *q, struct error *err);

#endif
