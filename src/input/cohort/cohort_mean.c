#include "input/cohort/cohort_mean.h"

#include "base/compare.h"
#include "base/memory.h"

#include <math.h>
#include <stdlib.h>

static const char what[] = "the mean image";

static size_t voxels_at(const struct image_grid *grid, size_t stride)
{
    size_t count = 1;
    for (int axis = 0; axis < 3; axis++)
        count *= ((size_t)grid->size[axis] + stride - 1) / stride;
    return count;
}

/* Calls for each voxel of the mean, ascending: where it is among those that are read follows. */
static void list_voxels(struct cohort_mean *mean)
{
    const struct regions *regions = mean->regions;
    const int64_t *size = regions->grid.size, step = (int64_t)mean->stride;
    size_t at = 0, v = 0;
    for (int64_t k = 0; k < size[2]; k += step)
        for (int64_t j = 0; j < size[1]; j += step)
            for (int64_t i = 0; i < size[0]; i += step) {
                size_t voxel = (size_t)(i + size[0] * (j + size[1] * k));
                for (; v < regions->n_voxels && regions->voxel[v] < voxel; v++) {
                    mean->of_target[v] = mean->n_read;
                    mean->voxel[mean->n_read++] = regions->voxel[v];
                }
                if (v < regions->n_voxels && regions->voxel[v] == voxel)
                    mean->of_target[v++] = mean->n_read;
                mean->of_mean[at++] = mean->n_read;
                mean->voxel[mean->n_read++] = voxel;
            }
    for (; v < regions->n_voxels; v++) {
        mean->of_target[v] = mean->n_read;
        mean->voxel[mean->n_read++] = regions->voxel[v];
    }
}

int cohort_mean_init(struct cohort_mean *mean, const struct regions *regions, struct error *err)
{
    *mean = (struct cohort_mean){.regions = regions, .stride = 1};
    while (voxels_at(&regions->grid, mean->stride) > COHORT_MEAN_MOST_VOXELS)
        mean->stride++;
    mean->count = voxels_at(&regions->grid, mean->stride);
    size_t most = mean->count + regions->n_voxels;
    mean->voxel = memory_zeroed(most, sizeof *mean->voxel, what, err);
    mean->read = memory_zeroed(most, sizeof *mean->read, what, err);
    mean->of_target = memory_zeroed(regions->n_voxels, sizeof *mean->of_target, what, err);
    mean->of_mean = memory_zeroed(mean->count, sizeof *mean->of_mean, what, err);
    mean->sum = memory_zeroed(mean->count, sizeof *mean->sum, what, err);
    mean->n_values = memory_zeroed(mean->count, sizeof *mean->n_values, what, err);
    if (err->code == 0)
        list_voxels(mean);
    else
        cohort_mean_free(mean);
    return err->code;
}

void cohort_mean_free(struct cohort_mean *mean)
{
    free(mean->voxel);
    free(mean->read);
    free(mean->of_target);
    free(mean->of_mean);
    free(mean->sum);
    free(mean->n_values);
    *mean = (struct cohort_mean){0};
}

void cohort_mean_add(struct cohort_mean *mean, double *values)
{
    for (size_t v = 0; v < mean->regions->n_voxels; v++)
        values[v] = mean->read[mean->of_target[v]];
    for (size_t q = 0; q < mean->count; q++) {
        double value = mean->read[mean->of_mean[q]];
        if (isfinite(value)) {
            mean->sum[q] += value;
            mean->n_values[q]++;
        }
    }
}

static double mean_at(const struct cohort_mean *mean, size_t q)
{
    return mean->n_values[q] > 0 ? mean->sum[q] / mean->n_values[q] : 0;
}

/* What is black and what is white: 0 and the 99.5th percentile; where there is less than 0, the 0.5th. */
static void find_range(const struct cohort_mean *mean, double *sorted, double *low, double *high)
{
    size_t count = 0;
    for (size_t q = 0; q < mean->count; q++)
        if (mean_at(mean, q) != 0)
            sorted[count++] = mean_at(mean, q);
    *low = *high = 0;
    if (count == 0)
        return;
    qsort(sorted, count, sizeof *sorted, compare_doubles);
    *low = fmin(0, sorted[count / 200]);
    *high = sorted[count - 1 - count / 200];
}

uint8_t *cohort_mean_greys(const struct cohort_mean *mean, struct error *err)
{
    double low, high, *sorted = memory_zeroed(mean->count, sizeof *sorted, what, err);
    uint8_t *greys = memory_zeroed(mean->count, sizeof *greys, what, err);
    if (sorted == NULL || greys == NULL) {
        free(greys);
        free(sorted);
        return NULL;
    }
    find_range(mean, sorted, &low, &high);
    for (size_t q = 0; q < mean->count; q++) {
        double value = mean_at(mean, q), share = high > low ? (value - low) / (high - low) : 1;
        greys[q] = value == 0 ? 0 : (uint8_t)(1 + lround(254 * fmin(1, fmax(0, share))));
    }
    free(sorted);
    return greys;
}
