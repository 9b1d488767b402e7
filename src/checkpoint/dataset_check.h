/* A dataset of a file's layout, held against its field: type and shape. */
#ifndef ARETE_CHECKPOINT_DATASET_CHECK_H
#define ARETE_CHECKPOINT_DATASET_CHECK_H

#include "base/error.h"
#include "checkpoint/layout/layout.h"
#include "checkpoint/schema.h"

#include <stddef.h>
#include <stdint.h>

struct dataset_place {
    uint64_t offset; /* in the file; 0 when there are no bytes */
    size_t count, count_bytes;
    size_t width; /* of a text */
    uint32_t crc; /* not of what is apart from the record */
};

/* A length that no dataset or attribute has told yet. */
#define DATASET_LENGTH_UNKNOWN UINT64_MAX

/* path: of the file. A length that is not known yet is taken from the dataset; a known one must agree. */
int dataset_check(const struct layout_object *dataset, const struct schema_field *field, const char *path,
                  uint64_t length[SCHEMA_LENGTHS_MOST], struct dataset_place *place, struct error *err);

#endif
