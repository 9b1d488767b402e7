/* Task: the baseline's squared errors of the outer folds, for a tile of columns: the model without SNPs,
 * lambda = infinity (model/ridge/baseline.h). Cheap beside ridge_batch, as it is of low rank. */
#ifndef ARETE_CODELETS_BASELINE_BATCH_H
#define ARETE_CODELETS_BASELINE_BATCH_H

#include "codelets/run_status.h"
#include "model/ridge/baseline.h"

#include <starpu.h>
#include <stddef.h>

struct baseline_batch_args {
    struct run_status *status;
    const struct folds *folds;
    struct fold_span span; /* whose errors are wanted */
    const struct baseline *baseline;
    size_t columns;
};

/* gathered: the permuted targets, n x columns, read. workspace: scratch floats, ridge_workspace of them.
 * sums: span.count x columns, written. */
int baseline_batch_submit(const struct baseline_batch_args *args, starpu_data_handle_t gathered,
                          starpu_data_handle_t workspace, starpu_data_handle_t sums, int priority,
                          struct error *err);

/* What a worker runs. buffers: gathered, workspace, sums; cl_arg: struct baseline_batch_args, packed. */
void baseline_batch_cpu(void *buffers[], void *cl_arg);

#endif
