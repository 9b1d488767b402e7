/* Task: what P of one penalty in double is needed for beyond its folds: P rounded to float32 for the
 * permutations, w = P y for the observed scores, P S for the sketches of the penalty nodes. */
#ifndef ARETE_CODELETS_ROUND_OPERATOR_H
#define ARETE_CODELETS_ROUND_OPERATOR_H

#include "codelets/run_status.h"

#include <starpu.h>
#include <stddef.h>

struct round_operator_args {
    struct run_status *status;
    const double *p; /* n x n, guarded by the tiles' handles */
    size_t n;
    const double *targets; /* n x T, or NULL when the observed scores are known */
    size_t n_targets;
    const double *probes; /* n x r, or NULL when there are no sketches to make */
    size_t n_probes;
};

/* tiles: n_tiles handles of P in double, read. single: P in float32, written; NULL where it is not wanted.
 * fitted: w then P S, n x T and n x r doubles one after the other, written. */
int round_operator_submit(const struct round_operator_args *args, const starpu_data_handle_t *tiles,
                          size_t n_tiles, starpu_data_handle_t single, starpu_data_handle_t fitted,
                          struct error *err);

#endif
