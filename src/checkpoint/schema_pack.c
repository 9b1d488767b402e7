#include "checkpoint/schema_pack.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* Bytes of a text or a row in memory: a pointer, and the numbers. */
static size_t memory_bytes(const struct schema_field *field)
{
    return sizeof(char *) + (field->type == SCHEMA_ROW ? 8 * field->row->n_numbers : 0);
}

static const char *text_of(const void *value)
{
    const char *text;
    return *(const char **)memcpy(&text, value, sizeof text);
}

/* `values`: count texts or rows, each memory_bytes long. */
static int pack_texts(struct packed *packed, const struct schema_field *field, const char *values,
                      size_t count, struct error *err)
{
    size_t from = memory_bytes(field);
    packed->width = 1; /* HDF5 has no text of no bytes */
    for (size_t i = 0; i < count; i++) {
        size_t bytes = strlen(text_of(values + i * from));
        packed->width = bytes > packed->width ? bytes : packed->width;
    }
    size_t to = schema_value_bytes(field, packed->width);
    char *bytes = memory_zeroed(count, to, "texts of a record", err);
    if (bytes == NULL)
        return err->code;
    for (size_t i = 0; i < count; i++) {
        const char *value = values + i * from, *text = text_of(value);
        memcpy(bytes + i * to, text, strlen(text));
        memcpy(bytes + i * to + packed->width, value + sizeof(char *), from - sizeof(char *));
    }
    packed->bytes = packed->owned = bytes;
    packed->count_bytes = count * to;
    return 0;
}

int pack_make(struct packed *packed, const struct schema_field *field, const void *record,
              const uint64_t length[SCHEMA_LENGTHS_MOST], struct error *err)
{
    *packed = (struct packed){.width = 1};
    uint64_t count;
    if (!schema_count(field, length, &count))
        return error_set(err, EXIT_CODE_FAILED, "%s has more values than can be counted", field->path);
    const void *values = schema_values_const(field, record);
    if (schema_has_text(field))
        return pack_texts(packed, field, field->rank == 0 ? (const char *)&values : values, count, err);
    packed->bytes = values;
    packed->count_bytes = count * schema_value_bytes(field, 0);
    return 0;
}

void pack_free(struct packed *packed)
{
    free(packed->owned);
    *packed = (struct packed){0};
}

/* Texts or rows as they stand in memory. On failure what was made is released. */
static char *unpack_texts(const struct schema_field *field, size_t count, size_t width, const char *bytes,
                          struct error *err)
{
    size_t from = schema_value_bytes(field, width), to = memory_bytes(field);
    char *values = memory_zeroed(count, to, "texts of a record", err);
    for (size_t i = 0; values != NULL && i < count; i++) {
        char *text = memory_zeroed(width + 1, 1, "a text of a record", err);
        if (text == NULL) {
            while (i-- > 0)
                free((void *)(uintptr_t)text_of(values + i * to));
            free(values);
            return NULL;
        }
        memcpy(text, bytes + i * from, strnlen(bytes + i * from, width));
        memcpy(values + i * to, &text, sizeof text);
        memcpy(values + i * to + sizeof text, bytes + i * from + width, to - sizeof text);
    }
    return values;
}

int pack_restore(void *record, const struct schema_field *field, size_t count, size_t width, void *bytes,
                 struct error *err)
{
    if (schema_has_text(field)) {
        char *values = unpack_texts(field, count, width, bytes, err);
        free(bytes);
        if (values == NULL)
            return err->code;
        if (field->rank > 0) {
            schema_set_values(field, record, values);
            return 0;
        }
        schema_set_values(field, record, (void *)(uintptr_t)text_of(values));
        free(values);
        return 0;
    }
    if (schema_is_pointed(field)) {
        schema_set_values(field, record, bytes);
        return 0;
    }
    memcpy(schema_values(field, record), bytes, count * schema_value_bytes(field, 0));
    free(bytes);
    return 0;
}
