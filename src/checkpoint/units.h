/* What the room itself needs of units, beside what campaign.h offers. */
#ifndef ARETE_CHECKPOINT_UNITS_H
#define ARETE_CHECKPOINT_UNITS_H

#include "base/error.h"
#include "checkpoint/campaign.h"
#include "checkpoint/schema.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct campaign_units {
    char *path;
    bool writable;
    int lock, descriptor; /* HDF5 never opens the file for writing: that alone marks its superblock */
    int64_t n_units, unit_rows;
    size_t row_bytes;
    uint64_t score_offset, crc_offset;
    /* Of a campaign opened for reading, filled by part_reader_attach: */
    struct campaign_units **parts; /* n_parts, opened for reading */
    size_t n_parts, n_parts_ignored;
    int32_t *part_of;      /* n_units: the part in which a unit is done, or -1; NULL without parts */
    char *ignored_because; /* the message for the first part ignored; NULL without one */
};

/* Opens a campaign or a part, as its schema says, without a lock and without looking for parts. */
int units_open(struct campaign_units **units, const char *path, const struct schema *schema, bool writable,
               struct error *err);

/* Bytes of a unit's rows. */
size_t units_unit_bytes(const struct campaign_units *units);

/* Copies every unit that is done into another file with at least as many units of the same shape: rows and
 * CRCs, at the offsets of its datasets. Brings nothing to the disk. */
int units_copy(const struct campaign_units *units, int descriptor, const char *path, uint64_t score_offset,
               uint64_t crc_offset, struct error *err);

#endif
