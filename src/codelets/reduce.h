/* Task: from the sums of all penalty nodes to the scores of a column tile: combine them to those of every
 * penalty, choose each fold's, score, combine over folds. */
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
    atomic_llong *n_reduced; /* counts finished tiles, for progress */
};

/* Poisoned sums (run_status.h) give poisoned scores, which save_block does not save.
 * sums: a handle for each node, then baseline. scores: `columns` floats, written. */
int reduce_submit(const struct reduce_args *args, const starpu_data_handle_t *sums,
                  starpu_data_handle_t baseline, starpu_data_handle_t scores, int priority,
                  struct error *err);

#endif
