/* The datatypes of a campaign as they stand in the file. */
#ifndef ARETE_CHECKPOINT_STORED_TYPE_H
#define ARETE_CHECKPOINT_STORED_TYPE_H

#include "checkpoint/layout/layout.h"
#include "checkpoint/schema.h"

#include <stdbool.h>
#include <stddef.h>

/* Whether values of this form are of the type; a text may have any width. */
bool stored_type_is(const struct layout_form *form, enum schema_type type);

/* The same of a field's values, of rows too. *width: that of a text, or of a row's; else 1. */
bool stored_type_is_of(const struct layout_form *form, const struct schema_field *field, size_t *width);

#endif
