/* How far float32 can have moved the scores of a target, so that rounding does not split what ties.
 *
 * A form's values over an orbit are all off by about the same, whatever the value: by some kappa of the
 * form's scale (orbit_score.h; 1e-7 for normal and for rare or outlying targets alike). What that
 * does to a score depends on the target: where one subject holds most of the variance, the folds without it
 * have small errors and baselines, and the same rounding is large beside them. So kappa is measured for each
 * target and carried to its scores.
 *
 * kappa: the root mean square of (single - double)/scale over the target's error and baseline forms, where
 * the double value is known. The data as they are stand at one shift of the identity's orbit (`identity`; 0
 * with cycles), and model/ridge/observed.h has all their errors in double. More shifts may be added.
 *
 * sigma, the standard deviation of a score, to first order and as if forms were off independently: with a the
 * scale of the chosen error form (of a combination of nodes the root of the sum of (weight x scale)^2), r
 * that of the baseline form, e and b the values, E and B their sums over folds,
 *
 *     mean-r2:    sigma^2 = kappa^2 sum over folds of (a^2 + (e/b)^2 r^2)/b^2 / F^2
 *     pooled-r2:  sigma^2 = kappa^2 (sum of a^2 + (E/B)^2 sum of r^2)/B^2
 *
 * tolerance = ORBIT_TOLERANCE_WIDTH x the larger of sigma at `identity` and its 99th percentile over the
 * identity's orbit, which counts up to ORBIT_TOLERANCE_MOST x sigma at `identity`; at least SIGNIFICANCE_TIE.
 *
 * A null score counts as extreme from observed - tolerance on. Equal data under two shifts have equal sigma,
 * and their difference a standard deviation of sqrt(2) sigma: the width covers 7 of these. So shifts that put
 * next to no variance into some test set, and whose own scores are known badly, say nothing of ties with the
 * observed score: without the limit a few of them would swallow it (p near 1, whatever the data). A larger
 * tolerance can only make p larger. What it does not cover: two penalties whose criteria tie within rounding,
 * where single and double may choose differently (as in any order of summation). */
#ifndef ARETE_MODEL_ORBITS_ORBIT_TOLERANCE_H
#define ARETE_MODEL_ORBITS_ORBIT_TOLERANCE_H

#include "model/orbits/orbit_score.h"

#include <stddef.h>

#define ORBIT_TOLERANCE_WIDTH 10.0
#define ORBIT_TOLERANCE_MOST 4.0
/* kappa is at least this, one rounding: few forms can agree by chance. */
#define ORBIT_TOLERANCE_LEAST_KAPPA 0x1p-23

/* The noise of one target's forms, as it is measured. Begin with zeros. */
struct orbit_noise {
    double squares, count;
};

void orbit_tolerance_measure(struct orbit_noise *noise, double single, double exact, double scale);
double orbit_tolerance_kappa(const struct orbit_noise *noise);

/* Sums over folds for the identity's orbit. spread: n_shifts x lanes; baseline: lanes; the caller's. */
struct orbit_spread {
    double *spread, *baseline;
};

/* Of one outer fold's forms over the orbit, from orbit_score_scale. */
struct orbit_scales {
    const double *error, *baseline; /* n_nodes x lanes; lanes */
};

void orbit_tolerance_begin(const struct orbit_score *score, const struct orbit_spread *spread);

/* Elements of workspace for the next two. */
size_t orbit_tolerance_workspace(const struct orbit_score *score);

/* Adds one outer fold, of the same rows as orbit_score_add. */
void orbit_tolerance_add(const struct orbit_score *score, size_t outer_fold,
                         const struct score_nodes_rows *rows, const struct orbit_scales *scales,
                         double *workspace, const struct orbit_spread *spread);

/* The tolerance of the target in a lane. sums: of all folds. workspace: n_shifts. */
double orbit_tolerance_finish(const struct orbit_score *score, size_t lane, size_t identity, double kappa,
                              const struct orbit_sums *sums, const struct orbit_spread *spread,
                              double *workspace);

#endif
