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

static void register_operators(struct shared_operators *shared)
{
    for (size_t k = 0; k < shared->n_penalties; k++) {
        handles_register_matrix(&shared->p_handles[k], shared->p[k], shared->n, shared->n, shared->n,
                                sizeof(float));
        for (size_t o = 0; o < shared->span.count; o++) {
            size_t i = k * shared->span.count + o;
            handles_register_vector(&shared->fold_handles[i], shared->folds[i], shared->layouts[o].count,
                                    sizeof(float));
        }
    }
}

/* The study outlives the graph: no handle that is gone may stay in it. */
static void unregister_operators(struct shared_operators *shared)
{
    size_t n_folds = shared->n_penalties * shared->span.count;
    handles_unregister(shared->p_handles, shared->n_penalties);
    handles_unregister(shared->fold_handles, n_folds);
    memset(shared->p_handles, 0, shared->n_penalties * sizeof *shared->p_handles);
    memset(shared->fold_handles, 0, n_folds * sizeof *shared->fold_handles);
}

int tile_graph_init(struct tile_graph *graph, struct runtime *runtime, struct made_study *study,
                    struct error *err)
{
    size_t n = study->n, m = study->n_penalties, n_outer = study->folds.n_outer;
    *graph =
        (struct tile_graph){.runtime = runtime, .study = study, .tiling = ridge_tiling_of(study->n_targets)};
    size_t columns = ridge_tiling_most_columns(&graph->tiling);
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
    register_operators(&study->operators);
    handles_register_matrix(&graph->targets, study->targets, n, study->n_targets, study->n_targets,
                            sizeof(float));
    handles_register_scratch(&graph->orders, 2 * n, sizeof(uint32_t));
    handles_register_scratch(&graph->workspace, ridge_workspace(&study->folds, study->covariates.c, columns),
                             sizeof(float));
    return 0;
}

void tile_graph_free(struct tile_graph *graph)
{
    struct shared_operators *shared = &graph->study->operators;
    for (size_t s = 0; graph->slots != NULL && s < graph->n_slots; s++) {
        struct tile_slot *slot = &graph->slots[s];
        handles_unregister(&slot->gathered, 1);
        handles_unregister(&slot->baseline, 1);
        handles_unregister(&slot->score, 1);
        handles_unregister(slot->sums, shared->n_penalties);
        free(slot->sums);
    }
    free(graph->slots);
    unregister_operators(shared);
    handles_unregister(&graph->targets, 1);
    handles_unregister(&graph->orders, 1);
    handles_unregister(&graph->workspace, 1);
}

static int submit_tile(struct tile_graph *graph, size_t tile, struct error *err)
{
    const struct made_study *study = graph->study;
    const struct shared_operators *shared = &study->operators;
    struct run_status *status = graph->runtime->status;
    const struct tile_slot *slot = &graph->slots[tile % graph->n_slots];
    size_t columns = ridge_tiling_columns(&graph->tiling, 0);
    int priority = -(int)tile;
    struct gather_targets_args gather = {status, &study->scheme, &graph->tiling, tile + 1, 0};
    struct baseline_batch_args baseline = {status, &study->folds, shared->span, &study->baseline, columns};
    struct ridge_batch_args ridge = {status, &study->folds, shared->span, shared->layouts, columns};
    struct reduce_args reduce = {.status = status,
                                 .kind = SCORE_MEAN_R2,
                                 .nodes = &study->nodes,
                                 .n_test = study->n_test,
                                 .span = shared->span,
                                 .columns = columns,
                                 .n_reduced = &graph->n_reduced};
    const struct reduce_data data = {.sums = slot->sums, .baseline = slot->baseline, .to = slot->score};
    if (gather_targets_submit(&gather, graph->targets, graph->orders, slot->gathered, priority, err) != 0 ||
        baseline_batch_submit(&baseline, slot->gathered, graph->workspace, slot->baseline, priority, err) !=
            0)
        return err->code;
    for (size_t k = 0; k < shared->n_penalties; k++)
        if (ridge_batch_submit(&ridge,
                               &(struct ridge_batch_data){shared->p_handles[k],
                                                          shared->fold_handles + k * shared->span.count,
                                                          slot->gathered, graph->workspace, slot->sums[k]},
                               priority, err) != 0)
            return err->code;
    return reduce_submit(&reduce, &data, 1, err);
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
