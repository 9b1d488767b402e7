/* Attributes of HDF5 objects that are being written: one number, one text, or a list of texts. */
#ifndef ARETE_CHECKPOINT_ATTRIBUTE_H
#define ARETE_CHECKPOINT_ATTRIBUTE_H

#include "base/error.h"
#include "checkpoint/schema.h"

#include <hdf5.h>
#include <stddef.h>

/* What attributes belong to, and how errors name it. */
struct hdf5_object {
    hid_t id;
    const char *path; /* of the file */
    const char *name; /* in the file: "/gram" */
};

int attribute_write_number(const struct hdf5_object *object, const char *name, enum schema_type type,
                           const void *value, struct error *err);
int attribute_write_text(const struct hdf5_object *object, const char *name, const char *text,
                         struct error *err);
/* width x count bytes, each text filled up with zero bytes. */
int attribute_write_texts(const struct hdf5_object *object, const char *name, const char *texts, size_t width,
                          size_t count, struct error *err);

#endif
