/* The observed scores, in double and at every penalty of the grid: what the table reports. */
#ifndef ARETE_MODEL_RIDGE_OBSERVED_H
#define ARETE_MODEL_RIDGE_OBSERVED_H

#include "base/error.h"
#include "model/ridge/baseline.h"
#include "model/ridge/folds.h"
#include "model/ridge/operators.h"
#include "model/ridge/score.h"

#include <stddef.h>

struct observed {
    size_t n_targets, n_penalties, n_outer;
    const double *targets;                  /* n x T, row-major; not owned */
    const struct baseline *covariates_only; /* lambda = infinity; not owned */
    /* n_penalties x n_outer x T: inner criterion, |e_o|^2, sum of e_o, e_o' e_o(infinity) */
    double *criterion, *error, *sum, *product;
    /* What is known without a penalty. projection: c x T, for e_o(infinity), which is made when it is needed;
     * n_outer x T: its sum, |e_o(infinity)|^2, and the error of the baseline that scores are measured
     * against. */
    double *projection, *infinity_sum, *infinity_error, *baseline_error;
};

/* `scored_against` is the study's baseline, `covariates_only` the covariates' one: of the same covariates,
 * and perhaps the same. targets and covariates_only are used by observed_fold. */
int observed_init(struct observed *observed, const double *targets, size_t n_targets, size_t n_penalties,
                  const struct folds *folds, const struct baseline *scored_against,
                  const struct baseline *covariates_only, struct error *err);
void observed_free(struct observed *observed);

/* For the plan: bytes that observed_init takes, of counts. */
double observed_bytes(double n_targets, double n_penalties, double n_outer, double n_covariates);

/* Elements of workspace for observed_fold. */
size_t observed_workspace(const struct observed *observed, const struct folds *folds);

/* Fills the entries of one penalty and one outer fold. w = P(lambda) y, n x T; operators as operators_fold
 * leaves them. Different folds and penalties may be filled at the same time. */
void observed_fold(struct observed *observed, const struct folds *folds, size_t penalty, size_t outer_fold,
                   const struct operator_layout *layout, const double *operators, const double *w,
                   double *workspace);

/* The table's numbers: r2[T], r2_by_fold and penalty_by_fold (n_outer x T), r[T]. NaN where a fold's baseline
 * error is zero (r: where either side does not vary). penalties: n_penalties, ascending. */
void observed_finish(const struct observed *observed, enum score_kind kind, const struct folds *folds,
                     const double *penalties, double *r2, double *r2_by_fold, double *penalty_by_fold,
                     double *r);

#endif
