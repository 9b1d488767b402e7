/* The grid of an image: how many voxels there are, and where each is. */
#ifndef ARETE_IMAGES_GRID_H
#define ARETE_IMAGES_GRID_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Voxel (i, j, k) has number i + size[0] * (j + size[1] * k), the order of a NIfTI file. Its place is
 * affine * (i, j, k, 1), in mm. */
struct grid {
    int64_t size[3];
    double affine[3][4];
    int space; /* NIfTI code of the space: 1 scanner, 2 aligned, 3 Talairach, 4 MNI; 0 = unknown */
};

enum { GRID_TEXT_BYTES = 400 };

size_t grid_voxel_count(const struct grid *grid);

/* The volume of a voxel, in mm^3. */
double grid_voxel_mm3(const struct grid *grid);

/* Whether the affine is finite and can be inverted. */
bool grid_is_valid(const struct grid *grid);

/* Whether both have the same size and voxels of the same indices are within 1e-3 mm of each other. */
bool grid_same(const struct grid *a, const struct grid *b);

/* "91 x 109 x 91 voxels, affine [-2 0 0 90; 0 2 0 -126; 0 0 2 -72]". Returns `text`. */
const char *grid_text(char text[GRID_TEXT_BYTES], const struct grid *grid);

/* found[v] = number of the voxel of `to` that is nearest to voxel v of `from`, or -1 outside it. Half way
 * between two voxels, within 1e-4 of a voxel, it is the one with the smaller index. found:
 * grid_voxel_count(from) entries. */
void grid_nearest(const struct grid *from, const struct grid *to, int64_t *found);

/* Writes the indices of a voxel, such as "12_40_31", to text, of `bytes` bytes. */
void grid_voxel_name(const struct grid *grid, size_t voxel, char *text, size_t bytes);

#endif
