/* Inner criterion, outer error and baseline error of an outer fold as quadratic forms y'Qy, in float32: what
 * makes all shifts of an orbit one correlation (docs/design.md, section 1).
 *
 * A form is its factor rows' (model/orbits/forms_rows.h) matrix of dot products. Rows are made in double,
 * rounded, and multiplied in single: a Q built this way is off by about 1e-7 of its mean eigenvalue
 * (measured: forms_error in tests/oracle), each entry at random, so that y'Qy is off by far less than by the
 * arithmetic of an orbit; and it is the same Q for every shift and arrangement, so p stays exact whatever it
 * is off by. Double products take half as long again for nothing.
 *
 * Every Q is n x n, symmetric, both triangles, row-major without padding, in the order of subjects. BLAS must
 * be single-threaded; the same folds give the same bits anywhere. */
#ifndef ARETE_MODEL_ORBITS_FORMS_H
#define ARETE_MODEL_ORBITS_FORMS_H

#include "model/orbits/forms_rows.h"

#include <stddef.h>

/* Elements of workspace for every outer fold. */
size_t forms_workspace(const struct folds *folds);
size_t forms_baseline_workspace(const struct folds *folds, size_t n_covariates);

/* criterion, error: n x n floats each, written. The criterion is zero in the test set's rows and columns. */
void forms_build(const struct forms_fold *fold, double *workspace, float *criterion, float *error);

/* The baseline's error, n x n floats. With `baseline: test-mean` the factor takes the residual on the
 * covariates once more, as the permutation loop does. */
void forms_build_baseline(const struct baseline *baseline, const struct folds *folds, size_t outer_fold,
                          double *workspace, float *form);

/* The mean eigenvalue of a form, about its value for a column of unit variance: criteria and errors differ by
 * it, a hundredfold. */
double forms_mean_eigenvalue(const float *form, size_t n);

/* Flops of forms_build for one outer fold (in double: of them those of the rows) and of forms_build_baseline.
 * For folds of equal sizes a node's take about (1 - 1/F)^3 (1 + 1/J) n^3 and little more a fold: 1.15 n^3. */
double forms_flops(const struct folds *folds, size_t outer_fold);
double forms_flops_in_double(const struct folds *folds, size_t outer_fold);
double forms_baseline_flops(const struct folds *folds, size_t outer_fold, size_t n_covariates);

#endif
