/* The mean of a cohort's images, for pictures: it is read along with the voxels of the targets. */
#ifndef ARETE_INPUT_COHORT_COHORT_MEAN_H
#define ARETE_INPUT_COHORT_COHORT_MEAN_H

#include "images/regions.h"

#include <stddef.h>
#include <stdint.h>

/* The mean has every stride-th voxel along each axis, so that there are at most so many. */
enum { COHORT_MEAN_MOST_VOXELS = 1000000 };

struct cohort_mean {
    const struct regions *regions; /* the caller's */
    size_t stride, count;
    size_t n_read, *voxel;       /* n_read: what is read of every image, ascending */
    size_t *of_target, *of_mean; /* where among those the regions' voxels are, and the mean's */
    double *read;                /* n_read: of one image */
    double *sum;                 /* count; NaN and infinite values take no part */
    uint32_t *n_values;          /* count: how many took part */
};

int cohort_mean_init(struct cohort_mean *mean, const struct regions *regions, struct error *err);
void cohort_mean_free(struct cohort_mean *mean);

/* Adds the image in mean->read, and copies the regions' voxels of it to `values`. */
void cohort_mean_add(struct cohort_mean *mean, double *values);

/* The mean as greys from 1 to 255, 0 where every image has 0 or none has a number: `count` bytes of the
 * caller's. NULL: out of memory. */
uint8_t *cohort_mean_greys(const struct cohort_mean *mean, struct error *err);

#endif
