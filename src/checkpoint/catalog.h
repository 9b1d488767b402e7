/* The structure of a record's file, checked: where each dataset's bytes stand, and all that attributes say.
 * All of it is read by layout/layout.h and as plain bytes; the HDF5 library only writes new files. */
#ifndef ARETE_CHECKPOINT_CATALOG_H
#define ARETE_CHECKPOINT_CATALOG_H

#include "base/error.h"
#include "checkpoint/dataset_check.h"
#include "checkpoint/schema.h"

#include <stdbool.h>
#include <stdint.h>

struct catalog {
    uint64_t length[SCHEMA_LENGTHS_MOST];
    bool has[SCHEMA_FIELDS_MOST]; /* which fields the file has */
    struct dataset_place place[SCHEMA_FIELDS_MOST];
};

/* Every type and shape agrees with the schema and with each other, and all bytes lie inside the file;
 * otherwise an error. `record` is filled with the attributes and lengths; the caller releases it
 * (schema_free). *descriptor is the file that the catalog is of, open as `access` says (O_RDONLY or O_RDWR),
 * to be closed: one file even while an extension puts another in its place. On failure it is -1 and the
 * record is all zeros. */
int catalog_open(struct catalog *catalog, int *descriptor, void *record, const struct schema *schema,
                 const char *path, int access, struct error *err);

#endif
