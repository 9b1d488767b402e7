/* The same tiles as StarPU tasks: gather_targets -> ridge_batch, baseline_batch -> reduce, as
 * tasks/permutation_graph.c submits them, without saving. */
#ifndef ARETE_BENCH_TILE_GRAPH_H
#define ARETE_BENCH_TILE_GRAPH_H

#include "made_study.h"
#include "tasks/runtime.h"

#include <starpu.h>
#include <stdatomic.h>
#include <stddef.h>

struct tile_slot {
    starpu_data_handle_t gathered, baseline, score, *sums;
};

struct tile_graph {
    struct runtime *runtime;
    struct made_study *study; /* its operators' handles are registered */
    struct ridge_tiling tiling;
    struct tile_slot *slots; /* used in turn */
    size_t n_slots;
    starpu_data_handle_t targets, orders, workspace;
    atomic_llong n_reduced;
};

int tile_graph_init(struct tile_graph *graph, struct runtime *runtime, struct made_study *study,
                    struct error *err);
void tile_graph_free(struct tile_graph *graph);

/* Submits and waits; wall seconds. */
int tile_graph_run(struct tile_graph *graph, size_t n_tiles, double *seconds, struct error *err);

#endif
