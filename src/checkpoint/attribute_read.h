/* Attributes of what a file's layout has: one number, one text, or a list of texts. Type and size are
 * checked.
 */
#ifndef ARETE_CHECKPOINT_ATTRIBUTE_READ_H
#define ARETE_CHECKPOINT_ATTRIBUTE_READ_H

#include "base/error.h"
#include "checkpoint/layout/layout.h"
#include "checkpoint/schema.h"

#include <stddef.h>

/* What an attribute belongs to. */
struct attribute_owner {
    const struct layout *layout;
    const struct layout_object *object;
};

/* *value is of the type named. */
int attribute_read_number(const struct attribute_owner *owner, const char *name, enum schema_type type,
                          void *value, struct error *err);
/* A new string, to be freed; NULL and an error. */
char *attribute_read_text(const struct attribute_owner *owner, const char *name, struct error *err);
/* width x count bytes, to be freed; *width is the file's. */
char *attribute_read_texts(const struct attribute_owner *owner, const char *name, size_t count, size_t *width,
                           struct error *err);

#endif
