/* The values of clusters in Ward clustering, and distances between them.
 *
 * A voxel is a row of float32. A cluster of more voxels holds their sums in double, in two of its voxels'
 * rows: the array never grows beyond voxels x subjects float32, and a sum is as exact as in double
 * throughout.
 *
 * Every number is computed as scikit-learn's ward_tree does, one subject after the other in double:
 * n_a n_b/(n_a + n_b) * sum over subjects of (sum_a/n_a - sum_b/n_b)^2. So ties, and what rounding makes of
 * them, fall as they fall there, and the result does not depend on the processor. */
#ifndef ARETE_MODEL_PARCELS_WARD_ROWS_H
#define ARETE_MODEL_PARCELS_WARD_ROWS_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

enum { WARD_ROWS_TOGETHER = 4 }; /* clusters whose distances are summed side by side */

struct ward_rows {
    float *values; /* n_voxels x stride; not owned */
    size_t n_subjects, stride;
    uint32_t *size;   /* of the cluster in each slot: its voxels */
    uint32_t *second; /* the row of the second half of its sums; the first half stands in the slot's own */
    double *mean;     /* n_subjects: of the cluster in focus */
    double *square;   /* room for squared differences */
    uint32_t focus;   /* its slot */
};

/* Subjects that a row has room for: a multiple of a cache line, so that two rows hold a row of double. */
size_t ward_rows_stride(size_t n_subjects);

/* `values`: n_voxels x ward_rows_stride(n_subjects), from memory_aligned, row-major; it is overwritten. */
int ward_rows_init(struct ward_rows *rows, float *values, size_t n_voxels, size_t n_subjects,
                   struct error *err);
void ward_rows_free(struct ward_rows *rows);

/* Puts the cluster in slot b into that of slot a. */
void ward_rows_merge(struct ward_rows *rows, uint32_t a, uint32_t b);

/* The cluster in `slot` is the one that distances are taken from. */
void ward_rows_focus(struct ward_rows *rows, uint32_t slot);
/* inertia[k] = what the sum of squares around the means grows by when the cluster in focus merges with
 * slots[k]; count at most WARD_ROWS_TOGETHER. */
void ward_rows_inertia(const struct ward_rows *rows, const uint32_t *slots, size_t count, double *inertia);

#endif
