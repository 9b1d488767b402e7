/* What the numbers of an image are counted from before they are rounded to float32. */
#ifndef ARETE_INPUT_IMAGES_IMAGE_ORIGIN_H
#define ARETE_INPUT_IMAGES_IMAGE_ORIGIN_H

#include <stddef.h>

/* One number for all voxels: the first one. Where that is unlike the others (a voxel at the edge, 0 beside a
 * large mean), so that float32 would round away what they differ by, their median. Found on up to 1,001
 * voxels, evenly spread. count is at least 1; all numbers are finite. */
double image_origin_of(const double *numbers, size_t count);

#endif
