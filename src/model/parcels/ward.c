#include "model/parcels/ward.h"

#include "base/memory.h"
#include "model/parcels/ward_graph.h"
#include "model/parcels/ward_heap.h"
#include "model/parcels/ward_rows.h"

#include <math.h>
#include <stdlib.h>

/* The state while clusters merge. */
struct merging {
    struct ward_rows rows;
    struct ward_graph graph;
    struct ward_heap heap;
    uint32_t *number;  /* of the cluster in each slot */
    uint32_t *toucher; /* of each slot: a slot that touched it when that one last merged */
};

void ward_tree_free(struct ward_tree *tree)
{
    free(tree->children);
    free(tree->height);
    free(tree->size);
    *tree = (struct ward_tree){0};
}

static struct ward_heap_key key_of(const struct merging *merging, uint32_t edge, double value)
{
    uint32_t a = merging->number[merging->graph.end[2 * (size_t)edge]],
             b = merging->number[merging->graph.end[2 * (size_t)edge + 1]];
    return (struct ward_heap_key){value, a > b ? a : b, a > b ? b : a};
}

static void first_distances(struct merging *merging, const struct voxel_pair *pairs, size_t n_pairs)
{
    uint32_t slots[WARD_ROWS_TOGETHER];
    double inertia[WARD_ROWS_TOGETHER];
    for (size_t k = 0, count; k < n_pairs; k += count) {
        for (count = 0;
             k + count < n_pairs && count < WARD_ROWS_TOGETHER && pairs[k + count].high == pairs[k].high;
             count++)
            slots[count] = pairs[k + count].low;
        if (k == 0 || pairs[k].high != pairs[k - 1].high)
            ward_rows_focus(&merging->rows, pairs[k].high);
        ward_rows_inertia(&merging->rows, slots, count, inertia);
        for (size_t i = 0; i < count; i++)
            merging->heap.key[k + i] = key_of(merging, (uint32_t)(k + i), inertia[i]);
    }
}

static void remove_edge(struct merging *merging, uint32_t edge)
{
    ward_graph_remove(&merging->graph, edge);
    ward_heap_remove(&merging->heap, edge);
}

/* Gives all edges of slot b to slot a. Of two edges to the same cluster one is removed. */
static void join_neighbours(struct merging *merging, uint32_t a, uint32_t b)
{
    struct ward_graph *graph = &merging->graph;
    for (uint32_t half = graph->first[a]; half != WARD_GRAPH_NONE; half = graph->next[half])
        merging->toucher[ward_graph_other(graph, half)] = a;
    for (uint32_t half = graph->first[b], next; half != WARD_GRAPH_NONE; half = next) {
        next = graph->next[half];
        if (merging->toucher[ward_graph_other(graph, half)] == a)
            remove_edge(merging, half / 2);
        else
            ward_graph_move(graph, half, a);
    }
}

/* Computes the distances from the cluster in focus to all that it touches. */
static void new_distances(struct merging *merging)
{
    const struct ward_graph *graph = &merging->graph;
    uint32_t slots[WARD_ROWS_TOGETHER], edges[WARD_ROWS_TOGETHER];
    double inertia[WARD_ROWS_TOGETHER];
    uint32_t half = graph->first[merging->rows.focus];
    while (half != WARD_GRAPH_NONE) {
        size_t count = 0;
        for (; half != WARD_GRAPH_NONE && count < WARD_ROWS_TOGETHER; half = graph->next[half], count++) {
            edges[count] = half / 2;
            slots[count] = ward_graph_other(graph, half);
        }
        ward_rows_inertia(&merging->rows, slots, count, inertia);
        for (size_t k = 0; k < count; k++)
            ward_heap_change(&merging->heap, edges[k], key_of(merging, edges[k], inertia[k]));
    }
}

/* Merges the closest pair, as merge m. */
static void merge_closest(struct merging *merging, struct ward_tree *tree)
{
    uint32_t edge = ward_heap_top(&merging->heap);
    struct ward_heap_key key = merging->heap.key[edge];
    uint32_t a = merging->graph.end[2 * (size_t)edge], b = merging->graph.end[2 * (size_t)edge + 1];
    size_t m = tree->n_merges++;
    tree->children[2 * m] = key.low;
    tree->children[2 * m + 1] = key.high;
    tree->height[m] = sqrt(2 * key.value);
    remove_edge(merging, edge);
    ward_rows_merge(&merging->rows, a, b);
    tree->size[m] = merging->rows.size[a];
    merging->number[a] = (uint32_t)(tree->n_voxels + m);
    join_neighbours(merging, a, b);
    new_distances(merging);
}

static void free_merging(struct merging *merging)
{
    ward_rows_free(&merging->rows);
    ward_graph_free(&merging->graph);
    ward_heap_free(&merging->heap);
    free(merging->number);
    free(merging->toucher);
}

static int init_merging(struct merging *merging, float *values, size_t n_voxels, size_t n_subjects,
                        const struct voxel_pair *pairs, size_t n_pairs, struct error *err)
{
    static const char what[] = "the clusters";
    *merging = (struct merging){0};
    if (ward_rows_init(&merging->rows, values, n_voxels, n_subjects, err) != 0 ||
        ward_graph_init(&merging->graph, n_voxels, pairs, n_pairs, err) != 0 ||
        ward_heap_init(&merging->heap, n_pairs, err) != 0 ||
        (merging->number = memory_zeroed(n_voxels, sizeof *merging->number, what, err)) == NULL ||
        (merging->toucher = memory_zeroed(n_voxels, sizeof *merging->toucher, what, err)) == NULL) {
        free_merging(merging);
        return err->code;
    }
    for (uint32_t v = 0; v < n_voxels; v++) {
        merging->number[v] = v;
        merging->toucher[v] = WARD_GRAPH_NONE;
    }
    return 0;
}

static int init_tree(struct ward_tree *tree, size_t n_voxels, struct error *err)
{
    static const char what[] = "the merge tree";
    *tree = (struct ward_tree){.n_voxels = n_voxels};
    if ((tree->children = memory_zeroed(2 * n_voxels, sizeof *tree->children, what, err)) == NULL ||
        (tree->height = memory_zeroed(n_voxels, sizeof *tree->height, what, err)) == NULL ||
        (tree->size = memory_zeroed(n_voxels, sizeof *tree->size, what, err)) == NULL) {
        ward_tree_free(tree);
        return err->code;
    }
    return 0;
}

int ward_build(struct ward_tree *tree, float *values, const struct ward_voxels *voxels,
               ward_progress *progress, void *context, struct error *err)
{
    size_t n_voxels = voxels->n_voxels, n_subjects = voxels->n_subjects, n_pairs = voxels->n_pairs;
    const struct voxel_pair *pairs = voxels->pairs;

    struct merging merging;
    if (init_tree(tree, n_voxels, err) != 0)
        return err->code;
    if (init_merging(&merging, values, n_voxels, n_subjects, pairs, n_pairs, err) != 0) {
        ward_tree_free(tree);
        return err->code;
    }
    first_distances(&merging, pairs, n_pairs);
    ward_heap_order(&merging.heap);
    while (merging.heap.n > 0) {
        merge_closest(&merging, tree);
        if (progress != NULL)
            progress(context, tree->n_merges);
    }
    free_merging(&merging);
    return 0;
}
