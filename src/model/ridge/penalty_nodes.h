/* A long grid of penalties at the cost of a few: inner criterion and outer error at every penalty as fixed
 * combinations of theirs at the nodes, which are penalties of the grid (docs/design.md, section 1).
 *
 * Outer error has one term more, the covariates-only error, which every tile computes anyway. Weights belong
 * to an outer fold and a form; they and the nodes are chosen once a study from sketches in double and then
 * kept: all that computes permutations uses the same bits. */
#ifndef ARETE_MODEL_RIDGE_PENALTY_NODES_H
#define ARETE_MODEL_RIDGE_PENALTY_NODES_H

#include "base/error.h"
#include "model/ridge/observed.h"
#include "model/ridge/penalty_sketch.h"

#include <stddef.h>

/* Grids this short are computed exactly, and so are those that would need more nodes than this. */
enum { PENALTY_NODES_EXACT_GRID = 5, PENALTY_NODES_MOST = 256 };

struct penalty_nodes {
    size_t n_penalties, n_outer, n_nodes;
    size_t *node;    /* n_nodes: indexes into the grid, ascending */
    double *weights; /* forms x n_outer x n_penalties x (n_nodes + 1), the covariates-only error last; NULL
                        when every penalty is a node */

    /* Over all folds and penalties: the spectral norm of what a combination leaves out over the form's mean
     * eigenvalue, at most (penalty_sketch_margin included). */
    double bound[N_PENALTY_FORMS];
    /* ... and the largest sum of |weight| x node's mean eigenvalue over the penalty's own: what the nodes'
     * relative rounding is multiplied by. */
    double amplification;
};

/* Every penalty is a node. */
int penalty_nodes_exact(struct penalty_nodes *nodes, size_t n_penalties, size_t n_outer, struct error *err);

/* The fewest nodes that were found with both bounds at most `tolerance`; every penalty when there are no
 * fewer. The sketch is complete. One thread; the same input gives the same bits. */
int penalty_nodes_choose(struct penalty_nodes *nodes, const struct penalty_sketch *sketch, double tolerance,
                         struct error *err);

/* From nodes and weights that are known (copied; at most PENALTY_NODES_MOST nodes); weights NULL where every
 * penalty is a node. The bounds are the caller's to fill in. */
int penalty_nodes_init_known(struct penalty_nodes *nodes, size_t n_penalties, size_t n_outer, size_t n_nodes,
                             const size_t *node, const double *weights, struct error *err);
void penalty_nodes_free(struct penalty_nodes *nodes);

/* The weights of one form, fold and penalty: n_nodes + 1. */
const double *penalty_nodes_weights(const struct penalty_nodes *nodes, enum penalty_form form,
                                    size_t outer_fold, size_t penalty);

/* What the combinations are off by on the study's own targets, whose sums at every penalty are known in
 * double: the largest |combined - exact| / exact of either form. Zero where every penalty is a node. */
double penalty_nodes_observed_error(const struct penalty_nodes *nodes, const struct observed *observed);

#endif
