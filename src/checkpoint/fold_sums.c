#include "checkpoint/fold_sums.h"

#include "base/durable.h"
#include "base/replace.h"
#include "checkpoint/campaign_schema.h"
#include "checkpoint/fold_sums_schema.h"
#include "checkpoint/new_campaign.h"
#include "checkpoint/numbered_file.h"
#include "checkpoint/part_file.h"
#include "checkpoint/schema_read.h"
#include "checkpoint/schema_write.h"
#include "checkpoint/units.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct numbered_file kind = {".folds-", ".h5"};

static char *path_of(const char *campaign_path, size_t through, struct error *err)
{
    return numbered_file_path(campaign_path, &kind, (int)through, err);
}

/* Rows and states as the campaign's, where it says how large they are. */
static int check_shape(const struct campaign_units *units, const struct campaign *campaign, struct error *err)
{
    size_t states =
        campaign_has_orbits(campaign) ? campaign->slice_targets : (size_t)campaign->unit_permutations;
    size_t row = campaign->sum_floats * sizeof(float),
           state = states * campaign->sum_doubles * sizeof(double);
    if (state == 0 || (units->row_bytes == row && units->tolerance_bytes == state))
        return 0;
    return error_set(
        err, EXIT_CODE_BAD_INPUT,
        "%s: rows of %zu bytes and states of %zu found; expected %zu, %zu (remove the file, and its "
        "folds are computed again)",
        units->path, units->row_bytes, units->tolerance_bytes, row, state);
}

/* Whether a file belongs to the campaign, and what it says of itself. A damaged one does not: its folds are
 * computed again. */
static bool look(const char *path, const struct campaign *campaign, struct fold_sums *found)
{
    struct error unread = {0};
    struct campaign sums = {0};
    struct campaign_units *units = NULL;
    bool belongs = part_file_open(&units, path, &fold_sums_schema, campaign, &unread) == 0 &&
                   check_shape(units, campaign, &unread) == 0 &&
                   schema_read_one(&sums, &fold_sums_schema, path, CAMPAIGN_FINGERPRINT, &unread) == 0;
    *found = (struct fold_sums){sums.sums_from, sums.sums_through, sums.n_permutations};
    campaign_units_close(units);
    campaign_free(&sums);
    return belongs;
}

int fold_sums_find(const char *campaign_path, const struct campaign *campaign, struct fold_sums *found,
                   size_t *count, struct error *err)
{
    struct text_list files = {0};
    *count = 0;
    int code = numbered_file_list(campaign_path, &kind, &files, NULL, err);
    for (size_t f = 0; code == 0 && f < files.count && *count < FOLD_SUMS_MOST; f++) {
        struct fold_sums sums;
        int number = numbered_file_number(files.items[f], campaign_path, &kind);
        if (number < 0 || !look(files.items[f], campaign, &sums) || sums.through != (size_t)number)
            continue;
        size_t k = (*count)++; /* names are sorted as texts */
        for (; k > 0 && found[k - 1].through > sums.through; k--)
            found[k] = found[k - 1];
        found[k] = sums;
    }
    text_list_free(&files);
    return code;
}

static int check_kind(const char *path, struct error *err)
{
    return schema_write_check(path, &fold_sums_schema, err);
}

int fold_sums_check_names(const char *campaign_path, struct error *err)
{
    return numbered_file_check(campaign_path, &kind, check_kind, err);
}

int fold_sums_check_none(const char *campaign_path, struct error *err)
{
    return numbered_file_check(campaign_path, &kind, numbered_file_refuse, err);
}

int fold_sums_create(const char *campaign_path, int rank, const struct campaign *campaign,
                     const struct campaign_units *earlier, struct campaign_units **units, struct error *err)
{
    *units = NULL;
    char *own = path_of(campaign_path, campaign->sums_through, err);
    char *path = own != NULL && rank > 0 ? part_file_path(own, rank, err) : own;
    int code = path != NULL ? new_campaign_write(path, &fold_sums_schema, campaign, earlier, err) : err->code;
    if (code == 0)
        code = units_open(units, path, &fold_sums_schema, true, err);
    if (path != own)
        free(path);
    free(own);
    return code;
}

int fold_sums_open(const char *campaign_path, size_t through, bool writable, const struct campaign *campaign,
                   struct campaign_units **units, struct error *err)
{
    *units = NULL;
    char *path = path_of(campaign_path, through, err);
    int code = path != NULL ? part_file_open(units, path, &fold_sums_schema, campaign, err) : err->code;
    if (code == 0)
        code = check_shape(*units, campaign, err);
    if (code == 0 && writable) {
        campaign_units_close(*units);
        code = units_open(units, path, &fold_sums_schema, true, err);
    }
    if (code != 0) {
        campaign_units_close(*units);
        *units = NULL;
    }
    free(path);
    return code;
}

static int remove_file(const char *path, struct error *err)
{
    return unlink(path) == 0 || errno == ENOENT
               ? 0
               : error_set(err, EXIT_CODE_FAILED, "%s: cannot be removed: %s", path, strerror(errno));
}

/* With its parts, and with what killed runs had begun to make. Nothing that is not of this kind goes. */
static int remove_with_parts(const char *path, struct error *err)
{
    struct text_list parts = {0}, leftovers = {0};
    int code = part_file_list(path, &parts, &leftovers, err);
    if (code == 0)
        code = text_list_add(&parts, path, err);
    for (size_t p = 0; code == 0 && p < parts.count; p++)
        code = schema_write_check(parts.items[p], &fold_sums_schema, err);
    for (size_t p = 0; code == 0 && p < parts.count; p++)
        code = remove_file(parts.items[p], err);
    for (size_t k = 0; code == 0 && k < leftovers.count; k++)
        code = remove_file(leftovers.items[k], err);
    text_list_free(&parts);
    text_list_free(&leftovers);
    return code;
}

static int remove_all(const char *campaign_path, struct error *err)
{
    struct text_list files = {0}, leftovers = {0};
    int code = numbered_file_list(campaign_path, &kind, &files, &leftovers, err);
    for (size_t f = 0; code == 0 && f < files.count; f++)
        code = remove_with_parts(files.items[f], err);
    for (size_t k = 0; code == 0 && k < leftovers.count; k++)
        code = remove_file(leftovers.items[k], err);
    if (code == 0 && files.count > 0)
        code = durable_sync_folder(campaign_path, err);
    text_list_free(&files);
    text_list_free(&leftovers);
    return code;
}

int fold_sums_remove(const char *campaign_path, size_t through, struct error *err)
{
    if (through == 0)
        return remove_all(campaign_path, err);
    char *path = path_of(campaign_path, through, err);
    int code = path != NULL ? remove_with_parts(path, err) : err->code;
    free(path);
    return code == 0 ? durable_sync_folder(campaign_path, err) : code;
}
