/* Every voxel on the same scale before voxels are compared. */
#ifndef ARETE_MODEL_PARCELS_VOXEL_STANDARDISE_H
#define ARETE_MODEL_PARCELS_VOXEL_STANDARDISE_H

#include <stddef.h>

/* values: n_voxels x stride, of which n_subjects stand in each row. Each row gets mean 0 and variance 1 (sums
 * in double, divided by n_subjects); one without variance becomes 0. Returns how many of those there are. The
 * squared distance of two rows is then 2 n_subjects (1 - their correlation). */
size_t voxel_standardise(float *values, size_t n_voxels, size_t n_subjects, size_t stride);

#endif
