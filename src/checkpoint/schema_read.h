/* A record from its file. */
#ifndef ARETE_CHECKPOINT_SCHEMA_READ_H
#define ARETE_CHECKPOINT_SCHEMA_READ_H

#include "base/error.h"
#include "checkpoint/schema.h"

/* Reads and checks all that the record holds (catalog.h), the CRC-32C of every dataset, and what the schema
 * checks. Filled with memory of its own; schema_free releases it. On failure the record is all zeros. */
int schema_read(void *record, const struct schema *schema, const char *path, struct error *err);

/* The same of the attributes and one dataset alone; the other datasets' pointers are NULL. */
int schema_read_one(void *record, const struct schema *schema, const char *path, const char *dataset,
                    struct error *err);

#endif
