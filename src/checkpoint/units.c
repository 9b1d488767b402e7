#include "checkpoint/units.h"

#include "base/durable.h"
#include "base/memory.h"
#include "base/replace.h"
#include "checkpoint/campaign_lock.h"
#include "checkpoint/campaign_schema.h"
#include "checkpoint/catalog.h"
#include "checkpoint/part_reader.h"
#include "checkpoint/unit_walk.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static int open_file(struct campaign_units *units, const char *path, const struct schema *schema,
                     struct error *err)
{
    units->path = memory_string(path, err);
    if (units->path == NULL)
        return err->code;
    struct campaign campaign;
    struct catalog catalog;
    int access = units->writable ? O_RDWR : O_RDONLY;
    int code = catalog_open(&catalog, &units->descriptor, &campaign, schema, path, access, err);
    if (code != 0)
        return code;
    units->n_units = (int64_t)catalog.length[CAMPAIGN_UNITS];
    units->unit_rows = campaign.unit_permutations;
    units->row_bytes = campaign.n_targets * sizeof(float);
    units->score_offset = catalog.place[schema_find(schema, CAMPAIGN_NULL_SCORE)].offset;
    units->crc_offset = catalog.place[schema_find(schema, CAMPAIGN_UNIT_CRC)].offset;
    campaign_free(&campaign);
    return 0;
}

int units_open(struct campaign_units **units, const char *path, const struct schema *schema, bool writable,
               struct error *err)
{
    *units = NULL;
    struct campaign_units *opened = memory_zeroed(1, sizeof *opened, "the campaign file's units", err);
    if (opened == NULL)
        return err->code;
    opened->lock = opened->descriptor = -1;
    opened->writable = writable;
    int code = open_file(opened, path, schema, err);
    if (code != 0)
        campaign_units_close(opened);
    else
        *units = opened;
    return code;
}

int campaign_units_open(struct campaign_units **units, const char *path, struct error *err)
{
    *units = NULL;
    int lock;
    int code = campaign_lock_take(&lock, path, err);
    if (code != 0)
        return code;
    code = replace_clear(path, err);
    if (code == 0)
        code = units_open(units, path, &campaign_schema, true, err);
    if (code == 0)
        (*units)->lock = lock;
    else
        close(lock);
    return code;
}

int campaign_units_lock_trouble(const struct campaign_units *units)
{
    return lock_file_trouble(units->lock);
}

int campaign_units_open_read(struct campaign_units **units, const char *path, struct error *err)
{
    int code = units_open(units, path, &campaign_schema, false, err);
    if (code == 0)
        code = part_reader_attach(*units, err);
    if (code != 0) {
        campaign_units_close(*units);
        *units = NULL;
    }
    return code;
}

int64_t campaign_units_count(const struct campaign_units *units)
{
    return units->n_units;
}

size_t units_unit_bytes(const struct campaign_units *units)
{
    return (size_t)units->unit_rows * units->row_bytes;
}

int campaign_units_states(const struct campaign_units *units, enum campaign_unit_state *state,
                          struct error *err)
{
    struct unit_walk walk;
    int code = unit_walk_begin(&walk, units, err);
    for (size_t u = 0; code == 0 && u < (size_t)units->n_units; u++)
        if (part_reader_holder(units, u) != units)
            state[u] = CAMPAIGN_UNIT_DONE;
        else
            code = unit_walk_examine(&walk, units, u, &state[u], err);
    unit_walk_end(&walk);
    return code;
}

int campaign_units_done(const struct campaign_units *units, bool *done, struct error *err)
{
    size_t n_units = (size_t)units->n_units;
    enum campaign_unit_state *state = memory_zeroed(n_units, sizeof *state, "the units' states", err);
    int code = state != NULL ? campaign_units_states(units, state, err) : err->code;
    for (size_t u = 0; code == 0 && u < n_units; u++)
        done[u] = state[u] == CAMPAIGN_UNIT_DONE;
    free(state);
    return code;
}

int units_copy(const struct campaign_units *units, int descriptor, const char *path, uint64_t score_offset,
               uint64_t crc_offset, struct error *err)
{
    size_t bytes = units_unit_bytes(units), n_units = (size_t)units->n_units;
    struct unit_walk walk;
    int code = unit_walk_begin(&walk, units, err);
    for (size_t u = 0; code == 0 && u < n_units; u++) {
        enum campaign_unit_state state;
        code = unit_walk_examine(&walk, units, u, &state, err);
        if (code == 0 && state == CAMPAIGN_UNIT_DONE)
            code = durable_write(descriptor, path, walk.rows, bytes, score_offset + u * bytes, err);
        else
            walk.crcs[u] = 0;
    }
    if (code == 0)
        code = durable_write(descriptor, path, walk.crcs, n_units * sizeof *walk.crcs, crc_offset, err);
    unit_walk_end(&walk);
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
    size_t bytes = units_unit_bytes(units), n_units = (size_t)count;
    uint32_t *crcs = memory_zeroed(n_units, sizeof *crcs, "the units' CRCs", err);
    if (crcs == NULL)
        return err->code;
    for (size_t u = 0; u < n_units; u++)
        crcs[u] = unit_walk_crc((const char *)rows + u * bytes, bytes);
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
    int code = 0;
    int64_t in_unit = 0; /* rows read of one unit: the next one may stand in another file */
    for (int64_t row = first_row; code == 0 && row < first_row + count; row += in_unit) {
        int64_t unit = row / units->unit_rows, end = (unit + 1) * units->unit_rows;
        in_unit = (end < first_row + count ? end : first_row + count) - row;
        const struct campaign_units *holder = part_reader_holder(units, (size_t)unit);
        code = durable_read(
            holder->descriptor, holder->path, (char *)rows + (size_t)(row - first_row) * units->row_bytes,
            (size_t)in_unit * units->row_bytes, holder->score_offset + (uint64_t)row * units->row_bytes, err);
    }
    return code;
}

size_t campaign_units_parts(const struct campaign_units *units)
{
    return units->n_parts;
}

size_t campaign_units_parts_ignored(const struct campaign_units *units, const char **because)
{
    *because = units->ignored_because != NULL ? units->ignored_because : "";
    return units->n_parts_ignored;
}

int64_t campaign_units_last_save(const struct campaign_units *units)
{
    struct stat status;
    int64_t last = fstat(units->descriptor, &status) == 0 ? (int64_t)status.st_mtime : 0;
    for (size_t p = 0; p < units->n_parts; p++) {
        int64_t in_part = campaign_units_last_save(units->parts[p]);
        last = in_part > last ? in_part : last;
    }
    return last;
}

void campaign_units_close(struct campaign_units *units)
{
    if (units == NULL)
        return;
    if (units->descriptor >= 0)
        close(units->descriptor); /* every save has already been brought to the disk */
    if (units->lock >= 0)
        close(units->lock);
    for (size_t p = 0; p < units->n_parts; p++)
        campaign_units_close(units->parts[p]);
    free(units->parts);
    free(units->part_of);
    free(units->ignored_because);
    free(units->path);
    free(units);
}

int campaign_units_begin(struct campaign_units *units, int64_t n_done, struct error *err)
{
    return campaign_lock_note(units->lock, units->path, n_done, err);
}
