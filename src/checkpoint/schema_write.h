/* The file of a record, put in the place of an older one, or of none. */
#ifndef ARETE_CHECKPOINT_SCHEMA_WRITE_H
#define ARETE_CHECKPOINT_SCHEMA_WRITE_H

#include "base/error.h"
#include "base/replace.h"
#include "checkpoint/schema.h"
#include "checkpoint/schema_structure.h"

/* What is apart from the record, as plain bytes at its place: called when all else has been written. */
struct schema_rest {
    void *context;
    int (*write)(void *context, const struct schema_structure *structure, const struct replace *replace,
                 struct error *err);
};

/* Whether what stands under the name, if anything, is a file of this schema: nothing else is replaced. */
int schema_write_check(const char *path, const struct schema *schema, struct error *err);

/* As base/replace.h says: `path` holds the old file or the new one, whole and on the disk. `rest` may be
 * NULL. */
int schema_write(const char *path, const struct schema *schema, const void *record,
                 const struct schema_rest *rest, struct error *err);

#endif
