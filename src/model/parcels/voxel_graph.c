#include "model/parcels/voxel_graph.h"

#include "base/memory.h"

#include <stdbool.h>
#include <stdlib.h>

enum { MOST_EARLIER = 13 }; /* half of the 26 neighbours come earlier */

int voxel_graph_init(struct voxel_graph *graph, const uint8_t *mask, const size_t shape[3], struct error *err)
{
    *graph = (struct voxel_graph){.shape = {shape[0], shape[1], shape[2]}};
    size_t area, places;
    if (__builtin_mul_overflow(shape[0], shape[1], &area) ||
        __builtin_mul_overflow(area, shape[2], &places) || places > VOXEL_GRAPH_MOST_VOXELS)
        return error_set(err, EXIT_CODE_BAD_INPUT, "%zu x %zu x %zu voxels found; expected at most %d",
                         shape[0], shape[1], shape[2], VOXEL_GRAPH_MOST_VOXELS);
    for (size_t k = 0; k < places; k++)
        graph->n_voxels += mask[k] != 0;
    graph->voxel = memory_zeroed(places, sizeof *graph->voxel, "the voxels' numbers", err);
    graph->place =
        graph->voxel != NULL ? memory_zeroed(graph->n_voxels, sizeof *graph->place, "the mask", err) : NULL;
    if (graph->place == NULL) {
        voxel_graph_free(graph);
        return err->code;
    }
    int32_t next = 0;
    for (size_t k = 0; k < places; k++) {
        graph->voxel[k] = mask[k] != 0 ? next : VOXEL_GRAPH_NONE;
        if (mask[k] != 0)
            graph->place[next++] = (uint32_t)k;
    }
    return 0;
}

void voxel_graph_free(struct voxel_graph *graph)
{
    free(graph->place);
    free(graph->voxel);
    *graph = (struct voxel_graph){0};
}

struct step {
    int x, y, z;
};

/* The steps to neighbours that come earlier in the image, the farthest first. */
static size_t earlier_steps(int neighbours, struct step steps[MOST_EARLIER])
{
    int most_axes = neighbours == 6 ? 1 : neighbours == 18 ? 2 : 3;
    size_t count = 0;
    for (int z = -1; z <= 0; z++)
        for (int y = -1; y <= 1; y++)
            for (int x = -1; x <= 1; x++) {
                bool earlier = z < 0 || y < 0 || (y == 0 && x < 0);
                if (earlier && abs(x) + abs(y) + abs(z) <= most_axes)
                    steps[count++] = (struct step){x, y, z};
                if (z == 0 && y == 0 && x == 0)
                    return count;
            }
    return count;
}

/* The voxel one step away, or VOXEL_GRAPH_NONE outside the image or the mask. */
static int32_t voxel_at(const struct voxel_graph *graph, uint32_t place, struct step step)
{
    int64_t width = (int64_t)graph->shape[0], height = (int64_t)graph->shape[1];
    int64_t x = place % width + step.x, y = place / width % height + step.y,
            z = place / width / height + step.z;
    if (x < 0 || y < 0 || z < 0 || x >= width || y >= height)
        return VOXEL_GRAPH_NONE;
    return graph->voxel[x + width * (y + height * z)];
}

static size_t list_pairs(const struct voxel_graph *graph, const struct step *steps, size_t n_steps,
                         struct voxel_pair *pairs)
{
    size_t count = 0;
    for (size_t v = 0; v < graph->n_voxels; v++)
        for (size_t k = 0; k < n_steps; k++) {
            int32_t low = voxel_at(graph, graph->place[v], steps[k]);
            if (low == VOXEL_GRAPH_NONE)
                continue;
            if (pairs != NULL)
                pairs[count] = (struct voxel_pair){(uint32_t)v, (uint32_t)low};
            count++;
        }
    return count;
}

struct voxel_pair *voxel_graph_pairs(const struct voxel_graph *graph, int neighbours, size_t *n_pairs,
                                     struct error *err)
{
    struct step steps[MOST_EARLIER];
    size_t n_steps = earlier_steps(neighbours, steps);
    *n_pairs = list_pairs(graph, steps, n_steps, NULL);
    struct voxel_pair *pairs = memory_zeroed(*n_pairs, sizeof *pairs, "the pairs of neighbours", err);
    if (pairs != NULL)
        list_pairs(graph, steps, n_steps, pairs);
    return pairs;
}

/* The first voxel of v's set, in a union-find forest; shortens the path on the way. */
static uint32_t find_root(uint32_t *parent, uint32_t v)
{
    while (parent[v] != v) {
        parent[v] = parent[parent[v]];
        v = parent[v];
    }
    return v;
}

int voxel_graph_pieces(size_t n_voxels, const struct voxel_pair *pairs, size_t n_pairs, uint32_t *piece,
                       size_t *n_pieces, struct error *err)
{
    uint32_t *parent = memory_zeroed(n_voxels, sizeof *parent, "the pieces of the mask", err);
    if (parent == NULL)
        return err->code;
    for (uint32_t v = 0; v < n_voxels; v++)
        parent[v] = v;
    for (size_t k = 0; k < n_pairs; k++) {
        uint32_t a = find_root(parent, pairs[k].high), b = find_root(parent, pairs[k].low);
        parent[a > b ? a : b] = a > b ? b : a;
    }
    *n_pieces = 0;
    for (uint32_t v = 0; v < n_voxels; v++) {
        uint32_t root = find_root(parent, v);
        piece[v] = root == v ? (uint32_t)(*n_pieces)++ : piece[root];
    }
    free(parent);
    return 0;
}
