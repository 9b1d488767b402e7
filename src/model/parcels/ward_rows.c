#include "model/parcels/ward_rows.h"

#include "base/every_width.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum { LINE_FLOATS = 16, BLOCK = 128 };

size_t ward_rows_stride(size_t n_subjects)
{
    return (n_subjects + LINE_FLOATS - 1) / LINE_FLOATS * LINE_FLOATS;
}

int ward_rows_init(struct ward_rows *rows, float *values, size_t n_voxels, size_t n_subjects,
                   struct error *err)
{
    *rows = (struct ward_rows){
        .values = values, .n_subjects = n_subjects, .stride = ward_rows_stride(n_subjects)};
    if ((rows->size = memory_zeroed(n_voxels, sizeof *rows->size, "the clusters", err)) == NULL ||
        (rows->second = memory_zeroed(n_voxels, sizeof *rows->second, "the clusters", err)) == NULL ||
        (rows->mean = memory_aligned(rows->stride, sizeof *rows->mean, "a cluster", err)) == NULL ||
        (rows->square = memory_aligned(WARD_ROWS_TOGETHER * (size_t)BLOCK, sizeof *rows->square, "distances",
                                       err)) == NULL) {
        ward_rows_free(rows);
        return err->code;
    }
    memset(rows->square, 0, WARD_ROWS_TOGETHER * (size_t)BLOCK * sizeof *rows->square);
    for (size_t v = 0; v < n_voxels; v++)
        rows->size[v] = 1;
    return 0;
}

void ward_rows_free(struct ward_rows *rows)
{
    free(rows->size);
    free(rows->second);
    free(rows->mean);
    free(rows->square);
    *rows = (struct ward_rows){0};
}

/* Where a cluster's sums of subjects from `first` on are, and how many of them are side by side. */
static double *sums_at(const struct ward_rows *rows, uint32_t slot, size_t first, size_t *count)
{
    size_t half = rows->stride / 2;
    uint32_t row = first < half ? slot : rows->second[slot];
    void *start = rows->values + (size_t)row * rows->stride;
    *count = first < half && rows->n_subjects > half ? half - first : rows->n_subjects - first;
    return (double *)start + (first < half ? first : first - half);
}

EVERY_WIDTH
static void add_floats(double *restrict sum, const float *restrict values, size_t count)
{
    for (size_t s = 0; s < count; s++)
        sum[s] += (double)values[s];
}

EVERY_WIDTH
static void add_sums(double *restrict sum, const double *restrict values, size_t count)
{
    for (size_t s = 0; s < count; s++)
        sum[s] += values[s];
}

EVERY_WIDTH
static void divide(double *restrict values, double divisor, size_t count)
{
    for (size_t s = 0; s < count; s++)
        values[s] /= divisor;
}

EVERY_WIDTH
static void square_floats(double *restrict square, const double *restrict mean, const float *restrict values,
                          size_t count)
{
    for (size_t s = 0; s < count; s++) {
        double difference = mean[s] - (double)values[s];
        square[s] = difference * difference;
    }
}

EVERY_WIDTH
static void square_sums(double *restrict square, const double *restrict mean, const double *restrict sum,
                        double size, size_t count)
{
    for (size_t s = 0; s < count; s++) {
        double difference = mean[s] - sum[s] / size;
        square[s] = difference * difference;
    }
}

/* Adds a cluster's sums to `mean`, which serves as workspace here. */
static void add_cluster(const struct ward_rows *rows, uint32_t slot)
{
    if (rows->size[slot] == 1) {
        add_floats(rows->mean, rows->values + (size_t)slot * rows->stride, rows->n_subjects);
        return;
    }
    for (size_t s = 0, count; s < rows->n_subjects; s += count) {
        const double *sum = sums_at(rows, slot, s, &count);
        add_sums(rows->mean + s, sum, count);
    }
}

static void take_sums(const struct ward_rows *rows, uint32_t slot)
{
    memset(rows->mean, 0, rows->n_subjects * sizeof *rows->mean);
    add_cluster(rows, slot);
}

void ward_rows_merge(struct ward_rows *rows, uint32_t a, uint32_t b)
{
    take_sums(rows, a);
    add_cluster(rows, b);
    rows->size[a] += rows->size[b];
    rows->second[a] = b;
    for (size_t s = 0, count; s < rows->n_subjects; s += count) {
        double *sum = sums_at(rows, a, s, &count);
        memcpy(sum, rows->mean + s, count * sizeof *sum);
    }
    divide(rows->mean, (double)rows->size[a], rows->n_subjects);
    rows->focus = a;
}

void ward_rows_focus(struct ward_rows *rows, uint32_t slot)
{
    take_sums(rows, slot);
    if (rows->size[slot] > 1)
        divide(rows->mean, (double)rows->size[slot], rows->n_subjects);
    rows->focus = slot;
}

/* Squared differences of one cluster for subjects from `first` on, as many as are side by side there. */
static void square_block(const struct ward_rows *rows, uint32_t slot, size_t first, size_t count,
                         double *square)
{
    const double *mean = rows->mean + first;
    size_t in_a_row;
    if (rows->size[slot] == 1)
        square_floats(square, mean, rows->values + (size_t)slot * rows->stride + first, count);
    else
        square_sums(square, mean, sums_at(rows, slot, first, &in_a_row), (double)rows->size[slot], count);
}

/* Four sums at a time; each adds one number after the other. */
static void add_squares(const double *square, size_t count, double sum[WARD_ROWS_TOGETHER])
{
    double s0 = sum[0], s1 = sum[1], s2 = sum[2], s3 = sum[3];
    for (size_t s = 0; s < count; s++) {
        s0 += square[s];
        s1 += square[BLOCK + s];
        s2 += square[(size_t)2 * BLOCK + s];
        s3 += square[(size_t)3 * BLOCK + s];
    }
    sum[0] = s0, sum[1] = s1, sum[2] = s2, sum[3] = s3;
}

void ward_rows_inertia(const struct ward_rows *rows, const uint32_t *slots, size_t count, double *inertia)
{
    double sum[WARD_ROWS_TOGETHER] = {0};
    size_t half = rows->stride / 2;
    for (size_t s = 0, length; s < rows->n_subjects; s += length) {
        size_t end = s < half && half < rows->n_subjects ? half : rows->n_subjects;
        length = end - s < BLOCK ? end - s : BLOCK;
        for (size_t k = 0; k < count; k++)
            square_block(rows, slots[k], s, length, rows->square + k * BLOCK);
        add_squares(rows->square, length, sum);
    }
    double n_a = (double)rows->size[rows->focus];
    for (size_t k = 0; k < count; k++) {
        double n_b = (double)rows->size[slots[k]];
        inertia[k] = sum[k] * (n_a * n_b / (n_a + n_b));
    }
}
