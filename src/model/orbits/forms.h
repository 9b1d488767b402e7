/* Inner criterion, outer error and baseline error of an outer fold as quadratic forms y'Qy, in float32: what
 * makes all shifts of an orbit one correlation (docs/design.md, section 1).
 *
 * A form is its factor rows' (model/orbits/forms_rows.h) matrix of dot products. Rows are made in double,
 * rounded, and multiplied in single, the diagonal apart, which is summed in double. At 1,500 subjects y'Qy is
 * then off by 1e-8 to 5e-8 of its root mean square over permutations, for a normal target, one with 2 % cases
 * or a single case, at penalties 1 and 0.01 (with single sums on the diagonal as well by up to 1e-6; with all
 * products in double by 3e-9 to 5e-8, and 1.5 times the time). That is a tenth of what the arithmetic of an
 * orbit adds; and since every shift and arrangement meets the same Q, it cannot make p inexact.
 *
 * Every Q is n x n, symmetric, both triangles, row-major without padding, in the order of subjects. BLAS must
 * be single-threaded; shapes of products depend on n and the folds alone. */
#ifndef ARETE_MODEL_ORBITS_FORMS_H
#define ARETE_MODEL_ORBITS_FORMS_H

#include "model/orbits/form_factor.h"
#include "model/orbits/forms_rows.h"

#include <stddef.h>

/* The factor whose products a form is. Rows of the criterion are blocks of its inner folds, each from
 * rows[outer_fold].inner_start[b] on (forms_rows_criterion); rows of the error are one block
 * (forms_rows_error). rows: n_A x n_A, or n_o x n. squares: n_inner x n_A, or n. */
struct form_factor forms_criterion_factor(const struct folds *folds, size_t outer_fold, float *rows,
                                          double *squares);
struct form_factor forms_error_factor(const struct folds *folds, size_t outer_fold, float *rows,
                                      double *squares);

/* What is left once all tiles are there: the diagonal, the other triangle, and for the criterion, whose tiles
 * are of training subjects alone, in rows n apart, zeros in the test set's rows and columns. */
void forms_finish_criterion(const struct form_factor *factor, const struct folds *folds, size_t outer_fold,
                            float *form);
void forms_finish_error(const struct form_factor *factor, float *form);

/* The baseline's error, n x n floats. With `baseline: test-mean` the factor takes the residual on the
 * covariates once more, as the permutation loop does. workspace: forms_baseline_workspace doubles; also for
 * folds of so many test subjects at most. */
void forms_build_baseline(const struct baseline *baseline, const struct folds *folds, size_t outer_fold,
                          double *workspace, float *form);
size_t forms_baseline_workspace(const struct folds *folds, size_t n_covariates);
size_t forms_baseline_workspace_of(size_t n, size_t n_test, size_t n_covariates);

/* The mean eigenvalue of a form, about its value for a column of unit variance: criteria and errors differ by
 * it, a hundredfold. */
double forms_mean_eigenvalue(const float *form, size_t n);

#endif
