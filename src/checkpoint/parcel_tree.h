/* The file of a parcellation's merge tree: HDF5, so that any number of parcels can be cut from it, here or in
 * a notebook, without clustering again (layout: docs/parcellation.md). */
#ifndef ARETE_CHECKPOINT_PARCEL_TREE_H
#define ARETE_CHECKPOINT_PARCEL_TREE_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

/* Trees of version 1 have another hash: of values rounded to float32, which images that differ share. */
enum { PARCEL_TREE_FORMAT_VERSION = 2 };

/* parcel_tree_write only reads it; parcel_tree_read fills it with memory of its own. */
struct parcel_tree {
    char *arete_version;
    uint64_t values_hash; /* of the images' values inside the mask (input/images/image_stack.h) */
    int64_t n_images;
    int32_t neighbours, standardise;
    int64_t size[3];     /* of the grid */
    double affine[3][4]; /* voxel to mm */
    size_t n_voxels, n_merges;
    uint64_t *voxel;          /* n_voxels: number in the grid */
    uint32_t *children;       /* n_merges x 2, as in model/parcels/ward.h */
    double *height;           /* n_merges */
    uint32_t *cluster_voxels; /* n_merges: voxels of the cluster that each merge made */
};

/* Replaces the file `path` (base/replace.h): at any time there is the old tree or the new one. */
extern const struct schema parcel_tree_schema; /* checkpoint/schema.h */

/* Whether what stands under the name, if anything, is a tree: nothing else is replaced. */
int parcel_tree_check_name(const char *path, struct error *err);
int parcel_tree_write(const char *path, const struct parcel_tree *tree, struct error *err);

/* Reads and checks everything: format, version, types, shapes, CRC-32C, and that children are clusters made
 * before. A file that is no tree is EXIT_CODE_BAD_INPUT. On error the tree is empty. */
int parcel_tree_read(struct parcel_tree *tree, const char *path, struct error *err);
void parcel_tree_free(struct parcel_tree *tree);

#endif
