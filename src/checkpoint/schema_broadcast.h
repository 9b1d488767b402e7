/* Copies a record's fields from the process that has them to all others. The caller knows which processes
 * there are and how bytes get to them. */
#ifndef ARETE_CHECKPOINT_SCHEMA_BROADCAST_H
#define ARETE_CHECKPOINT_SCHEMA_BROADCAST_H

#include "base/error.h"
#include "checkpoint/schema.h"

#include <stdbool.h>
#include <stddef.h>

/* The processes that take part; both calls are collective and return the error's code. */
struct schema_processes {
    bool is_root; /* the one that has the record */
    void *context;
    /* The root's bytes replace those of all others. No process comes here with an error. */
    int (*broadcast)(void *context, void *bytes, size_t count, struct error *err);
    /* Each brings what came of its step in `err`; afterwards all have the same error, or none. */
    int (*outcome)(void *context, struct error *err);
};

/* The fields that take part in broadcast `which` (a bit of schema_field.broadcast), and the lengths of their
 * dimensions. In the root the record is only read; elsewhere its fields are replaced by memory of its own
 * (schema_free). Every process must come here, one with an error too. */
int schema_broadcast(const struct schema *schema, void *record, unsigned which,
                     const struct schema_processes *processes, struct error *err);

#endif
