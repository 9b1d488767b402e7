/* Task: add a chunk's tile of K, which is complete, to the total; and a tile's or a chunk's row of
 * heterozygosity to a sum. */
#ifndef ARETE_CODELETS_GRAM_ADD_H
#define ARETE_CODELETS_GRAM_ADD_H

#include "codelets/run_status.h"

#include <starpu.h>

/* chunk (read) and total (added to): matrices of doubles of one shape and one leading dimension. */
int gram_add_submit(struct run_status *status, starpu_data_handle_t chunk, starpu_data_handle_t total,
                    struct error *err);

/* What a worker runs. buffers: chunk, total; cl_arg: struct run_status *, packed. */
void gram_add_cpu(void *buffers[], void *cl_arg);

#endif
