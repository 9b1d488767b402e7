/* p-values from the permutations' scores: for each target alone (p), family-wise by the maximum over targets
 * (p_fwer), and Benjamini-Hochberg's q. */
#ifndef ARETE_MODEL_STATS_SIGNIFICANCE_H
#define ARETE_MODEL_STATS_SIGNIFICANCE_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

/* A null score counts as extreme when it is at least the observed score less this, so that rounding does not
 * decide ties. */
#define SIGNIFICANCE_TIE 1e-6

/* Counts that grow as null scores are added.
 *
 * A target whose observed score is NaN takes no part: its p is NaN. If a permutation gives another target no
 * score (NaN), that counts as extreme in the target's own p and p_fwer, which must not gain by it; it is left
 * out of the maximum that other targets are compared with. */
struct significance {
    size_t n_targets;
    const float *observed;  /* T, the caller's */
    int64_t *extreme;       /* T: permutations in which the target's score is at least the observed one */
    int64_t *extreme_max;   /* T: permutations in which the largest score of all targets is */
    int64_t n_permutations; /* added so far */
};

int significance_init(struct significance *significance, const float *observed, size_t n_targets,
                      struct error *err);
void significance_free(struct significance *significance);

/* Adds `count` permutations. null: their scores, count x T, row-major. */
void significance_add(struct significance *significance, const float *null, size_t count);

/* p = (1 + extreme) / (1 + n_permutations), p_fwer likewise from extreme_max, and q: T doubles each. */
int significance_finish(const struct significance *significance, double *p, double *p_fwer, double *q,
                        struct error *err);

/* Monte Carlo standard error of a p that is a share of `count` independent draws: sqrt(p (1 - p)/count). NaN
 * where p is. */
double significance_error(double p, double count);

/* q of the k-th smallest of m p-values that are no NaN: the smallest p_j m / j over j >= k (Benjamini and
 * Hochberg 1995). */
int significance_false_discovery(const double *p, size_t n_targets, double *q, struct error *err);

#endif
