/* From criteria and errors to a score. Each outer fold takes the penalty with the smallest inner criterion;
 * its r2 is 1 - error / baseline error. */
#ifndef ARETE_MODEL_RIDGE_SCORE_H
#define ARETE_MODEL_RIDGE_SCORE_H

#include <stddef.h>

enum score_kind {
    SCORE_MEAN_R2,  /* mean over outer folds of 1 - error / baseline */
    SCORE_POOLED_R2 /* 1 - sum of errors / sum of baselines */
};

/* A baseline error below this, for each test subject and in units of the target's variance, counts as zero:
 * the fold has no r2 of its own. It counts as r2 0 then, as with scikit-learn's r2_score. (That gives 1 where
 * the error is zero too; a test set in which nothing varies tells nothing here.) */
#define SCORE_ZERO_BASELINE 1e-10

/* The index k of the smallest of n_penalties criteria, criterion[k * stride]. A tie goes to the larger k,
 * which is the larger penalty. */
size_t score_choose(const double *criterion, size_t n_penalties, size_t stride);

/* r2 of one fold; 0 where the baseline error counts as zero. */
double score_fold_r2(double error, double baseline, size_t n_test);

/* What the folds of a target add up to, one after another in their order: its r2 or, of SCORE_POOLED_R2,
 * errors and baselines. From zeros; `sums` may be handed on after any fold. A fold without an r2 adds 0 to
 * the mean, and its error alone to the sums of SCORE_POOLED_R2. */
enum { SCORE_MOST_SUMS = 2 };
size_t score_sum_doubles(enum score_kind kind);
void score_add_fold(enum score_kind kind, double error, double baseline, size_t n_test, double *sums);

/* The score, after the last of n_outer folds. It is 0 when no fold has an r2, and NaN only where a number
 * given is. */
double score_of_sums(enum score_kind kind, const double *sums, size_t n_outer);

/* All at once: from the errors, baseline errors and test set sizes of its n_outer folds. */
double score_statistic(enum score_kind kind, const double *error, const double *baseline,
                       const size_t *n_test, size_t n_outer);

enum { SCORE_MAX_FOLDS = 1000 };

#endif
