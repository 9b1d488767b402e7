/* The DAG from K to the operators of every penalty: svd -> tile_product -> round_operator, load_fold. It
 * fills the observed scores on the way. */
#ifndef ARETE_TASKS_FACTOR_GRAPH_H
#define ARETE_TASKS_FACTOR_GRAPH_H

#include "model/observed.h"
#include "model/operators.h"
#include "tasks/progress.h"
#include "tasks/runtime.h"

#include <starpu.h>
#include <stddef.h>

/* What the permutations need: read-only once the graph has run. */
struct factors {
    size_t n, n_penalties, n_outer;
    struct operator_layout *layouts;                /* n_outer */
    float **p;                                      /* n_penalties arrays, n x n */
    float **folds;                                  /* n_penalties x n_outer arrays, as layouts say */
    starpu_data_handle_t *p_handles, *fold_handles; /* the same, for tasks */
};

struct factor_graph_input {
    const double *gram; /* n x n */
    const struct covariates *covariates;
    const struct folds *folds;
    const double *penalties; /* ascending lambda */
    size_t n_penalties;
    const double *targets; /* n x T; NULL when the observed scores are known */
    size_t n_targets;
    struct observed *observed; /* filled; NULL when known */
};

int factor_graph_run(struct factors *factors, struct runtime *runtime, const struct factor_graph_input *input,
                     const struct progress_sink *progress, struct error *err);
void factors_free(struct factors *factors);

/* Bytes of one penalty's operators. */
double factors_bytes_per_penalty(const struct folds *folds);

#endif
