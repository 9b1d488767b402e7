/* Where targets lie. */
#ifndef ARETE_IMAGES_REGION_CENTRES_H
#define ARETE_IMAGES_REGION_CENTRES_H

#include "images/regions.h"

/* centre: n_targets x 3, row-major: the mean of the places of a target's voxels, in mm (of a voxel, its own
 * place). NaN for a target without a voxel. */
void region_centres(const struct regions *regions, double *centre);

#endif
