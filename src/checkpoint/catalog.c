#include "checkpoint/catalog.h"

#include "checkpoint/attribute.h"
#include "checkpoint/hdf5_error.h"
#include "checkpoint/hdf5_file.h"
#include "checkpoint/schema_format.h"
#include "checkpoint/schema_pack.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OPEN_ATTEMPTS = 8 }; /* a file is replaced once, when it is extended */

/* A file while its structure is read. */
struct reading {
    const struct schema *schema;
    const char *path;
    hid_t file;
    uint64_t file_bytes;
    int32_t version;
    struct catalog *catalog;
    void *record;
};

static int missing(const struct reading *reading, const struct schema_field *field, struct error *err)
{
    char what[128];
    snprintf(what, sizeof what, "%s is missing or damaged", field->path);
    return hdf5_error_set(err, EXIT_CODE_FAILED, reading->path, what);
}

/* Whether a dataset that files of this version need not have is there. */
static int look_for(const struct reading *reading, const struct schema_field *field, bool *has,
                    struct error *err)
{
    *has = true;
    if (field->since <= reading->version)
        return 0;
    htri_t found = hdf5_file_has(reading->file, field->path);
    *has = found > 0;
    return found < 0 ? missing(reading, field, err) : 0;
}

static int find_dataset(const struct reading *reading, int k, struct error *err)
{
    const struct schema_field *field = &reading->schema->fields[k];
    struct dataset_place *place = &reading->catalog->place[k];
    bool *has = &reading->catalog->has[k];
    int code = look_for(reading, field, has, err);
    if (code != 0 || !*has)
        return code;
    hid_t dataset = hdf5_file_open_dataset(reading->file, field->path);
    if (dataset < 0)
        return missing(reading, field, err);
    const struct hdf5_object object = {dataset, reading->path, field->path};
    code = dataset_check(dataset, field, reading->path, reading->file_bytes, reading->catalog->length, place,
                         err);
    if (code == 0 && field->storage != SCHEMA_APART)
        code = attribute_read_number(&object, "crc32c", SCHEMA_U32, &place->crc, err);
    H5Dclose(dataset);
    return code;
}

/* A number that is a length too tells it, or agrees with what told it before. */
static int check_length(const struct reading *reading, const struct schema_field *field, struct error *err)
{
    const struct schema *schema = reading->schema;
    const void *number = schema_values(field, reading->record);
    for (int k = 0; k < schema->n_lengths; k++) {
        uint64_t *known = &reading->catalog->length[k];
        const size_t *held = schema_length_place(schema, reading->record, k);
        if ((const void *)held != number)
            continue;
        if (*known == DATASET_LENGTH_UNKNOWN && *held <= INT64_MAX)
            *known = *held;
        if (*known != *held)
            return error_set(err, EXIT_CODE_FAILED,
                             "%s: %s is damaged: its attribute %s is %lld; expected the number of %s, %llu",
                             reading->path, field->path, field->attribute, (long long)*held,
                             schema->lengths[k].name,
                             (unsigned long long)(*known == DATASET_LENGTH_UNKNOWN ? 0 : *known));
    }
    return 0;
}

static int read_value(const struct reading *reading, const struct hdf5_object *object,
                      const struct schema_field *field, struct error *err)
{
    const char *name = field->attribute;
    if (!schema_has_text(field))
        return attribute_read_number(object, name, field->type, schema_values(field, reading->record), err) ==
                       0
                   ? check_length(reading, field, err)
                   : err->code;
    if (field->rank == 0) {
        char *text = attribute_read_text(object, name, err);
        schema_set_values(field, reading->record, text);
        return text != NULL ? 0 : err->code;
    }
    size_t width, count = reading->catalog->length[field->shape[0]];
    char *texts = attribute_read_texts(object, name, count, reading->file_bytes, &width, err);
    return texts != NULL ? pack_restore(reading->record, field, count, width, texts, err) : err->code;
}

static int read_attribute(const struct reading *reading, int k, struct error *err)
{
    const struct schema_field *field = &reading->schema->fields[k];
    bool of_root = strcmp(field->path, "/") == 0;
    if (!of_root && !reading->catalog->has[schema_find(reading->schema, field->path)])
        return 0;
    struct hdf5_object object = {reading->file, reading->path, field->path};
    if (!of_root)
        object.id = hdf5_file_open_dataset(reading->file, field->path);
    if (object.id < 0)
        return missing(reading, field, err);
    reading->catalog->has[k] = true;
    int code = read_value(reading, &object, field, err);
    if (!of_root)
        H5Dclose(object.id);
    return code;
}

