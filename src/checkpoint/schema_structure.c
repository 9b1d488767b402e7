#include "checkpoint/schema_structure.h"

#include "base/durable.h"
#include "checkpoint/attribute.h"
#include "checkpoint/crc32c.h"
#include "checkpoint/hdf5_error.h"
#include "checkpoint/hdf5_file.h"
#include "checkpoint/hdf5_type.h"
#include "checkpoint/schema_pack.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    FILE_SLACK_BYTES = 1 << 20,
    DATASET_SLACK_BYTES = 1 << 13,
    TYPICAL_TEXT_BYTES = 64,
    SPARSE_STRUCTURE_BYTES =
        1 << 14, /* all that HDF5 writes of a sparse file, in one piece at its beginning */
    SPARSE_HEAD_BYTES = 2 * SPARSE_STRUCTURE_BYTES
};

struct making {
    const struct schema *schema;
    const void *record;
    const struct replace *replace;
    struct schema_structure *structure;
    hid_t file, properties; /* `properties` of every dataset */
};

static int failed(const struct making *making, const char *object, struct error *err)
{
    char what[128];
    snprintf(what, sizeof what, "%s cannot be made", object);
    return hdf5_error_set(err, EXIT_CODE_FAILED, making->replace->path, what);
}

static int write_value(const struct making *making, const struct hdf5_object *object,
                       const struct schema_field *field, struct error *err)
{
    const void *values = schema_values_const(field, making->record);
    if (!schema_has_text(field))
        return attribute_write_number(object, field->attribute, field->type, values, err);
    if (field->rank == 0)
        return attribute_write_text(object, field->attribute, values, err);
    struct packed packed;
    uint64_t count = making->structure->length[field->shape[0]];
    int code = pack_make(&packed, field, making->record, making->structure->length, err);
    if (code == 0)
        code = attribute_write_texts(object, field->attribute, packed.bytes, packed.width, count, err);
    pack_free(&packed);
    return code;
}

/* Attributes stand in the table after what they belong to: those of field k - 1, k being the first. */
static int write_attributes(const struct making *making, const struct hdf5_object *object, int k,
                            struct error *err)
{
    const struct schema *schema = making->schema;
    int code = 0;
    for (; code == 0 && k < schema->n_fields && schema->fields[k].attribute != NULL; k++)
        code = write_value(making, object, &schema->fields[k], err);
    return code;
}

static hid_t create_dataset(const struct making *making, const struct schema_field *field, size_t width,
                            struct error *err)
{
    hsize_t shape[SCHEMA_SHAPE_MOST] = {0};
    for (int d = 0; d < field->rank; d++)
        shape[d] = making->structure->length[field->shape[d]];
    hid_t space = field->rank == 0 ? H5Screate(H5S_SCALAR) : H5Screate_simple(field->rank, shape, NULL);
    hid_t type = hdf5_type_open(field, width);
    hid_t dataset = H5I_INVALID_HID;
    if (space >= 0 && type >= 0)
        dataset =
            H5Dcreate2(making->file, field->path, type, space, H5P_DEFAULT, making->properties, H5P_DEFAULT);
    if (dataset < 0)
        failed(making, field->path, err);
    if (space >= 0)
        H5Sclose(space);
    if (type >= 0)
        H5Tclose(type);
    return dataset;
}

/* Makes a dataset with its attributes; its bytes come later. `packed`: what its CRC is of; NULL: it carries
 * none. */
static int make_dataset(struct making *making, int k, const struct packed *packed, struct error *err)
{
    const struct schema_field *field = &making->schema->fields[k];
    struct hdf5_object object = {.path = making->replace->path, .name = field->path};
    object.id = create_dataset(making, field, packed != NULL ? packed->width : 1, err);
    if (object.id < 0)
        return err->code;
    making->structure->offset[k] =
        H5Dget_offset(object.id); /* HADDR_UNDEF when there are no bytes, and then never used */
    int code = 0;
    if (packed != NULL) {
        uint32_t crc = crc32c_of(packed->bytes, packed->count_bytes);
        code = attribute_write_number(&object, "crc32c", SCHEMA_U32, &crc, err);
    }
    if (code == 0)
        code = write_attributes(making, &object, k + 1, err);
    if (H5Dclose(object.id) < 0 && code == 0)
        code = failed(making, field->path, err);
    return code;
}

/* About what the file will take, padding, headers and texts included; at most UINT64_MAX. */
static uint64_t bytes_needed(const struct making *making)
{
    const struct schema *schema = making->schema;
    if (schema->sparse)
        return SPARSE_HEAD_BYTES;
    uint64_t total = FILE_SLACK_BYTES;
    bool fits = true;
    for (int k = 0; k < schema->n_fields; k++) {
        const struct schema_field *field = &schema->fields[k];
        uint64_t count, bytes;
        if (field->attribute == NULL && schema_is_written(schema, making->record, field))
            fits = fits && schema_count(field, making->structure->length, &count) &&
                   !__builtin_mul_overflow(count, schema_value_bytes(field, TYPICAL_TEXT_BYTES), &bytes) &&
                   !__builtin_add_overflow(total, bytes, &total) &&
                   !__builtin_add_overflow(total, DATASET_SLACK_BYTES, &total);
    }
    return fits ? total : UINT64_MAX;
}

