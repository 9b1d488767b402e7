/* The permutation loop's kernel, float32: for a tile of columns (targets under permutations) the inner
 * criterion and the outer error of every outer fold at one penalty. Formulas: model/ridge/operators.h; flops
 * a column: 2n^2 + F(2 n_o^2 + 2 n_A n_o + n_A^2/J).
 *
 * Nothing is allocated; BLAS must be single-threaded. */
#ifndef ARETE_MODEL_RIDGE_RIDGE_H
#define ARETE_MODEL_RIDGE_RIDGE_H

#include "model/ridge/baseline.h"
#include "model/ridge/folds.h"
#include "model/ridge/operators.h"
#include "model/stats/permutation.h"

#include <stddef.h>
#include <stdint.h>

enum { RIDGE_TILE_COLUMNS = 1000 };

/* Targets of a study at most: a block's save takes a buffer for every slice of RIDGE_TILE_COLUMNS of them. */
enum { RIDGE_MOST_TARGETS = 2000 * RIDGE_TILE_COLUMNS };

/* How targets and permutations make columns; it depends on T alone, so that BLAS rounds a column the same in
 * every run. */
struct ridge_grid {
    size_t n_targets;         /* T */
    size_t unit_permutations; /* G = max(1, floor(1000 / T)) */
    size_t n_slices;          /* of a unit: ceil(T / 1000) when T > 1000, else 1 */
};

struct ridge_grid ridge_grid_of(size_t n_targets);
/* Slice k holds targets first ... first+count-1, for all permutations of the unit: G x count columns, a
 * permutation's together. */
void ridge_grid_slice(const struct ridge_grid *grid, size_t slice, size_t *first, size_t *count);
size_t ridge_grid_columns(const struct ridge_grid *grid, size_t slice);
size_t ridge_grid_most_columns(const struct ridge_grid *grid);

/* Gathers a tile: gathered(i, g * count + t) = targets(order_g[i], first + t), order_g being permutation
 * first_permutation + g. targets is n x T row-major; gathered is n x columns row-major; workspace holds 2 n
 * words. */
void ridge_gather(const struct permutation_scheme *scheme, uint64_t first_permutation,
                  const struct ridge_grid *grid, size_t slice, const float *targets, float *gathered,
                  uint32_t *workspace);

/* Operators of one penalty, float32. */
struct ridge_operators {
    const float *p;                        /* n x n */
    const float *const *folds;             /* n_outer arrays ... */
    const struct operator_layout *layouts; /* ... and where their blocks stand */
};

/* Elements of workspace that ridge_tile and ridge_baseline need for `columns` columns. */
size_t ridge_workspace(const struct folds *folds, size_t n_covariates, size_t columns);

/* sums is 2F x columns, row-major: rows 0 ... F-1 the inner criterion of each outer fold, F ... 2F-1 its
 * outer error. */
void ridge_tile(const struct folds *folds, const struct ridge_operators *operators, const float *gathered,
                size_t columns, float *workspace, float *sums);

/* The same for the baseline: F x columns squared errors. */
void ridge_baseline(const struct folds *folds, const struct baseline *baseline, const float *gathered,
                    size_t columns, float *workspace, float *sums);

/* Flops of ridge_tile for one column. */
double ridge_flops(const struct folds *folds);

#endif
