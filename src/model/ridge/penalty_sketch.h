/* What the inner criterion and the outer error of a fold are as functions of the penalty, small enough to
 * hold for a whole grid.
 *
 * Both are quadratic forms y' Q y of a column y, with Q depending on the penalty. A sketch is S' Q S for one
 * fixed S of r probe columns, S'S = (n/r) I, random signs made orthogonal: its trace estimates tr Q (Q's mean
 * eigenvalue is tr Q / n), and for a difference D of forms the spectral norm of S' D S estimates that of D.
 * When r = n both are exact. */
#ifndef ARETE_MODEL_RIDGE_PENALTY_SKETCH_H
#define ARETE_MODEL_RIDGE_PENALTY_SKETCH_H

#include "base/error.h"
#include "model/ridge/baseline.h"
#include "model/ridge/folds.h"
#include "model/ridge/operators.h"

#include <stdbool.h>
#include <stddef.h>

enum penalty_form { PENALTY_CRITERION, PENALTY_ERROR, N_PENALTY_FORMS };

struct penalty_sketch {
    size_t n, n_probes, n_penalties, n_outer;
    size_t n_packed;     /* numbers of one sketch: r (r + 1) / 2 */
    bool has_infinity;   /* the error of the covariates alone is sketched as well */
    double *probes;      /* S: n x r, row-major */
    size_t n_of_penalty; /* numbers of all sketches of one penalty, which stand together */
    double *packed;      /* (n_penalties + 1) x forms x n_outer x n_packed; penalty n_penalties is infinity */
};

/* Draws S. With `covariates_only` (else NULL) the sketches of its error are made at once. */
int penalty_sketch_init(struct penalty_sketch *sketch, const struct folds *folds, size_t n_penalties,
                        const struct baseline *covariates_only, struct error *err);
void penalty_sketch_free(struct penalty_sketch *sketch);

/* For the plan: probes, bytes of the sketches of one penalty, bytes that penalty_sketch_init takes. */
size_t penalty_sketch_probes(size_t n, size_t n_penalties, size_t n_outer);
double penalty_sketch_penalty_bytes(size_t n, size_t n_penalties, size_t n_outer);
double penalty_sketch_bytes(size_t n, size_t n_penalties, size_t n_outer);

/* Elements of workspace for penalty_sketch_fold. */
size_t penalty_sketch_workspace(const struct penalty_sketch *sketch, const struct folds *folds);

/* The sketches of one penalty and one outer fold. fitted = P S, n x r; operators as operators_fold leaves
 * them. Different folds and penalties may be filled at the same time. */
void penalty_sketch_fold(struct penalty_sketch *sketch, const struct folds *folds, size_t penalty,
                         size_t outer_fold, const struct operator_layout *layout, const double *operators,
                         const double *fitted, double *workspace);

/* Rows i, columns j <= i of a sketch, row after row; off the diagonal times sqrt(2), so that the dot product
 * of two is their Frobenius product. */
const double *penalty_sketch_packed(const struct penalty_sketch *sketch, enum penalty_form form,
                                    size_t outer_fold, size_t penalty);
double penalty_sketch_trace(const struct penalty_sketch *sketch, enum penalty_form form, size_t outer_fold,
                            size_t penalty);

/* How much longer than its sketch's norm a difference's norm is at most: |S'u|^2, u the eigenvector that
 * matters, has mean 1 and standard deviation sqrt(2/r (1 - r/n)), and is taken three of them short. */
double penalty_sketch_margin(const struct penalty_sketch *sketch);

#endif
