/* The structure of files as the HDF5 library itself tells it, and as layout.h reads it. */
#include "checkpoint/layout/layout.h"

#include "checkpoint/hdf5_file.h"
#include "checkpoint/layout/cursor.h"
#include "checkpoint/layout/lookup3.h"
#include "hdf5_change.h"
#include "schema_records.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file, its layout, and how much of it HDF5 has told of. */
struct comparison {
    struct layout layout;
    hid_t file;
    size_t n_objects, n_attributes;
};

static int read_layout(struct layout *layout, const char *path, struct error *err)
{
    struct stat status;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    CU_ASSERT_FATAL(descriptor >= 0 && fstat(descriptor, &status) == 0);
    const struct layout_file file = {descriptor, (uint64_t)status.st_size, path, "an arete campaign"};
    int code = layout_read(layout, &file, err);
    close(descriptor);
    return code;
}

static void compare_space(hid_t space, const struct layout_form *form)
{
    hsize_t shape[H5S_MAX_RANK] = {0};
    CU_ASSERT_EQUAL(H5Sget_simple_extent_dims(space, shape, NULL), form->rank);
    for (int d = 0; d < form->rank; d++)
        CU_ASSERT_EQUAL(shape[d], form->length[d]);
    CU_ASSERT_EQUAL((uint64_t)H5Sget_simple_extent_npoints(space), form->count);
    H5Sclose(space);
}

static void compare_type(hid_t type, const struct layout_form *form)
{
    CU_ASSERT_EQUAL(H5Tget_size(type), form->width);
    H5Tclose(type);
}

static herr_t compare_attribute(hid_t of, const char *name, const H5A_info_t *info, void *context)
{
    struct comparison *comparison = context;
    char path[128];
    (void)info;
    CU_ASSERT_FATAL(H5Iget_name(of, path, sizeof path) > 0);
    const struct layout_object *object = layout_find(&comparison->layout, path);
    CU_ASSERT_PTR_NOT_NULL_FATAL(object);
    const struct layout_attribute *found = layout_attribute(&comparison->layout, object, name);
    CU_ASSERT_PTR_NOT_NULL_FATAL(found);
    hid_t attribute = H5Aopen(of, name, H5P_DEFAULT), type = H5Aget_type(attribute);
    char *values = calloc(found->form.count_bytes + 1, 1);
    CU_ASSERT_FATAL(values != NULL && H5Aget_storage_size(attribute) == found->form.count_bytes);
    CU_ASSERT(H5Aread(attribute, type, values) >= 0);
    CU_ASSERT_EQUAL(memcmp(values, found->values, found->form.count_bytes), 0);
    free(values);
    compare_space(H5Aget_space(attribute), &found->form);
    compare_type(type, &found->form);
    H5Aclose(attribute);
    comparison->n_attributes++;
    return 0;
}

static herr_t compare_object(hid_t root, const char *name, const H5O_info_t *info, void *context)
{
    struct comparison *comparison = context;
    char path[128];
    snprintf(path, sizeof path, "/%s", strcmp(name, ".") == 0 ? "" : name);
    const struct layout_object *found = layout_find(&comparison->layout, path);
    CU_ASSERT_PTR_NOT_NULL_FATAL(found);
    CU_ASSERT_EQUAL(found->header, info->addr);
    CU_ASSERT_EQUAL(found->is_group, info->type == H5O_TYPE_GROUP);
    hid_t object = H5Oopen(root, path, H5P_DEFAULT);
    if (!found->is_group) {
        compare_space(H5Dget_space(object), &found->form);
        compare_type(H5Dget_type(object), &found->form);
        if (found->form.count_bytes > 0)
            CU_ASSERT_EQUAL(H5Dget_offset(object), found->offset);
    }
    H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_NATIVE, NULL, compare_attribute, comparison);
    H5Oclose(object);
    comparison->n_objects++;
    return 0;
}

/* Everything that HDF5 tells of the file is in the layout, and nothing else. */
static void assert_same_as_hdf5(const char *path)
{
    struct error err = {0};
    struct comparison comparison = {.file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT)};
    CU_ASSERT_FATAL(comparison.file >= 0);
    CU_ASSERT_EQUAL_FATAL(read_layout(&comparison.layout, path, &err), 0);
    H5Ovisit2(comparison.file, H5_INDEX_NAME, H5_ITER_NATIVE, compare_object, &comparison, H5O_INFO_BASIC);
    CU_ASSERT_EQUAL(comparison.n_objects, comparison.layout.n_objects);
    CU_ASSERT_EQUAL(comparison.n_attributes, comparison.layout.n_attributes);
    CU_ASSERT(comparison.n_objects > 3 && comparison.n_attributes > 3);
    H5Fclose(comparison.file);
    layout_free(&comparison.layout);
}

