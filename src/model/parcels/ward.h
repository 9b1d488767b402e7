/* Spatially constrained Ward clustering: always the two touching clusters merge whose merger adds least to
 * the sum of squares within clusters, until nothing touches.
 *
 * The same tree as scikit-learn's ward_tree(X, connectivity=...) for each connected piece of the mask, ties
 * included: of pairs that are equally close, the one whose larger cluster number is smallest comes first,
 * then the one whose smaller number is. Pieces of a mask never merge; the order of merges is one for all of
 * them. */
#ifndef ARETE_MODEL_PARCELS_WARD_H
#define ARETE_MODEL_PARCELS_WARD_H

#include "base/error.h"
#include "model/parcels/voxel_grid.h"

#include <stddef.h>
#include <stdint.h>

/* Clusters 0 ... n_voxels-1 are the voxels, n_voxels + m is what merge m made. */
struct ward_tree {
    size_t n_voxels, n_merges; /* n_merges = n_voxels - pieces */
    uint32_t *children;        /* n_merges x 2: the two clusters, the smaller number first */
    double *height;            /* n_merges: sqrt(2 n_a n_b/(n_a + n_b)) |mean_a - mean_b|. With neighbours it
                                  may be lower than an earlier one */
    uint32_t *size;            /* n_merges: voxels */
};

/* Told of every merge: how many there were so far. */
typedef void ward_progress(void *context, size_t n_merges);

/* values: n_voxels x ward_rows_stride(n_subjects) float32, row-major, from memory_aligned; finite; it is
 * overwritten. pairs: as voxel_grid_pairs gives them. progress may be NULL. */
int ward_build(struct ward_tree *tree, float *values, size_t n_voxels, size_t n_subjects,
               const struct voxel_pair *pairs, size_t n_pairs, ward_progress *progress, void *context,
               struct error *err);
void ward_tree_free(struct ward_tree *tree);

#endif
