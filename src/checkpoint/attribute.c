#include "checkpoint/attribute.h"

#include "checkpoint/hdf5_error.h"
#include "checkpoint/hdf5_type.h"

#include <stdio.h>
#include <string.h>

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
