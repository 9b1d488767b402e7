/* What the room itself needs of units, beside what campaign.h offers. Units are those of a campaign, of its
 * parts, of sums (fold_sums.h) and of their parts: rows, for some of them states (of a campaign they are
 * tolerances), and CRCs. */
#ifndef ARETE_CHECKPOINT_UNITS_H
#define ARETE_CHECKPOINT_UNITS_H

#include "base/error.h"
#include "checkpoint/campaign.h"
#include "checkpoint/schema.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where the datasets of units begin in a file. */
struct units_offsets {
    uint64_t score, tolerance, crc;
};

/* Which fields of a schema they are. */
struct units_fields {
    int score, tolerance, crc;
};
struct units_fields units_fields_of(const struct schema *schema);

struct campaign_units {
    char *path;
    const struct schema *part_schema; /* of the parts that belong to it */
    bool writable;
    int descriptor; /* HDF5 never opens the file for writing: that alone marks its superblock */
    int64_t n_units, unit_rows;
    size_t row_bytes;
    int64_t n_tolerances;   /* the first so many units have tolerances or states too ... */
    size_t tolerance_bytes; /* ... so many bytes of them each */
    struct units_offsets offsets;
    int64_t file_bytes; /* when it was opened: it does not change */
    struct unit_copy {  /* of the unit read last, as it was when it matched its CRC */
        int64_t unit;   /* -1: none */
        uint32_t crc;
        char *bytes;
    } * copy;
    /* Of a campaign opened for reading, filled by part_reader_attach: */
    struct campaign_units **parts; /* n_parts, opened for reading */
    size_t n_parts, n_parts_ignored;
    int32_t *part_of;      /* n_units: the part in which a unit is done, or -1; NULL without parts */
    char *ignored_because; /* the message for the first part ignored; NULL without one */
};

/* Opens a campaign or a part, as its schema says, without a lock and without looking for parts. */
int units_open(struct campaign_units **units, const char *path, const struct schema *schema, bool writable,
               struct error *err);

/* Bytes of a unit's rows; of its tolerances, which stand behind them in memory: its CRC is of both. */
size_t units_row_bytes(const struct campaign_units *units);
size_t units_tolerance_bytes(const struct campaign_units *units, size_t unit);

/* Reads a unit, or writes it into a file of units of the same shape: its rows and tolerances. Neither looks
 * at CRCs or brings anything to the disk. */
int units_get(const struct campaign_units *units, size_t unit, void *bytes, struct error *err);
int units_put(const struct campaign_units *units, size_t unit, const void *bytes, int descriptor,
              const char *path, const struct units_offsets *offsets, struct error *err);

/* Copies every unit that is done into another file with at least as many units of the same shape, and their
 * CRCs. Brings nothing to the disk. */
int units_copy(const struct campaign_units *units, int descriptor, const char *path,
               const struct units_offsets *offsets, struct error *err);

#endif
