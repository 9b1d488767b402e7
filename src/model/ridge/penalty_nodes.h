/* A long grid of penalties at the cost of a few. Permutations compute inner criterion and outer error at some
 * penalties of the grid, the nodes. At every other penalty they are a fixed linear combination of those at
 * the nodes (docs/design.md, section 1). The outer error has one more term: the error of the covariates
 * alone, which every tile has anyway.
 *
 * There are weights for each outer fold and each of the two forms, criterion and error. Nodes and weights are
 * chosen once a study, from sketches in double, and kept in the campaign file, so that all permutations use
 * the same bits. */
#ifndef ARETE_MODEL_RIDGE_PENALTY_NODES_H
#define ARETE_MODEL_RIDGE_PENALTY_NODES_H

#include "base/error.h"
#include "model/ridge/observed.h"
#include "model/ridge/penalty_sketch.h"

#include <stddef.h>

/* Grids of up to PENALTY_NODES_EXACT_GRID penalties are computed exactly, and so are those that would need
 * more than PENALTY_NODES_MOST nodes. */
enum { PENALTY_NODES_EXACT_GRID = 5, PENALTY_NODES_MOST = 256 };

struct penalty_nodes {
    size_t n_penalties, n_outer, n_nodes;
    size_t *node; /* n_nodes: indexes into the grid, ascending */
    /* forms x n_outer x n_penalties x (n_nodes + 1), row-major; the last weight is that of the
     * covariates-only error. NULL when every penalty is a node. */
    double *weights;

    /* What combinations leave out, relative: the spectral norm of the difference of forms over the form's
     * mean eigenvalue. The largest one over all folds and penalties, penalty_sketch_margin included. */
    double bound[N_PENALTY_FORMS];
    /* What the nodes' relative rounding is multiplied by at most: the sum over nodes of |weight| times the
     * node's mean eigenvalue, over the penalty's own. */
    double amplification;
};

/* Makes every penalty a node. */
int penalty_nodes_exact(struct penalty_nodes *nodes, size_t n_penalties, size_t n_outer, struct error *err);

/* Chooses the fewest nodes that the search finds with both bounds at most `tolerance`; if it finds none,
 * every penalty is a node. All of the sketch must be filled. Uses one thread; the same input gives the same
 * bits. */
int penalty_nodes_choose(struct penalty_nodes *nodes, const struct penalty_sketch *sketch, double tolerance,
                         struct error *err);

/* Takes nodes (at most PENALTY_NODES_MOST) and weights that are known, and copies them; weights NULL: every
 * penalty is a node. The caller fills in bounds and amplification if it needs them. */
int penalty_nodes_init_known(struct penalty_nodes *nodes, size_t n_penalties, size_t n_outer, size_t n_nodes,
                             const size_t *node, const double *weights, struct error *err);
void penalty_nodes_free(struct penalty_nodes *nodes);

/* The n_nodes + 1 weights of one form, outer fold and penalty (an index). */
const double *penalty_nodes_weights(const struct penalty_nodes *nodes, enum penalty_form form,
                                    size_t outer_fold, size_t penalty);

/* The error of the combinations on the study's own targets, of unit variance, of which criterion and error at
 * every penalty are known in double: the largest |combined - exact|, over what a target of pure noise has, as
 * in `bound`. (A target's own may be far smaller, where an outlier is in the test set.) Zero where every
 * penalty is a node. */
double penalty_nodes_observed_error(const struct penalty_nodes *nodes, const struct penalty_sketch *sketch,
                                    const struct observed *observed);

#endif
