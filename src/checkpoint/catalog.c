#include "checkpoint/catalog.h"

#include "checkpoint/attribute_read.h"
#include "checkpoint/layout/layout.h"
#include "checkpoint/schema_format.h"
#include "checkpoint/schema_pack.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A file while its structure is read. */
struct reading {
    const struct schema *schema;
    const char *path;
    struct layout layout;
    int32_t version;
    struct catalog *catalog;
    void *record;
};

/* The dataset of a field; `optional`: NULL when it is not there. */
static int find(const struct reading *reading, const struct schema_field *field, bool optional,
                const struct layout_object **found, struct error *err)
{
    *found = layout_find(&reading->layout, field->path);
    if (*found == NULL && !optional)
        return error_set(err, EXIT_CODE_FAILED, "%s: %s is missing or damaged", reading->path, field->path);
    if (*found != NULL && (*found)->is_group)
        return error_set(err, EXIT_CODE_FAILED, "%s: %s is damaged: a group found; expected a dataset",
                         reading->path, field->path);
    return 0;
}

static int find_dataset(const struct reading *reading, int k, struct error *err)
{
    const struct schema_field *field = &reading->schema->fields[k];
    struct dataset_place *place = &reading->catalog->place[k];
    /* One that files of this version need not have. */
    bool optional = field->since > reading->version;
    const struct layout_object *dataset;
    int code = find(reading, field, optional, &dataset, err);
    reading->catalog->has[k] = code == 0 && dataset != NULL;
    if (code != 0 || dataset == NULL)
        return code;
    const struct attribute_owner owner = {&reading->layout, dataset};
    code = dataset_check(dataset, field, reading->path, reading->catalog->length, place, err);
    if (code == 0 && field->storage != SCHEMA_APART)
        code = attribute_read_number(&owner, "crc32c", SCHEMA_U32, &place->crc, err);
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

static int read_value(const struct reading *reading, const struct attribute_owner *owner,
                      const struct schema_field *field, struct error *err)
{
    const char *name = field->attribute;
    if (!schema_has_text(field)) {
        int code =
            attribute_read_number(owner, name, field->type, schema_values(field, reading->record), err);
        return code == 0 ? check_length(reading, field, err) : code;
    }
    if (field->rank == 0) {
        char *text = attribute_read_text(owner, name, err);
        schema_set_values(field, reading->record, text);
        return text != NULL ? 0 : err->code;
    }
    size_t width, count = reading->catalog->length[field->shape[0]];
    char *texts = attribute_read_texts(owner, name, count, &width, err);
    return texts != NULL ? pack_restore(reading->record, field, count, width, texts, err) : err->code;
}

static int read_attribute(const struct reading *reading, int k, struct error *err)
{
    const struct schema_field *field = &reading->schema->fields[k];
    struct attribute_owner owner = {&reading->layout, &reading->layout.objects[0]};
    bool of_root = strcmp(field->path, "/") == 0;
    if (!of_root && !reading->catalog->has[schema_find(reading->schema, field->path)])
        return 0;
    if (!of_root && find(reading, field, false, &owner.object, err) != 0)
        return err->code;
    bool is_optional = field->since > reading->version;
    reading->catalog->has[k] =
        !is_optional || layout_attribute(owner.layout, owner.object, field->attribute) != NULL;
    if (!reading->catalog->has[k])
        return 0;
    return read_value(reading, &owner, field, err);
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
    int code = schema_format_check(&reading->layout, schema, &reading->version, err);
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

static int read_structure(struct reading *reading, const struct layout_file *file, struct error *err)
{
    const struct schema *schema = reading->schema;
    *reading->catalog = (struct catalog){0};
    for (int k = 0; k < schema->n_lengths; k++)
        reading->catalog->length[k] = DATASET_LENGTH_UNKNOWN;
    int code = layout_read(&reading->layout, file, err);
    if (code == 0)
        code = read_fields(reading, err);
    layout_free(&reading->layout);
    for (int k = 0; k < schema->n_lengths; k++)
        if (reading->catalog->length[k] == DATASET_LENGTH_UNKNOWN)
            reading->catalog->length[k] = 0;
    if (code != 0)
        schema_free(schema, reading->record);
    return code;
}

int catalog_open(struct catalog *catalog, int *descriptor, void *record, const struct schema *schema,
                 const char *path, int access, struct error *err)
{
    struct reading reading = {.schema = schema, .path = path, .catalog = catalog, .record = record};
    struct layout_file file = {.path = path, .a_file = schema->a_file};
    memset(record, 0, schema->record_bytes);
    int code = schema_format_open(descriptor, schema, path, access, &file.bytes, err);
    if (code != 0)
        return code;
    file.descriptor = *descriptor;
    code = read_structure(&reading, &file, err);
    if (code != 0) {
        close(*descriptor);
        *descriptor = -1;
    }
    return code;
}
