/* Task: from the sums of all penalties to the scores of a column tile: choose each fold's penalty, score,
 * combine over folds. */
#ifndef ARETE_CODELETS_REDUCE_H
#define ARETE_CODELETS_REDUCE_H

#include "codelets/run_status.h"
#include "model/score.h"

#include <starpu.h>
#include <stdatomic.h>
#include <stddef.h>

struct reduce_args {
    struct run_status *status;
    enum score_kind kind;
    const size_t *n_test; /* n_outer */
    size_t n_outer, n_penalties, columns;
    atomic_llong *n_reduced; /* counts finished tiles, for progress */
};

/* sums: n_penalties handles, then baseline. scores: `columns` floats, written. */
int reduce_submit(const struct reduce_args *args, const starpu_data_handle_t *sums,
                  starpu_data_handle_t baseline, starpu_data_handle_t scores, int priority,
                  struct error *err);

#endif
