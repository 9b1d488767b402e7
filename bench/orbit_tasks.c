/* Permutations in orbits as StarPU tasks on two workers, against the same tiles on two bare threads:
 * arrange_targets -> orbit_batch of every band -> reduce_orbit of every group, as tasks/orbit_graph.c submits
 * them, without saving. Both give the same scores, which is checked. */
#include "base/clock.h"
#include "base/memory.h"
#include "codelets/arrange_targets.h"
#include "codelets/orbit_batch.h"
#include "codelets/reduce_orbit.h"
#include "made_orbits.h"
#include "measure.h"
#include "model/blas/blas_check.h"
#include "tasks/handles.h"
#include "tasks/orbit_slots.h"
#include "tasks/runtime.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { N_THREADS = 2, SLOTS = 3 };
#define GOAL_STARPU 0.97

struct graph {
    struct runtime *runtime;
    const struct made_orbits *made;
    struct orbit_tile_slots tiles;
    float *rows[SLOTS];
    starpu_data_handle_t *groups[SLOTS]; /* of a tile's rows */
    starpu_data_handle_t targets, orders, arranging, batch, reducing, doubles;
    atomic_llong n_reduced;
};

static int make_rows(struct graph *graph, size_t slot, struct error *err)
{
    size_t n_groups = made_orbits_groups(graph->made), of_group = ORBIT_LANES * graph->made->tiling.n_shifts;
    graph->rows[slot] = memory_aligned(n_groups * of_group, sizeof(float), "scores", err);
    graph->groups[slot] = memory_zeroed(n_groups, sizeof *graph->groups[slot], "scores", err);
    for (size_t g = 0; err->code == 0 && g < n_groups; g++)
        handles_register_vector(&graph->groups[slot][g], graph->rows[slot] + g * of_group, of_group,
                                sizeof(float));
    return err->code;
}

static int graph_init(struct graph *graph, struct runtime *runtime, const struct made_orbits *made,
                      struct error *err)
{
    const struct orbit_engine *engine = &made->engine;
    size_t n_groups = made_orbits_groups(made), columns = n_groups * ORBIT_LANES;
    *graph = (struct graph){.runtime = runtime, .made = made};
    orbit_tile_slots_init(&graph->tiles, &made->forms, SLOTS, n_groups, err);
    for (size_t s = 0; err->code == 0 && s < SLOTS; s++)
        make_rows(graph, s, err);
    handles_register_matrix(&graph->targets, made->targets, made->n, made->tiling.n_targets,
                            made->tiling.n_targets, sizeof(float));
    handles_register_scratch(&graph->orders, 2 * made->n, sizeof(uint32_t));
    handles_register_scratch(&graph->arranging, arrange_targets_workspace(engine, columns), sizeof(float));
    handles_register_scratch(&graph->batch, orbit_tile_workspace(engine, made->forms.forms.count, n_groups),
                             sizeof(float));
    handles_register_scratch(&graph->reducing, reduce_orbit_workspace(&made->reduce), sizeof(float));
    handles_register_scratch(&graph->doubles, orbit_reduce_doubles(&made->reduce), sizeof(double));
    return err->code;
}

static void graph_free(struct graph *graph)
{
    starpu_data_handle_t handles[] = {graph->targets, graph->orders,   graph->arranging,
                                      graph->batch,   graph->reducing, graph->doubles};
    for (size_t s = 0; s < SLOTS; s++) {
        if (graph->groups[s] != NULL)
            handles_unregister(graph->groups[s], made_orbits_groups(graph->made));
        free(graph->groups[s]);
        free(graph->rows[s]);
    }
    orbit_tile_slots_free(&graph->tiles);
    handles_unregister(handles, sizeof handles / sizeof *handles);
}

static int submit_bands(struct graph *graph, const struct orbit_tile_slot *slot, size_t n_groups,
                        int priority, struct error *err)
{
    const struct study_forms *forms = &graph->made->forms;
    for (size_t b = 0; b < forms->n_bands && err->code == 0; b++)
        orbit_batch_submit(
            &(struct orbit_batch_args){graph->runtime->status,
                                       forms->engine,
                                       &forms->forms,
                                       {forms->first[b], forms->first[b + 1] - forms->first[b]},
                                       n_groups,
                                       slot->sums},
            forms->bands[b], slot->spectra_handle, graph->batch, slot->bands[b], priority, err);
    return err->code;
}

