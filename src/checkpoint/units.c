#include "checkpoint/units.h"

#include "base/durable.h"
#include "base/memory.h"
#include "base/replace.h"
#include "checkpoint/campaign_schema.h"
#include "checkpoint/catalog.h"
#include "checkpoint/fold_sums_schema.h"
#include "checkpoint/part_reader.h"
#include "checkpoint/unit_walk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct units_fields units_fields_of(const struct schema *schema)
{
    if (schema == &fold_sums_schema)
        return (struct units_fields){schema_find(schema, FOLD_SUMS_ROWS),
                                     schema_find(schema, FOLD_SUMS_STATE),
                                     schema_find(schema, FOLD_SUMS_UNIT_CRC)};
    return (struct units_fields){schema_find(schema, CAMPAIGN_NULL_SCORE),
                                 schema_find(schema, CAMPAIGN_TOLERANCE),
                                 schema_find(schema, CAMPAIGN_UNIT_CRC)};
}

/* Values of a unit's places, from what the file says of itself. */
static void take_shape(struct campaign_units *units, const struct campaign *campaign,
                       const struct schema *schema, const struct catalog *catalog)
{
    bool sums = schema == &fold_sums_schema;
    size_t row = sums ? campaign->sum_floats : (size_t)catalog->length[CAMPAIGN_ROW_SCORES];
    units->part_schema = sums ? schema : &part_file_schema;
    units->n_units = (int64_t)catalog->length[CAMPAIGN_UNITS];
    units->unit_rows = campaign->unit_permutations;
    units->row_bytes = row * sizeof(float);
    if (!campaign_has_orbits(campaign) && sums) {
        units->n_tolerances = units->n_units;
        units->tolerance_bytes = (size_t)units->unit_rows * campaign->sum_doubles * sizeof(double);
    }
    if (!campaign_has_orbits(campaign))
        return;
    units->unit_rows *= (int64_t)campaign->slice_targets;
    units->n_tolerances = campaign_slices(campaign);
    units->tolerance_bytes = campaign->slice_targets * (sums ? campaign->sum_doubles : 1) * sizeof(double);
}

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
    struct units_fields fields = units_fields_of(schema);
    take_shape(units, &campaign, schema, &catalog);
    units->offsets =
        (struct units_offsets){catalog.place[fields.score].offset, catalog.place[fields.tolerance].offset,
                               catalog.place[fields.crc].offset};
    bool lacks_tolerances = units->n_tolerances > 0 && !catalog.has[fields.tolerance];
    campaign_free(&campaign);
    if (lacks_tolerances)
        return error_set(err, EXIT_CODE_FAILED, "%s: %s is missing or damaged", path, CAMPAIGN_TOLERANCE);
    struct stat status;
    if (fstat(units->descriptor, &status) != 0)
        return error_set(err, EXIT_CODE_FAILED, "%s: cannot be examined: %s", path, strerror(errno));
    units->file_bytes = status.st_size;
    return 0;
}

