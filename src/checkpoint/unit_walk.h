/* Looking at units one after another: which are done. */
#ifndef ARETE_CHECKPOINT_UNIT_WALK_H
#define ARETE_CHECKPOINT_UNIT_WALK_H

#include "base/error.h"
#include "checkpoint/units.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct unit_walk {
    uint32_t *crcs; /* of the walk's units, as stored */
    size_t first;   /* the first of them */
    void *bytes;    /* of the unit last examined, so that files of any size need the memory of one unit */
};

/* Reads the CRCs, of all units or of some. unit_walk_end releases what was taken, after a failure too. */
int unit_walk_begin(struct unit_walk *walk, const struct campaign_units *units, struct error *err);
int unit_walk_begin_some(struct unit_walk *walk, const struct campaign_units *units, size_t first,
                         size_t count, struct error *err);
/* Reads a unit that has a CRC, and compares. Parts found beside a campaign have no say. */
int unit_walk_examine(const struct unit_walk *walk, const struct campaign_units *units, size_t unit,
                      enum campaign_unit_state *state, struct error *err);
void unit_walk_end(struct unit_walk *walk);

/* The CRC as stored: never 0, which says "not done". */
uint32_t unit_walk_crc(const void *bytes, size_t count);
bool unit_walk_crc_is(const void *bytes, size_t count, uint32_t stored);

#endif
