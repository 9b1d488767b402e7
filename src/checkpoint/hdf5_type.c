#include "checkpoint/hdf5_type.h"

hid_t hdf5_type_of_number(enum schema_type type)
{
    switch (type) {
    case SCHEMA_U8:
        return H5T_STD_U8LE;
    case SCHEMA_I32:
        return H5T_STD_I32LE;
    case SCHEMA_U32:
        return H5T_STD_U32LE;
    case SCHEMA_I64:
        return H5T_STD_I64LE;
    case SCHEMA_U64:
        return H5T_STD_U64LE;
    case SCHEMA_F32:
        return H5T_IEEE_F32LE;
    case SCHEMA_F64:
        return H5T_IEEE_F64LE;
    case SCHEMA_TEXT:
    case SCHEMA_ROW:
        break;
    }
    return H5I_INVALID_HID;
}

hid_t hdf5_type_open_text(size_t width)
{
    hid_t type = H5Tcopy(H5T_C_S1);
    if (type < 0)
        return type;
    if (H5Tset_size(type, width) < 0 || H5Tset_strpad(type, H5T_STR_NULLPAD) < 0 ||
        H5Tset_cset(type, H5T_CSET_UTF8) < 0) {
        H5Tclose(type);
        return H5I_INVALID_HID;
    }
    return type;
}

/* A text and 64-bit numbers after it without padding. */
static hid_t open_row(const struct schema_field *field, size_t width)
{
    const struct schema_row *row = field->row;
    hid_t text = hdf5_type_open_text(width);
    hid_t type = text < 0 ? text : H5Tcreate(H5T_COMPOUND, schema_value_bytes(field, width));
    herr_t status = type < 0 ? -1 : H5Tinsert(type, row->text, 0, text);
    for (size_t k = 0; status >= 0 && k < row->n_numbers; k++)
        status =
            H5Tinsert(type, row->number[k].name, width + 8 * k, hdf5_type_of_number(row->number[k].type));
    if (text >= 0)
        H5Tclose(text);
    if (status < 0 && type >= 0) {
        H5Tclose(type);
        type = H5I_INVALID_HID;
    }
    return type;
}

hid_t hdf5_type_open(const struct schema_field *field, size_t width)
{
    if (field->type == SCHEMA_TEXT)
        return hdf5_type_open_text(width);
    return field->type == SCHEMA_ROW ? open_row(field, width) : H5Tcopy(hdf5_type_of_number(field->type));
}
