#include "checkpoint/units.h"

#include "base/memory.h"
#include "checkpoint/campaign_lock.h"
#include "checkpoint/catalog.h"
#include "checkpoint/crc32c.h"
#include "checkpoint/durable.h"
#include "checkpoint/new_file.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

struct campaign_units {
    char *path;
    bool writable;
    int lock, descriptor; /* HDF5 never opens the file for writing: that alone marks its superblock */
    int64_t n_units, unit_rows;
    size_t row_bytes;
    uint64_t score_offset, crc_offset;
};

static int open_units(struct campaign_units *units, const char *path, int access, struct error *err)
{
    units->path = memory_string(path, err);
    if (units->path == NULL)
        return err->code;
    struct catalog catalog;
    int code = catalog_open(&catalog, &units->descriptor, path, access, err);
    if (code != 0)
        return code;
    units->n_units = (int64_t)catalog.length[LAYOUT_UNITS];
    units->unit_rows = catalog.unit_permutations;
    units->row_bytes = catalog.length[LAYOUT_TARGETS] * sizeof(float);
    units->score_offset = catalog.dataset[LAYOUT_ID_NULL_SCORE].offset;
    units->crc_offset = catalog.dataset[LAYOUT_ID_UNIT_CRC].offset;
    catalog_free(&catalog);
    return 0;
}

static int open_with(struct campaign_units **units, const char *path, bool writable, struct error *err)
{
    *units = NULL;
    struct campaign_units *opened = memory_zeroed(1, sizeof *opened, "the campaign file's units", err);
    if (opened == NULL)
        return err->code;
    opened->lock = opened->descriptor = -1;
    opened->writable = writable;
    int code = writable ? campaign_lock_take(&opened->lock, path, err) : 0;
    if (code == 0 && writable)
        code = new_file_clear(path, err);
    if (code == 0)
        code = open_units(opened, path, writable ? O_RDWR : O_RDONLY, err);
    if (code != 0) {
        campaign_units_close(opened);
        return code;
    }
    *units = opened;
    return 0;
}

int campaign_units_open(struct campaign_units **units, const char *path, struct error *err)
{
    return open_with(units, path, true, err);
}

int campaign_units_open_read(struct campaign_units **units, const char *path, struct error *err)
{
    return open_with(units, path, false, err);
}

int64_t campaign_units_count(const struct campaign_units *units)
{
    return units->n_units;
}

/* The CRC as stored: never 0, which says "not done". */
static uint32_t unit_crc(const void *rows, size_t bytes)
{
    uint32_t crc = crc32c_of(rows, bytes);
    return crc != 0 ? crc : 1;
}

static size_t unit_bytes(const struct campaign_units *units)
{
    return (size_t)units->unit_rows * units->row_bytes;
}

/* One unit after another, so that a campaign of any size needs the memory of one. */
struct walk {
    uint32_t *crcs; /* of all units, as stored */
    void *rows;     /* of the unit last examined */
};

static int begin_walk(struct walk *walk, const struct campaign_units *units, struct error *err)
{
    size_t n_units = (size_t)units->n_units;
    walk->crcs = memory_zeroed(n_units, sizeof *walk->crcs, "the units' CRCs", err);
    walk->rows = walk->crcs != NULL ? memory_aligned(unit_bytes(units), 1, "one unit's rows", err) : NULL;
    if (walk->rows == NULL)
        return err->code;
    /* All CRCs before any rows: a run that saves meanwhile makes rows whole before their CRC says so. */
    return durable_read(units->descriptor, units->path, walk->crcs, n_units * sizeof *walk->crcs,
                        units->crc_offset, err);
}

static int examine(const struct walk *walk, const struct campaign_units *units, size_t unit,
                   enum campaign_unit_state *state, struct error *err)
{
    *state = CAMPAIGN_UNIT_MISSING;
    if (walk->crcs[unit] == 0)
        return 0;
    size_t bytes = unit_bytes(units);
    int code = durable_read(units->descriptor, units->path, walk->rows, bytes,
                            units->score_offset + unit * bytes, err);
    if (code == 0)
        *state = unit_crc(walk->rows, bytes) == walk->crcs[unit] ? CAMPAIGN_UNIT_DONE : CAMPAIGN_UNIT_DAMAGED;
    return code;
}

static void end_walk(struct walk *walk)
{
    free(walk->crcs);
    free(walk->rows);
}

