/* The observed scores, in double and at every penalty of the grid: the numbers of the table. */
#ifndef ARETE_MODEL_RIDGE_OBSERVED_H
#define ARETE_MODEL_RIDGE_OBSERVED_H

#include "base/error.h"
#include "model/ridge/baseline.h"
#include "model/ridge/folds.h"
#include "model/ridge/operators.h"
#include "model/ridge/score.h"

#include <stdbool.h>
#include <stddef.h>

/* Two kinds of sums over a test set: of everybody, which is what p compares and what chooses penalties, and,
 * for the table, of those alone whose value was not filled in (targets_is_filled): "seen". Where no value is
 * filled the two are the same arrays. */
struct observed {
    size_t n_targets, n_penalties, n_outer;
    bool has_filled;
    const double *targets;                  /* n x T, row-major; not owned */
    const struct baseline *covariates_only; /* lambda = infinity; not owned */
    /* n_penalties x n_outer x T, row-major: inner criterion, and |e_o|^2 of the test set's residual e_o;
     * seen: |e_o|^2, the sum of its entries, and e_o' e_o(infinity) */
    double *criterion, *error;
    double *seen_error, *sum, *product;
    double *residual; /* n_penalties x n x T: every person's e_o, for predictions.h; NULL: not kept */
    /* What does not depend on the penalty. projection: c x T, from which e_o(infinity) is made when needed.
     * The others are n_outer x T: |e_o(infinity)|^2, and the error of the baseline of the scores; seen: how
     * many, the sum of e_o(infinity), and the two errors. */
    double *projection, *infinity_error, *baseline_error;
    double *n_seen, *infinity_sum, *seen_infinity_error, *seen_baseline_error;
};

/* The models beside ours, for the same covariates; both may be the same. */
struct observed_baselines {
    const struct baseline *scored_against;  /* scores are measured against it */
    const struct baseline *covariates_only; /* lambda = infinity */
};

/* targets (n x T, row-major) and baselines->covariates_only must outlive `observed`. */
int observed_init(struct observed *observed, const double *targets, size_t n_targets, size_t n_penalties,
                  const struct folds *folds, const struct observed_baselines *baselines, struct error *err);
void observed_free(struct observed *observed);

/* Makes observed_fold keep residuals. */
int observed_keep_residuals(struct observed *observed, size_t n, struct error *err);

/* For the plan: bytes that observed_init takes, of counts; without residuals. */
double observed_bytes(double n_targets, double n_penalties, double n_outer, double n_covariates,
                      bool has_filled);

/* Doubles of workspace for observed_fold. */
size_t observed_workspace(const struct observed *observed, const struct folds *folds);

/* Fills the entries of one penalty (an index) and one outer fold. w = P(lambda) y, n x T, row-major. Several
 * threads may fill different folds and penalties at the same time. */
void observed_fold(struct observed *observed, const struct operators_of_fold *fold, size_t penalty,
                   const double *w, double *workspace);

/* The numbers of the table; the caller's. r2, r2_by_fold and r are of people who have a value. */
struct observed_table {
    double *r2;              /* T; NaN where no test set has a value */
    double *r2_by_fold;      /* n_outer x T: 0 where nothing varies (score.h), NaN where nobody has a value */
    double *penalty_by_fold; /* n_outer x T */
    double *r;               /* T; NaN where target or prediction does not vary */
    double *r2_everybody;    /* T: the score that p compares, in double */
};

/* penalties: n_penalties lambdas, ascending. */
void observed_finish(const struct observed *observed, enum score_kind kind, const struct folds *folds,
                     const double *penalties, const struct observed_table *table);

#endif
