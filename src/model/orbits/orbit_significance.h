/* p-values from whole orbits. K + 1 orbits of L shifts, the identity's first, hold (K + 1) L scores of a
 * target, the observed one among them (in the identity's orbit, at the shift where the data are as they are):
 *
 *     p      = scores of at least observed - tolerance / ((K + 1) L)
 *     p_fwer = the same of the maxima over targets
 *
 * Nothing is added to either count: the observed score is in them. The Monte Carlo standard error of p is
 * that of a mean of K + 1 orbits' shares, from their variance, and at least that of as many independent
 * draws, sqrt(p (1 - p)/((K + 1) L)): few orbits can agree by chance, and one says nothing.
 *
 * Only whole orbits may come in. Targets may have different numbers of them. A NaN observed score takes no
 * part in anything; a NaN null score of a target with a score counts as extreme for its own p and p_fwer and
 * takes no part in the maximum that others meet (as in model/stats/significance.h). */
#ifndef ARETE_MODEL_ORBITS_ORBIT_SIGNIFICANCE_H
#define ARETE_MODEL_ORBITS_ORBIT_SIGNIFICANCE_H

#include "base/error.h"

#include <stddef.h>

/* Counts of one kind, T each: orbits so far, extreme scores in them, sum of squares of an orbit's count. */
struct orbit_counts {
    double *orbits, *extreme, *squares;
};

struct orbit_significance {
    size_t n_targets, n_shifts;
    const float *observed;   /* T, the caller's */
    const double *tolerance; /* T, the caller's (model/orbits/orbit_tolerance.h) */
    struct orbit_counts own, family;
    double *memory;
};

int orbit_significance_init(struct orbit_significance *significance, const float *observed,
                            const double *tolerance, size_t n_targets, size_t n_shifts, struct error *err);
void orbit_significance_free(struct orbit_significance *significance);

/* Adds one orbit of targets first ... first+count-1 to their own p. scores: count x n_shifts, row-major, a
 * target's shifts together. */
void orbit_significance_add(struct orbit_significance *significance, size_t first, size_t count,
                            const float *scores);

/* p_fwer, in two rounds over the targets of one orbit: first its maxima, from -INFINITY (n_shifts, folded
 * in), then what each target meets. */
void orbit_significance_maximum(const struct orbit_significance *significance, size_t first, size_t count,
                                const float *scores, float *maximum);
void orbit_significance_add_family(struct orbit_significance *significance, size_t first, size_t count,
                                   const float *scores, const float *maximum);

/* T doubles each; NaN where a target has no observed score or no orbit. error, error_fwer: standard errors;
 * q: Benjamini and Hochberg's, from p. */
struct orbit_p {
    double *p, *p_fwer, *q, *error, *error_fwer;
};

int orbit_significance_finish(const struct orbit_significance *significance, const struct orbit_p *p,
                              struct error *err);

#endif
