#include "checkpoint/parcel_tree.h"

#include "base/durable.h"
#include "base/memory.h"
#include "base/replace.h"
#include "checkpoint/attribute.h"
#include "checkpoint/crc32c.h"
#include "checkpoint/hdf5_error.h"
#include "checkpoint/hdf5_file.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FORMAT "arete-parcel-tree"

enum { DATASETS = 6, FILE_SLACK_BYTES = 1 << 20 };

/* One dataset: its values' place in a struct parcel_tree. */
struct dataset {
    const char *path;
    hid_t type;
    int rank;
    hsize_t shape[2];
    size_t bytes;
    void *values;
    uint64_t offset; /* in the file */
};

/* All datasets of a tree whose n_voxels and n_merges are known. */
static void list_datasets(const struct parcel_tree *tree, struct dataset list[DATASETS])
{
    hsize_t n = tree->n_voxels, m = tree->n_merges;
    list[0] = (struct dataset){
        "/grid/size", H5T_STD_I64LE, 1, {3, 0}, sizeof tree->size, (void *)(uintptr_t)tree->size, 0};
    list[1] = (struct dataset){
        "/grid/affine", H5T_IEEE_F64LE, 2, {3, 4}, sizeof tree->affine, (void *)(uintptr_t)tree->affine, 0};
    list[2] = (struct dataset){"/voxels", H5T_STD_U64LE, 1, {n, 0}, n * sizeof *tree->voxel, tree->voxel, 0};
    list[3] = (struct dataset){
        "/merges/children", H5T_STD_U32LE, 2, {m, 2}, 2 * m * sizeof *tree->children, tree->children, 0};
    list[4] = (struct dataset){"/merges/height",         H5T_IEEE_F64LE, 1, {m, 0},
                               m * sizeof *tree->height, tree->height,   0};
    list[5] = (struct dataset){"/merges/voxels",
                               H5T_STD_U32LE,
                               1,
                               {m, 0},
                               m * sizeof *tree->cluster_voxels,
                               tree->cluster_voxels,
                               0};
}

void parcel_tree_free(struct parcel_tree *tree)
{
    free(tree->arete_version);
    free(tree->voxel);
    free(tree->children);
    free(tree->height);
    free(tree->cluster_voxels);
    *tree = (struct parcel_tree){0};
}

static int cannot_make(const char *path, const char *dataset, struct error *err)
{
    char what[128];
    snprintf(what, sizeof what, "%s cannot be made", dataset);
    return hdf5_error_set(err, EXIT_CODE_FAILED, path, what);
}

static int write_attributes(hid_t file, const char *path, const struct parcel_tree *tree, struct error *err)
{
    int32_t version = PARCEL_TREE_FORMAT_VERSION;
    if (attribute_write_text(file, path, "format", FORMAT, err) != 0 ||
        attribute_write_number(file, path, "format_version", H5T_STD_I32LE, &version, err) != 0 ||
        attribute_write_text(file, path, "arete_version", tree->arete_version, err) != 0 ||
        attribute_write_number(file, path, "values_hash", H5T_STD_U64LE, &tree->values_hash, err) != 0 ||
        attribute_write_number(file, path, "images", H5T_STD_I64LE, &tree->n_images, err) != 0 ||
        attribute_write_number(file, path, "neighbours", H5T_STD_I32LE, &tree->neighbours, err) != 0 ||
        attribute_write_number(file, path, "standardise", H5T_STD_I32LE, &tree->standardise, err) != 0 ||
        hdf5_file_make_group(file, path, "/grid", err) != 0)
        return err->code;
    return hdf5_file_make_group(file, path, "/merges", err);
}

static int make_dataset(hid_t file, hid_t properties, const char *path, struct dataset *dataset,
                        struct error *err)
{
    hid_t space = H5Screate_simple(dataset->rank, dataset->shape, NULL);
    hid_t object = space < 0 ? space
                             : H5Dcreate2(file, dataset->path, dataset->type, space, H5P_DEFAULT, properties,
                                          H5P_DEFAULT);
    int code = object < 0 ? cannot_make(path, dataset->path, err) : 0;
    uint32_t crc = crc32c_of(dataset->values, dataset->bytes);
    if (code == 0)
        code = attribute_write_number(object, path, "crc32c", H5T_STD_U32LE, &crc, err);
    if (code == 0)
        dataset->offset = H5Dget_offset(object);
    if (object >= 0 && H5Dclose(object) < 0 && code == 0)
        code = cannot_make(path, dataset->path, err);
    if (space >= 0)
        H5Sclose(space);
    return code;
}

