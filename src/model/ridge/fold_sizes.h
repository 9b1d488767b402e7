/* How large an outer fold is, and what follows from that: elements and flops of its operators
 * (model/ridge/operators.h). Said here once, for the program, which knows each fold, and for the plan, which
 * takes folds of equal size.
 *
 * Counts are doubles: they are only multiplied. */
#ifndef ARETE_MODEL_RIDGE_FOLD_SIZES_H
#define ARETE_MODEL_RIDGE_FOLD_SIZES_H

#include "model/ridge/folds.h"

#include <stddef.h>

struct fold_sizes {
    double n_test, n_train;            /* n_o, n_A */
    double inner_squares, inner_cubes; /* sums over the inner folds b of n_b^2 and n_b^3 */
};

struct fold_sizes fold_sizes_of(const struct fold_rows *rows, size_t n_inner);
/* Of n subjects in n_outer equal folds, each training set in n_inner equal ones. */
struct fold_sizes fold_sizes_equal(double n, double n_outer, double n_inner);

/* Elements of the fold's operators at one penalty: n_o^2 + n_A n_o + sum of n_b^2. */
double fold_sizes_elements(const struct fold_sizes *sizes);
/* Flops of applying them to one column: 2 n_o^2 + 2 n_A n_o + sum of n_b^2. */
double fold_sizes_column_flops(const struct fold_sizes *sizes);
/* Flops of building them from P: the inverse, and for each inner fold its correction, inverse and QR. */
double fold_sizes_build_flops(const struct fold_sizes *sizes);

#endif
