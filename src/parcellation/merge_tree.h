/* The merge tree of a mask's voxels, and whether one that an earlier run saved is the same. */
#ifndef ARETE_PARCELLATION_MERGE_TREE_H
#define ARETE_PARCELLATION_MERGE_TREE_H

#include "base/error.h"
#include "base/log.h"
#include "base/reporter.h"
#include "checkpoint/parcel_tree.h"
#include "config/parcellation.h"
#include "input/images/image_stack.h"
#include "model/parcels/voxel_graph.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Which voxels of a mask touch, and the pieces it falls into. */
struct mask_pieces {
    struct voxel_pair *pairs;
    size_t n_pairs;
    uint32_t *piece; /* of each voxel */
    size_t n_pieces;
};

/* What a tree is made from, and who hears of it. */
struct merge_tree_request {
    const struct parcellation *options;
    const struct image_stack *stack;
    const struct mask_pieces *mask;
    struct log *log;
    const struct reporter *reporter;
};

/* The tree that an earlier run saved under `path` if it is of these images, or a new one, which is not saved
 * yet. A file of other images or options there is bad input that says what is different, unless `fresh`.
 * *is_new: it was made. tree is released by parcel_tree_free, also after an error. */
int merge_tree_find(const struct merge_tree_request *request, const char *path, bool fresh,
                    struct parcel_tree *tree, bool *is_new, struct error *err);

#endif
