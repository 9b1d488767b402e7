#include "checkpoint/unit_walk.h"

#include "base/durable.h"
#include "base/memory.h"
#include "checkpoint/crc32c.h"

#include <stdlib.h>

uint32_t unit_walk_crc(const void *bytes, size_t count)
{
    uint32_t crc = crc32c_of(bytes, count);
    return crc != 0 ? crc : 1;
}

bool unit_walk_crc_is(const void *bytes, size_t count, uint32_t stored)
{
    return crc32c_is(bytes, count, stored) || (stored == 1 && crc32c_is(bytes, count, 0));
}

int unit_walk_begin(struct unit_walk *walk, const struct campaign_units *units, struct error *err)
{
    return unit_walk_begin_some(walk, units, 0, (size_t)units->n_units, err);
}

int unit_walk_begin_some(struct unit_walk *walk, const struct campaign_units *units, size_t first,
                         size_t count, struct error *err)
{
    walk->first = first;
    walk->crcs = memory_zeroed(count, sizeof *walk->crcs, "the units' CRCs", err);
    size_t bytes = units_row_bytes(units) + units->tolerance_bytes;
    walk->bytes = walk->crcs != NULL ? memory_aligned(bytes, 1, "one unit", err) : NULL;
    if (walk->bytes == NULL)
        return err->code;
    /* CRCs before any rows: a run that saves meanwhile makes rows whole before their CRC says so. */
    return durable_read(units->descriptor, units->path, walk->crcs, count * sizeof *walk->crcs,
                        units->offsets.crc + first * sizeof *walk->crcs, err);
}

int unit_walk_examine(const struct unit_walk *walk, const struct campaign_units *units, size_t unit,
                      enum campaign_unit_state *state, struct error *err)
{
    uint32_t crc = walk->crcs[unit - walk->first];
    *state = CAMPAIGN_UNIT_MISSING;
    if (crc == 0)
        return 0;
    size_t bytes = units_row_bytes(units) + units_tolerance_bytes(units, unit);
    int code = units_get(units, unit, walk->bytes, err);
    if (code == 0)
        *state = unit_walk_crc_is(walk->bytes, bytes, crc) ? CAMPAIGN_UNIT_DONE : CAMPAIGN_UNIT_DAMAGED;
    return code;
}

void unit_walk_end(struct unit_walk *walk)
{
    free(walk->crcs);
    free(walk->bytes);
}
