/* Task: P of one penalty, rounded to float32 for the permutations. */
#ifndef ARETE_CODELETS_ROUND_OPERATOR_H
#define ARETE_CODELETS_ROUND_OPERATOR_H

#include "codelets/run_status.h"

#include <starpu.h>
#include <stddef.h>

struct round_operator_args {
    struct run_status *status;
    const double *p; /* n x n, guarded by the tiles' handles */
    size_t n;
};

/* tiles: n_tiles handles that guard args->p, read. single: n x n floats, written. */
int round_operator_submit(const struct round_operator_args *args, const starpu_data_handle_t *tiles,
                          size_t n_tiles, starpu_data_handle_t single, struct error *err);

/* What a worker runs. buffers: single, then the tiles, not looked at; cl_arg: struct
 * round_operator_args, packed. */
void round_operator_cpu(void *buffers[], void *cl_arg);

#endif
