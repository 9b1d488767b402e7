/* The model that a score is measured against: the covariates alone (lambda = infinity), or the mean of the
 * test set.
 *
 * Both begin with w = y - Qz Qz' y, Qz being an orthonormal basis of the covariates: permuted residuals are
 * no longer orthogonal to the covariates, and what these explain of them belongs to neither side of r2. Then
 * the residual of outer fold o is a correction of low rank, e_o = w_o + left_o (right_o w_o):
 *
 *   covariates: e_o = inv(I - Qz_o Qz_o') w_o = w_o + Qz_o inv(I - Qz_o' Qz_o) Qz_o' w_o
 *   test mean:  e_o = w_o - mean(w_o)
 *
 * Directions of the covariates that are lost with the fold (docs/design.md) are projected out.
 *
 * A direction that is nearly lost, as somebody's whose covariate is far from all others', is left in w_o only
 * as 1 - sigma2, the share that the training subjects have of it (an eigenvalue of I - Qz_o' Qz_o), and
 * the correction divides by that. w_o has the rounding of y, so in float32 the residual would be nothing
 * else: then permutations too are computed in double. */
#ifndef ARETE_MODEL_RIDGE_BASELINE_H
#define ARETE_MODEL_RIDGE_BASELINE_H

#include "base/error.h"
#include "model/ridge/covariates.h"
#include "model/ridge/folds.h"

#include <stdbool.h>
#include <stddef.h>

enum baseline_kind { BASELINE_COVARIATES, BASELINE_TEST_MEAN };

/* The correction of one outer fold, in double and rounded to float32. left: n_o x rank, right: rank x n_o,
 * row-major. */
struct baseline_fold {
    size_t rank;
    double *left, *right;
    float *left_single, *right_single;
    bool nearly_loses; /* magnifies rounding too much for float32 */
};

struct baseline {
    enum baseline_kind kind;
    size_t n, c, n_outer;
    bool needs_double; /* some fold of all nearly loses a direction, whichever folds are asked for */
    double *basis;     /* Qz, n x c, row-major */
    float *basis_single;
    struct baseline_fold *folds;
};

int baseline_init(struct baseline *baseline, enum baseline_kind kind, const struct covariates *covariates,
                  const struct folds *folds, struct error *err);
void baseline_free(struct baseline *baseline);

/* Replaces y, n x columns, row-major, by residuals: the rows of each outer fold's test set by its e_o.
 * workspace: (c + 1) x columns. The second one, in float32, is for the permutations unless the baseline
 * needs_double. */
void baseline_residuals(const struct baseline *baseline, const struct folds *folds, double *y, size_t columns,
                        double *workspace);
void baseline_residuals_single(const struct baseline *baseline, const struct folds *folds, float *y,
                               size_t columns, float *workspace);

/* The same for one outer fold, without changing y. First projection = Qz' y, c x columns, row-major. */
void baseline_project(const struct baseline *baseline, const double *y, size_t columns, double *projection);

/* Columns y and their projection: n x columns and c x columns, row-major with leading dimension ld. */
struct baseline_columns {
    const double *values, *projection;
    size_t ld, columns;
};

/* e = e_o, n_o x columns. workspace: (c + 1) x columns. */
void baseline_fold_residuals(const struct baseline *baseline, const struct fold_rows *rows, size_t outer_fold,
                             const struct baseline_columns *y, double *workspace, double *e);

#endif
