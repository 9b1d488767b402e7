/* The space that the forms of a grid span: sketches as short vectors with the same lengths and angles, but
 * for directions that are too short to matter, and each penalty's form as a combination of a few others'.
 *
 * A form is taken relative to its mean eigenvalue, so lengths are relative errors and a weight of 1 carries
 * one node's relative rounding over. Weights are those of least squares in the Frobenius norm with
 * weight_cost^2 |weights|^2 added: a longer combination must pay for the rounding that it multiplies. */
#ifndef ARETE_MODEL_RIDGE_PENALTY_SPAN_H
#define ARETE_MODEL_RIDGE_PENALTY_SPAN_H

#include "base/error.h"
#include "model/ridge/penalty_sketch.h"

#include <stddef.h>

struct penalty_span {
    const struct penalty_sketch *sketch; /* not owned */
    double weight_cost;
    size_t depth;                  /* numbers of a vector ... */
    size_t *rank;                  /* forms x n_outer: ... of which only the first are used */
    double *mean;                  /* mean eigenvalues, forms x n_outer x (n_penalties + 1) */
    double *vectors;               /* forms x n_outer x (n_penalties + 1) x depth */
    double *system, *right, *work; /* for dgels */
    size_t work_count;
};

int penalty_span_init(struct penalty_span *span, const struct penalty_sketch *sketch, double weight_cost,
                      struct error *err);
void penalty_span_free(struct penalty_span *span);

/* The mean eigenvalue of a form; 0 where a fold has nothing to score. */
double penalty_span_mean(const struct penalty_span *span, enum penalty_form form, size_t outer_fold,
                         size_t penalty);

/* How many forms a combination has: the nodes', and the covariates-only error where it is known. */
size_t penalty_span_terms(const struct penalty_span *span, enum penalty_form form, size_t n_nodes);

/* One form and fold: residual[k] for every penalty k: the length of what the combination of the nodes
 * (indexes of penalties) leaves out, what it pays for its weights included. weights (or NULL): n_penalties x
 * penalty_span_terms, relative to the mean eigenvalues, the covariates-only error last. */
int penalty_span_combine(struct penalty_span *span, enum penalty_form form, size_t outer_fold,
                         const size_t *nodes, size_t n_nodes, double *residual, double *weights,
                         struct error *err);

#endif
