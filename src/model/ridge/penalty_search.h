/* The search for penalty nodes. It is greedy: the next node is the penalty that the nodes so far describe
 * worst. Nodes are then moved to neighbours in the grid where that helps, and removed while the bound
 * allows. */
#ifndef ARETE_MODEL_RIDGE_PENALTY_SEARCH_H
#define ARETE_MODEL_RIDGE_PENALTY_SEARCH_H

#include "base/error.h"
#include "model/ridge/penalty_bound.h"
#include "model/ridge/penalty_span.h"

#include <stdbool.h>
#include <stddef.h>

struct penalty_search {
    struct penalty_span span;
    double tolerance;
    size_t *nodes, n_nodes; /* indexes into the grid, in no order */
    double bound[N_PENALTY_FORMS];
    double scale[N_PENALTY_FORMS]; /* roughly a form's bound over its longest residual, which is quicker to
                                      compute */

    bool *is_node;              /* n_penalties */
    double *residual, *weights; /* n_penalties; n_penalties x (n_penalties + 1) */
    size_t *saved;              /* n_penalties nodes to go back to */
    struct penalty_bound bounds;
    size_t hardest; /* form and fold of the longest residual last time: computed first */
};

int penalty_search_init(struct penalty_search *search, const struct penalty_sketch *sketch, double tolerance,
                        struct error *err);
void penalty_search_free(struct penalty_search *search);

/* Fills nodes, n_nodes and bound. n_nodes = n_penalties if no fewer keep the bound. */
int penalty_search_run(struct penalty_search *search, struct error *err);

#endif
