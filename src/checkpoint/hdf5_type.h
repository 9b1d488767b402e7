/* The HDF5 types of a schema's fields. */
#ifndef ARETE_CHECKPOINT_HDF5_TYPE_H
#define ARETE_CHECKPOINT_HDF5_TYPE_H

#include "checkpoint/schema.h"

#include <hdf5.h>
#include <stddef.h>

/* A new type, to be closed; below 0 on failure. `width`: bytes of a text, ignored for numbers. */
hid_t hdf5_type_open(const struct schema_field *field, size_t width);
hid_t hdf5_type_open_text(size_t width);

/* That of a number; not to be closed. */
hid_t hdf5_type_of_number(enum schema_type type);

#endif
