/* The space that the forms of a grid span, and each penalty's form as a combination of a few others.
 *
 * Sketches are turned into short vectors of the same lengths and angles, less directions that are too short
 * to matter. A form is taken relative to its mean eigenvalue, so a length is a relative error, and a weight
 * of 1 passes a node's relative rounding on. Weights are those of least squares in the Frobenius norm with
 * the penalty term weight_cost^2 |weights|^2: large weights multiply rounding, and so have a price. */
#ifndef ARETE_MODEL_RIDGE_PENALTY_SPAN_H
#define ARETE_MODEL_RIDGE_PENALTY_SPAN_H

#include "base/error.h"
#include "model/ridge/penalty_sketch.h"

#include <stddef.h>

struct penalty_span {
    const struct penalty_sketch *sketch; /* not owned */
    double weight_cost;
    size_t depth;                  /* numbers of a vector */
    size_t *rank;                  /* forms x n_outer: how many of them are used, from the first on */
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

/* How many terms a combination has: the nodes, and for the outer error the covariates-only error if that is
 * known. */
size_t penalty_span_terms(const struct penalty_span *span, enum penalty_form form, size_t n_nodes);

struct penalty_span_form {
    enum penalty_form form;
    size_t outer_fold;
};

/* For one form and fold, combines every penalty k from the nodes (indexes of penalties). residual[k] = the
 * length of what is left out, the price of the weights included. weights (or NULL): n_penalties x
 * penalty_span_terms, for forms relative to their mean eigenvalues; the covariates-only error is last. */
int penalty_span_combine(struct penalty_span *span, const struct penalty_span_form *of, const size_t *nodes,
                         size_t n_nodes, double *residual, double *weights, struct error *err);

#endif
