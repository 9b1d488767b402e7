/* Task: the scores of a column tile, from its sums at all penalty nodes. Sums at the other penalties are
 * combined from them; each fold chooses its penalty; the folds' r2 become the score
 * (model/ridge/score_nodes.h). */
#ifndef ARETE_CODELETS_REDUCE_H
#define ARETE_CODELETS_REDUCE_H

#include "codelets/run_status.h"
#include "model/ridge/score_nodes.h"

#include <starpu.h>
#include <stdatomic.h>
#include <stddef.h>

struct reduce_args {
    struct run_status *status;
    enum score_kind kind;
    const struct penalty_nodes *nodes;
    const size_t *n_test; /* n_outer */
    size_t columns;
    atomic_llong *n_reduced; /* one more for each tile, for progress */
};

/* sums: a handle for each node, 2F x columns floats, read. baseline: F x columns floats, read. scores:
 * `columns` floats, written. Poisoned sums (codelets/run_status.h) make poisoned scores, which save_block
 * does not save. */
int reduce_submit(const struct reduce_args *args, const starpu_data_handle_t *sums,
                  starpu_data_handle_t baseline, starpu_data_handle_t scores, int priority,
                  struct error *err);

/* What a worker runs. buffers: scores, baseline, the sums of each node; cl_arg: struct reduce_args, packed.
 */
void reduce_cpu(void *buffers[], void *cl_arg);

#endif
