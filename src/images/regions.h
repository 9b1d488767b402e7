/* Which voxels make which target: the labels of an atlas inside a mask, or every voxel of a mask. */
#ifndef ARETE_IMAGES_REGIONS_H
#define ARETE_IMAGES_REGIONS_H

#include "base/error.h"
#include "base/text.h"
#include "images/grid.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is asked for; nothing is owned. */
struct regions_request {
    const struct grid *grid; /* of the subjects' images ... */
    const char *grid_path;   /* ... and a file that has it, for messages */
    const char *mask;        /* or NULL: every voxel of the atlas's labels counts */
    const char *atlas;       /* or NULL: every voxel of the mask, which must then be there, is a target */
    const char *label_names; /* of the atlas, or NULL */
    bool resample;           /* an atlas on another grid is taken by nearest voxel */
};

enum { REGIONS_MOST_VOXELS = 2000000 }; /* as targets of their own */

struct regions {
    struct grid grid;
    size_t n_targets;
    struct text_list names; /* "7_Frontal_Mid_L": number and name of a label, ascending; or "x_y_z" */
    char **notes;           /* n_targets: why a label has no voxel, or NULL */
    size_t *size;           /* n_targets: voxels */
    size_t n_voxels;        /* that belong to a target */
    size_t *voxel;          /* n_voxels, ascending */
    int32_t *target;        /* n_voxels: position in names */
    size_t n_mask_voxels;   /* inside the mask; without a mask all voxels */
};

/* Bad input (other grid, values that are no labels, an empty mask ...) is one line that names the file. On
 * error the regions are empty. */
int regions_init(struct regions *regions, const struct regions_request *request, struct error *err);
void regions_free(struct regions *regions);

/* values[t] = mean of image over the voxels of target t, summed in the order of the voxels; NaN for a target
 * without a voxel or with one that is no number, so that none is left out of a mean in silence. image[v] is
 * the value of voxel[v]. Returns how many of the image's values are NaN or infinite. */
size_t regions_average(const struct regions *regions, const double *image, double *values);

#endif
