#include "checkpoint/units.h"

#include "base/memory.h"
#include "checkpoint/campaign.h"
#include "checkpoint/catalog.h"
#include "checkpoint/crc32c.h"
#include "checkpoint/durable.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct campaign_units {
    char *path;
    int lock, descriptor; /* HDF5 never opens the file for writing: that alone marks its superblock */
    int64_t n_units, unit_rows;
    size_t row_bytes;
    uint64_t score_offset, crc_offset;
};

int units_lock(int *descriptor, const char *campaign_path, struct error *err)
{
    char *folder = durable_folder(campaign_path, err);
    char *lock = folder != NULL ? memory_format(err, "%s/campaign.lock", folder) : NULL;
    int code = lock != NULL ? durable_lock(descriptor, lock, err) : err->code;
    free(folder);
    free(lock);
    return code;
}

static int open_units(struct campaign_units *units, const char *path, struct error *err)
{
    struct catalog catalog;
    int code = catalog_read(&catalog, path, err);
    if (code != 0)
        return code;
    units->n_units = (int64_t)catalog.length[LAYOUT_UNITS];
    units->unit_rows = catalog.unit_permutations;
    units->row_bytes = catalog.length[LAYOUT_TARGETS] * sizeof(float);
    units->score_offset = catalog.dataset[LAYOUT_ID_NULL_SCORE].offset;
    units->crc_offset = catalog.dataset[LAYOUT_ID_UNIT_CRC].offset;
    catalog_free(&catalog);
    units->path = memory_string(path, err);
    if (units->path == NULL)
        return err->code;
    units->descriptor = open(path, O_RDWR | O_CLOEXEC);
    if (units->descriptor < 0)
        return error_set(err, EXIT_CODE_FAILED, "%s: cannot be opened for writing: %s", path,
                         strerror(errno));
    return 0;
}

int campaign_units_open(struct campaign_units **units, const char *path, struct error *err)
{
    *units = NULL;
    struct campaign_units *opened = memory_zeroed(1, sizeof *opened, "the campaign file's units", err);
    if (opened == NULL)
        return err->code;
    opened->lock = opened->descriptor = -1;
    int code = units_lock(&opened->lock, path, err);
    if (code == 0)
        code = open_units(opened, path, err);
    if (code != 0) {
        campaign_units_close(opened);
        return code;
    }
    *units = opened;
    return 0;
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

int campaign_units_done(const struct campaign_units *units, bool *done, struct error *err)
{
    size_t n_units = (size_t)units->n_units, bytes = unit_bytes(units);
    uint32_t *stored = memory_zeroed(n_units, sizeof *stored, "the units' CRCs", err);
    void *rows = memory_aligned(bytes, 1, "one unit's rows", err);
    int code = stored != NULL && rows != NULL ? 0 : err->code;
    if (code == 0)
        code = durable_read(units->descriptor, units->path, stored, n_units * sizeof *stored,
                            units->crc_offset, err);
    for (size_t u = 0; code == 0 && u < n_units; u++) {
        done[u] = false;
        if (stored[u] == 0)
            continue;
        code =
            durable_read(units->descriptor, units->path, rows, bytes, units->score_offset + u * bytes, err);
        done[u] = code == 0 && unit_crc(rows, bytes) == stored[u];
    }
    free(stored);
    free(rows);
    return code;
}

int campaign_units_save(struct campaign_units *units, int64_t first_unit, int64_t count, const float *rows,
                        struct error *err)
{
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
