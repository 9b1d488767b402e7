/* The permutation loop's reduction when only the penalty nodes were computed: criterion and error of every
 * penalty of the grid are combined from theirs, in double, then chosen and scored as in model/ridge/score.h.
 */
#ifndef ARETE_MODEL_RIDGE_SCORE_NODES_H
#define ARETE_MODEL_RIDGE_SCORE_NODES_H

#include "model/ridge/penalty_nodes.h"
#include "model/ridge/score.h"

#include <stddef.h>

/* What one outer fold has of `columns` columns: rows of that many floats. */
struct score_nodes_rows {
    const float *const *criterion, *const *error; /* of each node */
    const float *baseline;                        /* as for score_nodes_columns */
};

/* One outer fold: error[j] is the outer error of column j at the penalty that its criteria choose, chosen[j]
 * (unless NULL) that penalty's index. */
void score_nodes_fold(const struct penalty_nodes *nodes, size_t outer_fold,
                      const struct score_nodes_rows *rows, size_t columns, double *error, double *chosen);

/* sums[i]: 2F x columns of nodes->node[i], as ridge_tile writes them. baseline: F x columns, the
 * covariates-only error wherever its weights are not zero. n_test: n_outer. Where every penalty is a node,
 * the same bits as score_columns. */
void score_nodes_columns(enum score_kind kind, const float *const *sums, const struct penalty_nodes *nodes,
                         const float *baseline, const size_t *n_test, size_t columns, float *score);

#endif
