/* A quadratic form from the rows of its factor, Q = R'R, in float32: what of forms (model/orbits/forms.h)
 * takes most flops, n_rows columns^2 of them, in pieces that may be computed at the same time. Rows come in
 * blocks, as the folds make them, and the products are cut into tiles of the lower triangle, part by part as
 * P is (operators_parts): the cut depends on the number of columns alone, so that the bits do not depend on
 * who computes a piece.
 *
 * The diagonal is summed in double from rows that are not rounded, block after block: there the sums are of
 * positive numbers only, which single precision gets wrong by the square root of their number, and there an
 * outlier stands. */
#ifndef ARETE_MODEL_ORBITS_FORM_FACTOR_H
#define ARETE_MODEL_ORBITS_FORM_FACTOR_H

#include <stddef.h>

/* The caller's arrays. */
struct form_factor {
    size_t n_rows, columns;
    float *rows;     /* n_rows x columns, row-major */
    double *squares; /* a row of `columns` for each block: sums of squares over its rows */
};

/* Takes block `block` over, n_rows x columns row-major in double, which stands from row first_row on. */
void form_factor_take(const struct form_factor *factor, size_t block, size_t first_row, const double *rows,
                      size_t n_rows);

/* How many parts there are, and a tile of the lower triangle (row_part >= column_part), written in form,
 * whose rows are ld elements apart. */
size_t form_factor_parts(const struct form_factor *factor);
void form_factor_tile(const struct form_factor *factor, size_t row_part, size_t column_part, float *form,
                      size_t ld);

/* Sets the diagonal from the squares of n_blocks blocks. */
void form_factor_diagonal(const struct form_factor *factor, size_t n_blocks, float *form, size_t ld);

#endif
