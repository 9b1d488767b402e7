/* Task: inner criterion and outer error of every fold at one penalty, for a tile of columns. Nearly all flops
 * of a study. */
#ifndef ARETE_CODELETS_RIDGE_BATCH_H
#define ARETE_CODELETS_RIDGE_BATCH_H

#include "codelets/run_status.h"
#include "model/ridge/ridge.h"

#include <starpu.h>
#include <stddef.h>

struct ridge_batch_args {
    struct run_status *status;
    const struct folds *folds;
    const struct operator_layout *layouts; /* n_outer */
    size_t columns;
};

/* p: P in float32, n x n. fold_operators: n_outer handles. gathered: n x columns. workspace: scratch floats.
 * sums: 2F x columns, written. */
int ridge_batch_submit(const struct ridge_batch_args *args, starpu_data_handle_t p,
                       const starpu_data_handle_t *fold_operators, starpu_data_handle_t gathered,
                       starpu_data_handle_t workspace, starpu_data_handle_t sums, int priority,
                       struct error *err);

#endif
