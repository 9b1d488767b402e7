/* The study's one SVD: computed by rank 0, sent to the machines whose ranks build operators from it, one copy
 * a machine. */
#ifndef ARETE_TASKS_SHARED_SVD_H
#define ARETE_TASKS_SHARED_SVD_H

#include "model/ridge/covariates.h"
#include "model/ridge/svd.h"
#include "planning/placement.h"
#include "ranks/window.h"
#include "tasks/progress.h"
#include "tasks/runtime.h"

#include <starpu.h>

struct shared_svd {
    struct window memory;
    struct svd svd;
    starpu_data_handle_t vectors; /* guards both arrays of svd */
};

/* gram: n x n, rank 0's alone. Refuses a smallest penalty that float32 cannot hold (svd_check_penalty). The
 * builders of `placement` can use it afterwards. Collective. */
int shared_svd_compute(struct shared_svd *shared, struct runtime *runtime, const double *gram,
                       const struct covariates *covariates, double smallest_penalty,
                       const struct placement *placement, const struct progress_sink *progress,
                       struct error *err);
/* Collective, as window_close; safe on a zeroed struct. */
void shared_svd_free(struct shared_svd *shared, struct ranks *ranks);

#endif
