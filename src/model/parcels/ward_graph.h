/* Which clusters touch: a graph whose edges move with the clusters as they merge.
 *
 * A cluster is named by its slot, the number of one of its voxels. Edge e consists of half-edges 2e and 2e +
 * 1, one at each end. The half-edges of a slot form a doubly linked list, so nothing is allocated after the
 * start. */
#ifndef ARETE_MODEL_PARCELS_WARD_GRAPH_H
#define ARETE_MODEL_PARCELS_WARD_GRAPH_H

#include "base/error.h"
#include "model/parcels/voxel_graph.h"

#include <stddef.h>
#include <stdint.h>

#define WARD_GRAPH_NONE UINT32_MAX

struct ward_graph {
    uint32_t *end;         /* 2 x edges: the slot at each half-edge */
    uint32_t *next, *prev; /* 2 x edges: half-edges of the same slot */
    uint32_t *first;       /* of each slot: its first half-edge, or WARD_GRAPH_NONE */
};

int ward_graph_init(struct ward_graph *graph, size_t n_slots, const struct voxel_pair *pairs, size_t n_pairs,
                    struct error *err);
void ward_graph_free(struct ward_graph *graph);

/* The slot at the other end of a half-edge. */
uint32_t ward_graph_other(const struct ward_graph *graph, uint32_t half);
/* Removes an edge, with both half-edges. */
void ward_graph_remove(struct ward_graph *graph, uint32_t edge);
/* Gives a half-edge to another slot. */
void ward_graph_move(struct ward_graph *graph, uint32_t half, uint32_t slot);

#endif
