/* Task: add a chunk's tile of K, which is complete, to the total. */
#ifndef ARETE_CODELETS_GRAM_ADD_H
#define ARETE_CODELETS_GRAM_ADD_H

#include "codelets/run_status.h"

#include <starpu.h>

/* chunk (read) and total (added to): the same tile of two n x n arrays of doubles. */
int gram_add_submit(struct run_status *status, starpu_data_handle_t chunk, starpu_data_handle_t total,
                    struct error *err);

/* What a worker runs. buffers: chunk, total; cl_arg: struct run_status *, packed. */
void gram_add_cpu(void *buffers[], void *cl_arg);

#endif
