/* What HDF5 itself writes of a record's new file: structure and attributes, but no values.
 *
 * HDF5 1.10 crashes at the end of the process when the disk was full at H5Fclose, so the whole file's space
 * is taken before the library writes anything. The values follow as plain bytes, whose failures are plain
 * errors. A sparse file's space is taken up to the last byte that the library writes, and the rest is a hole,
 * which reads as zeros. */
#ifndef ARETE_CHECKPOINT_SCHEMA_STRUCTURE_H
#define ARETE_CHECKPOINT_SCHEMA_STRUCTURE_H

#include "base/error.h"
#include "base/replace.h"
#include "checkpoint/schema.h"

#include <stdint.h>

struct schema_structure {
    uint64_t length[SCHEMA_LENGTHS_MOST];
    uint64_t offset[SCHEMA_FIELDS_MOST]; /* of each dataset's bytes in the file; undefined when it has none */
};

/* `replace`: the new file, empty. On success it has its full size, and HDF5 has closed it. */
int schema_structure_make(struct schema_structure *structure, const struct schema *schema, const void *record,
                          const struct replace *replace, struct error *err);

#endif
