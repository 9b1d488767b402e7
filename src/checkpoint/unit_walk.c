#include "checkpoint/unit_walk.h"

#include "base/durable.h"
#include "base/memory.h"
#include "checkpoint/crc32c.h"

#include <stdlib.h>

uint32_t unit_walk_crc(const void *rows, size_t bytes)
{
    uint32_t crc = crc32c_of(rows, bytes);
    return crc != 0 ? crc : 1;
}

int unit_walk_begin(struct unit_walk *walk, const struct campaign_units *units, struct error *err)
{
    size_t n_units = (size_t)units->n_units;
    walk->crcs = memory_zeroed(n_units, sizeof *walk->crcs, "the units' CRCs", err);
    walk->rows =
        walk->crcs != NULL ? memory_aligned(units_unit_bytes(units), 1, "one unit's rows", err) : NULL;
    if (walk->rows == NULL)
        return err->code;
    /* All CRCs before any rows: a run that saves meanwhile makes rows whole before their CRC says so. */
    return durable_read(units->descriptor, units->path, walk->crcs, n_units * sizeof *walk->crcs,
                        units->crc_offset, err);
}

int unit_walk_examine(const struct unit_walk *walk, const struct campaign_units *units, size_t unit,
                      enum campaign_unit_state *state, struct error *err)
{
    *state = CAMPAIGN_UNIT_MISSING;
    if (walk->crcs[unit] == 0)
        return 0;
    size_t bytes = units_unit_bytes(units);
    int code = durable_read(units->descriptor, units->path, walk->rows, bytes,
                            units->score_offset + unit * bytes, err);
    if (code == 0)
        *state =
            unit_walk_crc(walk->rows, bytes) == walk->crcs[unit] ? CAMPAIGN_UNIT_DONE : CAMPAIGN_UNIT_DAMAGED;
    return code;
}

void unit_walk_end(struct unit_walk *walk)
{
    free(walk->crcs);
    free(walk->rows);
}
