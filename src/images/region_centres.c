#include "images/region_centres.h"

#include <math.h>

enum { AXES = 3 };

/* Adds the indices of a voxel, from 0. */
static void add_indices(const struct image_grid *grid, size_t voxel, double *sum)
{
    size_t x = (size_t)grid->size[0], y = (size_t)grid->size[1];
    sum[0] += (double)(voxel % x);
    sum[1] += (double)(voxel / x % y);
    sum[2] += (double)(voxel / x / y);
}

void region_centres(const struct regions *regions, double *centre)
{
    for (size_t k = 0; k < regions->n_targets * AXES; k++)
        centre[k] = 0;
    for (size_t v = 0; v < regions->n_voxels; v++)
        add_indices(&regions->grid, regions->voxel[v], centre + (size_t)regions->target[v] * AXES);
    for (size_t t = 0; t < regions->n_targets; t++) {
        double *place = centre + t * AXES, mean[AXES];
        for (int axis = 0; axis < AXES; axis++)
            mean[axis] = regions->size[t] > 0 ? place[axis] / (double)regions->size[t] : NAN;
        for (int axis = 0; axis < AXES; axis++) {
            const double *row = regions->grid.affine[axis];
            place[axis] = row[0] * mean[0] + row[1] * mean[1] + row[2] * mean[2] + row[3];
        }
    }
}
