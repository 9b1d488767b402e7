/* The grid of an image: how many voxels there are, and where each is. */
#ifndef ARETE_IMAGES_IMAGE_GRID_H
#define ARETE_IMAGES_IMAGE_GRID_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Voxel (i, j, k) has number i + size[0] * (j + size[1] * k), the order of a NIfTI file. Its place is
 * affine * (i, j, k, 1), in mm. */
struct image_grid {
    int64_t size[3];
    double affine[3][4];
    int space; /* NIfTI code of the space: 1 scanner, 2 aligned, 3 Talairach, 4 MNI; 0 = unknown */
};

enum { IMAGE_GRID_TEXT_BYTES = 400 };

size_t image_grid_voxel_count(const struct image_grid *grid);

/* The volume of a voxel, in mm^3. */
double image_grid_voxel_mm3(const struct image_grid *grid);

/* Whether the affine is finite and can be inverted. */
bool image_grid_is_valid(const struct image_grid *grid);

/* What rounding of float32 affines needs, in mm. */
#define IMAGE_GRID_TOLERANCE_MM 1e-3

/* How far voxels of the same indices lie apart at most, in mm; infinite for other sizes. */
double image_grid_distance(const struct image_grid *a, const struct image_grid *b);

/* Whether that is within `tolerance_mm`. */
bool image_grid_same(const struct image_grid *a, const struct image_grid *b, double tolerance_mm);

/* "91 x 109 x 91 voxels, affine [-2 0 0 90; 0 2 0 -126; 0 0 2 -72]". Returns `text`. */
const char *image_grid_text(char text[IMAGE_GRID_TEXT_BYTES], const struct image_grid *grid);

/* map * (x, y, z, 1) = indices of the place x, y, z mm, which are no whole numbers. The grid is valid. */
void image_grid_from_mm(const struct image_grid *grid, double map[3][4]);

/* found[v] = number of the voxel of `to` that is nearest to voxel v of `from`, or -1 outside it. Half way
 * between two voxels, within 1e-4 of a voxel, it is the one with the smaller index. found:
 * image_grid_voxel_count(from) entries. */
void image_grid_nearest(const struct image_grid *from, const struct image_grid *to, int64_t *found);

/* Writes the indices of a voxel, such as "12_40_31", to text, of `bytes` bytes. */
void image_grid_voxel_name(const struct image_grid *grid, size_t voxel, char *text, size_t bytes);

#endif
