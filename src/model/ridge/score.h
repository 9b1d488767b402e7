/* From criteria and errors to a score: each outer fold takes the penalty of the smallest inner criterion, and
 * its r2 is 1 - error / baseline error. */
#ifndef ARETE_MODEL_RIDGE_SCORE_H
#define ARETE_MODEL_RIDGE_SCORE_H

#include <stddef.h>

enum score_kind {
    SCORE_MEAN_R2,  /* mean over outer folds of 1 - error / baseline */
    SCORE_POOLED_R2 /* 1 - sum of errors / sum of baselines */
};

/* A baseline error this small (a test subject's mean square, in units of the target's variance) is zero: the
 * fold has no r2. */
#define SCORE_ZERO_BASELINE 1e-10

/* The smallest criterion[k]; a tie goes to the larger k, the larger penalty. stride: elements between
 * penalties. */
size_t score_choose(const double *criterion, size_t n_penalties, size_t stride);

/* r2 of one fold; NaN where the baseline error is zero. */
double score_fold_r2(double error, double baseline, size_t n_test);

/* The statistic of a target from its folds' errors and baselines (n_outer each, with test set sizes); NaN
 * when a fold has none. */
double score_statistic(enum score_kind kind, const double *error, const double *baseline,
                       const size_t *n_test, size_t n_outer);

/* The permutation loop's reduction: for each of `columns` columns the statistic, from sums[k] (2F x columns,
 * as ridge_tile writes them) of every penalty and the baseline's F x columns. n_outer <= SCORE_MAX_FOLDS.
 * score[column * stride]. */
enum { SCORE_MAX_FOLDS = 1000 };
void score_columns(enum score_kind kind, const float *const *sums, size_t n_penalties, const float *baseline,
                   const size_t *n_test, size_t n_outer, size_t columns, float *score);

#endif
