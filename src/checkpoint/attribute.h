/* Attributes of HDF5 objects: one number, one text, or a list of texts. Readers check type and size. Errors
 * name `path` (the file) and the attribute. */
#ifndef ARETE_CHECKPOINT_ATTRIBUTE_H
#define ARETE_CHECKPOINT_ATTRIBUTE_H

#include "base/error.h"

#include <hdf5.h>
#include <stddef.h>

/* `type` is a standard little-endian HDF5 type; *value has the same one. */
int attribute_write_number(hid_t object, const char *path, const char *name, hid_t type, const void *value,
                           struct error *err);
int attribute_write_text(hid_t object, const char *path, const char *name, const char *text,
                         struct error *err);
/* width x count bytes, each text filled up with zero bytes. */
int attribute_write_texts(hid_t object, const char *path, const char *name, const char *texts, size_t width,
                          size_t count, struct error *err);

int attribute_read_number(hid_t object, const char *path, const char *name, hid_t type, void *value,
                          struct error *err);
/* A new string, to be freed; NULL and an error. */
char *attribute_read_text(hid_t object, const char *path, const char *name, struct error *err);
/* width x count bytes, to be freed; *width is the file's. `limit`: most bytes that can be right (the file's
 * size). */
char *attribute_read_texts(hid_t object, const char *path, const char *name, size_t count, size_t limit,
                           size_t *width, struct error *err);

#endif
