#include "checkpoint/schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "values are written as they stand in memory");
_Static_assert(sizeof(size_t) == 8 && sizeof(char *) == 8, "counts and rows have members of 8 bytes");

size_t *schema_length_place(const struct schema *schema, void *record, int length)
{
    const struct schema_length *of = &schema->lengths[length];
    return of->fixed > 0 || of->derive != NULL ? NULL : (size_t *)(void *)((char *)record + of->place);
}

void schema_lengths(const struct schema *schema, const void *record, uint64_t length[SCHEMA_LENGTHS_MOST])
{
    for (int k = 0; k < schema->n_lengths; k++) {
        const struct schema_length *of = &schema->lengths[k];
        if (of->fixed > 0)
            length[k] = of->fixed;
        else if (of->derive != NULL)
            length[k] = of->derive(record, &length[k]) ? length[k] : UINT64_MAX;
        else
            memcpy(&length[k], (const char *)record + of->place, sizeof length[k]);
    }
}

bool schema_count(const struct schema_field *field, const uint64_t length[SCHEMA_LENGTHS_MOST],
                  uint64_t *count)
{
    *count = 1;
    for (int d = 0; d < field->rank; d++)
        if (__builtin_mul_overflow(*count, length[field->shape[d]], count))
            return false;
    return true;
}

static size_t number_bytes(enum schema_type type)
{
    switch (type) {
    case SCHEMA_U8:
        return 1;
    case SCHEMA_I32:
    case SCHEMA_U32:
    case SCHEMA_F32:
        return 4;
    case SCHEMA_I64:
    case SCHEMA_U64:
    case SCHEMA_F64:
        return 8;
    case SCHEMA_TEXT:
    case SCHEMA_ROW:
        break;
    }
    return 0;
}

size_t schema_value_bytes(const struct schema_field *field, size_t width)
{
    if (field->type == SCHEMA_TEXT)
        return width;
    return field->type == SCHEMA_ROW ? width + 8 * field->row->n_numbers : number_bytes(field->type);
}

bool schema_has_text(const struct schema_field *field)
{
    return field->type == SCHEMA_TEXT || field->type == SCHEMA_ROW;
}

bool schema_is_pointed(const struct schema_field *field)
{
    return field->storage == SCHEMA_POINTED && (field->rank > 0 || schema_has_text(field));
}

const void *schema_values_const(const struct schema_field *field, const void *record)
{
    const char *place = (const char *)record + field->place;
    const void *values; /* copied, because the member's own type is a pointer to something else */
    return schema_is_pointed(field) ? *(const void **)memcpy(&values, place, sizeof values) : place;
}

void *schema_values(const struct schema_field *field, void *record)
{
    return (void *)(uintptr_t)schema_values_const(field, record);
}

void schema_set_values(const struct schema_field *field, void *record, void *values)
{
    memcpy((char *)record + field->place, &values, sizeof values);
}

int schema_find(const struct schema *schema, const char *path)
{
    for (int k = 0; k < schema->n_fields; k++)
        if (schema->fields[k].path != NULL && schema->fields[k].attribute == NULL &&
            strcmp(schema->fields[k].path, path) == 0)
            return k;
    abort(); /* a name that is not in the table */
}

static bool has_values(const struct schema *schema, const void *record, const struct schema_field *field)
{
    uint64_t length[SCHEMA_LENGTHS_MOST], count;
    schema_lengths(schema, record, length);
    return !schema_count(field, length, &count) || count > 0;
}

bool schema_is_written(const struct schema *schema, const void *record, const struct schema_field *field)
{
    if (field->path == NULL)
        return false;
    if (field->attribute != NULL && strcmp(field->path, "/") != 0)
        field = &schema->fields[schema_find(schema, field->path)];
    if (field->since <= schema->oldest)
        return true;
    if (field->storage == SCHEMA_APART)
        return has_values(schema, record, field);
    return !schema_is_pointed(field) || schema_values_const(field, record) != NULL;
}

int32_t schema_file_version(const struct schema *schema, const void *record)
{
    int32_t version = schema->version;
    for (int k = 0; k < schema->n_fields; k++) {
        const struct schema_field *field = &schema->fields[k];
        if (field->since > schema->oldest && field->since <= version &&
            !schema_is_written(schema, record, field))
            version = field->since - 1;
    }
    return version;
}

/* The texts that a field of several texts or rows points to. */
static void free_texts(const struct schema_field *field, void *values, size_t count)
{
    size_t stride = field->type == SCHEMA_ROW ? sizeof(char *) + 8 * field->row->n_numbers : sizeof(char *);
    for (size_t i = 0; i < count; i++) {
        char *text;
        memcpy(&text, (char *)values + i * stride, sizeof text);
        free(text);
    }
}

void schema_release(const struct schema *schema, const struct schema_field *field, void *record)
{
    uint64_t length[SCHEMA_LENGTHS_MOST], count;
    if (!schema_is_pointed(field))
        return;
    schema_lengths(schema, record, length);
    void *values = schema_values(field, record);
    if (values != NULL && schema_has_text(field) && field->rank > 0 && schema_count(field, length, &count))
        free_texts(field, values, count);
    free(values);
    schema_set_values(field, record, NULL);
}

void schema_free(const struct schema *schema, void *record)
{
    for (int k = 0; k < schema->n_fields; k++)
        schema_release(schema, &schema->fields[k], record);
    memset(record, 0, schema->record_bytes);
}

void schema_type_text(const struct schema_field *field, char text[SCHEMA_TYPE_TEXT_BYTES])
{
    static const char *const names[] = {"u8",  "i32", "u32", "i64",
                                        "u64", "f32", "f64", "text of fixed width (UTF-8, null-padded)"};
    if (field->type != SCHEMA_ROW) {
        snprintf(text, SCHEMA_TYPE_TEXT_BYTES, "%s", names[field->type]);
        return;
    }
    size_t used = (size_t)snprintf(text, SCHEMA_TYPE_TEXT_BYTES, "(text %s", field->row->text);
    for (size_t k = 0; k < field->row->n_numbers; k++)
        used += (size_t)snprintf(text + used, SCHEMA_TYPE_TEXT_BYTES - used, ", %s %s",
                                 names[field->row->number[k].type], field->row->number[k].name);
    snprintf(text + used, SCHEMA_TYPE_TEXT_BYTES - used, ")");
}
