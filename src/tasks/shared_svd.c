#include "tasks/shared_svd.h"

#include "base/memory.h"
#include "codelets/compute_svd.h"
#include "codelets/finish_svd.h"
#include "ranks/collectives.h"
#include "tasks/handles.h"
#include "tasks/tridiagonal_graph.h"

#include <stdlib.h>

static const char interrupted[] = "while computing the SVD";

/* In rank 0: all but turning the vectors back. */
static int compute(struct shared_svd *shared, struct runtime *runtime, const struct shared_svd_input *input,
                   struct svd_reduction *reduction, const struct progress_sink *progress, struct error *err)
{
    struct compute_svd_args args = {.status = runtime->status,
                                    .gram = input->gram,
                                    .covariates = input->covariates,
                                    .smallest_penalty = input->smallest_penalty,
                                    .largest_penalty = input->largest_penalty,
                                    .svd = &shared->svd,
                                    .reduction = reduction};
    begin_svd_submit(&args, shared->vectors, err);
    if (runtime_wait(runtime, progress, interrupted, err) == 0 &&
        tridiagonal_graph_run(runtime, &reduction->tridiagonal, progress, interrupted, err) == 0) {
        compute_svd_submit(&args, shared->vectors, err);
        runtime_wait(runtime, progress, interrupted, err);
    }
    return err->code;
}

/* Turns back the vectors of this rank's slabs: those of rank 0's machine share them. A handle for each slab
 * guards this last step; those before have had all of them. */
static int finish(struct shared_svd *shared, struct runtime *runtime, const struct svd_reduction *reduction,
                  const struct progress_sink *progress, struct error *err)
{
    struct svd *svd = &shared->svd;
    struct fold_span own =
        placement_cut(svd_slabs(svd->rank), runtime->ranks->n_local, runtime->ranks->local);
    starpu_data_handle_t *slabs = memory_zeroed(own.count, sizeof *slabs, "the SVD", err);
    for (size_t s = 0; slabs != NULL && err->code == 0 && s < own.count; s++) {
        size_t slab = own.first + s;
        handles_register_vector(&slabs[s], svd->vectors + slab * SVD_SLAB * svd->n, svd->n,
                                sizeof *svd->vectors);
        finish_svd_submit(&(struct finish_svd_args){runtime->status, svd, reduction, slab}, slabs[s], err);
    }
    runtime_wait(runtime, progress, interrupted, err);
    handles_unregister(slabs, own.count);
    free(slabs);
    return err->code;
}

/* turning: what is under way, in memory that the ranks of rank 0's machine share. */
static int compute_all(struct shared_svd *shared, struct runtime *runtime,
                       const struct shared_svd_input *input, const struct shared_memory *turning,
                       const struct progress_sink *progress, struct error *err)
{
    struct ranks *ranks = runtime->ranks;
    struct svd_reduction reduction = {0};
    if (ranks->machine == 0)
        svd_reduction_init_in(&reduction, input->covariates->n, input->covariates->c, turning->bytes);
    if (ranks->rank == 0)
        compute(shared, runtime, input, &reduction, progress, err);
    if (shared_memory_sync(ranks, err) == 0 && ranks->machine == 0)
        finish(shared, runtime, &reduction, progress, err);
    svd_reduction_free(&reduction);
    return err->code;
}

int shared_svd_compute(struct shared_svd *shared, struct runtime *runtime,
                       const struct shared_svd_input *input, const struct placement *placement,
                       const struct progress_sink *progress, struct error *err)
{
    struct ranks *ranks = runtime->ranks;
    struct shared_memory turning = {0};
    size_t n = input->covariates->n, c = input->covariates->c;
    *shared = (struct shared_svd){0};
    shared->has = memory_zeroed((size_t)ranks->n_machines, sizeof *shared->has, "the machines", err);
    if (shared_memory_open(&shared->memory, ranks, svd_storage(n, c), sizeof(double),
                           "the singular vectors and values", err) == 0) {
        svd_init_in(&shared->svd, n, c, shared->memory.bytes);
        handles_register_matrix(&shared->vectors, shared->svd.vectors, shared->svd.rank, n, n,
                                sizeof *shared->svd.vectors);
    }
    if (err->code == 0)
        shared_memory_open(&turning, ranks, ranks->machine == 0 ? svd_reduction_storage(n, c) : 0,
                           sizeof(double), "the SVD", err);
    if (collectives_agree(ranks, err) == 0)
        compute_all(shared, runtime, input, &turning, progress, err);
    shared_svd_carry(shared, ranks, placement, err);
    shared_memory_close(&turning, ranks);
    return err->code;
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
