#include "checkpoint/parcel_tree.h"

#include "base/memory.h"
#include "checkpoint/schema.h"
#include "checkpoint/schema_read.h"
#include "checkpoint/schema_write.h"

#include <stdlib.h>

#define AT(member) .place = offsetof(struct parcel_tree, member)

enum { VOXELS, MERGES, AXES, AFFINE_COLUMNS, CHILDREN, LENGTHS };

static const struct schema_length lengths[LENGTHS] = {
    [VOXELS] = {"voxels", AT(n_voxels), .least = 1},
    [MERGES] = {"merges", AT(n_merges)},
    [AXES] = {"axes", .fixed = 3},
    [AFFINE_COLUMNS] = {"columns of the affine", .fixed = 4},
    [CHILDREN] = {"children", .fixed = 2},
};

static const struct schema_field fields[] = {
    {"/", "arete_version", SCHEMA_TEXT, AT(arete_version)},
    {"/", "values_hash", SCHEMA_U64, AT(values_hash)},
    {"/", "images", SCHEMA_I64, AT(n_images)},
    {"/", "neighbours", SCHEMA_I32, AT(neighbours)},
    {"/", "standardise", SCHEMA_I32, AT(standardise)},
    {"/grid/size", NULL, SCHEMA_I64, .rank = 1, .shape = {AXES}, .storage = SCHEMA_WITHIN, AT(size)},
    {"/grid/affine", NULL, SCHEMA_F64, .rank = 2, .shape = {AXES, AFFINE_COLUMNS}, .storage = SCHEMA_WITHIN,
     AT(affine)},
    {"/voxels", NULL, SCHEMA_U64, .rank = 1, .shape = {VOXELS}, AT(voxel)},
    {"/merges/children", NULL, SCHEMA_U32, .rank = 2, .shape = {MERGES, CHILDREN}, AT(children)},
    {"/merges/height", NULL, SCHEMA_F64, .rank = 1, .shape = {MERGES}, AT(height)},
    {"/merges/voxels", NULL, SCHEMA_U32, .rank = 1, .shape = {MERGES}, AT(cluster_voxels)},
};

/* Every cluster is made before it merges, and merges once. */
static int check(const void *record, const char *path, struct error *err)
{
    const struct parcel_tree *tree = record;
    bool right = tree->n_merges < tree->n_voxels && tree->n_voxels <= INT32_MAX;
    bool *merged =
        memory_zeroed(right ? tree->n_voxels + tree->n_merges : 0, sizeof *merged, "the merge tree", err);
    if (merged == NULL)
        return err->code;
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

const struct schema parcel_tree_schema = {
    .format = "arete-parcel-tree",
    .a_file = "a merge tree of arete",
    .version_of = "tree format",
    .remedy = "--fresh computes it anew",
    .version = PARCEL_TREE_FORMAT_VERSION,
    .oldest = PARCEL_TREE_FORMAT_VERSION,
    .record_bytes = sizeof(struct parcel_tree),
    .lengths = lengths,
    .n_lengths = LENGTHS,
    .fields = fields,
    .n_fields = sizeof fields / sizeof *fields,
    .check = check,
};

int parcel_tree_write(const char *path, const struct parcel_tree *tree, struct error *err)
{
    return schema_write(path, &parcel_tree_schema, tree, NULL, err);
}

int parcel_tree_check_name(const char *path, struct error *err)
{
    return schema_write_check(path, &parcel_tree_schema, err);
}

int parcel_tree_read(struct parcel_tree *tree, const char *path, struct error *err)
{
    return schema_read(tree, &parcel_tree_schema, path, err);
}

void parcel_tree_free(struct parcel_tree *tree)
{
    schema_free(&parcel_tree_schema, tree);
}
