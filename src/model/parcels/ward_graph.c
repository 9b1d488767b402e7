#include "model/parcels/ward_graph.h"

#include "base/memory.h"

#include <stdlib.h>

static void unlink_half(struct ward_graph *graph, uint32_t half)
{
    uint32_t next = graph->next[half], prev = graph->prev[half];
    if (prev != WARD_GRAPH_NONE)
        graph->next[prev] = next;
    else
        graph->first[graph->end[half]] = next;
    if (next != WARD_GRAPH_NONE)
        graph->prev[next] = prev;
}

static void link_half(struct ward_graph *graph, uint32_t half, uint32_t slot)
{
    uint32_t next = graph->first[slot];
    graph->end[half] = slot;
    graph->prev[half] = WARD_GRAPH_NONE;
    graph->next[half] = next;
    if (next != WARD_GRAPH_NONE)
        graph->prev[next] = half;
    graph->first[slot] = half;
}

int ward_graph_init(struct ward_graph *graph, size_t n_slots, const struct voxel_pair *pairs, size_t n_pairs,
                    struct error *err)
{
    static const char what[] = "the graph of neighbours";
    *graph = (struct ward_graph){0};
    if ((graph->end = memory_zeroed(2 * n_pairs, sizeof *graph->end, what, err)) == NULL ||
        (graph->next = memory_zeroed(2 * n_pairs, sizeof *graph->next, what, err)) == NULL ||
        (graph->prev = memory_zeroed(2 * n_pairs, sizeof *graph->prev, what, err)) == NULL ||
        (graph->first = memory_zeroed(n_slots, sizeof *graph->first, what, err)) == NULL) {
        ward_graph_free(graph);
        return err->code;
    }
    for (size_t slot = 0; slot < n_slots; slot++)
        graph->first[slot] = WARD_GRAPH_NONE;
    for (size_t e = 0; e < n_pairs; e++) {
        link_half(graph, (uint32_t)(2 * e), pairs[e].high);
        link_half(graph, (uint32_t)(2 * e + 1), pairs[e].low);
    }
    return 0;
}

void ward_graph_free(struct ward_graph *graph)
{
    free(graph->end);
    free(graph->next);
    free(graph->prev);
    free(graph->first);
    *graph = (struct ward_graph){0};
}

uint32_t ward_graph_other(const struct ward_graph *graph, uint32_t half)
{
    return graph->end[half ^ 1];
}

void ward_graph_remove(struct ward_graph *graph, uint32_t edge)
{
    unlink_half(graph, 2 * edge);
    unlink_half(graph, 2 * edge + 1);
}

void ward_graph_move(struct ward_graph *graph, uint32_t half, uint32_t slot)
{
    unlink_half(graph, half);
    link_half(graph, half, slot);
}