/* What HDF5 writes: everything but the values. */
static int make_structure(hid_t file, const char *path, const struct parcel_tree *tree,
                          struct dataset list[DATASETS], struct error *err)
{
    hid_t properties = hdf5_file_dataset_properties(path, err);
    if (properties < 0)
        return err->code;
    int code = write_attributes(file, path, tree, err);
    for (int k = 0; code == 0 && k < DATASETS; k++)
        code = make_dataset(file, properties, path, &list[k], err);
    H5Pclose(properties);
    return code;
}

/* Space for all of it is taken first, and given back when it is too little: HDF5 1.10 crashes when the disk
 * is full while it closes a file. */
static int write_structure(const struct replace *replace, const struct parcel_tree *tree,
                           struct dataset list[DATASETS], struct error *err)
{
    int descriptor = replace->descriptor;
    const char *path = replace->path;
    uint64_t bytes = FILE_SLACK_BYTES;
    for (int k = 0; k < DATASETS; k++)
        bytes += list[k].bytes;
    if (durable_allocate(descriptor, path, bytes, err) != 0)
        return err->code;
    hdf5_error_silence();
    hid_t file = hdf5_file_create(replace, 0, err);
    if (file < 0)
        return err->code;
    int code = durable_allocate(descriptor, path, bytes, err);
    if (code == 0)
        code = make_structure(file, path, tree, list, err);
    else if (ftruncate(descriptor, 0) != 0)
        error_append(err, " (nor can it be emptied)");
    if (code == 0 && H5Fflush(file, H5F_SCOPE_GLOBAL) < 0)
        code = cannot_make(path, "the file", err);
    if (H5Fclose(file) < 0 && code == 0)
        code = cannot_make(path, "the file", err);
    return code;
}

static int write_file(const struct replace *replace, const struct parcel_tree *tree, struct error *err)
{
    struct dataset list[DATASETS];
    list_datasets(tree, list);
    int code = write_structure(replace, tree, list, err);
    for (int k = 0; code == 0 && k < DATASETS; k++)
        if (list[k].bytes > 0)
            code = durable_write(replace->descriptor, replace->path, list[k].values, list[k].bytes,
                                 list[k].offset, err);
    return code;
}

int parcel_tree_write(const char *path, const struct parcel_tree *tree, struct error *err)
{
    struct replace replace;
    if (replace_open(&replace, path, err) != 0)
        return err->code;
    if (write_file(&replace, tree, err) == 0)
        return replace_finish(&replace, err);
    replace_abandon(&replace);
    return err->code;
}

/* Format and version before anything else. */
static int check_format(hid_t file, const char *path, struct error *err)
{
    int32_t version = 0;
    char *format = H5Aexists(file, "format") > 0 ? attribute_read_text(file, path, "format", err) : NULL;
    bool right = format != NULL && strcmp(format, FORMAT) == 0;
    free(format);
    if (err->code != 0)
        return err->code;
    if (!right)
        return error_set(err, EXIT_CODE_BAD_INPUT,
                         "%s: is no merge tree of arete (no attribute format = \"" FORMAT "\")", path);
    if (attribute_read_number(file, path, "format_version", H5T_STD_I32LE, &version, err) != 0)
        return err->code;
    if (version != PARCEL_TREE_FORMAT_VERSION)
        return error_set(err, EXIT_CODE_BAD_INPUT,
                         "%s: has tree format %d; this arete reads format %d: --fresh computes it anew", path,
                         version, PARCEL_TREE_FORMAT_VERSION);
    return 0;
}

static int read_attributes(hid_t file, const char *path, struct parcel_tree *tree, struct error *err)
{
    tree->arete_version = attribute_read_text(file, path, "arete_version", err);
    if (tree->arete_version == NULL ||
        attribute_read_number(file, path, "values_hash", H5T_STD_U64LE, &tree->values_hash, err) != 0 ||
        attribute_read_number(file, path, "images", H5T_STD_I64LE, &tree->n_images, err) != 0 ||
        attribute_read_number(file, path, "neighbours", H5T_STD_I32LE, &tree->neighbours, err) != 0)
        return err->code;
    return attribute_read_number(file, path, "standardise", H5T_STD_I32LE, &tree->standardise, err);
}

