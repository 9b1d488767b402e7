/* The steps of `arete parcellate`. */
#ifndef ARETE_CLI_PARCELLATE_STEPS_H
#define ARETE_CLI_PARCELLATE_STEPS_H

#include "base/error.h"
#include "base/log.h"
#include "checkpoint/parcel_tree.h"
#include "config/parcellation.h"
#include "input/image_stack.h"
#include "model/parcels/voxel_grid.h"

#include <stdbool.h>

struct parcellate {
    struct log *log;
    struct parcellation parcellation;
    struct image_stack stack;
    struct voxel_pair *pairs; /* of voxels that touch */
    size_t n_pairs;
    uint32_t *piece; /* of the mask, of each voxel */
    size_t n_pieces;
    struct parcel_tree tree;
};

/* The merge tree: that of an earlier run if it is of these images, or a new one, which is saved under `path`.
 * A file of other images or options there is bad input that says what is different, unless `fresh`. */
int parcellate_find_tree(struct parcellate *parcellate, const char *path, bool fresh, struct error *err);

#endif
