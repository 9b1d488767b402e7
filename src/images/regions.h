/* Which voxels make which target. A target is a label of an atlas inside a mask, or each voxel of a mask. */
#ifndef ARETE_IMAGES_REGIONS_H
#define ARETE_IMAGES_REGIONS_H

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "images/image_grid.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What regions_init needs; all pointers stay the caller's. */
struct regions_request {
    const struct image_grid *grid; /* of the subjects' images */
    const char *grid_path;         /* an image of that grid, for messages */
    double tolerance_mm;           /* within which grids are the same */
    const char *mask;              /* NULL: every voxel of a label counts */
    const char *atlas;             /* NULL: every voxel of the mask is a target; then there must be a mask */
    const char *label_names;       /* of the atlas, or NULL */
    struct log *log;               /* is told of the atlas's unit, where that is not mm; or NULL */
    bool resample;                 /* an atlas on another grid is resampled by nearest voxel */
};

enum { REGIONS_MOST_VOXELS = 2000000 }; /* where each is a target */

struct regions {
    struct image_grid grid;
    size_t n_targets;
    struct text_list names; /* "7_Frontal_Mid_L": number and name of a label, ascending; or "x_y_z" */
    char **notes;           /* n_targets: why a label has no voxel; else NULL */
    size_t *size;           /* n_targets: voxels */
    size_t n_voxels;        /* that belong to a target */
    size_t *voxel;          /* n_voxels, ascending */
    int32_t *target;        /* n_voxels: position in names */
    size_t n_mask_voxels;   /* in the mask; without a mask all voxels */
};

/* Bad input, such as another grid, values that are no labels, an empty mask, is one line that names the file.
 * On error the regions are empty. */
int regions_init(struct regions *regions, const struct regions_request *request, struct error *err);
void regions_free(struct regions *regions);

/* values[t] = mean of the image over the voxels of target t, summed in their order. It is NaN for a target
 * without a voxel, and for one with a voxel that is NaN or infinite: no voxel is silently left out of a mean.
 * image[v]: the value of voxel[v]. Returns how many values of the image are NaN or infinite. */
size_t regions_average(const struct regions *regions, const double *image, double *values);

#endif
