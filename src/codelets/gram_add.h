/* Task: add a finished chunk's tile of K to the total. */
#ifndef ARETE_CODELETS_GRAM_ADD_H
#define ARETE_CODELETS_GRAM_ADD_H

#include "codelets/run_status.h"

#include <starpu.h>

/* chunk and total: the same tile of the two n x n arrays. */
int gram_add_submit(struct run_status *status, starpu_data_handle_t chunk, starpu_data_handle_t total,
                    struct error *err);

#endif
