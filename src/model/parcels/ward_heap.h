/* A heap of the edges of a Ward clustering, with the closest pair of clusters on top.
 *
 * It is addressable: the place of each edge is known, so an edge can be changed or removed at once. The heap
 * never grows and holds nothing stale. Edges of the same value are ordered by their larger cluster number,
 * then by the smaller one. This order is strict, so what comes next does not depend on how the heap was
 * built. */
#ifndef ARETE_MODEL_PARCELS_WARD_HEAP_H
#define ARETE_MODEL_PARCELS_WARD_HEAP_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

struct ward_heap_key {
    double value;
    uint32_t high, low; /* the two clusters' numbers */
};

struct ward_heap {
    struct ward_heap_key *key; /* of each edge */
    uint32_t *edge;            /* n: in heap order */
    uint32_t *place;           /* of each edge in `edge` */
    size_t n;
};

/* Makes a heap of edges 0 ... n_edges-1. The caller fills in the keys, then calls ward_heap_order. */
int ward_heap_init(struct ward_heap *heap, size_t n_edges, struct error *err);
void ward_heap_free(struct ward_heap *heap);
void ward_heap_order(struct ward_heap *heap);

/* The edge on top. The heap must not be empty. */
uint32_t ward_heap_top(const struct ward_heap *heap);
void ward_heap_change(struct ward_heap *heap, uint32_t edge, struct ward_heap_key key);
void ward_heap_remove(struct ward_heap *heap, uint32_t edge);

#endif
