#include "model/parcels/ward_heap.h"

#include "base/memory.h"

#include <stdbool.h>
#include <stdlib.h>

enum { CHILDREN = 4 }; /* children of a place: four share a cache line more often than two pairs would */

int ward_heap_init(struct ward_heap *heap, size_t n_edges, struct error *err)
{
    *heap = (struct ward_heap){.n = n_edges};
    heap->key = memory_zeroed(n_edges, sizeof *heap->key, "the edges' distances", err);
    heap->edge = heap->key != NULL ? memory_zeroed(n_edges, sizeof *heap->edge, "the heap", err) : NULL;
    heap->place = heap->edge != NULL ? memory_zeroed(n_edges, sizeof *heap->place, "the heap", err) : NULL;
    if (heap->place == NULL) {
        ward_heap_free(heap);
        return err->code;
    }
    for (uint32_t k = 0; k < n_edges; k++)
        heap->edge[k] = heap->place[k] = k;
    return 0;
}

void ward_heap_free(struct ward_heap *heap)
{
    free(heap->key);
    free(heap->edge);
    free(heap->place);
    *heap = (struct ward_heap){0};
}

static bool comes_before(const struct ward_heap_key *a, const struct ward_heap_key *b)
{
    if (a->value != b->value)
        return a->value < b->value;
    return a->high != b->high ? a->high < b->high : a->low < b->low;
}

static void put(struct ward_heap *heap, size_t place, uint32_t edge)
{
    heap->edge[place] = edge;
    heap->place[edge] = (uint32_t)place;
}

static void sift_up(struct ward_heap *heap, size_t place)
{
    uint32_t edge = heap->edge[place];
    while (place > 0) {
        size_t parent = (place - 1) / CHILDREN;
        if (!comes_before(&heap->key[edge], &heap->key[heap->edge[parent]]))
            break;
        put(heap, place, heap->edge[parent]);
        place = parent;
    }
    put(heap, place, edge);
}

static void sift_down(struct ward_heap *heap, size_t place)
{
    uint32_t edge = heap->edge[place];
    for (;;) {
        size_t first = CHILDREN * place + 1, best = first;
        for (size_t child = first + 1; child < first + CHILDREN && child < heap->n; child++)
            if (comes_before(&heap->key[heap->edge[child]], &heap->key[heap->edge[best]]))
                best = child;
        if (best >= heap->n || !comes_before(&heap->key[heap->edge[best]], &heap->key[edge]))
            break;
        put(heap, place, heap->edge[best]);
        place = best;
    }
    put(heap, place, edge);
}

void ward_heap_order(struct ward_heap *heap)
{
    for (size_t place = heap->n; place-- > 0;)
        sift_down(heap, place);
}

uint32_t ward_heap_top(const struct ward_heap *heap)
{
    return heap->edge[0];
}

void ward_heap_change(struct ward_heap *heap, uint32_t edge, struct ward_heap_key key)
{
    heap->key[edge] = key;
    sift_up(heap, heap->place[edge]);
    sift_down(heap, heap->place[edge]);
}

void ward_heap_remove(struct ward_heap *heap, uint32_t edge)
{
    size_t place = heap->place[edge];
    uint32_t last = heap->edge[--heap->n];
    if (last == edge)
        return;
    put(heap, place, last);
    sift_up(heap, place);
    sift_down(heap, heap->place[last]);
}
