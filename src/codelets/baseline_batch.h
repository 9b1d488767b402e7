/* Task: ridge_batch at lambda = infinity: the baseline's errors for a tile of columns. Low rank, cheap. */
#ifndef ARETE_CODELETS_BASELINE_BATCH_H
#define ARETE_CODELETS_BASELINE_BATCH_H

#include "codelets/run_status.h"
#include "model/ridge/baseline.h"

#include <starpu.h>
#include <stddef.h>

struct baseline_batch_args {
    struct run_status *status;
    const struct folds *folds;
    const struct baseline *baseline;
    size_t columns;
};

/* gathered: n x columns. workspace: scratch floats. sums: F x columns, written. */
int baseline_batch_submit(const struct baseline_batch_args *args, starpu_data_handle_t gathered,
                          starpu_data_handle_t workspace, starpu_data_handle_t sums, int priority,
                          struct error *err);

#endif
