#include "model/parcels/voxel_standardise.h"

#include <math.h>
#include <stdbool.h>

static bool varies(const float *row, size_t n_subjects)
{
    for (size_t s = 1; s < n_subjects; s++)
        if (row[s] != row[0])
            return true;
    return false;
}

static void standardise_row(float *row, size_t n_subjects)
{
    double sum = 0, squares = 0;
    for (size_t s = 0; s < n_subjects; s++)
        sum += (double)row[s];
    double mean = sum / (double)n_subjects;
    for (size_t s = 0; s < n_subjects; s++)
        squares += ((double)row[s] - mean) * ((double)row[s] - mean);
    double deviation = sqrt(squares / (double)n_subjects);
    for (size_t s = 0; s < n_subjects; s++)
        row[s] = (float)(((double)row[s] - mean) / deviation);
}

size_t voxel_standardise(float *values, size_t n_voxels, size_t n_subjects, size_t stride)
{
    size_t n_constant = 0;
    for (size_t v = 0; v < n_voxels; v++) {
        float *row = values + v * stride;
        if (varies(row, n_subjects)) {
            standardise_row(row, n_subjects);
            continue;
        }
        n_constant++;
        for (size_t s = 0; s < n_subjects; s++)
            row[s] = 0;
    }
    return n_constant;
}
