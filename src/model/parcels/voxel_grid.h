/* The voxels of a mask as a graph: which are there, which touch, which hang together.
 *
 * Voxels are numbered 0 ... n_voxels-1 as they stand in the image: x fastest, then y, then z. */
#ifndef ARETE_MODEL_PARCELS_VOXEL_GRID_H
#define ARETE_MODEL_PARCELS_VOXEL_GRID_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

/* So many that all pairs, at most 13 a voxel, still have 31-bit numbers. */
enum { VOXEL_GRID_NONE = -1, VOXEL_GRID_MOST_VOXELS = INT32_MAX / 13 };

struct voxel_grid {
    size_t shape[3]; /* x, y, z */
    size_t n_voxels;
    uint32_t *place; /* n_voxels: x + shape[0] (y + shape[1] z) of each */
    int32_t *voxel;  /* one for each place: the voxel there, or VOXEL_GRID_NONE */
};

/* Two voxels that touch, the larger number first. */
struct voxel_pair {
    uint32_t high, low;
};

/* mask: one byte a place, 0 = not in the mask. An image of more than VOXEL_GRID_MOST_VOXELS places is
 * EXIT_CODE_BAD_INPUT. */
int voxel_grid_init(struct voxel_grid *grid, const uint8_t *mask, const size_t shape[3], struct error *err);
void voxel_grid_free(struct voxel_grid *grid);

/* All pairs that touch, sorted by high, then low: by a face (neighbours = 6), or an edge too (18), or a
 * corner too (26). The caller frees them; NULL and an error without memory. */
struct voxel_pair *voxel_grid_pairs(const struct voxel_grid *grid, int neighbours, size_t *n_pairs,
                                    struct error *err);

/* piece[v] = 0, 1 ... of each voxel, by the number of its first voxel. *n_pieces is how many there are. */
int voxel_grid_pieces(size_t n_voxels, const struct voxel_pair *pairs, size_t n_pairs, uint32_t *piece,
                      size_t *n_pieces, struct error *err);

#endif
