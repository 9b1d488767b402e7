/* What ridge_tile does for an outer fold once it has w = P y, in float32, for all columns of a tile:
 *
 *     e = inv(P_oo) w_o                                     error     = |e|^2
 *     inner fold b: x = w_b - C_b e,  z = R_b x             criterion = sum over b of |z|^2
 *
 * The letters are those of model/ridge/operators.h: inv(P_oo) is its M_o. R_b is upper triangular.
 *
 * A few dozen columns at a time, a strip, are gathered, corrected, multiplied by the triangle and summed
 * while they are in registers and the first caches. Every element is one chain of fused multiply-adds in a
 * fixed order. So its bits depend neither on the instructions, nor on the tile, nor on the place of its
 * column in the tile. */
#ifndef ARETE_MODEL_RIDGE_FOLD_KERNEL_H
#define ARETE_MODEL_RIDGE_FOLD_KERNEL_H

#include "base/instructions.h"
#include "model/ridge/folds.h"
#include "model/ridge/operators.h"

#include <stddef.h>

/* Floats of workspace for `columns` columns and the largest test set and inner fold. It may have any
 * alignment. */
size_t fold_kernel_workspace(size_t largest_test, size_t largest_inner, size_t columns);

/* An outer fold: its subjects, and its operators as layout says. */
struct fold_kernel_fold {
    const struct fold_rows *rows;
    size_t n_inner;
    const float *operators;
    const struct operator_layout *layout;
};

/* The same bits with any instructions that run here. w: n x columns, row-major. criterion, error: `columns`
 * floats each, written. */
void fold_kernel_run(enum instructions instructions, const struct fold_kernel_fold *fold, const float *w,
                     size_t columns, float *workspace, float *criterion, float *error);

#endif
