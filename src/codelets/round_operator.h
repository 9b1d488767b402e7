/* Task: P of one penalty rounded to float32 for the permutations, and w = P y in double for the observed
 * scores. */
#ifndef ARETE_CODELETS_ROUND_OPERATOR_H
#define ARETE_CODELETS_ROUND_OPERATOR_H

#include "codelets/run_status.h"

#include <starpu.h>
#include <stddef.h>

struct round_operator_args {
    struct run_status *status;
    const double *p; /* n x n, guarded by the tiles' handles */
    size_t n;
    const double *targets; /* n x T, or NULL when the observed scores are known: no w then */
    size_t n_targets;
};

/* tiles: n_tiles handles of P in double, read. single: P in float32, written. fitted: w, n x T doubles,
 * written. */
int round_operator_submit(const struct round_operator_args *args, const starpu_data_handle_t *tiles,
                          size_t n_tiles, starpu_data_handle_t single, starpu_data_handle_t fitted,
                          struct error *err);

#endif
