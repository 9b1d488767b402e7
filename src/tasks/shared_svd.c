#include "tasks/shared_svd.h"

#include "base/memory.h"
#include "codelets/compute_svd.h"
#include "codelets/finish_svd.h"
#include "ranks/collectives.h"
#include "tasks/handles.h"
#include "tasks/tridiagonal_graph.h"

#include <stdlib.h>

/* A handle for each slab of vectors guards its last step; the reduction has them all. */
static int compute(struct shared_svd *shared, struct runtime *runtime, const struct shared_svd_input *input,
                   const struct progress_sink *progress, struct error *err)
{
    static const char interrupted[] = "while computing the SVD";
    struct svd *svd = &shared->svd;
    struct svd_reduction reduction = {0};
    size_t n_slabs = svd_slabs(svd->rank);
    starpu_data_handle_t *slabs = memory_zeroed(n_slabs, sizeof *slabs, "the SVD", err);
    if (slabs == NULL)
        return err->code;
    for (size_t s = 0; s < n_slabs; s++)
        handles_register_vector(&slabs[s], svd->vectors + s * SVD_SLAB * svd->n, svd->n,
                                sizeof *svd->vectors);
    struct compute_svd_args args = {.status = runtime->status,
                                    .gram = input->gram,
                                    .covariates = input->covariates,
                                    .smallest_penalty = input->smallest_penalty,
                                    .largest_penalty = input->largest_penalty,
                                    .svd = svd,
                                    .reduction = &reduction};
    begin_svd_submit(&args, shared->vectors, err);
    if (runtime_wait(runtime, progress, interrupted, err) == 0 &&
        tridiagonal_graph_run(runtime, &reduction.tridiagonal, progress, interrupted, err) == 0) {
        compute_svd_submit(&args, shared->vectors, err);
        runtime_wait(runtime, progress, interrupted, err);
    }
    for (size_t s = 0; err->code == 0 && s < n_slabs; s++)
        finish_svd_submit(&(struct finish_svd_args){runtime->status, svd, &reduction, s}, slabs[s], err);
    runtime_wait(runtime, progress, interrupted, err);
    handles_unregister(slabs, n_slabs);
    svd_reduction_free(&reduction);
    free(slabs);
    return err->code;
}

int shared_svd_compute(struct shared_svd *shared, struct runtime *runtime,
                       const struct shared_svd_input *input, const struct placement *placement,
                       const struct progress_sink *progress, struct error *err)
{
    struct ranks *ranks = runtime->ranks;
    size_t n = input->covariates->n, c = input->covariates->c;
    *shared = (struct shared_svd){0};
    shared->has = memory_zeroed((size_t)ranks->n_machines, sizeof *shared->has, "the machines", err);
    if (shared_memory_open(&shared->memory, ranks, svd_storage(n, c), sizeof(double),
                           "the singular vectors and values", err) == 0) {
        svd_init_in(&shared->svd, n, c, shared->memory.bytes);
        handles_register_matrix(&shared->vectors, shared->svd.vectors, shared->svd.rank, n, n,
                                sizeof *shared->svd.vectors);
    }
    if (collectives_agree(ranks, err) == 0 && ranks->rank == 0)
        compute(shared, runtime, input, progress, err);
    return shared_svd_carry(shared, ranks, placement, err);
}

/* Fills lacks[machine] and returns of how many it is true; from now on none lacks it. */
static int find_lacking(struct shared_svd *shared, const struct placement *placement, bool *lacks)
{
    int count = 0;
    for (int machine = 0; machine < placement->n_machines; machine++) {
        if (shared->has[machine] || !placement_machine_builds(placement, machine))
            continue;
        lacks[machine] = shared->has[machine] = true;
        count++;
    }
    return count;
}

int shared_svd_carry(struct shared_svd *shared, struct ranks *ranks, const struct placement *placement,
                     struct error *err)
{
    bool *lacks = memory_zeroed((size_t)ranks->n_machines, sizeof *lacks, "the machines", err);
    if (shared_memory_sync(ranks, err) == 0) {
        bool to_most = 2 * find_lacking(shared, placement, lacks) > ranks->n_machines; /* a tree is quicker */
        shared_memory_broadcast(ranks, shared->memory.bytes, shared->memory.count_bytes, 0,
                                to_most ? NULL : lacks, err);
    }
    free(lacks);
    return shared_memory_sync(ranks, err);
}

void shared_svd_free(struct shared_svd *shared, struct ranks *ranks)
{
    handles_unregister(&shared->vectors, 1);
    shared_memory_close(&shared->memory, ranks);
    free(shared->has);
    *shared = (struct shared_svd){0};
}
