/* Task: multiply P of one penalty, in double, by some columns. These are targets (w = P y, for the observed
 * scores) or probes (P S, for the sketches of the penalty nodes). */
#ifndef ARETE_CODELETS_APPLY_OPERATOR_H
#define ARETE_CODELETS_APPLY_OPERATOR_H

#include "codelets/run_status.h"

#include <starpu.h>
#include <stddef.h>

struct apply_operator_args {
    struct run_status *status;
    const double *p; /* n x n, guarded by the tiles' handles */
    size_t n;
    const double *columns; /* n x count, row-major, leading dimension ld */
    double *fitted;        /* P times them, of the same shape and leading dimension; written */
    size_t ld, count;
};

/* tiles: n_tiles handles that guard args->p, read. fitted: the handle that guards args->fitted, written. */
int apply_operator_submit(const struct apply_operator_args *args, const starpu_data_handle_t *tiles,
                          size_t n_tiles, starpu_data_handle_t fitted, struct error *err);

/* What a worker runs. buffers: fitted, then the tiles, none looked at; cl_arg: struct apply_operator_args,
 * packed. */
void apply_operator_cpu(void *buffers[], void *cl_arg);

#endif
