/* The values of clusters in Ward clustering, and distances between clusters.
 *
 * A voxel is a row of float32. A cluster of several voxels keeps its sums in double, in the rows of two of
 * its voxels. So the array never grows beyond voxels x subjects float32, and sums are as exact as in double
 * throughout.
 *
 * Every number is computed in the same order as by scikit-learn's ward_tree, one subject after the other in
 * double: n_a n_b/(n_a + n_b) * sum over subjects of (sum_a/n_a - sum_b/n_b)^2. So rounding decides ties in
 * the same way, and the result does not depend on the processor. */
#ifndef ARETE_MODEL_PARCELS_WARD_ROWS_H
#define ARETE_MODEL_PARCELS_WARD_ROWS_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

enum { WARD_ROWS_TOGETHER = 4 }; /* so many distances are summed side by side */

struct ward_rows {
    float *values; /* n_voxels x stride; not owned */
    size_t n_subjects, stride;
    uint32_t *size; /* of the cluster in each slot: its voxels */
    uint32_t
        *second;    /* of each slot: the row with the second half of its sums; the first is in its own row */
    double *mean;   /* n_subjects: of the cluster in focus */
    double *square; /* workspace for squared differences */
    uint32_t focus; /* the slot of the cluster in focus */
};

/* Floats of a row: as many as fill whole cache lines. Two rows hold as many doubles as there are subjects. */
size_t ward_rows_stride(size_t n_subjects);

/* `values`: n_voxels x ward_rows_stride(n_subjects), from memory_aligned, row-major; it is overwritten. */
int ward_rows_init(struct ward_rows *rows, float *values, size_t n_voxels, size_t n_subjects,
                   struct error *err);
void ward_rows_free(struct ward_rows *rows);

/* Merges the cluster of slot b into that of slot a. */
void ward_rows_merge(struct ward_rows *rows, uint32_t a, uint32_t b);

/* From now on distances are taken from the cluster of this slot. */
void ward_rows_focus(struct ward_rows *rows, uint32_t slot);
/* inertia[k] = by how much the sum of squares within clusters grows if the cluster in focus merges with that
 * of slots[k]. count is at most WARD_ROWS_TOGETHER. */
void ward_rows_inertia(const struct ward_rows *rows, const uint32_t *slots, size_t count, double *inertia);

#endif
