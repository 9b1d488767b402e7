/* Scores of a tile when only the penalty nodes were computed. Criterion and error of every penalty of the
 * grid are combined from those of the nodes, in double; then penalties are chosen and scored as in
 * model/ridge/score.h. */
#ifndef ARETE_MODEL_RIDGE_SCORE_NODES_H
#define ARETE_MODEL_RIDGE_SCORE_NODES_H

#include "model/ridge/folds.h"
#include "model/ridge/penalty_nodes.h"
#include "model/ridge/score.h"

#include <stddef.h>

/* What a tile of `columns` columns has of one outer fold: rows of that many floats. */
struct score_nodes_rows {
    const float *const *criterion, *const *error; /* of each node */
    const float *baseline;                        /* as of a score_tile */
};

/* One outer fold: error[j] is the outer error of column j at the penalty that its criteria choose, chosen[j]
 * (unless NULL) the index of that penalty. */
void score_nodes_fold(const struct penalty_nodes *nodes, size_t outer_fold,
                      const struct score_nodes_rows *rows, size_t columns, double *error, double *chosen);

/* What a tile's columns came to in some consecutive outer folds. Nothing is owned. */
struct score_tile {
    enum score_kind kind;
    const struct penalty_nodes *nodes;
    const size_t *n_test; /* n_outer: all folds' */
    struct fold_span folds;
    const float *const *sums; /* of each node: 2 folds.count x columns, as ridge_tile writes them */
    const float *baseline;    /* folds.count x columns; it must be the covariates-only error if that has a
                                 weight other than zero */
    size_t columns;
};

/* Adds the tile's folds to `from`, the sums over the folds before (NULL: there are none). to: the sums after
 * them; score: of each column, of the last fold's tile; NULL: not wanted. from and to: columns x
 * score_sum_doubles, a column's side by side. Sums and so scores have the same bits wherever the folds are
 * cut. */
void score_nodes_columns(const struct score_tile *tile, const double *from, double *to, float *score);

#endif
