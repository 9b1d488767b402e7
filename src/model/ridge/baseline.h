/* The model that every score is measured against: the covariates alone (lambda = infinity), or the test set's
 * own mean.
 *
 * Both begin with w = y - Qz Qz' y: permuted residuals are no longer orthogonal to the covariates, and what
 * the covariates explain of them belongs to neither side of r2. Then outer fold o has the residual e_o = w_o
 * + left_o (right_o w_o), of low rank:
 *
 *   covariates: e_o = inv(I - Qz_o Qz_o') w_o = w_o + Qz_o inv(I - Qz_o' Qz_o) Qz_o' w_o
 *   test mean:  e_o = w_o - mean(w_o)
 *
 * with the covariates' directions that are lost with the fold projected out. */
#ifndef ARETE_MODEL_RIDGE_BASELINE_H
#define ARETE_MODEL_RIDGE_BASELINE_H

#include "base/error.h"
#include "model/ridge/covariates.h"
#include "model/ridge/folds.h"

#include <stddef.h>

enum baseline_kind { BASELINE_COVARIATES, BASELINE_TEST_MEAN };

/* The correction of one outer fold, in double and rounded to float32: left is n_o x rank, right is rank x
 * n_o, row-major. */
struct baseline_fold {
    size_t rank;
    double *left, *right;
    float *left_single, *right_single;
};

struct baseline {
    enum baseline_kind kind;
    size_t n, c, n_outer;
    double *basis; /* Qz, n x c, row-major */
    float *basis_single;
    struct baseline_fold *folds;
};

int baseline_init(struct baseline *baseline, enum baseline_kind kind, const struct covariates *covariates,
                  const struct folds *folds, struct error *err);
void baseline_free(struct baseline *baseline);

/* In place, for columns of y (n x columns, row-major): the residual e_o of every outer fold stands at the
 * rows of its test set. workspace: (c + 1) x columns. Single: for the permutations. */
void baseline_residuals(const struct baseline *baseline, const struct folds *folds, double *y, size_t columns,
                        double *workspace);
void baseline_residuals_single(const struct baseline *baseline, const struct folds *folds, float *y,
                               size_t columns, float *workspace);

/* One outer fold, y staying as it is. projection = Qz' y, c x columns. */
void baseline_project(const struct baseline *baseline, const double *y, size_t columns, double *projection);
/* e (n_o x columns) is e_o. y: all n rows of its columns, leading dimension ld; projection: of these columns,
 * leading dimension ld; workspace: (c + 1) x columns. */
void baseline_fold_residuals(const struct baseline *baseline, const struct fold_rows *rows, size_t outer_fold,
                             const double *y, const double *projection, size_t ld, size_t columns,
                             double *workspace, double *e);

#endif
