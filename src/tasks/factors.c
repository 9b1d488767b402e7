#include "tasks/factors.h"

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
static size_t penalty_floats(const struct factors *factors)
{
    size_t count = padded(factors->n * factors->n);
    for (size_t o = 0; o < factors->n_outer; o++)
        count += padded(factors->layouts[o].count);
    return count;
}

static void register_penalty(struct factors *factors, size_t k, float *at)
{
    size_t n = factors->n;
    factors->p[k] = at;
    handles_register_matrix(&factors->p_handles[k], at, n, n, n, sizeof *at);
    at += padded(n * n);
    for (size_t o = 0; o < factors->n_outer; o++) {
        size_t i = k * factors->n_outer + o, count = factors->layouts[o].count;
        factors->folds[i] = at;
        handles_register_vector(&factors->fold_handles[i], at, count, sizeof *at);
        at += padded(count);
    }
}

static int allocate_lists(struct factors *factors, const struct folds *folds, struct error *err)
{
    size_t n_folds = factors->n_penalties * factors->n_outer;
    factors->layouts = memory_zeroed(factors->n_outer, sizeof *factors->layouts, "the operators", err);
    factors->p = memory_zeroed(factors->n_penalties, sizeof *factors->p, "the operators", err);
    factors->folds = memory_zeroed(n_folds, sizeof *factors->folds, "the operators", err);
    factors->p_handles =
        memory_zeroed(factors->n_penalties, sizeof *factors->p_handles, "the operators", err);
    factors->fold_handles = memory_zeroed(n_folds, sizeof *factors->fold_handles, "the operators", err);
    for (size_t o = 0; err->code == 0 && o < factors->n_outer; o++)
        operator_layout_init(&factors->layouts[o], &folds->rows[o], folds->n_inner, err);
    return err->code;
}

int factors_init(struct factors *factors, struct ranks *ranks, const struct placement *placement,
                 const struct folds *folds, struct error *err)
{
    *factors =
        (struct factors){.n = folds->n, .n_penalties = placement->n_penalties, .n_outer = folds->n_outer};
    size_t held = 0;
    for (size_t k = 0; k < factors->n_penalties; k++)
        held += placement_holds(placement, ranks->machine, k);
    size_t floats = allocate_lists(factors, folds, err) == 0 ? penalty_floats(factors) : 0;
    if (window_open(&factors->memory, ranks, held * floats, sizeof(float), "the operators", err) != 0)
        return err->code;
    float *at = factors->memory.bytes;
    for (size_t k = 0; k < factors->n_penalties; k++)
        if (placement_holds(placement, ranks->machine, k)) {
            register_penalty(factors, k, at);
            at += floats;
        }
    return 0;
}

int factors_spread(struct factors *factors, struct ranks *ranks, const struct placement *placement,
                   struct error *err)
{
    window_settle(ranks, err);
    for (size_t k = 0; err->code == 0 && k < factors->n_penalties; k++)
        window_spread(ranks, factors->p[k], penalty_floats(factors) * sizeof(float),
                      placement_builder(placement, k), placement->held + k * (size_t)placement->n_machines,
                      err);
    return window_settle(ranks, err);
}

void factors_free(struct factors *factors, struct ranks *ranks)
{
    handles_unregister(factors->p_handles, factors->n_penalties);
    handles_unregister(factors->fold_handles, factors->n_penalties * factors->n_outer);
    window_close(&factors->memory, ranks);
    for (size_t o = 0; factors->layouts != NULL && o < factors->n_outer; o++)
        operator_layout_free(&factors->layouts[o]);
    free(factors->layouts);
    free(factors->p_handles);
    free(factors->fold_handles);
    free(factors->p);
    free(factors->folds);
    *factors = (struct factors){0};
}

double factors_bytes_per_penalty(const struct folds *folds)
{
    double n = (double)folds->n, elements = n * n;
    for (size_t o = 0; o < folds->n_outer; o++) {
        struct fold_sizes sizes = fold_sizes_of(&folds->rows[o], folds->n_inner);
        elements += fold_sizes_elements(&sizes);
    }
    return elements * sizeof(float);
}
