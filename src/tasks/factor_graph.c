#include "tasks/factor_graph.h"

#include "base/memory.h"
#include "codelets/load_fold.h"
#include "codelets/round_operator.h"
#include "codelets/run_status.h"
#include "codelets/svd.h"
#include "codelets/tile_product.h"

#include <stdlib.h>

/* P in double is needed only until its penalty's folds are built: two of them take turns, so that one
 * penalty's last folds overlap the next one's product. Tiles of P: at most 8 x 8, a cut that depends on n
 * alone. */
enum { N_SLOTS = 2, LEAST_TILE = 512, MOST_PARTS = 8, MOST_TILES = MOST_PARTS * (MOST_PARTS + 1) / 2 };

static const char interrupted[] = "while building the operators";

/* P of one penalty in double and w = P y; the tiles' handles stand for all of P. */
struct factor_slot {
    double *p, *fitted;
    starpu_data_handle_t tiles[MOST_TILES], fitted_handle;
};

struct factor_run {
    struct runtime *runtime;
    const struct factor_graph_input *input;
    struct factors *factors;
    struct svd svd;
    struct lost_directions *lost; /* n_outer */
    struct factor_slot slots[N_SLOTS];
    starpu_data_handle_t vectors, tile_workspace, fold_workspace;
    size_t n_parts;
};

static size_t parts_of(size_t n)
{
    size_t parts = n / LEAST_TILE;
    return parts < 1 ? 1 : parts > MOST_PARTS ? MOST_PARTS : parts;
}

static size_t part_start(const struct factor_run *run, size_t part)
{
    return run->factors->n * part / run->n_parts;
}

static size_t tile_count(const struct factor_run *run)
{
    return run->n_parts * (run->n_parts + 1) / 2;
}

static void register_matrix(starpu_data_handle_t *handle, void *array, size_t n_rows, size_t n_columns,
                            size_t size)
{
    starpu_matrix_data_register(handle, STARPU_MAIN_RAM, (uintptr_t)array, (uint32_t)n_columns,
                                (uint32_t)n_columns, (uint32_t)n_rows, size);
}

static int slot_init(struct factor_run *run, struct factor_slot *slot, struct error *err)
{
    size_t n = run->factors->n, columns = run->input->targets != NULL ? run->input->n_targets : 1;
    slot->p = memory_aligned(n * n, sizeof *slot->p, "P", err);
    slot->fitted = memory_aligned(n * columns, sizeof *slot->fitted, "P y", err);
    if (err->code != 0)
        return err->code;
    register_matrix(&slot->fitted_handle, slot->fitted, n, columns, sizeof *slot->fitted);
    for (size_t i = 0, k = 0; i < run->n_parts; i++)
        for (size_t j = 0; j <= i; j++, k++) {
            size_t row = part_start(run, i), column = part_start(run, j);
            starpu_matrix_data_register(&slot->tiles[k], STARPU_MAIN_RAM,
                                        (uintptr_t)(slot->p + row * n + column), (uint32_t)n,
                                        (uint32_t)(part_start(run, j + 1) - column),
                                        (uint32_t)(part_start(run, i + 1) - row), sizeof *slot->p);
        }
    return 0;
}

static void slot_free(struct factor_run *run, struct factor_slot *slot)
{
    for (size_t k = 0; k < tile_count(run); k++)
        if (slot->tiles[k] != NULL)
            starpu_data_unregister(slot->tiles[k]);
    if (slot->fitted_handle != NULL)
        starpu_data_unregister(slot->fitted_handle);
    free(slot->p);
    free(slot->fitted);
}