int units_open(struct campaign_units **units, const char *path, const struct schema *schema, bool writable,
               struct error *err)
{
    *units = NULL;
    struct campaign_units *opened = memory_zeroed(1, sizeof *opened, "the campaign file's units", err);
    if (opened == NULL)
        return err->code;
    opened->descriptor = -1;
    opened->copy = memory_zeroed(1, sizeof *opened->copy, "the campaign file's units", err);
    if (opened->copy == NULL) {
        campaign_units_close(opened);
        return err->code;
    }
    opened->copy->unit = -1;
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
    return replace_clear(path, err) == 0 ? units_open(units, path, &campaign_schema, true, err) : err->code;
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

size_t units_row_bytes(const struct campaign_units *units)
{
    return (size_t)units->unit_rows * units->row_bytes;
}

size_t units_tolerance_bytes(const struct campaign_units *units, size_t unit)
{
    return unit < (size_t)units->n_tolerances ? units->tolerance_bytes : 0;
}

int units_get(const struct campaign_units *units, size_t unit, void *bytes, struct error *err)
{
    size_t rows = units_row_bytes(units), tolerances = units_tolerance_bytes(units, unit);
    int code =
        durable_read(units->descriptor, units->path, bytes, rows, units->offsets.score + unit * rows, err);
    if (code == 0 && tolerances > 0)
        code = durable_read(units->descriptor, units->path, (char *)bytes + rows, tolerances,
                            units->offsets.tolerance + unit * tolerances, err);
    return code;
}

int units_put(const struct campaign_units *units, size_t unit, const void *bytes, int descriptor,
              const char *path, const struct units_offsets *offsets, struct error *err)
{
    size_t rows = units_row_bytes(units), tolerances = units_tolerance_bytes(units, unit);
    int code = durable_write(descriptor, path, bytes, rows, offsets->score + unit * rows, err);
    if (code == 0 && tolerances > 0)
        code = durable_write(descriptor, path, (const char *)bytes + rows, tolerances,
                             offsets->tolerance + unit * tolerances, err);
    return code;
}

/* Of units first ... first + count - 1; state or done may be NULL. */
static int look_at(const struct campaign_units *units, size_t first, size_t count,
                   enum campaign_unit_state *state, bool *done, struct error *err)
{
    struct unit_walk walk;
    int code = unit_walk_begin_some(&walk, units, first, count, err);
    for (size_t u = first; code == 0 && u < first + count; u++) {
        enum campaign_unit_state found = CAMPAIGN_UNIT_DONE;
        if (part_reader_holder(units, u) == units)
            code = unit_walk_examine(&walk, units, u, &found, err);
        if (state != NULL)
            state[u] = found;
        if (done != NULL)
            done[u] = found == CAMPAIGN_UNIT_DONE;
    }
    unit_walk_end(&walk);
    return code;
}

/* By pieces, so that the CRCs of all units need not be held. */
static int look_at_all(const struct campaign_units *units, enum campaign_unit_state *state, bool *done,
                       struct error *err)
{
    const size_t n_units = (size_t)units->n_units, most = 1000000;
    int code = 0;
    for (size_t first = 0; code == 0 && first < n_units; first += most)
        code = look_at(units, first, n_units - first < most ? n_units - first : most, state, done, err);
    return code;
}

int campaign_units_states(const struct campaign_units *units, enum campaign_unit_state *state,
                          struct error *err)
{
    return look_at_all(units, state, NULL, err);
}

int campaign_units_done(const struct campaign_units *units, bool *done, struct error *err)
{
    return look_at_all(units, NULL, done, err);
}

int units_copy(const struct campaign_units *units, int descriptor, const char *path,
               const struct units_offsets *offsets, struct error *err)
{
    size_t n_units = (size_t)units->n_units;
    struct unit_walk walk;
    int code = unit_walk_begin(&walk, units, err);
    for (size_t u = 0; code == 0 && u < n_units; u++) {
        enum campaign_unit_state state;
        code = unit_walk_examine(&walk, units, u, &state, err);
        if (code == 0 && state == CAMPAIGN_UNIT_DONE)
            code = units_put(units, u, walk.bytes, descriptor, path, offsets, err);
        else
            walk.crcs[u] = 0;
    }
    if (code == 0)
        code = durable_write(descriptor, path, walk.crcs, n_units * sizeof *walk.crcs, offsets->crc, err);
    unit_walk_end(&walk);
    return code;
}

/* Units under way to the disk. */
struct saving {
    size_t first, count;
    const char *rows;
    const char *tolerance; /* of those that have any */
};

static int check_saving(const struct campaign_units *units, int64_t first_unit, int64_t count,
                        const double *tolerance, struct error *err)
{
    if (!units->writable)
        return error_set(err, EXIT_CODE_FAILED, "%s: is open for reading only; no unit can be saved",
                         units->path);
    if (first_unit < 0 || count < 0 || first_unit > units->n_units - count)
        return error_set(err, EXIT_CODE_FAILED,
                         "%s: has no place for %lld units from %lld on; expected 0 ... %lld", units->path,
                         (long long)count, (long long)first_unit, (long long)units->n_units - 1);
    if (tolerance == NULL && first_unit < units->n_tolerances)
        return error_set(err, EXIT_CODE_FAILED, "%s: has tolerances of unit %lld; none found", units->path,
                         (long long)first_unit);
    return 0;
}

static int compute_crcs(const struct campaign_units *units, const struct saving *saving, uint32_t *crcs,
                        struct error *err)
{
    size_t rows = units_row_bytes(units);
    char *bytes = memory_aligned(rows + units->tolerance_bytes, 1, "one unit", err);
    for (size_t u = 0; bytes != NULL && u < saving->count; u++) {
        size_t unit = saving->first + u, tolerances = units_tolerance_bytes(units, unit);
        if (rows > 0)
            memcpy(bytes, saving->rows + u * rows, rows);
        if (tolerances > 0)
            memcpy(bytes + rows, saving->tolerance + u * tolerances, tolerances);
        crcs[u] = unit_walk_crc(bytes, rows + tolerances);
    }
    free(bytes);
    return err->code;
}

static int write_scores(const struct campaign_units *units, const struct saving *saving, struct error *err)
{
    size_t rows = units_row_bytes(units), each = units->tolerance_bytes, with = 0;
    int code = durable_write(units->descriptor, units->path, saving->rows, saving->count * rows,
                             units->offsets.score + saving->first * rows, err);
    if (saving->first < (size_t)units->n_tolerances)
        with = (size_t)units->n_tolerances - saving->first;
    with = with < saving->count ? with : saving->count;
    if (code == 0 && with > 0)
        code = durable_write(units->descriptor, units->path, saving->tolerance, with * each,
                             units->offsets.tolerance + saving->first * each, err);
    return code;
}

int campaign_units_save(struct campaign_units *units, int64_t first_unit, int64_t count, const float *rows,
                        const double *tolerance, struct error *err)
{
    if (check_saving(units, first_unit, count, tolerance, err) != 0 ||
        campaign_units_check_there(units, err) != 0)
        return err->code;
    struct saving saving = {(size_t)first_unit, (size_t)count, (const char *)rows, (const char *)tolerance};
    uint32_t *crcs = memory_zeroed(saving.count, sizeof *crcs, "the units' CRCs", err);
    if (crcs == NULL)
        return err->code;
    /* The order is the protocol: a CRC on the disk means that its rows are there before it. */
    int code = compute_crcs(units, &saving, crcs, err);
    if (code == 0)
        code = write_scores(units, &saving, err);
    if (code == 0)
        code = durable_sync_data(units->descriptor, units->path, err);
    if (code == 0)
        code = durable_write(units->descriptor, units->path, crcs, saving.count * sizeof *crcs,
                             units->offsets.crc + saving.first * sizeof *crcs, err);
    if (code == 0)
        code = durable_sync_data(units->descriptor, units->path, err);
    free(crcs);
    return code;
}

/* The CRC of a unit, and its bytes as they were saved: whatever became of them since is seen here, not in a
 * p-value. What is not done has CRC 0. */
static int copy_unit(const struct campaign_units *holder, size_t unit, struct error *err)
{
    struct unit_copy *copy = holder->copy;
    size_t bytes = units_row_bytes(holder) + units_tolerance_bytes(holder, unit);
    copy->unit = -1;
    if (copy->bytes == NULL)
        copy->bytes = memory_aligned(units_row_bytes(holder) + holder->tolerance_bytes, 1, "one unit", err);
    int code = copy->bytes != NULL ? 0 : err->code;
    if (code == 0)
        code = durable_read(holder->descriptor, holder->path, &copy->crc, sizeof copy->crc,
                            holder->offsets.crc + unit * sizeof copy->crc, err);
    if (code == 0)
        code = units_get(holder, unit, copy->bytes, err);
    if (code == 0 && copy->crc != 0 && !unit_walk_crc_is(copy->bytes, bytes, copy->crc))
        code = error_set(err, EXIT_CODE_FAILED,
                         "%s: unit %zu is damaged (it does not match its CRC); expected it whole: arete run "
                         "computes it again",
                         holder->path, unit);
    if (code == 0)
        copy->unit = (int64_t)unit;
    return code;
}

static int copy_done(const struct campaign_units *holder, size_t unit, struct error *err)
{
    int code = holder->copy->unit == (int64_t)unit ? 0 : copy_unit(holder, unit, err);
    if (code == 0 && holder->copy->crc == 0)
        code = error_set(err, EXIT_CODE_FAILED,
                         "%s: unit %zu is not done; expected it whole: arete run computes it", holder->path,
                         unit);
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
        int64_t unit = row / units->unit_rows, first = unit * units->unit_rows,
                end = first + units->unit_rows;
        const struct campaign_units *holder = part_reader_holder(units, (size_t)unit);
        in_unit = (end < first_row + count ? end : first_row + count) - row;
        code = copy_done(holder, (size_t)unit, err);
        if (code == 0)
            memcpy((char *)rows + (size_t)(row - first_row) * units->row_bytes,
                   holder->copy->bytes + (size_t)(row - first) * units->row_bytes,
                   (size_t)in_unit * units->row_bytes);
    }
    return code;
}

