/* Parcels as a table and as an image. */
#ifndef ARETE_OUTPUT_PARCELS_H
#define ARETE_OUTPUT_PARCELS_H

#include "base/error.h"
#include "images/image_grid.h"

#include <stddef.h>
#include <stdint.h>

struct parcels {
    const struct image_grid *grid;
    size_t n_voxels;
    const size_t *voxel;   /* n_voxels: number in the grid */
    const int32_t *label;  /* n_voxels: 1 ... n_parcels */
    const uint32_t *piece; /* n_voxels: connected piece of the mask, from 0 */
    size_t n_parcels;
};

/* The image of labels, 0 outside the mask; the old one is there until the new one is whole. Compressed when
 * path ends in .gz. */
int parcels_write_image(const char *path, const struct parcels *parcels, struct error *err);

/* One row a parcel: index and name (so that the table names an atlas's labels), voxels, volume, centre (mean
 * place of its voxels, in mm) and piece of the mask (from 1). */
int parcels_write_table(const char *path, const struct parcels *parcels, struct error *err);
/* Whether what stands under the name, if anything, is such a table: nothing else is replaced. */
int parcels_check_table(const char *path, struct error *err);

#endif
