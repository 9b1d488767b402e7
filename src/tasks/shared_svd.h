/* The study's one SVD. Rank 0 computes it, and the other ranks of its machine help to turn the vectors back;
 * machines with a rank that builds operators or forms get it, one
 * copy for each machine. */
#ifndef ARETE_TASKS_SHARED_SVD_H
#define ARETE_TASKS_SHARED_SVD_H

#include "model/ridge/covariates.h"
#include "model/ridge/svd.h"
#include "planning/placement.h"
#include "ranks/shared_memory.h"
#include "tasks/progress.h"
#include "tasks/runtime.h"

#include <starpu.h>
#include <stdbool.h>

struct shared_svd {
    struct shared_memory memory;
    struct svd svd;
    starpu_data_handle_t vectors; /* guards both arrays of svd: eigenvectors and eigenvalues */
    bool *has;                    /* of each machine, whether it was sent there; of rank 0's too */
};

struct shared_svd_input {
    const double *gram; /* K, n x n, both triangles; in rank 0 only */
    const struct covariates *covariates;
    double smallest_penalty, largest_penalty; /* lambdas; what float32 cannot serve is refused */
};

/* Afterwards the builders of `placement` can read the SVD. Collective. */
int shared_svd_compute(struct shared_svd *shared, struct runtime *runtime,
                       const struct shared_svd_input *input, const struct placement *placement,
                       const struct progress_sink *progress, struct error *err);
/* To the builders of another placement, where they do not have it yet. Collective. */
int shared_svd_carry(struct shared_svd *shared, struct ranks *ranks, const struct placement *placement,
                     struct error *err);
/* Collective, like shared_memory_close. Safe on a zeroed struct. */
void shared_svd_free(struct shared_svd *shared, struct ranks *ranks);

#endif
