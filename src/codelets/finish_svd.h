/* Task: turn a slab of the SVD's vectors back (model/ridge/svd.h). */
#ifndef ARETE_CODELETS_FINISH_SVD_H
#define ARETE_CODELETS_FINISH_SVD_H

#include "codelets/run_status.h"
#include "model/ridge/svd.h"

#include <starpu.h>
#include <stddef.h>

struct finish_svd_args {
    struct run_status *status;
    struct svd *svd;
    const struct svd_reduction *reduction;
    size_t slab;
};

/* vectors: the handle that guards the slab, which the SVD has written. */
int finish_svd_submit(const struct finish_svd_args *args, starpu_data_handle_t vectors, struct error *err);

/* What a worker runs. buffers: vectors, not looked at; cl_arg: struct finish_svd_args, packed. */
void finish_svd_cpu(void *buffers[], void *cl_arg);

#endif
