/* The voxels of a mask as a graph: which there are, which touch each other, which pieces they form.
 *
 * Voxels of the mask are numbered 0 ... n_voxels-1 in the order of the image: x fastest, then y, then z. A
 * place is any voxel of the image, in the mask or not, numbered in the same order. */
#ifndef ARETE_MODEL_PARCELS_VOXEL_GRAPH_H
#define ARETE_MODEL_PARCELS_VOXEL_GRAPH_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

/* The most places. A voxel has at most 13 pairs, and pairs must have 31-bit numbers. */
enum { VOXEL_GRAPH_NONE = -1, VOXEL_GRAPH_MOST_VOXELS = INT32_MAX / 13 };

struct voxel_graph {
    size_t shape[3]; /* places along x, y, z */
    size_t n_voxels;
    uint32_t *place; /* n_voxels: the place of each, x + shape[0] (y + shape[1] z) */
    int32_t *voxel;  /* of each place the voxel there, or VOXEL_GRAPH_NONE */
};

/* Two voxels that touch, the larger number first. */
struct voxel_pair {
    uint32_t high, low;
};

/* mask: a byte for each place, 0 = not in the mask. More than VOXEL_GRAPH_MOST_VOXELS places are
 * EXIT_CODE_BAD_INPUT. */
int voxel_graph_init(struct voxel_graph *graph, const uint8_t *mask, const size_t shape[3],
                     struct error *err);
void voxel_graph_free(struct voxel_graph *graph);

/* All pairs of voxels that touch, sorted by high, then low. neighbours: 6 = by a face, 18 = also by an edge,
 * 26 = also by a corner. The caller frees them. NULL and an error if there is no memory. */
struct voxel_pair *voxel_graph_pairs(const struct voxel_graph *graph, int neighbours, size_t *n_pairs,
                                     struct error *err);

/* piece[v] = number of the connected piece of voxel v. Pieces are numbered from 0 by their first voxels;
 * *n_pieces of them. */
int voxel_graph_pieces(size_t n_voxels, const struct voxel_pair *pairs, size_t n_pairs, uint32_t *piece,
                       size_t *n_pieces, struct error *err);

#endif