/* The arrays that stay: layouts, P and fold operators in float32, with their handles. */
static int factors_init(struct factors *factors, const struct factor_graph_input *input, struct error *err)
{
    size_t n = input->folds->n, n_outer = input->folds->n_outer, n_folds = input->n_penalties * n_outer;
    *factors = (struct factors){.n = n, .n_penalties = input->n_penalties, .n_outer = n_outer};
    factors->layouts = memory_zeroed(n_outer, sizeof *factors->layouts, "the operators", err);
    factors->p = memory_zeroed(input->n_penalties, sizeof *factors->p, "the operators", err);
    factors->folds = memory_zeroed(n_folds, sizeof *factors->folds, "the operators", err);
    factors->p_handles = memory_zeroed(input->n_penalties, sizeof *factors->p_handles, "the operators", err);
    factors->fold_handles = memory_zeroed(n_folds, sizeof *factors->fold_handles, "the operators", err);
    for (size_t o = 0; err->code == 0 && o < n_outer; o++)
        operator_layout_init(&factors->layouts[o], &input->folds->rows[o], input->folds->n_inner, err);
    for (size_t k = 0; err->code == 0 && k < input->n_penalties; k++) {
        factors->p[k] = memory_aligned(n * n, sizeof(float), "the operators (n x n floats a penalty)", err);
        if (factors->p[k] != NULL)
            register_matrix(&factors->p_handles[k], factors->p[k], n, n, sizeof(float));
        for (size_t o = 0; err->code == 0 && o < n_outer; o++) {
            size_t i = k * n_outer + o, count = factors->layouts[o].count;
            factors->folds[i] = memory_aligned(count, sizeof(float), "the operators of a fold", err);
            if (factors->folds[i] != NULL)
                starpu_vector_data_register(&factors->fold_handles[i], STARPU_MAIN_RAM,
                                            (uintptr_t)factors->folds[i], (uint32_t)count, sizeof(float));
        }
    }
    return err->code;
}

void factors_free(struct factors *factors)
{
    for (size_t k = 0; factors->p_handles != NULL && k < factors->n_penalties; k++)
        if (factors->p_handles[k] != NULL)
            starpu_data_unregister(factors->p_handles[k]);
    for (size_t i = 0; factors->fold_handles != NULL && i < factors->n_penalties * factors->n_outer; i++)
        if (factors->fold_handles[i] != NULL)
            starpu_data_unregister(factors->fold_handles[i]);
    for (size_t k = 0; factors->p != NULL && k < factors->n_penalties; k++)
        free(factors->p[k]);
    for (size_t i = 0; factors->folds != NULL && i < factors->n_penalties * factors->n_outer; i++)
        free(factors->folds[i]);
    for (size_t o = 0; factors->layouts != NULL && o < factors->n_outer; o++)
        operator_layout_free(&factors->layouts[o]);
    free(factors->layouts);
    free(factors->p);
    free(factors->folds);
    free(factors->p_handles);
    free(factors->fold_handles);
    *factors = (struct factors){0};
}

static int run_init(struct factor_run *run, struct error *err)
{
    const struct factor_graph_input *input = run->input;
    size_t n = run->factors->n, n_outer = run->factors->n_outer, most = 0;
    if (svd_init(&run->svd, n, input->covariates->c, err) != 0)
        return err->code;
    register_matrix(&run->vectors, run->svd.vectors, run->svd.rank, n, sizeof(double));
    run->lost = memory_zeroed(n_outer, sizeof *run->lost, "lost directions", err);
    for (size_t o = 0; err->code == 0 && o < n_outer; o++) {
        lost_directions_init(&run->lost[o], input->covariates, input->folds, o, err);
        size_t needed = load_fold_workspace(&run->factors->layouts[o], input->folds, input->n_targets);
        most = needed > most ? needed : most;
    }
    for (size_t s = 0; err->code == 0 && s < N_SLOTS; s++)
        slot_init(run, &run->slots[s], err);
    if (err->code != 0)
        return err->code;
    size_t widest = (n + run->n_parts - 1) / run->n_parts;
    starpu_vector_data_register(&run->tile_workspace, -1, 0, (uint32_t)(run->svd.rank * widest),
                                sizeof(double));
    starpu_vector_data_register(&run->fold_workspace, -1, 0, (uint32_t)most, sizeof(double));
    return 0;
}

static void run_free(struct factor_run *run)
{
    for (size_t s = 0; s < N_SLOTS; s++)
        slot_free(run, &run->slots[s]);
    starpu_data_handle_t handles[] = {run->vectors, run->tile_workspace, run->fold_workspace};
    for (size_t h = 0; h < sizeof handles / sizeof *handles; h++)
        if (handles[h] != NULL)
            starpu_data_unregister(handles[h]);
    for (size_t o = 0; run->lost != NULL && o < run->factors->n_outer; o++)
        lost_directions_free(&run->lost[o], run->input->folds->n_inner);
    free(run->lost);
    svd_free(&run->svd);
}

