/* Scores of a tile when only the penalty nodes were computed. Criterion and error of every penalty of the
 * grid are combined from those of the nodes, in double; then penalties are chosen and scored as in
 * model/ridge/score.h. */
#ifndef ARETE_MODEL_RIDGE_SCORE_NODES_H
#define ARETE_MODEL_RIDGE_SCORE_NODES_H

#include "model/ridge/penalty_nodes.h"
#include "model/ridge/score.h"

#include <stddef.h>

/* What a tile of `columns` columns has of one outer fold: rows of that many floats. */
struct score_nodes_rows {
    const float *const *criterion, *const *error; /* of each node */
    const float *baseline;                        /* as for score_nodes_columns */
};

/* One outer fold: error[j] is the outer error of column j at the penalty that its criteria choose, chosen[j]
 * (unless NULL) the index of that penalty. */
void score_nodes_fold(const struct penalty_nodes *nodes, size_t outer_fold,
                      const struct score_nodes_rows *rows, size_t columns, double *error, double *chosen);

/* score[column] for the `columns` columns of a tile. sums[i]: of node i, 2F x columns, as ridge_tile writes
 * them. baseline: F x columns; it must be the covariates-only error if that has a weight other than zero.
 * n_test: n_outer sizes. Where every penalty is a node, the bits are those of score_columns. */
void score_nodes_columns(enum score_kind kind, const float *const *sums, const struct penalty_nodes *nodes,
                         const float *baseline, const size_t *n_test, size_t columns, float *score);

#endif
