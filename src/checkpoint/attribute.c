#include "checkpoint/attribute.h"

#include "base/memory.h"
#include "checkpoint/hdf5_error.h"
#include "checkpoint/hdf5_type.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_LIMIT_BYTES = 1 << 16 }; /* of one text */

static int failed(const struct hdf5_object *object, const char *name, const char *what, struct error *err)
{
    char text[192];
    snprintf(text, sizeof text, "attribute %s of %s cannot be %s", name, object->name, what);
    return hdf5_error_set(err, EXIT_CODE_FAILED, object->path, text);
}

static int write_values(const struct hdf5_object *object, const char *name, hid_t type, hid_t space,
                        const void *values, struct error *err)
{
    hid_t attribute = type < 0 || space < 0
                          ? H5I_INVALID_HID
                          : H5Acreate2(object->id, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    int code = 0;
    if (attribute < 0 || H5Awrite(attribute, type, values) < 0)
        code = failed(object, name, "written", err);
    if (attribute >= 0 && H5Aclose(attribute) < 0 && code == 0)
        code = failed(object, name, "written", err);
    return code;
}

static int write_one(const struct hdf5_object *object, const char *name, hid_t type, const void *value,
                     struct error *err)
{
    hid_t space = H5Screate(H5S_SCALAR);
    int code = write_values(object, name, type, space, value, err);
    if (space >= 0)
        H5Sclose(space);
    return code;
}

int attribute_write_number(const struct hdf5_object *object, const char *name, enum schema_type type,
                           const void *value, struct error *err)
{
    return write_one(object, name, hdf5_type_of_number(type), value, err);
}

int attribute_write_text(const struct hdf5_object *object, const char *name, const char *text,
                         struct error *err)
{
    size_t width = strlen(text);
    hid_t type = hdf5_type_open_text(width > 0 ? width : 1);
    int code = write_one(object, name, type, text, err); /* "" gives its own zero byte */
    if (type >= 0)
        H5Tclose(type);
    return code;
}

int attribute_write_texts(const struct hdf5_object *object, const char *name, const char *texts, size_t width,
                          size_t count, struct error *err)
{
    hsize_t shape = count;
    hid_t type = hdf5_type_open_text(width);
    hid_t space = H5Screate_simple(1, &shape, NULL);
    int code = write_values(object, name, type, space, texts, err);
    if (type >= 0)
        H5Tclose(type);
    if (space >= 0)
        H5Sclose(space);
    return code;
}

int attribute_exists(const struct hdf5_object *object, const char *name, bool *exists, struct error *err)
{
    htri_t found = H5Aexists(object->id, name);
    *exists = found > 0;
    return found < 0 ? hdf5_error_set(err, EXIT_CODE_FAILED, object->path, "is damaged") : 0;
}

/* An open attribute with what was found of it. */
struct found {
    hid_t attribute, type;
    hssize_t count;
    size_t width; /* bytes of an element */
};

static void close_found(struct found *found)
{
    if (found->type >= 0)
        H5Tclose(found->type);
    if (found->attribute >= 0)
        H5Aclose(found->attribute);
}

static int open_found(const struct hdf5_object *object, const char *name, struct found *found,
                      struct error *err)
{
    *found = (struct found){H5I_INVALID_HID, H5I_INVALID_HID, -1, 0};
    found->attribute = H5Aopen(object->id, name, H5P_DEFAULT);
    if (found->attribute < 0)
        return failed(object, name, "read", err);
    found->type = H5Aget_type(found->attribute);
    hid_t space = H5Aget_space(found->attribute);
    if (space >= 0) {
        found->count = H5Sget_simple_extent_npoints(space);
        H5Sclose(space);
    }
    found->width = found->type >= 0 ? H5Tget_size(found->type) : 0;
    if (found->type < 0 || found->count < 0 || found->width == 0)
        return failed(object, name, "read", err);
    return 0;
}

/* Reads the values when type and count are as expected. */
static int read_found(const struct found *found, const struct hdf5_object *object, const char *name,
                      hid_t type, size_t count, void *values, struct error *err)
{
    if (type < 0 || H5Tequal(found->type, type) <= 0)
        return error_set(err, EXIT_CODE_FAILED,
                         "%s: attribute %s of %s has another type than its format says", object->path, name,
                         object->name);
    if ((uint64_t)found->count != count)
        return error_set(err, EXIT_CODE_FAILED, "%s: attribute %s of %s has %lld values; expected %zu",
                         object->path, name, object->name, (long long)found->count, count);
    return H5Aread(found->attribute, type, values) < 0 ? failed(object, name, "read", err) : 0;
}

int attribute_read_number(const struct hdf5_object *object, const char *name, enum schema_type type,
                          void *value, struct error *err)
{
    struct found found;
    int code = open_found(object, name, &found, err);
    if (code == 0)
        code = read_found(&found, object, name, hdf5_type_of_number(type), 1, value, err);
    close_found(&found);
    return code;
}

char *attribute_read_texts(const struct hdf5_object *object, const char *name, size_t count, size_t limit,
                           size_t *width, struct error *err)
{
    struct found found;
    char *texts = NULL;
    hid_t type = H5I_INVALID_HID;
    if (open_found(object, name, &found, err) != 0)
        goto out;
    if (found.width > limit / (count > 0 ? count : 1)) {
        error_set(err, EXIT_CODE_FAILED,
                  "%s: attribute %s of %s claims %zu x %zu bytes, more than the file has", object->path, name,
                  object->name, count, found.width);
        goto out;
    }
    *width = found.width;
    type = hdf5_type_open_text(found.width);
    texts = memory_zeroed(count + 1, found.width, "an attribute", err);
    if (texts == NULL)
        goto out;
    if (read_found(&found, object, name, type, count, texts, err) != 0) {
        free(texts);
        texts = NULL;
    }
out:
    if (type >= 0)
        H5Tclose(type);
    close_found(&found);
    return texts;
}

char *attribute_read_text(const struct hdf5_object *object, const char *name, struct error *err)
{
    size_t width; /* the element more that attribute_read_texts zeroes ends the string */
    return attribute_read_texts(object, name, 1, TEXT_LIMIT_BYTES, &width, err);
}
