#include "tasks/shared_operators.h"

#include "base/memory.h"
#include "model/ridge/fold_sizes.h"
#include "tasks/handles.h"

#include <stdlib.h>

/* Floats of an array with what it takes for the next one to begin on a cache line. */
static size_t padded(size_t n_floats)
{
    const size_t line = 64 / sizeof(float);
    return (n_floats + line - 1) / line * line;
}

/* Floats of one penalty: P, then the operators of each fold. */
static size_t penalty_floats(const struct shared_operators *shared)
{
    size_t count = padded(shared->n * shared->n);
    for (size_t o = 0; o < shared->span.count; o++)
        count += padded(shared->layouts[o].count);
    return count;
}

static void register_penalty(struct shared_operators *shared, size_t k, float *at)
{
    size_t n = shared->n;
    shared->p[k] = at;
    handles_register_matrix(&shared->p_handles[k], at, n, n, n, sizeof *at);
    at += padded(n * n);
    for (size_t o = 0; o < shared->span.count; o++) {
        size_t i = k * shared->span.count + o, count = shared->layouts[o].count;
        shared->folds[i] = at;
        handles_register_vector(&shared->fold_handles[i], at, count, sizeof *at);
        at += padded(count);
    }
}

static int allocate_lists(struct shared_operators *shared, const struct folds *folds, struct error *err)
{
    size_t n_folds = shared->n_penalties * shared->span.count;
    shared->layouts = memory_zeroed(shared->span.count, sizeof *shared->layouts, "the operators", err);
    shared->p = memory_zeroed(shared->n_penalties, sizeof *shared->p, "the operators", err);
    shared->folds = memory_zeroed(n_folds, sizeof *shared->folds, "the operators", err);
    shared->p_handles = memory_zeroed(shared->n_penalties, sizeof *shared->p_handles, "the operators", err);
    shared->fold_handles = memory_zeroed(n_folds, sizeof *shared->fold_handles, "the operators", err);
    for (size_t o = 0; err->code == 0 && o < shared->span.count; o++)
        operator_layout_init(&shared->layouts[o], &folds->rows[shared->span.first + o], folds->n_inner, err);
    return err->code;
}

int shared_operators_init(struct shared_operators *shared, struct ranks *ranks, size_t n_penalties,
                          const struct folds *folds, struct fold_span span, struct error *err)
{
    n_penalties = span.count > 0 ? n_penalties : 0;
    *shared = (struct shared_operators){.n = folds->n, .n_penalties = n_penalties, .span = span};
    size_t floats = allocate_lists(shared, folds, err) == 0 ? penalty_floats(shared) : 0;
    if (shared_memory_open(&shared->memory, ranks, n_penalties * floats, sizeof(float), "the operators",
                           err) != 0)
        return err->code;
    for (size_t k = 0; k < n_penalties; k++)
        register_penalty(shared, k, (float *)shared->memory.bytes + k * floats);
    return 0;
}

starpu_data_handle_t shared_operators_fold(const struct shared_operators *shared, size_t penalty,
                                           size_t outer_fold)
{
    const struct fold_span *span = &shared->span;
    return outer_fold >= span->first && outer_fold < span->first + span->count
               ? shared->fold_handles[penalty * span->count + outer_fold - span->first]
               : NULL;
}

int shared_operators_broadcast(struct shared_operators *shared, struct ranks *ranks,
                               const struct placement *placement, struct error *err)
{
    shared_memory_sync(ranks, err);
    for (size_t k = 0; err->code == 0 && k < shared->n_penalties; k++)
        shared_memory_broadcast(ranks, shared->p[k], penalty_floats(shared) * sizeof(float),
                                placement_rank(placement, placement_machine(placement, k), 0), NULL, err);
    return shared_memory_sync(ranks, err);
}

void shared_operators_free(struct shared_operators *shared, struct ranks *ranks)
{
    handles_unregister(shared->p_handles, shared->n_penalties);
    handles_unregister(shared->fold_handles, shared->n_penalties * shared->span.count);
    shared_memory_close(&shared->memory, ranks);
    for (size_t o = 0; shared->layouts != NULL && o < shared->span.count; o++)
        operator_layout_free(&shared->layouts[o]);
    free(shared->layouts);
    free(shared->p_handles);
    free(shared->fold_handles);
    free(shared->p);
    free(shared->folds);
    *shared = (struct shared_operators){0};
}

double shared_operators_bytes_per_penalty(const struct folds *folds, struct fold_span span)
{
    double n = (double)folds->n, elements = n * n;
    for (size_t k = 0; k < span.count; k++) {
        struct fold_sizes sizes = fold_sizes_of(&folds->rows[span.first + k], folds->n_inner);
        elements += fold_sizes_elements(&sizes);
    }
    return elements * sizeof(float);
}
