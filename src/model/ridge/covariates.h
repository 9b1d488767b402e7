/* The covariates' design Z = [1, quantitative, dummies] and what follows from it: an orthonormal basis,
 * residuals. */
#ifndef ARETE_MODEL_RIDGE_COVARIATES_H
#define ARETE_MODEL_RIDGE_COVARIATES_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

struct covariates {
    size_t n, c;
    double *design; /* n x c, row-major: the columns that are kept, the intercept first */
    double *basis;  /* n x c, row-major: orthonormal, same span */
};

/* Keeps, from left to right, every column of `columns` (n x n_columns, row-major) that is not a combination
 * of the ones before it: what is left of it beyond them is over 1e-9 of its length. kept[j] says which. The
 * caller puts the intercept first. */
int covariates_init(struct covariates *covariates, const double *columns, size_t n, size_t n_columns,
                    bool *kept, struct error *err);
void covariates_free(struct covariates *covariates);

/* The directions of the design that a set S of subjects alone carries (docs/design.md, section 1):
 * combinations v with Z_A v = 0, where A is everybody outside S. Writes an orthonormal basis of { Z_B v }, B
 * a range or list of subjects inside S, to `directions` (n_in x c doubles, row-major with leading dimension
 * c) and their number to *count. outside: the subjects of A; inside: the subjects of B. Rank is decided in
 * double from A's rows alone. */
int covariates_lost_directions(const struct covariates *covariates, const unsigned *outside, size_t n_outside,
                               const unsigned *inside, size_t n_inside, double *directions, size_t *count,
                               struct error *err);

/* Replaces each column of y (n x n_columns, row-major) by its residual on Z. */
void covariates_residualise(const struct covariates *covariates, double *y, size_t n_columns,
                            double *workspace);

#endif
