/* About how large the values of an outer fold's forms are, from the target, the folds and the blocks alone.
 *
 * What float32 makes of a form's value is off by some 1e-7 of the sum over i of Q_ii m_i, m_i being the mean
 * square of the target over i's exchangeability block: that is the mean over all permutations of what the
 * diagonal adds to y'Qy, and it does not shrink where terms cancel. Measured on leave-one-site-out with
 * exchange inside sites (200 subjects, 8 sites; normal and rare targets, a site without values, a site of
 * cases, a site with .03 of the others' standard deviation; both baselines, 1 to 8 covariates): between 2e-9
 * and 1.2e-6 of it, where the root mean square over shifts is anything from that size to 1e-60 of it. For
 * blocks that keep a test set without variance under every shift leave rounding there and nothing else.
 *
 * In a baseline's form Q_ii is about 1 in the test set and, summed over the others, about n_o c/n; errors
 * have more of the latter, and are large enough by themselves. So the scale of fold o is
 *
 *     sum over i in o of (m_i + c/n)
 *
 * and, with c/n, at least what makes ORBIT_SCORE_ZERO of it the zero of score.h. */
#ifndef ARETE_MODEL_ORBITS_ORBIT_SCALE_H
#define ARETE_MODEL_ORBITS_ORBIT_SCALE_H

#include "model/ridge/folds.h"
#include "model/stats/permutation.h"

#include <stddef.h>
#include <stdint.h>

/* Nothing is owned. */
struct orbit_scale {
    const struct permutation_scheme *blocks;
    const int32_t *outer; /* n: each subject's outer fold */
    const float *targets; /* n x n_targets, of unit variance */
    size_t n_targets, n_covariates;
};

/* least: span.count x lanes, for the target of each lane. workspace: lanes. */
void orbit_scale_least(const struct orbit_scale *of, struct fold_span span, const size_t *target,
                       size_t lanes, double *workspace, double *least);

#endif
