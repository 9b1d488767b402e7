/* Images to parcels: the merge tree of a mask's voxels, and its cuts as an image of labels and a table each.
 */
#ifndef ARETE_PARCELLATION_PARCELLATE_H
#define ARETE_PARCELLATION_PARCELLATE_H

#include "base/error.h"
#include "base/log.h"
#include "base/reporter.h"
#include "base/text.h"
#include "checkpoint/parcel_tree.h"
#include "config/parcellation.h"
#include "input/image_stack.h"
#include "model/parcels/voxel_grid.h"

#include <stdbool.h>
#include <stdio.h>

struct parcellate_request {
    const char *path;             /* of the parcellation's file of keys */
    const struct text_list *sets; /* "key=value", each in place of a key of that file */
    bool fresh;                   /* clusters anew where the tree is of other images or options */
    const struct reporter *reporter;
    FILE *warnings; /* where warnings of the log go as well; NULL: nowhere */
    FILE *screen;   /* where the files written are named */
};

/* Reads, clusters (or takes the tree that is there), cuts and writes. Returns the exit code. */
int parcellate_run(const struct parcellate_request *request, struct error *err);

/* What one step leaves for the next; only for this room. */
struct parcellate {
    struct log *log;
    const struct reporter *reporter;
    FILE *screen;
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
