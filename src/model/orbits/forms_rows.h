/* What the quadratic forms of an outer fold at one penalty are sums of squares of, in double: rows of
 * factors, so that for every column y, also one that the covariates explain in part,
 *
 *     outer error   e_o = E y,  E = inv(P_oo) P_o:                          n_o rows
 *     criterion     the sum over inner folds b of |B_b y|^2,                n_b rows each
 *                   B_b = R_b P^o_b:,  P^o_b: = P_b: - P_bo E
 *     baseline      e_o = (I + left_o right_o) (I_o: - Qz_o Qz') y          n_o rows
 *
 * with inverses, R_b and corrections as model/ridge/operators.h and baseline.h have them: what is lost with a
 * fold is projected out, and a criterion counts n_b subjects all the same. P^o and with it B_b are zero at
 * the test set. All products are in double because R_b and inv(P_oo) magnify what P has lost; their shapes
 * depend on n and the folds alone. */
#ifndef ARETE_MODEL_ORBITS_FORMS_ROWS_H
#define ARETE_MODEL_ORBITS_FORMS_ROWS_H

#include "model/ridge/baseline.h"
#include "model/ridge/folds.h"
#include "model/ridge/operators.h"

#include <stddef.h>

/* One outer fold at one penalty: what operators_fold takes and leaves. Nothing is owned. */
struct forms_fold {
    const double *p; /* P, n x n */
    const struct folds *folds;
    size_t outer_fold;
    const struct operator_layout *layout;
    const double *operators;
};

/* E: n_o x n, row-major. */
void forms_rows_error(const struct forms_fold *fold, double *error_rows);

/* B_b of one inner fold: n_b x n_A, row-major, a column for each training subject in the order of subjects:
 * those before the test set, then those behind it. */
void forms_rows_criterion(const struct forms_fold *fold, size_t inner_fold, const double *error_rows,
                          double *rows);

/* The baseline's factor: n_o x n, row-major. workspace: (c + 1) x n. */
void forms_rows_baseline(const struct baseline *baseline, const struct folds *folds, size_t outer_fold,
                         double *workspace, double *rows);

/* Rows of the criterion as columns of all subjects, zero at the test set: wide is n_rows x n, row-major. For
 * few columns y these rows themselves are applied, not their form. */
void forms_rows_widen(const struct folds *folds, size_t outer_fold, const double *rows, size_t n_rows,
                      double *wide);

#endif
