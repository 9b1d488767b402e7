/* What ridge_tile does to every outer fold once w = P y is there, float32, for all columns of a tile:
 *
 *     e = inv(P_oo) w_o                                     error     = |e|^2
 *     inner fold b: x = w_b - C_b e,  z = R_b x             criterion = sum over b of |z|^2
 *
 * R_b has zeros below its diagonal.
 *
 * A strip of a few dozen columns at a time is gathered, corrected, multiplied by the triangle and summed in
 * registers and the first caches. Every element is one chain of fused multiply-adds in a fixed order, so its
 * bits depend neither on the instructions used, nor on the tile, nor on where in the tile its column stands.
 */
#ifndef ARETE_MODEL_RIDGE_FOLD_KERNEL_H
#define ARETE_MODEL_RIDGE_FOLD_KERNEL_H

#include "model/ridge/folds.h"
#include "model/ridge/operators.h"

#include <stdbool.h>
#include <stddef.h>

enum fold_kernel { FOLD_KERNEL_PLAIN, FOLD_KERNEL_AVX2, FOLD_KERNEL_AVX512 };

bool fold_kernel_runs_here(enum fold_kernel kernel);
enum fold_kernel fold_kernel_best(void); /* the fastest that runs on this processor */

/* Elements of workspace for `columns` columns and the largest test set and inner fold; any alignment. */
size_t fold_kernel_workspace(size_t largest_test, size_t largest_inner, size_t columns);

/* w: n x columns, row-major. operators: one outer fold's, as layout says. criterion, error: `columns` floats
 * each, written. */
void fold_kernel_run(enum fold_kernel kernel, const struct fold_rows *rows, size_t n_inner,
                     const float *operators, const struct operator_layout *layout, const float *w,
                     size_t columns, float *workspace, float *criterion, float *error);

#endif