int campaign_units_states(const struct campaign_units *units, enum campaign_unit_state *state,
                          struct error *err)
{
    struct walk walk;
    int code = begin_walk(&walk, units, err);
    for (size_t u = 0; code == 0 && u < (size_t)units->n_units; u++)
        code = examine(&walk, units, u, &state[u], err);
    end_walk(&walk);
    return code;
}

int campaign_units_done(const struct campaign_units *units, bool *done, struct error *err)
{
    struct walk walk;
    int code = begin_walk(&walk, units, err);
    for (size_t u = 0; code == 0 && u < (size_t)units->n_units; u++) {
        enum campaign_unit_state state;
        code = examine(&walk, units, u, &state, err);
        done[u] = state == CAMPAIGN_UNIT_DONE;
    }
    end_walk(&walk);
    return code;
}

int units_copy(const struct campaign_units *units, int descriptor, const char *path, uint64_t score_offset,
               uint64_t crc_offset, struct error *err)
{
    size_t bytes = unit_bytes(units), n_units = (size_t)units->n_units;
    struct walk walk;
    int code = begin_walk(&walk, units, err);
    for (size_t u = 0; code == 0 && u < n_units; u++) {
        enum campaign_unit_state state;
        code = examine(&walk, units, u, &state, err);
        if (code == 0 && state == CAMPAIGN_UNIT_DONE)
            code = durable_write(descriptor, path, walk.rows, bytes, score_offset + u * bytes, err);
        else
            walk.crcs[u] = 0;
    }
    if (code == 0)
        code = durable_write(descriptor, path, walk.crcs, n_units * sizeof *walk.crcs, crc_offset, err);
    end_walk(&walk);
    return code;
}

int campaign_units_save(struct campaign_units *units, int64_t first_unit, int64_t count, const float *rows,
                        struct error *err)
{
    if (!units->writable)
        return error_set(err, EXIT_CODE_FAILED, "%s: is open for reading only; no unit can be saved",
                         units->path);
    if (first_unit < 0 || count < 0 || first_unit > units->n_units - count)
        return error_set(err, EXIT_CODE_FAILED,
                         "%s: has no place for %lld units from %lld on; expected 0 ... %lld", units->path,
                         (long long)count, (long long)first_unit, (long long)units->n_units - 1);
    size_t bytes = unit_bytes(units), n_units = (size_t)count;
    uint32_t *crcs = memory_zeroed(n_units, sizeof *crcs, "the units' CRCs", err);
    if (crcs == NULL)
        return err->code;
    for (size_t u = 0; u < n_units; u++)
        crcs[u] = unit_crc((const char *)rows + u * bytes, bytes);
    uint64_t first = (uint64_t)first_unit;
    /* The order is the protocol: a CRC on the disk means that its rows are there before it. */
    int code = durable_write(units->descriptor, units->path, rows, n_units * bytes,
                             units->score_offset + first * bytes, err);
    if (code == 0)
        code = durable_sync_data(units->descriptor, units->path, err);
    if (code == 0)
        code = durable_write(units->descriptor, units->path, crcs, n_units * sizeof *crcs,
                             units->crc_offset + first * sizeof *crcs, err);
    if (code == 0)
        code = durable_sync_data(units->descriptor, units->path, err);
    free(crcs);
    return code;
}

int campaign_units_read(const struct campaign_units *units, int64_t first_row, int64_t count, float *rows,
                        struct error *err)
{
    int64_t n_rows = units->n_units * units->unit_rows;
    if (first_row < 0 || count < 0 || first_row > n_rows - count)
        return error_set(err, EXIT_CODE_FAILED, "%s: has no %lld rows from %lld on; expected 0 ... %lld",
                         units->path, (long long)count, (long long)first_row, (long long)n_rows - 1);
    return durable_read(units->descriptor, units->path, rows, (size_t)count * units->row_bytes,
                        units->score_offset + (uint64_t)first_row * units->row_bytes, err);
}

void campaign_units_close(struct campaign_units *units)
{
    if (units == NULL)
        return;
    if (units->descriptor >= 0)
        close(units->descriptor); /* every save has already been brought to the disk */
    if (units->lock >= 0)
        close(units->lock);
    free(units->path);
    free(units);
}

int campaign_units_begin(struct campaign_units *units, int64_t n_done, struct error *err)
{
    return campaign_lock_note(units->lock, units->path, n_done, err);
}
