/* Task: draw the permutations of a column tile and copy the targets' rows in their order. Done once; all
 * penalties read the result. */
#ifndef ARETE_CODELETS_GATHER_TARGETS_H
#define ARETE_CODELETS_GATHER_TARGETS_H

#include "codelets/run_status.h"
#include "model/ridge/ridge.h"
#include "model/stats/permutation.h"

#include <starpu.h>
#include <stddef.h>
#include <stdint.h>

struct gather_targets_args {
    struct run_status *status;
    const struct permutation_scheme *scheme;
    const struct ridge_tiling *tiling;
    uint64_t first_permutation; /* of the unit */
    size_t slice;               /* of the targets */
};

/* targets: n x T float32, read. orders: scratch, 2 n words of 32 bits. gathered: n x columns float32,
 * written. */
int gather_targets_submit(const struct gather_targets_args *args, starpu_data_handle_t targets,
                          starpu_data_handle_t orders, starpu_data_handle_t gathered, int priority,
                          struct error *err);

/* What a worker runs. buffers: targets, orders, gathered; cl_arg: struct gather_targets_args, packed. */
void gather_targets_cpu(void *buffers[], void *cl_arg);

#endif
