/* The permutation loop's reduction when only the penalty nodes were computed: criterion and error of every
 * penalty of the grid are combined from theirs, in double, then chosen and scored as in model/ridge/score.h.
 */
#ifndef ARETE_MODEL_RIDGE_SCORE_NODES_H
#define ARETE_MODEL_RIDGE_SCORE_NODES_H

#include "model/ridge/penalty_nodes.h"
#include "model/ridge/score.h"

#include <stddef.h>

/* sums[i]: 2F x columns of nodes->node[i], as ridge_tile writes them. baseline: F x columns, the
 * covariates-only error wherever its weights are not zero. n_test: n_outer. Where every penalty is a node,
 * the same bits as score_columns. */
void score_nodes_columns(enum score_kind kind, const float *const *sums, const struct penalty_nodes *nodes,
                         const float *baseline, const size_t *n_test, size_t columns, float *score);

#endif