/* Opens the file in HDF5, which empties it, and takes its space before HDF5 writes. When there is too little,
 * what was taken goes back, and there is room again for the few kilobytes that H5Fclose must write not to
 * crash. */
static int begin_file(struct making *making, struct error *err)
{
    const struct replace *replace = making->replace;
    int code = durable_allocate(replace->descriptor, replace->path, FILE_SLACK_BYTES, err);
    if (code != 0)
        return code;
    making->file = hdf5_file_create(replace, making->schema->sparse ? SPARSE_STRUCTURE_BYTES : 0, err);
    if (making->file < 0)
        return err->code;
    code = durable_allocate(replace->descriptor, replace->path, bytes_needed(making), err);
    if (code != 0 && ftruncate(replace->descriptor, 0) != 0)
        return code; /* nothing more can be done for H5Fclose; the error is the right one */
    return code;
}

/* Bytes of the group's path in that of a dataset; 0 in the root. */
static size_t group_bytes(const struct schema_field *field)
{
    return field->path == NULL || field->attribute != NULL
               ? 0
               : (size_t)(strrchr(field->path, '/') - field->path);
}

/* Every group that a dataset is in, in the order of the table. */
static int make_groups(const struct making *making, struct error *err)
{
    const struct schema *schema = making->schema;
    int code = 0;
    for (int k = 0; code == 0 && k < schema->n_fields; k++) {
        const struct schema_field *field = &schema->fields[k];
        size_t bytes = group_bytes(field);
        bool made = bytes == 0 || !schema_is_written(schema, making->record, field);
        for (int earlier = 0; !made && earlier < k; earlier++)
            made = group_bytes(&schema->fields[earlier]) == bytes &&
                   schema_is_written(schema, making->record, &schema->fields[earlier]) &&
                   strncmp(schema->fields[earlier].path, field->path, bytes) == 0;
        char group[64];
        snprintf(group, sizeof group, "%.*s", (int)bytes, bytes > 0 ? field->path : "");
        if (!made)
            code = hdf5_file_make_group(making->file, making->replace->path, group, err);
    }
    return code;
}

static int make_root(struct making *making, struct error *err)
{
    const struct schema *schema = making->schema;
    int code = begin_file(making, err);
    if (code != 0)
        return code;
    making->properties = hdf5_file_dataset_properties(making->replace->path, err);
    if (making->properties < 0)
        return err->code;
    const struct hdf5_object root = {making->file, making->replace->path, "/"};
    const int32_t version = schema_file_version(schema, making->record);
    code = attribute_write_text(&root, "format", schema->format, err);
    if (code == 0)
        code = attribute_write_number(&root, "format_version", SCHEMA_I32, &version, err);
    if (code == 0)
        code = write_attributes(making, &root, 0, err);
    return code == 0 ? make_groups(making, err) : code;
}

static int make_field(struct making *making, int k, struct error *err)
{
    const struct schema_field *field = &making->schema->fields[k];
    if (field->attribute != NULL || !schema_is_written(making->schema, making->record, field))
        return 0;
    if (field->storage == SCHEMA_APART)
        return make_dataset(making, k, NULL, err);
    struct packed packed;
    int code = pack_make(&packed, field, making->record, making->structure->length, err);
    if (code == 0)
        code = make_dataset(making, k, &packed, err);
    pack_free(&packed);
    return code;
}

/* All of the file that HDF5 writes, flushed and closed. */
static int make_file(struct making *making, struct error *err)
{
    int code = make_root(making, err);
    for (int k = 0; code == 0 && k < making->schema->n_fields; k++)
        code = make_field(making, k, err);
    if (code == 0 && H5Fflush(making->file, H5F_SCOPE_GLOBAL) < 0)
        code = failed(making, "the file", err);
    if (making->properties >= 0)
        H5Pclose(making->properties);
    if (making->file >= 0 && H5Fclose(making->file) < 0 && code == 0)
        code = failed(making, "the file", err);
    return code;
}

/* The file as long as its superblock says: HDF5 cuts off what was taken too much only when its last write was
 * not at the end. And space for what longer texts took beyond the estimate. */
static int fit_size(const struct making *making, struct error *err)
{
    enum { END_OFFSET = 28 }; /* in the superblock: where the file ends */
    const struct replace *replace = making->replace;
    uint64_t end;
    int code = durable_read(replace->descriptor, replace->path, &end, sizeof end, END_OFFSET, err);
    if (code == 0 && ftruncate(replace->descriptor, (off_t)end) != 0)
        code = error_set(err, EXIT_CODE_FAILED, "%s: cannot be written: %s", replace->path, strerror(errno));
    return code == 0 && !making->schema->sparse && end > bytes_needed(making)
               ? durable_allocate(replace->descriptor, replace->path, end, err)
               : code;
}

int schema_structure_make(struct schema_structure *structure, const struct schema *schema, const void *record,
                          const struct replace *replace, struct error *err)
{
    schema_lengths(schema, record, structure->length);
    struct making making = {.schema = schema,
                            .record = record,
                            .replace = replace,
                            .structure = structure,
                            .file = H5I_INVALID_HID,
                            .properties = H5I_INVALID_HID};
    hdf5_error_silence();
    int code = make_file(&making, err);
    return code == 0 ? fit_size(&making, err) : code;
}
