/* Ward clustering with spatial constraint. Of all clusters that touch, the two whose merger adds least to the
 * sum of squares within clusters merge, again and again, until none touch.
 *
 * For each connected piece of the mask the tree is that of scikit-learn's ward_tree(X, connectivity=...),
 * also with ties: of pairs that are equally close, the one whose larger cluster number is smallest comes
 * first, then the one whose smaller number is. Pieces of a mask never merge. Their merges are in one common
 * order. */
#ifndef ARETE_MODEL_PARCELS_WARD_H
#define ARETE_MODEL_PARCELS_WARD_H

#include "base/error.h"
#include "model/parcels/voxel_graph.h"

#include <stddef.h>
#include <stdint.h>

/* Clusters 0 ... n_voxels-1 are the voxels, n_voxels + m is what merge m made. */
struct ward_tree {
    size_t n_voxels, n_merges; /* n_merges = n_voxels - pieces */
    uint32_t *children;        /* n_merges x 2: the two clusters, the smaller number first */
    double *height;            /* n_merges: sqrt(2 n_a n_b/(n_a + n_b)) |mean_a - mean_b|. Spatial constraint
                                  can make it lower than that of an earlier merge */
    uint32_t *size;            /* n_merges: voxels */
};

/* Called after every merge, with the number of merges so far. */
typedef void ward_progress(void *context, size_t n_merges);

/* What is clustered: voxels with a number of each subject, and which of them touch (voxel_graph_pairs). */
struct ward_voxels {
    size_t n_voxels, n_subjects;
    const struct voxel_pair *pairs;
    size_t n_pairs;
};

/* values: n_voxels x ward_rows_stride(n_subjects) floats, row-major, finite, from memory_aligned; they are
 * overwritten. progress may be NULL. */
int ward_build(struct ward_tree *tree, float *values, const struct ward_voxels *voxels,
               ward_progress *progress, void *context, struct error *err);
void ward_tree_free(struct ward_tree *tree);

#endif