static int submit_tiles(struct factor_run *run, struct factor_slot *slot, double penalty, struct error *err)
{
    for (size_t i = 0, k = 0; i < run->n_parts; i++)
        for (size_t j = 0; j <= i; j++, k++) {
            struct tile_product_args args = {.status = run->runtime->status,
                                             .svd = &run->svd,
                                             .penalty = penalty,
                                             .first_row = part_start(run, i),
                                             .n_rows = part_start(run, i + 1) - part_start(run, i),
                                             .first_column = part_start(run, j),
                                             .n_columns = part_start(run, j + 1) - part_start(run, j),
                                             .p = slot->p};
            if (tile_product_submit(&args, run->vectors, run->tile_workspace, slot->tiles[k], err) != 0)
                return err->code;
        }
    return 0;
}

static int submit_penalty(struct factor_run *run, size_t k, struct error *err)
{
    const struct factor_graph_input *input = run->input;
    struct factors *factors = run->factors;
    struct factor_slot *slot = &run->slots[k % N_SLOTS];
    struct round_operator_args round = {run->runtime->status, slot->p, factors->n, input->targets,
                                        input->n_targets};
    if (submit_tiles(run, slot, input->penalties[k], err) != 0 ||
        round_operator_submit(&round, slot->tiles, tile_count(run), factors->p_handles[k],
                              slot->fitted_handle, err) != 0)
        return err->code;
    for (size_t o = 0; o < factors->n_outer; o++) {
        struct load_fold_args args = {.status = run->runtime->status,
                                      .p = slot->p,
                                      .folds = input->folds,
                                      .layout = &factors->layouts[o],
                                      .lost = &run->lost[o],
                                      .n_covariates = input->covariates->c,
                                      .outer_fold = o,
                                      .penalty = k,
                                      .observed = input->observed};
        if (load_fold_submit(&args, slot->tiles, tile_count(run), slot->fitted_handle, run->fold_workspace,
                             factors->fold_handles[k * factors->n_outer + o], err) != 0)
            return err->code;
    }
    return 0;
}

int factor_graph_run(struct factors *factors, struct runtime *runtime, const struct factor_graph_input *input,
                     const struct progress_sink *progress, struct error *err)
{
    struct factor_run run = {.runtime = runtime, .input = input, .factors = factors};
    run.n_parts = parts_of(input->folds->n);
    if (factors_init(factors, input, err) == 0 && run_init(&run, err) == 0) {
        struct svd_args svd = {runtime->status, input->gram, input->covariates, input->penalties[0],
                               &run.svd};
        svd_submit(&svd, run.vectors, err);
        for (size_t k = 0; err->code == 0 && k < input->n_penalties; k++) {
            submit_penalty(&run, k, err);
            /* Two penalties' tasks in line: memory does not grow with the grid. */
            starpu_task_wait_for_n_submitted((unsigned)(tile_count(&run) + 1 + factors->n_outer));
            progress->update(progress->context, (int64_t)k, (int64_t)input->n_penalties);
            if (progress_stop_requested(progress))
                run_status_stop(runtime->status, interrupted);
        }
        struct error task_error = {0};
        if (runtime_wait(runtime, progress, interrupted, &task_error) != 0)
            *err = task_error;
        progress->update(progress->context, (int64_t)input->n_penalties, (int64_t)input->n_penalties);
    }
    run_free(&run);
    if (err->code != 0)
        factors_free(factors);
    return err->code;
}

double factors_bytes_per_penalty(const struct folds *folds)
{
    double n = (double)folds->n, elements = n * n;
    for (size_t o = 0; o < folds->n_outer; o++) {
        const struct fold_rows *rows = &folds->rows[o];
        elements += (double)rows->n_test * ((double)rows->n_test + (double)rows->n_train);
        for (size_t b = 0; b < folds->n_inner; b++) {
            double n_b = (double)(rows->inner_start[b + 1] - rows->inner_start[b]);
            elements += n_b * n_b;
        }
    }
    return elements * sizeof(float);
}
