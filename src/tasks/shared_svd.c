#include "tasks/shared_svd.h"

#include "base/memory.h"
#include "codelets/compute_svd.h"
#include "ranks/collectives.h"
#include "tasks/handles.h"

#include <stdlib.h>

/* Of each machine, whether one of its ranks builds operators; the caller's to free. */
static bool *builders_of(const struct placement *placement, struct error *err)
{
    bool *builders = memory_zeroed((size_t)placement->n_machines, sizeof *builders, "the machines", err);
    for (size_t k = 0; builders != NULL && k < placement->n_penalties; k++)
        builders[placement->machine[placement_builder(placement, k)]] = true;
    return builders;
}

int shared_svd_compute(struct shared_svd *shared, struct runtime *runtime,
                       const struct shared_svd_input *input, const struct placement *placement,
                       const struct progress_sink *progress, struct error *err)
{
    const double *gram = input->gram;
    const struct covariates *covariates = input->covariates;

    struct ranks *ranks = runtime->ranks;
    size_t n = covariates->n, c = covariates->c;
    *shared = (struct shared_svd){0};
    bool *builders = builders_of(placement, err);
    if (shared_memory_open(&shared->memory, ranks, svd_storage(n, c), sizeof(double),
                           "the singular vectors and values", err) == 0) {
        svd_init_in(&shared->svd, n, c, shared->memory.bytes);
        handles_register_matrix(&shared->vectors, shared->svd.vectors, shared->svd.rank, n, n,
                                sizeof *shared->svd.vectors);
    }
    if (collectives_agree(ranks, err) == 0 && ranks->rank == 0) {
        struct compute_svd_args args = {.status = runtime->status,
                                        .gram = gram,
                                        .covariates = covariates,
                                        .smallest_penalty = input->smallest_penalty,
                                        .largest_penalty = input->largest_penalty,
                                        .svd = &shared->svd};
        compute_svd_submit(&args, shared->vectors, err);
        runtime_wait(runtime, progress, "while computing the SVD", err);
    }
    if (shared_memory_sync(ranks, err) == 0)
        shared_memory_broadcast(ranks, shared->memory.bytes, shared->memory.count_bytes, 0, builders, err);
    free(builders);
    return shared_memory_sync(ranks, err);
}

void shared_svd_free(struct shared_svd *shared, struct ranks *ranks)
{
    handles_unregister(&shared->vectors, 1);
    shared_memory_close(&shared->memory, ranks);
    *shared = (struct shared_svd){0};
}
