/* Task: what is made of one outer fold at one penalty, each if asked for: its operators for the permutations,
 * its part of the observed scores, its sketches for the penalty nodes. */
#ifndef ARETE_CODELETS_LOAD_FOLD_H
#define ARETE_CODELETS_LOAD_FOLD_H

#include "codelets/run_status.h"
#include "model/ridge/observed.h"
#include "model/ridge/operators.h"
#include "model/ridge/penalty_sketch.h"

#include <starpu.h>
#include <stddef.h>

struct load_fold_args {
    struct run_status *status;
    const double *p; /* P, n x n, guarded by the tiles' handles */
    const struct folds *folds;
    const struct operator_layout *layout; /* of this fold */
    const struct lost_directions *lost;   /* of this fold */
    size_t outer_fold;
    size_t penalty;                /* its index in `observed` and `sketch` */
    struct observed *observed;     /* NULL: no observed scores are wanted */
    struct penalty_sketch *sketch; /* NULL: no sketches are wanted */
    const double *fitted;          /* w = P y, n x T, if `observed`; behind it P S, n x probes, if `sketch` */
    bool is_kept;                  /* whether the operators are; set by load_fold_submit */
};

/* Doubles of workspace for a fold of this layout; observed and sketch as above. */
size_t load_fold_workspace(const struct operator_layout *layout, const struct folds *folds,
                           const struct observed *observed, const struct penalty_sketch *sketch);

/* tiles: n_tiles handles that guard args->p. fitted: n_fitted handles that guard args->fitted. workspace:
 * scratch doubles. operators: float32, as args->layout says, written; NULL: not wanted. */
int load_fold_submit(const struct load_fold_args *args, const starpu_data_handle_t *tiles, size_t n_tiles,
                     const starpu_data_handle_t *fitted, size_t n_fitted, starpu_data_handle_t workspace,
                     starpu_data_handle_t operators, struct error *err);

/* What a worker runs. buffers: workspace, then operators where they are kept; cl_arg: struct load_fold_args,
 * packed. */
void load_fold_cpu(void *buffers[], void *cl_arg);

#endif
