/* Task: inner criterion and outer error of the outer folds at one penalty, for a tile of columns (ridge_tile
 * of model/ridge/ridge.h). Nearly all flops of a study are spent here. */
#ifndef ARETE_CODELETS_RIDGE_BATCH_H
#define ARETE_CODELETS_RIDGE_BATCH_H

#include "codelets/run_status.h"
#include "model/ridge/ridge.h"

#include <starpu.h>
#include <stddef.h>

struct ridge_batch_args {
    struct run_status *status;
    const struct folds *folds;
    struct fold_span span;                 /* the folds that have operators here */
    const struct operator_layout *layouts; /* span.count */
    size_t columns;
};

/* What the task works on, all floats. */
struct ridge_batch_data {
    starpu_data_handle_t p;                     /* P, n x n, read */
    const starpu_data_handle_t *fold_operators; /* span.count, read */
    starpu_data_handle_t gathered;              /* the permuted targets, n x columns, read */
    starpu_data_handle_t workspace;             /* scratch, ridge_workspace of it */
    starpu_data_handle_t sums; /* 2 span.count x columns, written; poisoned if the run has failed */
};

int ridge_batch_submit(const struct ridge_batch_args *args, const struct ridge_batch_data *data, int priority,
                       struct error *err);

/* What a worker runs. buffers: p, gathered, workspace, sums, the operators of each fold; cl_arg: struct
 * ridge_batch_args, packed. */
void ridge_batch_cpu(void *buffers[], void *cl_arg);

#endif
