/* The DAG from the SVD to everything that is made once a penalty: tile_product -> round_operator,
 * apply_operator -> load_fold. Each part is made when asked for: the operators of the permutations, the
 * observed scores, the sketches from which penalty nodes are chosen.
 *
 * With several ranks each penalty is worked on by the rank that the placement names as its builder. */
#ifndef ARETE_TASKS_FACTOR_GRAPH_H
#define ARETE_TASKS_FACTOR_GRAPH_H

#include "model/ridge/observed.h"
#include "model/ridge/penalty_sketch.h"
#include "planning/placement.h"
#include "tasks/factors.h"
#include "tasks/progress.h"
#include "tasks/runtime.h"
#include "tasks/shared_svd.h"

#include <stddef.h>

struct factor_graph_input {
    const struct shared_svd *svd;
    const struct covariates *covariates;
    const struct folds *folds;
    const struct placement *placement;
    const double *penalties; /* ascending lambda, placement->n_penalties of them */
    struct factors
        *factors;          /* filled, of the same placement; on every machine that holds a penalty; or NULL */
    const double *targets; /* n x T, for `observed` */
    struct observed *observed;     /* complete in rank 0 afterwards; or NULL */
    struct penalty_sketch *sketch; /* likewise; or NULL */
};

/* Collective. Ranks that build nothing, but for rank 0, may leave `observed` and `sketch` NULL. */
int factor_graph_run(struct runtime *runtime, const struct factor_graph_input *input,
                     const struct progress_sink *progress, struct error *err);

#endif
