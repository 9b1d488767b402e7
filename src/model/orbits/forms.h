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

#include "model/orbits/forms_rows.h"

#include <stddef.h>

/* Elements of workspace for every outer fold; and for folds of so many test subjects and subjects in an inner
 * fold at most. */
size_t forms_workspace(const struct folds *folds);
size_t forms_workspace_of(size_t n, size_t n_test, size_t n_inner);
size_t forms_baseline_workspace(const struct folds *folds, size_t n_covariates);
size_t forms_baseline_workspace_of(size_t n, size_t n_test, size_t n_covariates);

/* criterion, error: n x n floats each, written. The criterion is zero in the test set's rows and columns. */
void forms_build(const struct forms_fold *fold, double *workspace, float *criterion, float *error);

/* The baseline's error, n x n floats. With `baseline: test-mean` the factor takes the residual on the
 * covariates once more, as the permutation loop does. */
void forms_build_baseline(const struct baseline *baseline, const struct folds *folds, size_t outer_fold,
                          double *workspace, float *form);

/* The mean eigenvalue of a form, about its value for a column of unit variance: criteria and errors differ by
 * it, a hundredfold. */
double forms_mean_eigenvalue(const float *form, size_t n);

#endif