static void what_arete_writes(void)
{
    for (int which = 0; which < SCHEMA_RECORDS; which++) {
        struct schema_record record = schema_record_example(which);
        assert_same_as_hdf5(schema_record_file(&record));
        schema_record_free(&record);
    }
}

/* Its root has more than eight members, which stand in a heap. */
static void what_the_first_arete_wrote(void)
{
    assert_same_as_hdf5(ARETE_TEST_DATA "/campaign_format_2/campaign.h5");
}

/* Names of covariates can be longer than an object header has room for; HDF5 puts them, and all attributes
 * beside them, into a heap. */
static void attributes_of_any_length(void)
{
    struct error err = {0};
    struct campaign c = example_campaign(3, 25, 4), read;
    const char *path = testing_write_text(testing_folder(), "long.h5", "");
    free(c.covariate_name[0]);
    c.covariate_name[0] = memory_zeroed(70001, 1, "a test", &err);
    memset(c.covariate_name[0], 'x', 70000);
    CU_ASSERT_EQUAL_FATAL(campaign_create(path, &c, &err), 0);
    assert_same_as_hdf5(path);
    CU_ASSERT_EQUAL_FATAL(campaign_read(&read, path, &err), 0);
    CU_ASSERT_STRING_EQUAL(read.covariate_name[0], c.covariate_name[0]);
    campaign_free(&read);
    campaign_free(&c);
}

static void assert_says(const char *path, const char *expected)
{
    struct error err = {0};
    struct layout layout;
    CU_ASSERT_NOT_EQUAL(read_layout(&layout, path, &err), 0);
    ASSERT_CONTAINS(err.message, path);
    ASSERT_CONTAINS(err.message, expected);
    layout_free(&layout);
}

static void what_is_of_other_kinds(void)
{
    const char *path = testing_write_text(testing_folder(), "other.h5", "");
    hid_t access = hdf5_change_access();
    H5Fclose(H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, access));
    hid_t file = hdf5_change_open(path);
    H5Gclose(H5Gcreate2(file, "a", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    H5Gclose(H5Gcreate2(file, "a/b", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    H5Fclose(file);
    struct error err = {0};
    struct layout layout;
    CU_ASSERT_EQUAL(read_layout(&layout, path, &err), 0);
    layout_free(&layout);
    file = hdf5_change_open(path);
    H5Gclose(H5Gcreate2(file, "a/b/c", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    H5Fclose(file);
    assert_says(path, "/a/b at byte ");
    H5Fclose(H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, access));
    file = hdf5_change_open(path);
    hid_t type = H5Tcopy(H5T_STD_I32LE);
    CU_ASSERT(H5Tcommit2(file, "type", type, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT) >= 0);
    H5Tclose(type);
    H5Fclose(file);
    assert_says(path, "/type at byte ");
    H5Pclose(access);
}

static void checksums_are_those_of_jenkins(void)
{
    static const uint8_t text[] = "Four score and seven years ago"; /* his own examples */
    CU_ASSERT_EQUAL(lookup3_of(text, sizeof text - 1), 0x17770551U);
    CU_ASSERT_EQUAL(lookup3_of(text, 0), 0xdeadbeefU);
    CU_ASSERT(lookup3_is(text, sizeof text - 1, 0x17770551U) && !lookup3_is(text, 4, 0x17770551U));
}

static void beyond_the_end_there_is_nothing(void)
{
    static const uint8_t bytes[] = {1, 2, 3, 4, 5};
    struct cursor cursor = {.at = bytes, .left = sizeof bytes};
    CU_ASSERT_EQUAL(cursor_number(&cursor, 2), 0x0201);
    CU_ASSERT_EQUAL(cursor_number(&cursor, 3), 0x050403);
    CU_ASSERT(!cursor.failed && cursor.left == 0);
    CU_ASSERT_EQUAL(cursor_number(&cursor, 1), 0);
    CU_ASSERT(cursor.failed && cursor_take(&cursor, 0).failed);
    cursor = (struct cursor){.at = bytes, .left = sizeof bytes};
    CU_ASSERT(cursor_take(&cursor, UINT64_MAX).failed && cursor.left == 0);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"what_arete_writes", what_arete_writes},
        {"what_the_first_arete_wrote", what_the_first_arete_wrote},
        {"attributes_of_any_length", attributes_of_any_length},
        {"what_is_of_other_kinds", what_is_of_other_kinds},
        {"checksums_are_those_of_jenkins", checksums_are_those_of_jenkins},
        {"beyond_the_end_there_is_nothing", beyond_the_end_there_is_nothing},
    };
    return testing_main(argc, argv, "layout", cases, sizeof cases / sizeof *cases);
}
