#include "tile_graph.h"

#include "base/clock.h"
#include "base/memory.h"
#include "codelets/baseline_batch.h"
#include "codelets/gather_targets.h"
#include "codelets/reduce.h"
#include "codelets/ridge_batch.h"

#include <stdlib.h>

/* StarPU's own memory, allocated when first written. */
static void register_rows(starpu_data_handle_t *handle, size_t n_rows, size_t columns)
{
    starpu_matrix_data_register(handle, -1, 0, (uint32_t)columns, (uint32_t)columns, (uint32_t)n_rows,
                                sizeof(float));
}

static void register_factors(struct factors *factors)
{
    for (size_t k = 0; k < factors->n_penalties; k++) {
        starpu_matrix_data_register(&factors->p_handles[k], STARPU_MAIN_RAM, (uintptr_t)factors->p[k],
                                    (uint32_t)factors->n, (uint32_t)factors->n, (uint32_t)factors->n,
                                    sizeof(float));
        for (size_t o = 0; o < factors->n_outer; o++) {
            size_t i = k * factors->n_outer + o;
            starpu_vector_data_register(&factors->fold_handles[i], STARPU_MAIN_RAM,
                                        (uintptr_t)factors->folds[i], (uint32_t)factors->layouts[o].count,
                                        sizeof(float));
        }
    }
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
        starpu_vector_data_register(&slot->score, -1, 0, (uint32_t)columns, sizeof(float));
        for (size_t k = 0; k < m; k++)
            register_rows(&slot->sums[k], 2 * n_outer, columns);
    }
    register_factors(&study->factors);
    starpu_matrix_data_register(&graph->targets, STARPU_MAIN_RAM, (uintptr_t)study->targets,
                                (uint32_t)study->n_targets, (uint32_t)study->n_targets, (uint32_t)n,
                                sizeof(float));
    starpu_vector_data_register(&graph->orders, -1, 0, (uint32_t)(2 * n), sizeof(uint32_t));
    size_t workspace = ridge_workspace(&study->folds, study->covariates.c, columns);
    starpu_vector_data_register(&graph->workspace, -1, 0, (uint32_t)workspace, sizeof(float));
    return 0;
}

static void unregister(starpu_data_handle_t *handle)
{
    if (*handle != NULL)
        starpu_data_unregister(*handle);
    *handle = NULL;
}

void tile_graph_free(struct tile_graph *graph)
{
    struct factors *factors = &graph->study->factors;
    for (size_t s = 0; graph->slots != NULL && s < graph->n_slots; s++) {
        struct tile_slot *slot = &graph->slots[s];
        unregister(&slot->gathered);
        unregister(&slot->baseline);
        unregister(&slot->score);
        for (size_t k = 0; slot->sums != NULL && k < factors->n_penalties; k++)
            unregister(&slot->sums[k]);
        free(slot->sums);
    }
    free(graph->slots);
    for (size_t k = 0; k < factors->n_penalties; k++)
        unregister(&factors->p_handles[k]);
    for (size_t i = 0; i < factors->n_penalties * factors->n_outer; i++)
        unregister(&factors->fold_handles[i]);
    unregister(&graph->targets);
    unregister(&graph->orders);
    unregister(&graph->workspace);
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
