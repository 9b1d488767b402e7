#include "checkpoint/dataset_check.h"

#include "checkpoint/stored_type.h"

#include <stdbool.h>
#include <stdio.h>

static int check_type(const struct layout_object *dataset, const struct schema_field *field, const char *path,
                      size_t *width, struct error *err)
{
    char text[SCHEMA_TYPE_TEXT_BYTES];
    if (stored_type_is_of(&dataset->form, field, width))
        return 0;
    schema_type_text(field, text);
    return error_set(err, EXIT_CODE_FAILED, "%s: %s has another type; expected %s, little-endian", path,
                     field->path, text);
}

static void shape_text(char *text, size_t bytes, int rank, const uint64_t *shape)
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

static int check_shape(const struct layout_object *dataset, const struct schema_field *field,
                       const char *path, uint64_t length[SCHEMA_LENGTHS_MOST], struct error *err)
{
    const struct layout_form *form = &dataset->form;
    bool equal = form->rank == field->rank;
    uint64_t expected[SCHEMA_SHAPE_MOST] = {0};
    for (int d = 0; d < field->rank; d++) {
        uint64_t *known = &length[field->shape[d]];
        if (*known == DATASET_LENGTH_UNKNOWN)
            *known = form->length[d];
        expected[d] = *known;
        equal = equal && form->length[d] == *known;
    }
    if (equal)
        return 0;
    char found_text[64], expected_text[64];
    shape_text(expected_text, sizeof expected_text, field->rank, expected);
    shape_text(found_text, sizeof found_text, form->rank, form->length);
    return error_set(err, EXIT_CODE_FAILED, "%s: %s has shape %s; expected %s", path, field->path, found_text,
                     expected_text);
}

int dataset_check(const struct layout_object *dataset, const struct schema_field *field, const char *path,
                  uint64_t length[SCHEMA_LENGTHS_MOST], struct dataset_place *place, struct error *err)
{
    int code = check_type(dataset, field, path, &place->width, err);
    if (code == 0)
        code = check_shape(dataset, field, path, length, err);
    place->count = dataset->form.count;
    place->count_bytes = dataset->form.count_bytes;
    place->offset = place->count_bytes > 0 ? dataset->offset : 0;
    return code;
}
