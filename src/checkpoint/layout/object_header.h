/* An object header of version 2, with its continuations. */
#ifndef ARETE_CHECKPOINT_OBJECT_HEADER_H
#define ARETE_CHECKPOINT_OBJECT_HEADER_H

#include "checkpoint/layout/layout.h"

/* Reads the header of object `number`, and what it leads to: a group's members become new objects. */
int object_header_read(struct layout *layout, size_t number, struct error *err);

#endif