static int submit_tile(struct graph *graph, size_t tile, struct error *err)
{
    const int soon = 1;
    const struct made_orbits *made = graph->made;
    const struct orbit_tile_slot *slot = &graph->tiles.slots[tile % SLOTS];
    struct orbit_span span = made_orbits_span(made, tile);
    size_t rows = made_orbits_rows(made), n_groups = made_orbits_groups(made);
    struct arrange_targets_args arrange = {graph->runtime->status, &made->engine, &made->tiling, span};
    if (arrange_targets_submit(&arrange, graph->targets, graph->orders, graph->arranging,
                               slot->spectra_handle, soon, err) != 0 ||
        submit_bands(graph, slot, n_groups, -(int)tile, err) != 0)
        return err->code;
    for (size_t g = 0; g < n_groups && err->code == 0; g++) {
        size_t first = g * ORBIT_LANES;
        struct reduce_orbit_args args = {.status = graph->runtime->status,
                                         .reduce = &made->reduce,
                                         .tiling = &made->tiling,
                                         .span = span,
                                         .group = g,
                                         .sums = slot->sums,
                                         .rows = graph->rows[tile % SLOTS] + first * made->tiling.n_shifts,
                                         .n_rows = rows - first < ORBIT_LANES ? rows - first : ORBIT_LANES,
                                         .n_reduced = &graph->n_reduced};
        struct reduce_orbit_data data = {.bands = slot->bands,
                                         .n_bands = made->forms.n_bands,
                                         .floats = graph->reducing,
                                         .doubles = graph->doubles,
                                         .rows = graph->groups[tile % SLOTS][g]};
        reduce_orbit_submit(&args, &data, soon, err);
    }
    return err->code;
}

/* Submits and waits; wall seconds. */
static int graph_run(struct graph *graph, size_t n_tiles, double *seconds, struct error *err)
{
    double start = clock_seconds();
    for (size_t tile = 0; tile < n_tiles && err->code == 0; tile++)
        submit_tile(graph, tile, err);
    runtime_wait(graph->runtime, NULL, NULL, err);
    *seconds = clock_seconds() - start;
    return err->code;
}

/* The tasks' scores of the last tile are those of plain calls, to the last bit. */
static int check(const struct graph *graph, size_t n_tiles, struct error *err)
{
    const struct made_orbits *made = graph->made;
    size_t tile = n_tiles - 1;
    struct orbit_span span = made_orbits_span(made, tile);
    size_t bytes = orbit_tiling_columns(&made->tiling, &span) * made->tiling.n_shifts * sizeof(float);
    struct orbit_tile_buffers buffers;
    if (orbit_tile_buffers_init(&buffers, made, err) == 0) {
        made_orbits_tile(&buffers, tile);
        if (memcmp(buffers.rows, graph->rows[tile % SLOTS], bytes) != 0)
            error_set(err, EXIT_CODE_FAILED, "tasks and plain calls differ in the scores of tile %zu", tile);
    }
    orbit_tile_buffers_free(&buffers);
    return err->code;
}

/* A B A B, and the median of the ratios of neighbours. */
static int alternate(struct graph *graph, size_t n_tiles, size_t repetitions, struct error *err)
{
    double *ratios = memory_zeroed(repetitions, sizeof *ratios, "times", err), bare = 0, tasks = 0;
    if (ratios != NULL && graph_run(graph, SLOTS, &tasks, err) == 0) /* the first touch of everything */
        for (size_t i = 0; i < repetitions && err->code == 0; i++) {
            runtime_pause(graph->runtime);
            made_orbits_on_threads(graph->made, n_tiles, N_THREADS, &bare, err);
            runtime_resume(graph->runtime);
            if (err->code == 0 && graph_run(graph, n_tiles, &tasks, err) == 0)
                printf("bare threads %.2f s, StarPU %.2f s: %.3f\n", bare, tasks, bare / tasks);
            ratios[i] = bare / tasks;
        }
    if (err->code == 0 && check(graph, n_tiles, err) == 0)
        printf("StarPU 2 workers / 2 bare threads = %.3f (goal %.2f)\n", measure_median(ratios, repetitions),
               GOAL_STARPU);
    free(ratios);
    return err->code;
}

static int measure(struct runtime *runtime, const struct measure_tiles *shape, struct error *err)
{
    struct made_orbits made;
    struct graph graph;
    if (made_orbits_init(&made, runtime->ranks, shape->subjects, shape->targets, shape->penalties, err) ==
        0) {
        printf("%zu people, %zu columns, %zu forms in %zu bands, %zu shifts\n", made.n,
               made_orbits_rows(&made), made.forms.forms.count, made.forms.n_bands,
               made.scheme.choice.n_shifts);
        if (graph_init(&graph, runtime, &made, err) == 0)
            alternate(&graph, shape->tiles, shape->repetitions, err);
        graph_free(&graph);
    }
    made_orbits_free(&made, runtime->ranks);
    return err->code;
}

int main(int argc, char **argv)
{
    struct measure_tiles shape = {
        .subjects = 1500, .targets = 1000, .penalties = 5, .repetitions = 7, .tiles = 16};
    measure_tiles_options(argc, argv, "Permutations in orbits as tasks and on bare threads, 10 outer folds.",
                          &shape);
    struct runtime runtime;
    struct ranks alone;
    struct error err = {0};
    blas_check_single_thread();
    if (ranks_open(&alone, &err) == 0) {
        if (runtime_start(&runtime, &alone, N_THREADS, &err) == 0) {
            measure(&runtime, &shape, &err);
            runtime_stop(&runtime);
        }
        ranks_close(&alone, err.code);
    }
    if (err.code != 0)
        fprintf(stderr, "bench_orbit_tasks: %s\n", err.message);
    return err.code;
}
