#include "checkpoint/dataset_check.h"

#include "checkpoint/hdf5_error.h"
#include "checkpoint/hdf5_type.h"

#include <stdbool.h>
#include <stdio.h>

static int damaged(const char *path, const struct schema_field *field, struct error *err)
{
    char what[128];
    snprintf(what, sizeof what, "%s is damaged", field->path);
    return hdf5_error_set(err, EXIT_CODE_FAILED, path, what);
}

static int check_type(hid_t dataset, const struct schema_field *field, const char *path, size_t *width,
                      struct error *err)
{
    hid_t found = H5Dget_type(dataset), member = H5I_INVALID_HID, expected = H5I_INVALID_HID;
    if (found < 0)
        return damaged(path, field, err);
    H5T_class_t class = H5Tget_class(found);
    if (class == H5T_COMPOUND)
        member = H5Tget_member_type(found, 0);
    /* The width of a text is the file's own choice; all the rest of the type is not. */
    *width = class == H5T_STRING ? H5Tget_size(found) : member >= 0 ? H5Tget_size(member) : 1;
    if (*width > 0)
        expected = hdf5_type_open(field, *width);
    bool equal = expected >= 0 && H5Tequal(found, expected) > 0;
    H5Tclose(found);
    if (member >= 0)
        H5Tclose(member);
    if (expected >= 0)
        H5Tclose(expected);
    if (equal)
        return 0;
    char text[SCHEMA_TYPE_TEXT_BYTES];
    schema_type_text(field, text);
    return error_set(err, EXIT_CODE_FAILED, "%s: %s has another type; expected %s, little-endian", path,
                     field->path, text);
}

static void shape_text(char *text, size_t bytes, int rank, const uint64_t shape[SCHEMA_SHAPE_MOST])
{
    if (rank == 0)
        snprintf(text, bytes, "one value");
    else if (rank == 1)
        snprintf(text, bytes, "%llu", (unsigned long long)shape[0]);
    else if (rank == 2)
        snprintf(text, bytes, "%llu x %llu", (unsigned long long)shape[0], (unsigned long long)shape[1]);
    else
        snprintf(text, bytes, "of %d dimensions", rank);
}

static int check_shape(hid_t dataset, const struct schema_field *field, const char *path,
                       uint64_t length[SCHEMA_LENGTHS_MOST], struct error *err)
{
    hid_t space = H5Dget_space(dataset);
    if (space < 0)
        return damaged(path, field, err);
    hsize_t found[H5S_MAX_RANK] = {0};
    int rank = H5Sget_simple_extent_dims(space, found, NULL);
    H5Sclose(space);
    bool equal = rank == field->rank;
    uint64_t expected[SCHEMA_SHAPE_MOST] = {0};
    for (int d = 0; d < field->rank; d++) {
        uint64_t *known = &length[field->shape[d]];
        if (*known == DATASET_LENGTH_UNKNOWN)
            *known = found[d];
        expected[d] = *known;
        equal = equal && found[d] == *known;
    }
    if (equal)
        return 0;
    char found_text[64], expected_text[64];
    shape_text(expected_text, sizeof expected_text, field->rank, expected);
    shape_text(found_text, sizeof found_text, rank, (const uint64_t[]){found[0], found[1]});
    return error_set(err, EXIT_CODE_FAILED, "%s: %s has shape %s; expected %s", path, field->path, found_text,
                     expected_text);
}

/* Where the bytes stand, all of them inside the file and in one piece. */
static int check_place(hid_t dataset, const struct schema_field *field, const char *path, uint64_t file_bytes,
                       const uint64_t length[SCHEMA_LENGTHS_MOST], struct dataset_place *place,
                       struct error *err)
{
    uint64_t count, bytes = 0;
    bool fits = schema_count(field, length, &count) &&
                !__builtin_mul_overflow(count, schema_value_bytes(field, place->width), &bytes);
    haddr_t offset = bytes > 0 ? H5Dget_offset(dataset) : 0; /* an undefined one is the largest number */
    if (!fits || bytes > file_bytes || offset > file_bytes - bytes)
        return error_set(err, EXIT_CODE_FAILED,
                         "%s: %s is damaged: its bytes are not in the file's %llu as one piece", path,
                         field->path, (unsigned long long)file_bytes);
    place->offset = offset;
    place->count = count;
    place->count_bytes = bytes;
    return 0;
}

int dataset_check(hid_t dataset, const struct schema_field *field, const char *path, uint64_t file_bytes,
                  uint64_t length[SCHEMA_LENGTHS_MOST], struct dataset_place *place, struct error *err)
{
    int code = check_type(dataset, field, path, &place->width, err);
    if (code == 0)
        code = check_shape(dataset, field, path, length, err);
    return code == 0 ? check_place(dataset, field, path, file_bytes, length, place, err) : code;
}
