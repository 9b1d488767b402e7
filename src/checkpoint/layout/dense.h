/* Members of a group, or attributes, that HDF5 keeps outside the object's header: in a "fractal heap", with
 * an index of names. So arete 0.1 wrote the root of a campaign, which has more than eight members, and so
 * HDF5 writes attributes beyond 64 kB. */
#ifndef ARETE_CHECKPOINT_DENSE_H
#define ARETE_CHECKPOINT_DENSE_H

#include "checkpoint/layout/message.h"

/* Reads every message of `kind` (MESSAGE_LINK or MESSAGE_ATTRIBUTE) that the index at `names` finds in the
 * heap at `offset`. Only heaps of one block, and indices of one leaf, are known. */
int dense_read(struct layout *layout, struct message_object *object, enum message_type kind, uint64_t offset,
               uint64_t names, struct error *err);

#endif
