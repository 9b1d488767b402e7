/* The inner criterion and the outer error of a fold as functions of the penalty, in a form small enough to be
 * kept for a whole grid.
 *
 * Both are quadratic forms y' Q y of a column y, and Q depends on the penalty. A sketch is S' Q S for a
 * fixed S of r columns, the probes: random signs made orthogonal, S'S = (n/r) I. Its trace estimates tr Q,
 * and so Q's mean eigenvalue, tr Q / n. For a difference D of such forms, the spectral norm of S' D S
 * estimates that of D. With r = n both are exact. */
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
    bool has_infinity;   /* there is a sketch of the error of the covariates alone, too */
    double *probes;      /* S: n x r, row-major */
    size_t n_of_penalty; /* numbers of all sketches of one penalty, which are together */
    double *packed; /* (n_penalties + 1) x forms x n_outer x n_packed; index n_penalties: lambda = infinity */
};

/* Draws S. With `covariates_only`, which may be NULL, it also makes the sketches of the error of that
 * baseline. */
int penalty_sketch_init(struct penalty_sketch *sketch, const struct folds *folds, size_t n_penalties,
                        const struct baseline *covariates_only, struct error *err);
void penalty_sketch_free(struct penalty_sketch *sketch);

/* For the plan: number of probes; bytes of the sketches of one penalty; bytes that penalty_sketch_init
 * takes. */
size_t penalty_sketch_probes(size_t n, size_t n_penalties, size_t n_outer);
double penalty_sketch_penalty_bytes(size_t n, size_t n_penalties, size_t n_outer);
double penalty_sketch_bytes(size_t n, size_t n_penalties, size_t n_outer);

/* Doubles of workspace for penalty_sketch_fold. */
size_t penalty_sketch_workspace(const struct penalty_sketch *sketch, const struct folds *folds);

/* Makes the sketches of one penalty (an index) and one outer fold. fitted = P S, n x r, row-major. Several
 * threads may fill different folds and penalties at the same time. */
void penalty_sketch_fold(struct penalty_sketch *sketch, const struct operators_of_fold *fold, size_t penalty,
                         const double *fitted, double *workspace);

/* A sketch: its lower triangle, row after row; off the diagonal times sqrt(2), so that the dot product of two
 * sketches is their Frobenius product. penalty: an index, n_penalties = infinity. */
const double *penalty_sketch_packed(const struct penalty_sketch *sketch, enum penalty_form form,
                                    size_t outer_fold, size_t penalty);
double penalty_sketch_trace(const struct penalty_sketch *sketch, enum penalty_form form, size_t outer_fold,
                            size_t penalty);

/* By how much the norm of a difference may exceed the norm of its sketch. With u the eigenvector of the
 * largest eigenvalue, |S'u|^2 has mean 1 and standard deviation sqrt(2/r (1 - r/n)); it is taken three of
 * these too small. */
double penalty_sketch_margin(const struct penalty_sketch *sketch);

#endif
