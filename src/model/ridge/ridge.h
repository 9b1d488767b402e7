/* The kernel of the permutations, in float32. A column is a target under a permutation; a tile is about 1,000
 * columns. For a tile and a penalty it computes the inner criterion and the outer error of every outer fold.
 * Formulas: model/ridge/operators.h. Flops for each column: 2n^2 + F(2 n_o^2 + 2 n_A n_o + n_A^2/J).
 *
 * Nothing is allocated here, and BLAS must use one thread. */
#ifndef ARETE_MODEL_RIDGE_RIDGE_H
#define ARETE_MODEL_RIDGE_RIDGE_H

#include "model/ridge/baseline.h"
#include "model/ridge/folds.h"
#include "model/ridge/operators.h"
#include "model/stats/permutation.h"

#include <stddef.h>
#include <stdint.h>

enum { RIDGE_TILE_COLUMNS = 1000 };

/* The largest number of targets of a study: save_block takes a buffer for every slice of RIDGE_TILE_COLUMNS
 * of them. */
enum { RIDGE_MOST_TARGETS = 2000 * RIDGE_TILE_COLUMNS };

/* How targets and permutations are arranged in tiles. A unit is G permutations of all targets. It is one
 * tile, or, with more than 1,000 targets, one tile for each slice of them. The arrangement depends on T
 * alone, so that BLAS rounds a column in the same way in every run. */
struct ridge_tiling {
    size_t n_targets;         /* T */
    size_t unit_permutations; /* G = max(1, floor(1000 / T)) */
    size_t n_slices;          /* of a unit: ceil(T / 1000) when T > 1000, else 1 */
};

struct ridge_tiling ridge_tiling_of(size_t n_targets);
/* A slice has targets first ... first+count-1. Its tile has G x count columns, those of a permutation side by
 * side. */
void ridge_tiling_slice(const struct ridge_tiling *tiling, size_t slice, size_t *first, size_t *count);
/* Columns of a slice's tile; of the widest tile. */
size_t ridge_tiling_columns(const struct ridge_tiling *tiling, size_t slice);
size_t ridge_tiling_most_columns(const struct ridge_tiling *tiling);

/* Gathers a tile: gathered(i, g * count + t) = targets(order_g[i], first + t), with order_g the permutation
 * first_permutation + g. targets: n x T; gathered: n x columns; both row-major. workspace: 2 n. */
void ridge_gather(const struct permutation_scheme *scheme, uint64_t first_permutation,
                  const struct ridge_tiling *tiling, size_t slice, const float *targets, float *gathered,
                  uint32_t *workspace);

/* The operators of one penalty in float32, of some consecutive outer folds. */
struct ridge_operators {
    struct fold_span span;
    const float *p;                        /* P, n x n */
    const float *const *folds;             /* span.count: those of each outer fold ... */
    const struct operator_layout *layouts; /* ... as its layout says */
};

/* Floats of workspace that ridge_tile and ridge_baseline need for `columns` columns. */
size_t ridge_workspace(const struct folds *folds, size_t n_covariates, size_t columns);

/* Computes a tile at one penalty, for the F folds that the operators are of. gathered: n x columns,
 * row-major. sums: 2F x columns, row-major; rows 0 ... F-1 are the inner criterion of each outer fold, rows F
 * ... 2F-1 its outer error. A fold's rows have the same bits in whatever span. */
void ridge_tile(const struct folds *folds, const struct ridge_operators *operators, const float *gathered,
                size_t columns, float *workspace, float *sums);

/* The same for the baseline, in double inside where it needs_double. sums: span.count x columns, the squared
 * error of each outer fold. */
void ridge_baseline(const struct folds *folds, struct fold_span span, const struct baseline *baseline,
                    const float *gathered, size_t columns, float *workspace, float *sums);

/* Flops of ridge_tile for one column. */
double ridge_flops(const struct folds *folds, struct fold_span span);

#endif