/* Lengths that follow from what has been read so far. */
static int derive_lengths(const struct reading *reading, const struct schema_field *field, struct error *err)
{
    for (int d = 0; d < field->rank; d++) {
        const struct schema_length *of = &reading->schema->lengths[field->shape[d]];
        uint64_t *length = &reading->catalog->length[field->shape[d]];
        if (of->fixed > 0)
            *length = of->fixed;
        else if (of->derive != NULL && !of->derive(reading->record, length))
            return error_set(err, EXIT_CODE_FAILED, "%s: is damaged: so many %s as it says cannot be",
                             reading->path, of->name);
    }
    return 0;
}

/* What a dataset's own shape has told goes into the record, for lengths that follow from it. */
static void keep_lengths(const struct reading *reading)
{
    const struct schema *schema = reading->schema;
    for (int k = 0; k < schema->n_lengths; k++) {
        size_t *place = schema_length_place(schema, reading->record, k);
        uint64_t length = reading->catalog->length[k];
        if (place != NULL)
            *place = length != DATASET_LENGTH_UNKNOWN ? length : 0;
    }
}

static int check_least(const struct reading *reading, struct error *err)
{
    const struct schema *schema = reading->schema;
    for (int k = 0; k < schema->n_lengths; k++) {
        uint64_t length = reading->catalog->length[k];
        if (length < schema->lengths[k].least)
            return error_set(err, EXIT_CODE_FAILED, "%s: is damaged: it has %llu %s; expected at least %llu",
                             reading->path, (unsigned long long)length, schema->lengths[k].name,
                             (unsigned long long)schema->lengths[k].least);
    }
    return 0;
}

static int read_fields(struct reading *reading, struct error *err)
{
    const struct schema *schema = reading->schema;
    int code = schema_format_check(reading->file, schema, reading->path, &reading->version, err);
    for (int k = 0; code == 0 && k < schema->n_fields; k++) {
        const struct schema_field *field = &schema->fields[k];
        if (field->path == NULL)
            continue;
        code = derive_lengths(reading, field, err);
        if (code == 0)
            code = field->attribute != NULL ? read_attribute(reading, k, err) : find_dataset(reading, k, err);
        keep_lengths(reading);
    }
    return code == 0 ? check_least(reading, err) : code;
}

static int read_structure(struct reading *reading, struct error *err)
{
    const struct schema *schema = reading->schema;
    *reading->catalog = (struct catalog){0};
    memset(reading->record, 0, schema->record_bytes);
    for (int k = 0; k < schema->n_lengths; k++)
        reading->catalog->length[k] = DATASET_LENGTH_UNKNOWN;
    hdf5_error_silence();
    reading->file = hdf5_file_open(reading->path, err);
    if (reading->file < 0)
        return err->code;
    int code = read_fields(reading, err);
    H5Fclose(reading->file); /* only read: nothing to lose */
    for (int k = 0; k < schema->n_lengths; k++)
        if (reading->catalog->length[k] == DATASET_LENGTH_UNKNOWN)
            reading->catalog->length[k] = 0;
    if (code != 0)
        schema_free(schema, reading->record);
    return code;
}

/* Whether `path` still is the open file. An open file's inode is not given to another, so "yes" says that it
 * was all the time since it was opened. */
static bool still_there(int descriptor, const char *path)
{
    struct stat opened, named;
    return fstat(descriptor, &opened) == 0 && stat(path, &named) == 0 && opened.st_dev == named.st_dev &&
           opened.st_ino == named.st_ino;
}

int catalog_open(struct catalog *catalog, int *descriptor, void *record, const struct schema *schema,
                 const char *path, int access, struct error *err)
{
    struct reading reading = {.schema = schema, .path = path, .catalog = catalog, .record = record};
    memset(record, 0, schema->record_bytes);
    for (int attempt = 0; attempt < OPEN_ATTEMPTS; attempt++) {
        int code = schema_format_open(descriptor, schema, path, access, &reading.file_bytes, err);
        if (code != 0)
            return code;
        code = read_structure(&reading, err);
        bool same_file = still_there(*descriptor, path);
        if (code == 0 && same_file)
            return 0;
        close(*descriptor);
        *descriptor = -1;
        if (same_file)
            return code;
        schema_free(schema, record); /* of two files, or an error that comes from reading two */
        *err = (struct error){0};
    }
    return error_set(err, EXIT_CODE_FAILED, "%s: is being replaced again and again; try later", path);
}
