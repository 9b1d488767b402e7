/* How much of the forms the nodes leave out, at most: the largest spectral norm of a difference over all
 * folds and penalties.
 *
 * There are hundreds of differences, and eigenvalues of each would take longer than all else of the search. A
 * difference D is no longer than what is quick to have: |D| <= |D|_F, its residual, and |D|^2 <= |DD|_F. The
 * longest residuals come first, so that nearly all others turn out to be shorter without their eigenvalues.
 */
#ifndef ARETE_MODEL_RIDGE_PENALTY_BOUND_H
#define ARETE_MODEL_RIDGE_PENALTY_BOUND_H

#include "base/error.h"
#include "model/ridge/penalty_span.h"

#include <stdbool.h>
#include <stddef.h>

struct penalty_bound_difference {
    double residual;
    size_t outer_fold, penalty;
};

struct penalty_bound {
    struct penalty_bound_difference *differences; /* n_outer x n_penalties at most */
    double *residual, *weights;                   /* n_penalties; n_penalties x (n_penalties + 1) */
    double *difference, *shifted, *values;        /* r x r, r x r; r eigenvalues */
    size_t n_eigenproblems;                       /* solved so far */
};

struct penalty_bound_nodes {
    const size_t *nodes; /* indexes into the grid, in any order */
    size_t count;
    const bool *is_node; /* of each penalty of the grid */
};

int penalty_bound_init(struct penalty_bound *bound, const struct penalty_sketch *sketch, struct error *err);
void penalty_bound_free(struct penalty_bound *bound);

/* *largest = the largest norm of what the nodes leave out of one form, over all folds and penalties that are
 * no nodes, relative to the form's mean eigenvalue, times penalty_sketch_margin. *longest = the longest
 * residual. */
int penalty_bound_compute(struct penalty_bound *bound, struct penalty_span *span, enum penalty_form form,
                          const struct penalty_bound_nodes *nodes, double *largest, double *longest,
                          struct error *err);

#endif
