/* Task: the operators of one outer fold at one penalty, and (when asked) its part of the observed scores. */
#ifndef ARETE_CODELETS_LOAD_FOLD_H
#define ARETE_CODELETS_LOAD_FOLD_H

#include "codelets/run_status.h"
#include "model/observed.h"
#include "model/operators.h"

#include <starpu.h>
#include <stddef.h>

struct load_fold_args {
    struct run_status *status;
    const double *p; /* n x n, guarded by the tiles' handles */
    const struct folds *folds;
    const struct operator_layout *layout;
    const struct lost_directions *lost;
    size_t n_covariates, outer_fold, penalty; /* penalty: its index, for `observed` */
    struct observed *observed;                /* NULL when the observed scores are known */
};

/* Elements of the double workspace for a fold of this layout. */
size_t load_fold_workspace(const struct operator_layout *layout, const struct folds *folds, size_t n_targets);

/* tiles: n_tiles handles of P in double; fitted: w = P y; workspace: scratch doubles; operators: float32, in
 * the layout, written. */
int load_fold_submit(const struct load_fold_args *args, const starpu_data_handle_t *tiles, size_t n_tiles,
                     starpu_data_handle_t fitted, starpu_data_handle_t workspace,
                     starpu_data_handle_t operators, struct error *err);

#endif