int campaign_units_load(const struct campaign_units *units, int64_t first_unit, int64_t count, float *rows,
                        double *tolerance, struct error *err)
{
    size_t of_rows = units_row_bytes(units), each = units->tolerance_bytes;
    if (first_unit < 0 || count < 0 || first_unit > units->n_units - count)
        return error_set(err, EXIT_CODE_FAILED, "%s: has no %lld units from %lld on; expected 0 ... %lld",
                         units->path, (long long)count, (long long)first_unit, (long long)units->n_units - 1);
    int code = 0;
    for (size_t u = 0; code == 0 && u < (size_t)count; u++) {
        size_t unit = (size_t)first_unit + u, tolerances = units_tolerance_bytes(units, unit);
        const struct campaign_units *holder = part_reader_holder(units, unit);
        code = copy_done(holder, unit, err);
        if (code != 0)
            break;
        if (of_rows > 0)
            memcpy((char *)rows + u * of_rows, holder->copy->bytes, of_rows);
        if (tolerances > 0)
            memcpy((char *)tolerance + u * each, holder->copy->bytes + of_rows, tolerances);
    }
    return code;
}

int campaign_units_read_tolerance(const struct campaign_units *units, double *tolerance, struct error *err)
{
    size_t each = units->tolerance_bytes;
    int code = 0;
    for (size_t u = 0; code == 0 && u < (size_t)units->n_tolerances; u++) {
        const struct campaign_units *holder = part_reader_holder(units, u);
        code = copy_unit(holder, u, err);
        if (code == 0 && holder->copy->crc != 0)
            memcpy((char *)tolerance + u * each, holder->copy->bytes + units_row_bytes(units), each);
        else if (code == 0)
            memset((char *)tolerance + u * each, 0, each);
    }
    return code;
}

int campaign_units_check_there(const struct campaign_units *units, struct error *err)
{
    struct stat opened, named;
    bool is_there = fstat(units->descriptor, &opened) == 0 && stat(units->path, &named) == 0 &&
                    opened.st_dev == named.st_dev && opened.st_ino == named.st_ino &&
                    named.st_size == units->file_bytes;
    return is_there ? 0
                    : error_set(err, EXIT_CODE_FAILED,
                                "%s: was removed, replaced or cut by somebody else while it was open: what "
                                "was saved in it is not there; expected the file of %lld bytes that was "
                                "opened",
                                units->path, (long long)units->file_bytes);
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
    for (size_t p = 0; p < units->n_parts; p++)
        campaign_units_close(units->parts[p]);
    if (units->copy != NULL)
        free(units->copy->bytes);
    free(units->copy);
    free(units->parts);
    free(units->part_of);
    free(units->ignored_because);
    free(units->path);
    free(units);
}
