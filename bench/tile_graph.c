#include "tile_graph.h"

#include "base/clock.h"
#include "base/memory.h"
#include "codelets/baseline_batch.h"
#include "codelets/gather_targets.h"
#include "codelets/reduce.h"
#include "codelets/ridge_batch.h"
#include "tasks/handles.h"

#include <stdlib.h>
#include <string.h>

/* StarPU's own memory, allocated when first written. */
static void register_rows(starpu_data_handle_t *handle, size_t n_rows, size_t columns)
{
    starpu_matrix_data_register(handle, -1, 0, (uint32_t)columns, (uint32_t)columns, (uint32_t)n_rows,
                                sizeof(float));
}

static void register_factors(struct factors *factors)
{
    for (size_t k = 0; k < factors->n_penalties; k++) {
        handles_register_matrix(&factors->p_handles[k], factors->p[k], factors->n, factors->n, factors->n,
                                sizeof(float));
        for (size_t o = 0; o < factors->n_outer; o++) {
            size_t i = k * factors->n_outer + o;
            handles_register_vector(&factors->fold_handles[i], factors->folds[i], factors->layouts[o].count,
                                    sizeof(float));
        }
    }
}

/* The study outlives the graph: no handle that is gone may stay in it. */
static void unregister_factors(struct factors *factors)
{
    size_t n_folds = factors->n_penalties * factors->n_outer;
    handles_unregister(factors->p_handles, factors->n_penalties);
    handles_unregister(factors->fold_handles, n_folds);
    memset(factors->p_handles, 0, factors->n_penalties * sizeof *factors->p_handles);
    memset(factors->fold_handles, 0, n_folds * sizeof *factors->fold_handles);
}

int tile_graph_init(struct tile_graph *graph, struct runtime *runtime, struct made_study *study,
                    struct error *err)
{
    size_t n = study->n, m = study->n_penalties, n_outer = study->folds.n_outer;
    *graph = (struct tile_graph){.runtime = runtime, .study = study, .grid = ridge_grid_of(study->n_targets)};
    size_t columns = ridge_grid_most_columns(&graph->grid);
    graph->n_slots = (size_t)runtime->n_workers + 2;
    graph->slots = memory_zeroed(graph->n_slots, sizeof *graph->slots, "tiles", err);
    for (size_t s = 0; err->code == 0 && s < graph->n_slots; s++)
        graph->slots[s].sums = memory_zeroed(m, sizeof *graph->slots[s].sums, "tiles", err);
    if (err->code != 0)
        return err->code;
    for (size_t s = 0; s < graph->n_slots; s++) {
        struct tile_slot *slot = &graph->slots[s];
        register_rows(&slot->gathered, n, columns);
        register_rows(&slot->baseline, n_outer, columns);
        handles_register_scratch(&slot->score, columns, sizeof(float));
        for (size_t k = 0; k < m; k++)
            register_rows(&slot->sums[k], 2 * n_outer, columns);
    }
    register_factors(&study->factors);
    handles_register_matrix(&graph->targets, study->targets, n, study->n_targets, study->n_targets,
                            sizeof(float));
    handles_register_scratch(&graph->orders, 2 * n, sizeof(uint32_t));
    handles_register_scratch(&graph->workspace, ridge_workspace(&study->folds, study->covariates.c, columns),
                             sizeof(float));
    return 0;
}

void tile_graph_free(struct tile_graph *graph)
{
    struct factors *factors = &graph->study->factors;
    for (size_t s = 0; graph->slots != NULL && s < graph->n_slots; s++) {
        struct tile_slot *slot = &graph->slots[s];
        handles_unregister(&slot->gathered, 1);
        handles_unregister(&slot->baseline, 1);
        handles_unregister(&slot->score, 1);
        handles_unregister(slot->sums, factors->n_penalties);
        free(slot->sums);
    }
    free(graph->slots);
    unregister_factors(factors);
    handles_unregister(&graph->targets, 1);
    handles_unregister(&graph->orders, 1);
    handles_unregister(&graph->workspace, 1);
}

static int submit_tile(struct tile_graph *graph, size_t tile, struct error *err)
{
    const struct made_study *study = graph->study;
    const struct factors *factors = &study->factors;
    struct run_status *status = graph->runtime->status;
    const struct tile_slot *slot = &graph->slots[tile % graph->n_slots];
    size_t columns = ridge_grid_columns(&graph->grid, 0);
    int priority = -(int)tile;
    struct gather_targets_args gather = {status, &study->scheme, &graph->grid, tile + 1, 0};
    struct baseline_batch_args baseline = {status, &study->folds, &study->baseline, columns};
    struct ridge_batch_args ridge = {status, &study->folds, factors->layouts, columns};
    struct reduce_args reduce = {status,        SCORE_MEAN_R2, &study->nodes,
                                 study->n_test, columns,       &graph->n_reduced};
    if (gather_targets_submit(&gather, graph->targets, graph->orders, slot->gathered, priority, err) != 0 ||
        baseline_batch_submit(&baseline, slot->gathered, graph->workspace, slot->baseline, priority, err) !=
            0)
        return err->code;
    for (size_t k = 0; k < factors->n_penalties; k++)
        if (ridge_batch_submit(&ridge, factors->p_handles[k], factors->fold_handles + k * factors->n_outer,
                               slot->gathered, graph->workspace, slot->sums[k], priority, err) != 0)
            return err->code;
    return reduce_submit(&reduce, slot->sums, slot->baseline, slot->score, 1, err);
}

int tile_graph_run(struct tile_graph *graph, size_t n_tiles, double *seconds, struct error *err)
{
    double start = clock_seconds();
    for (size_t tile = 0; tile < n_tiles && err->code == 0; tile++)
        submit_tile(graph, tile, err);
    struct error task_error = {0};
    if (runtime_wait(graph->runtime, NULL, NULL, &task_error) != 0)
        *err = task_error;
    *seconds = clock_seconds() - start;
    return err->code;
}