/* The first length of a dataset; the file's size bounds what can be right. */
static int read_length(hid_t file, const char *path, const char *dataset, size_t *length, struct error *err)
{
    hid_t object = H5Dopen2(file, dataset, H5P_DEFAULT);
    hid_t space = object < 0 ? object : H5Dget_space(object);
    hsize_t shape[H5S_MAX_RANK] = {0}, file_bytes = 0;
    bool known = space >= 0 && H5Sget_simple_extent_dims(space, shape, NULL) >= 1 &&
                 H5Fget_filesize(file, &file_bytes) >= 0 && shape[0] <= file_bytes && shape[0] < INT32_MAX;
    if (space >= 0)
        H5Sclose(space);
    if (object >= 0)
        H5Dclose(object);
    *length = shape[0];
    return known ? 0 : error_set(err, EXIT_CODE_FAILED, "%s: %s is missing or damaged", path, dataset);
}

static bool has_shape(hid_t object, const struct dataset *dataset)
{
    hsize_t shape[H5S_MAX_RANK] = {0};
    hid_t space = H5Dget_space(object), type = H5Dget_type(object);
    bool right = space >= 0 && type >= 0 && H5Tequal(type, dataset->type) > 0 &&
                 H5Sget_simple_extent_ndims(space) == dataset->rank &&
                 H5Sget_simple_extent_dims(space, shape, NULL) == dataset->rank;
    for (int d = 0; d < dataset->rank; d++)
        right = right && shape[d] == dataset->shape[d];
    if (space >= 0)
        H5Sclose(space);
    if (type >= 0)
        H5Tclose(type);
    return right;
}

static int read_dataset(hid_t file, const char *path, const struct dataset *dataset, struct error *err)
{
    hid_t object = H5Dopen2(file, dataset->path, H5P_DEFAULT);
    uint32_t crc = 0;
    bool whole = object >= 0 && has_shape(object, dataset) &&
                 H5Dread(object, dataset->type, H5S_ALL, H5S_ALL, H5P_DEFAULT, dataset->values) >= 0;
    int code = whole ? attribute_read_number(object, path, "crc32c", H5T_STD_U32LE, &crc, err)
                     : error_set(err, EXIT_CODE_FAILED, "%s: %s is missing or damaged", path, dataset->path);
    if (code == 0 && crc != crc32c_of(dataset->values, dataset->bytes))
        code = error_set(err, EXIT_CODE_FAILED, "%s: %s is damaged: its CRC-32C is not that of its values",
                         path, dataset->path);
    if (object >= 0)
        H5Dclose(object);
    return code;
}

/* Every cluster is made before it merges, and merges once. */
static int check_children(const struct parcel_tree *tree, const char *path, struct error *err)
{
    size_t n_clusters = tree->n_voxels + tree->n_merges;
    bool *merged = memory_zeroed(n_clusters, sizeof *merged, "the merge tree", err);
    if (merged == NULL)
        return err->code;
    bool right = tree->n_merges < tree->n_voxels;
    for (size_t k = 0; right && k < 2 * tree->n_merges; k++) {
        uint32_t child = tree->children[k];
        right = child < tree->n_voxels + k / 2 && !merged[child];
        if (right)
            merged[child] = true;
    }
    free(merged);
    return right ? 0
                 : error_set(err, EXIT_CODE_FAILED, "%s: /merges/children is damaged: it is no tree", path);
}

static int read_all(hid_t file, const char *path, struct parcel_tree *tree, struct error *err)
{
    struct dataset list[DATASETS];
    if (check_format(file, path, err) != 0 || read_attributes(file, path, tree, err) != 0 ||
        read_length(file, path, "/voxels", &tree->n_voxels, err) != 0 ||
        read_length(file, path, "/merges/height", &tree->n_merges, err) != 0 ||
        (tree->voxel = memory_zeroed(tree->n_voxels, sizeof *tree->voxel, "the tree's voxels", err)) ==
            NULL ||
        (tree->children = memory_zeroed(2 * tree->n_merges, sizeof *tree->children, "the tree", err)) ==
            NULL ||
        (tree->height = memory_zeroed(tree->n_merges, sizeof *tree->height, "the tree", err)) == NULL ||
        (tree->cluster_voxels =
             memory_zeroed(tree->n_merges, sizeof *tree->cluster_voxels, "the tree", err)) == NULL)
        return err->code;
    list_datasets(tree, list);
    for (int k = 0; k < DATASETS; k++)
        if (read_dataset(file, path, &list[k], err) != 0)
            return err->code;
    return check_children(tree, path, err);
}

int parcel_tree_read(struct parcel_tree *tree, const char *path, struct error *err)
{
    *tree = (struct parcel_tree){0};
    hdf5_error_silence();
    hid_t file = hdf5_file_open(path, err);
    if (file < 0)
        return err->code;
    read_all(file, path, tree, err);
    H5Fclose(file); /* only read: nothing to lose */
    if (err->code != 0)
        parcel_tree_free(tree);
    return err->code;
}
