/* The values of one field as bytes in the file, and back. */
#ifndef ARETE_CHECKPOINT_SCHEMA_PACK_H
#define ARETE_CHECKPOINT_SCHEMA_PACK_H

#include "base/error.h"
#include "checkpoint/schema.h"

#include <stddef.h>

struct packed {
    const void *bytes; /* the record's own values, or `owned` */
    void *owned;       /* to be freed; NULL for numbers */
    size_t count_bytes;
    size_t width; /* of a text: that of the longest, at least 1 */
};

/* Packs a record's values; `length` as schema_lengths gives it. Released by pack_free, after a failure
 * too. */
int pack_make(struct packed *packed, const struct schema_field *field, const void *record,
              const uint64_t length[SCHEMA_LENGTHS_MOST], struct error *err);
void pack_free(struct packed *packed);

/* Gives a record `count` values of a field. Takes over `bytes` (from malloc), or frees them, on failure
 * too. */
int pack_restore(void *record, const struct schema_field *field, size_t count, size_t width, void *bytes,
                 struct error *err);

#endif
