#include "checkpoint/part_files.h"

#include "base/durable.h"
#include "base/memory.h"
#include "base/text.h"
#include "checkpoint/campaign_schema.h"
#include "checkpoint/part_file.h"
#include "checkpoint/schema_write.h"
#include "checkpoint/unit_walk.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The rows of unit u, if it is done in the part and not in the campaign; *taken = whether. */
static int take_rows(const struct campaign_units *units, const struct unit_walk *own,
                     const struct campaign_units *part, const struct unit_walk *theirs, size_t u, bool *taken,
                     struct error *err)
{
    enum campaign_unit_state there, here = CAMPAIGN_UNIT_DONE;
    int code = unit_walk_examine(theirs, part, u, &there, err);
    if (code == 0 && there == CAMPAIGN_UNIT_DONE)
        code = unit_walk_examine(own, units, u, &here, err);
    *taken = code == 0 && here != CAMPAIGN_UNIT_DONE;
    return *taken ? units_put(units, u, theirs->bytes, units->descriptor, units->path, &units->offsets, err)
                  : code;
}

/* Rows, fdatasync, CRCs: a CRC on the disk means that its rows are there before it. */
static int take_units(const struct campaign_units *units, const struct unit_walk *own,
                      const struct campaign_units *part, const struct unit_walk *theirs, bool *taken,
                      struct error *err)
{
    size_t n_units = (size_t)(part->n_units < units->n_units ? part->n_units : units->n_units);
    int code = 0;
    for (size_t u = 0; code == 0 && u < n_units; u++)
        code = take_rows(units, own, part, theirs, u, &taken[u], err);
    if (code == 0)
        code = durable_sync_data(units->descriptor, units->path, err);
    for (size_t u = 0; code == 0 && u < n_units; u++)
        if (taken[u])
            code = durable_write(units->descriptor, units->path, &theirs->crcs[u], sizeof *theirs->crcs,
                                 units->offsets.crc + u * sizeof *theirs->crcs, err);
    return code;
}

/* What no fingerprint tells of a part of sums. */
static int check_shape(const struct campaign_units *units, const struct campaign_units *part,
                       struct error *err)
{
    return part->row_bytes == units->row_bytes && part->tolerance_bytes == units->tolerance_bytes
               ? 0
               : error_set(err, EXIT_CODE_FAILED,
                           "%s: rows of %zu bytes and states of %zu found; expected %zu, %zu as in %s",
                           part->path, part->row_bytes, part->tolerance_bytes, units->row_bytes,
                           units->tolerance_bytes, units->path);
}

static int take_part(const struct campaign_units *units, const char *path, const struct campaign *study,
                     int64_t *n_taken, struct error *err)
{
    struct campaign_units *part;
    struct unit_walk own = {0}, theirs = {0};
    bool *taken = NULL;
    int code = part_file_open(&part, path, units->part_schema, study, err);
    if (code == 0)
        code = check_shape(units, part, err);
    if (code == 0)
        code = unit_walk_begin(&theirs, part, err);
    if (code == 0)
        code = unit_walk_begin(&own, units, err);
    if (code == 0) {
        taken = memory_zeroed((size_t)units->n_units, sizeof *taken, "the units", err);
        code = taken != NULL ? take_units(units, &own, part, &theirs, taken, err) : err->code;
    }
    for (int64_t u = 0; code == 0 && u < units->n_units; u++)
        *n_taken += taken[u];
    free(taken);
    unit_walk_end(&own);
    unit_walk_end(&theirs);
    campaign_units_close(part);
    return code;
}

static int check_all(const struct text_list *parts, const struct schema *schema, const struct campaign *study,
                     struct error *err)
{
    int code = 0;
    for (size_t p = 0; code == 0 && p < parts->count; p++) {
        struct campaign_units *part;
        code = part_file_open(&part, parts->items[p], schema, study, err);
        campaign_units_close(part);
    }
    return code;
}

static int remove_all(const struct text_list *parts, const char *campaign_path, struct error *err)
{
    for (size_t p = 0; p < parts->count; p++)
        if (unlink(parts->items[p]) != 0 && errno != ENOENT)
            return error_set(err, EXIT_CODE_FAILED, "%s: cannot be removed: %s", parts->items[p],
                             strerror(errno));
    return parts->count > 0 ? durable_sync_folder(campaign_path, err) : 0;
}

/* Removes what killed runs had begun to make. */
static void remove_leftovers(const struct text_list *leftovers)
{
    for (size_t k = 0; k < leftovers->count; k++)
        unlink(leftovers->items[k]); /* if it stays, it only takes disk space */
}

static int take_all(const struct campaign_units *units, const char *campaign_path,
                    const struct text_list *parts, int64_t *n_taken, struct error *err)
{
    struct campaign study = {0};
    int code = campaign_read_fingerprints(&study, campaign_path, err);
    if (code == 0)
        code = check_all(parts, units->part_schema, &study, err);
    for (size_t p = 0; code == 0 && p < parts->count; p++)
        code = take_part(units, parts->items[p], &study, n_taken, err);
    /* Also when nothing was copied: what a killed run had copied may not be on the disk yet. */
    if (code == 0)
        code = durable_sync_data(units->descriptor, units->path, err);
    campaign_free(&study);
    return code == 0 ? remove_all(parts, campaign_path, err) : code;
}

int part_files_merge(struct campaign_units *units, const char *campaign_path, int64_t *n_taken,
                     struct error *err)
{
    struct text_list parts = {0}, leftovers = {0};
    *n_taken = 0;
    int code = part_file_list(units->path, &parts, &leftovers, err);
    if (code == 0)
        remove_leftovers(&leftovers);
    if (code == 0 && parts.count > 0)
        code = take_all(units, campaign_path, &parts, n_taken, err);
    text_list_free(&parts);
    text_list_free(&leftovers);
    return code;
}

int part_files_remove(const char *campaign_path, struct error *err)
{
    struct text_list parts = {0}, leftovers = {0};
    int code = part_file_list(campaign_path, &parts, &leftovers, err);
    for (size_t p = 0; code == 0 && p < parts.count; p++)
        code = schema_write_check(parts.items[p], &part_file_schema, err);
    if (code == 0)
        remove_leftovers(&leftovers);
    if (code == 0)
        code = remove_all(&parts, campaign_path, err);
    text_list_free(&parts);
    text_list_free(&leftovers);
    return code;
}
