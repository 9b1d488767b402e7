/* Task: one outer fold at one penalty: its operators for the permutations, its part of the observed scores,
 * its sketches for the penalty nodes; each when asked for. */
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
    const double *p; /* n x n, guarded by the tiles' handles */
    const struct folds *folds;
    const struct operator_layout *layout;
    const struct lost_directions *lost;
    size_t n_covariates, outer_fold, penalty; /* penalty: its index, for `observed` and `sketch` */
    struct observed *observed;                /* NULL when the observed scores are known */
    struct penalty_sketch *sketch;            /* NULL when there are no sketches to make */
    const double *fitted;                     /* w, then P S: n x T and n x r, guarded by handles */
};

/* Elements of the double workspace for a fold of this layout; observed and sketch as above. */
size_t load_fold_workspace(const struct operator_layout *layout, const struct folds *folds,
                           const struct observed *observed, const struct penalty_sketch *sketch);

/* tiles: n_tiles handles of P in double; fitted: n_fitted handles that guard all of args->fitted; workspace:
 * scratch doubles; operators: float32, in the layout, written; NULL where they are not wanted. */
int load_fold_submit(const struct load_fold_args *args, const starpu_data_handle_t *tiles, size_t n_tiles,
                     const starpu_data_handle_t *fitted, size_t n_fitted, starpu_data_handle_t workspace,
                     starpu_data_handle_t operators, struct error *err);

#endif
