/* Records of every schema, the files of them, and whether a field is the same in two. */
#ifndef ARETE_TEST_SCHEMA_RECORDS_H
#define ARETE_TEST_SCHEMA_RECORDS_H

#include "checkpoint/campaign_schema.h"
#include "checkpoint/fold_sums_schema.h"
#include "checkpoint/parcel_tree.h"
#include "checkpoint/part_files.h"
#include "checkpoint/schema_write.h"

#include "campaign_example.h"

#include <string.h>

struct schema_record {
    const struct schema *schema;
    union {
        struct campaign campaign;
        struct parcel_tree tree;
    } is;
};

static inline struct parcel_tree schema_record_tree(void)
{
    static const uint32_t children[8] = {0, 1, 2, 5, 3, 4, 6, 7};
    struct error err = {0};
    struct parcel_tree tree = {.arete_version = memory_string("0.1.0", &err),
                               .values_hash = 0xFEDCBA9876543210U,
                               .n_images = 12,
                               .neighbours = 18,
                               .standardise = 1,
                               .size = {2, 3, 4},
                               .affine = {{-2, 0, 0, 90}, {0, 2, 0.5, -126}, {0, 0, 2, -72}},
                               .n_voxels = 5,
                               .n_merges = 4};
    tree.voxel = memory_zeroed(5, sizeof *tree.voxel, "a test", &err);
    tree.children = memory_zeroed(8, sizeof *tree.children, "a test", &err);
    tree.cluster_voxels = memory_zeroed(4, sizeof *tree.cluster_voxels, "a test", &err);
    tree.height = example_doubles(4, 0.25);
    for (size_t i = 0; i < 5; i++)
        tree.voxel[i] = i + 7;
    memcpy(tree.children, children, sizeof children);
    for (uint32_t i = 0; i < 4; i++)
        tree.cluster_voxels[i] = 2 + i;
    return tree;
}

enum { SCHEMA_RECORDS = 6, SCHEMA_RECORD_ORBITS = 3 };

/* A campaign and a part of permutations drawn one by one, a tree, a campaign, a part and sums of orbits,
 * every field of which holds something; released by schema_free. */
static inline struct schema_record schema_record_example(int which)
{
    static const struct schema *const schemas[SCHEMA_RECORDS] = {&campaign_schema,    &part_file_schema,
                                                                 &parcel_tree_schema, &campaign_schema,
                                                                 &part_file_schema,   &fold_sums_schema};
    struct schema_record record = {.schema = schemas[which]};
    if (record.schema == &parcel_tree_schema)
        record.is.tree = schema_record_tree();
    else if (which < SCHEMA_RECORD_ORBITS)
        record.is.campaign = example_campaign(3, 25, 4);
    else
        record.is.campaign = example_orbits(3, 25, 1);
    if (record.schema == &fold_sums_schema) {
        record.is.campaign.sums_from = 1;
        record.is.campaign.sums_through = 2;
        record.is.campaign.sum_floats = 2 * record.is.campaign.n_shifts;
        record.is.campaign.sum_doubles = record.is.campaign.n_shifts + 3;
    }
    return record;
}

/* A new file of it in a new folder. */
static inline const char *schema_record_file(const struct schema_record *record)
{
    struct error err = {0};
    const char *path = testing_write_text(testing_folder(), "record.h5", "");
    CU_ASSERT_EQUAL_FATAL(schema_write(path, record->schema, &record->is, NULL, &err), 0);
    return path;
}

/* A release that suits an example of a part too, whose record holds more than its schema says. */
static inline void schema_record_free(struct schema_record *record)
{
    if (record->schema == &parcel_tree_schema)
        parcel_tree_free(&record->is.tree);
    else
        campaign_free(&record->is.campaign);
}

/* Whether a text or a row is the same in two records. */
static inline bool schema_record_same_text(const struct schema_field *field, const char *a, const char *b)
{
    char *left, *right;
    memcpy(&left, a, sizeof left);
    memcpy(&right, b, sizeof right);
    size_t numbers = field->type == SCHEMA_ROW ? 8 * field->row->n_numbers : 0;
    return strcmp(left, right) == 0 && memcmp(a + sizeof left, b + sizeof right, numbers) == 0;
}

/* Whether a field is the same, to the bit, in two records of a schema; NULL only when it is NULL in both. */
static inline bool schema_record_same(const struct schema *schema, const struct schema_field *field,
                                      const void *a, const void *b)
{
    uint64_t length[SCHEMA_LENGTHS_MOST], other[SCHEMA_LENGTHS_MOST], count = 0;
    const char *left = schema_values_const(field, a), *right = schema_values_const(field, b);
    if (field->storage == SCHEMA_APART)
        return true;
    schema_lengths(schema, a, length);
    schema_lengths(schema, b, other);
    for (int d = 0; d < field->rank; d++)
        if (length[field->shape[d]] != other[field->shape[d]])
            return false;
    if (left == NULL || right == NULL)
        return left == right;
    if (!schema_count(field, length, &count))
        return false;
    if (!schema_has_text(field))
        return memcmp(left, right, count * schema_value_bytes(field, 0)) == 0;
    if (field->rank == 0)
        return strcmp(left, right) == 0;
    size_t stride = sizeof(char *) + (field->type == SCHEMA_ROW ? 8 * field->row->n_numbers : 0);
    for (size_t i = 0; i < count; i++)
        if (!schema_record_same_text(field, left + i * stride, right + i * stride))
            return false;
    return true;
}

#endif
