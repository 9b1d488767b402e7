/* What the room itself needs of units, beside what campaign.h offers. */
#ifndef ARETE_CHECKPOINT_UNITS_H
#define ARETE_CHECKPOINT_UNITS_H

#include "base/error.h"
#include "checkpoint/campaign.h"

#include <stdint.h>

/* Copies every unit that is done into another file with at least as many units of the same shape: rows and
 * CRCs, at the offsets of its datasets. Brings nothing to the disk. */
int units_copy(const struct campaign_units *units, int descriptor, const char *path, uint64_t score_offset,
               uint64_t crc_offset, struct error *err);

#endif
