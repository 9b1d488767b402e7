/* Task: from a column tile's sums at all penalty nodes to its scores. Sums at the other penalties are
 * combined from them; each fold chooses its penalty; the folds' r2 become the score
 * (model/ridge/score_nodes.h). Where it has not the last of the folds: what its folds add to the sums of the
 * folds before. */
#ifndef ARETE_CODELETS_REDUCE_H
#define ARETE_CODELETS_REDUCE_H

#include "codelets/run_status.h"
#include "model/ridge/score_nodes.h"

#include <starpu.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

struct reduce_args {
    struct run_status *status;
    enum score_kind kind;
    const struct penalty_nodes *nodes;
    const size_t *n_test; /* n_outer */
    struct fold_span span;
    size_t columns;
    const double *from;      /* sums of the folds before, as score_nodes.h has them; NULL in the first */
    atomic_llong *n_reduced; /* one more for each tile, for progress */
};

/* Handles of floats but for `from` and, unless it is the last folds' tile, `to`. */
struct reduce_data {
    const starpu_data_handle_t *sums; /* of each node: 2F x columns, read */
    starpu_data_handle_t baseline;    /* F x columns, read */
    starpu_data_handle_t from;        /* guards args->from, read; NULL: nothing has to */
    starpu_data_handle_t to;          /* `columns` scores or their sums in double, written */
};

/* Poisoned sums (codelets/run_status.h) make poisoned scores, which save_block does not save. */
int reduce_submit(const struct reduce_args *args, const struct reduce_data *data, int priority,
                  struct error *err);

/* What a worker runs. buffers: to, baseline, the sums of each node; cl_arg: struct reduce_args, packed. */
void reduce_cpu(void *buffers[], void *cl_arg);

#endif
