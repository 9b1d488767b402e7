#include "run/record.h"

#include "base/folder.h"
#include "base/memory.h"
#include "base/presence.h"
#include "base/same_command.h"
#include "checkpoint/block_file.h"
#include "checkpoint/campaign_lock.h"
#include "checkpoint/fold_sums.h"
#include "checkpoint/part_file.h"
#include "checkpoint/part_files.h"
#include "ranks/collectives.h"
#include "run/held_against.h"
#include "run/record_lock.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int record_name_files(struct record *record, const char *folder, struct error *err)
{
    bool of_ridge = record->model == NULL;
    record->campaign_path = folder_path(folder, of_ridge ? "campaign.h5" : "associations.h5", err);
    record->other_path = folder_path(folder, of_ridge ? "associations.h5" : "campaign.h5", err);
    record->results_path = folder_path(folder, of_ridge ? "results.tsv" : "associations.tsv", err);
    record->page_path = folder_path(folder, "report.html", err);
    record->predictions_path = folder_path(folder, "predictions.tsv", err);
    return err->code;
}

void record_free(struct record *record)
{
    campaign_units_close(record->units);
    record_lock_release(record);
    free(record->done);
    campaign_free(&record->campaign);
    free(record->campaign_path);
    free(record->other_path);
    free(record->results_path);
    free(record->page_path);
    free(record->predictions_path);
    *record = (struct record){0};
}

static int refuse_link(const char *path, struct error *err)
{
    struct stat status;
    return lstat(path, &status) != 0 || !S_ISLNK(status.st_mode)
               ? 0
               : error_set(err, EXIT_CODE_BAD_INPUT,
                           "%s: a link found; expected the campaign itself, as its lock and parts are looked "
                           "for beside it (a link of the folder will do)",
                           path);
}

/* Permutations that are done, or half done, of a campaign that may come back. */
static int refuse_remains(const struct record *record, struct error *err)
{
    const char *path = record->campaign_path;
    return part_file_check_none(path, err) != 0 || fold_sums_check_none(path, err) != 0
               ? err->code
               : block_file_check_none(path, err);
}

static int refuse_made_meanwhile(const struct record *record, struct error *err)
{
    return error_set(err, EXIT_CODE_FAILED,
                     "%s: another run has made it meanwhile; the same command %sgoes on with it",
                     record->campaign_path, record->fresh ? "without --fresh " : "");
}

/* Two runs may have begun where there was no campaign yet: the later one must not replace what is done. */
static int refuse_new(const struct record *record, struct error *err)
{
    bool found;
    if (record->is_there || record_lock_look(record->campaign_path, &found, err) != 0 || !found)
        return err->code;
    return refuse_made_meanwhile(record, err);
}

/* Open before it is read, it is known to be the one that was read, and that it can be written to. */
static int read_earlier(struct record *record, struct error *err)
{
    const char *path = record->campaign_path;
    if (!record->is_there) /* refused for what it is, or for having been made this moment */
        return campaign_read(&record->campaign, path, err) == 0 ? refuse_made_meanwhile(record, err)
                                                                : err->code;
    if (campaign_units_open(&record->units, path, err) != 0 ||
        campaign_read(&record->campaign, path, err) != 0)
        return err->code;
    return campaign_units_check_there(record->units, err);
}

int record_find_earlier(struct record *record, struct error *err)
{
    bool exists;
    if (refuse_link(record->campaign_path, err) != 0 || record_lock_enter(record, err) != 0 ||
        presence_of(record->campaign_path, &exists, err) != 0)
        return err->code;
    record->is_there = exists && record->is_locked; /* what is no campaign gets no lock */
    record->resumed = exists && !record->fresh;
    if (!exists && !record->fresh)
        return refuse_remains(record, err);
    if (!record->resumed || read_earlier(record, err) != 0 ||
        held_against_program(&record->campaign, record->campaign_path, err) != 0)
        return err->code;
    if ((record->model == NULL) == (record->campaign.model == NULL))
        return 0;
    return error_set(err, EXIT_CODE_BAD_INPUT, "%s: is a campaign of arete %s; expected one of arete %s",
                     record->campaign_path, record->model == NULL ? "associate" : "run",
                     record->model == NULL ? "run" : "associate");
}

int record_begin(struct record *record, struct error *err)
{
    return record_lock_take(record, err) == 0 ? refuse_new(record, err) : err->code;
}

void record_is_begun(const struct record *record)
{
    if (record->fresh)
        same_command_without_fresh();
}

/* Parts and sums go first: none is ever left beside no campaign, and one of them that is left beside the
 * older campaign belongs to it. The new one is made in one step. */
int record_create(struct record *record, double *gram, double *residual, struct error *err)
{
    const char *path = record->campaign_path;
    if (refuse_new(record, err) != 0 || (!record->fresh && refuse_remains(record, err) != 0) ||
        part_files_remove(path, err) != 0 || fold_sums_remove(path, 0, err) != 0)
        return err->code;
    struct campaign whole = record->campaign;
    whole.gram = gram;
    whole.residual = residual;
    if (campaign_create(path, &whole, err) != 0 || campaign_units_open(&record->units, path, err) != 0)
        return err->code;
    record_is_begun(record);
    return 0;
}

/* Whether units of both are computed from the same and stand at the same places. */
static bool same_units(const struct campaign *a, const struct campaign *b)
{
    return campaign_is_same_study(a, b) && a->n_targets == b->n_targets &&
           a->n_permutations == b->n_permutations && a->unit_permutations == b->unit_permutations &&
           a->n_shifts == b->n_shifts && a->slice_targets == b->slice_targets && a->identity == b->identity;
}

/* Nobody with the lock replaces the file since it was read, but scp and mv know nothing of it: this study's
 * scores must not go into another one's file. */
static int check_still_ours(const struct record *record, struct error *err)
{
    struct error gone = {0};
    struct campaign there = {0};
    bool ours = campaign_units_check_there(record->units, &gone) == 0;
    if (ours && campaign_read_fingerprints(&there, record->campaign_path, err) != 0)
        return err->code;
    ours = ours && same_units(&there, &record->campaign);
    campaign_free(&there);
    return ours ? 0
                : error_set(err, EXIT_CODE_FAILED,
                            "%s: was replaced, cut or written to by somebody else since it was read; %s says "
                            "what to do",
                            record->campaign_path, same_command_text());
}

int record_make_room(struct record *record, int64_t n_permutations, struct log *log, struct error *err)
{
    if (n_permutations <= record->campaign.n_permutations || check_still_ours(record, err) != 0)
        return err->code;
    log_info(log, "making room for %lld permutations (%lld so far)", (long long)n_permutations,
             (long long)record->campaign.n_permutations);
    if (campaign_extend(&record->units, n_permutations, err) == 0)
        record->campaign.n_permutations = n_permutations;
    return err->code;
}

int record_open_units(struct record *record, int64_t n_permutations, struct log *log, struct error *err)
{
    int64_t taken;
    record_lock_warn(record, log);
    /* the file may have room for more */
    record->n_units = record->n_left = campaign_units_of(&record->campaign, n_permutations);
    if (check_still_ours(record, err) != 0 ||
        part_files_merge(record->units, record->campaign_path, &taken, err) != 0)
        return err->code;
    if (taken > 0)
        log_info(log, "%lld units taken over from part files", (long long)taken);
    record->done =
        memory_zeroed((size_t)campaign_units_count(record->units), sizeof *record->done, "the units", err);
    if (record->done == NULL || record_look(record, err) != 0)
        return err->code;
    for (int64_t u = 0; u < record->n_units; u++)
        record->n_left -= record->done[u];
    return 0;
}

int record_look(struct record *record, struct error *err)
{
    return campaign_units_done(record->units, record->done, err);
}

int record_begin_saving(struct record *record, struct ranks *ranks, struct error *err)
{
    if (ranks->rank == 0)
        campaign_lock_note(record->lock, record->campaign_path, record->n_units - record->n_left, err);
    else
        part_files_create(record->campaign_path, ranks->rank, &record->campaign, &record->units, err);
    return collectives_agree(ranks, err);
}

/* A folder on a network may not show every part file at once, a disk may rot, and somebody may write into the
 * file: rows that are not there must not count. */
static int count_left(struct record *record, struct error *err)
{
    if (record_look(record, err) != 0)
        return err->code;
    record->n_left = record->n_units;
    for (int64_t u = 0; u < record->n_units; u++)
        record->n_left -= record->done[u];
    return 0;
}

int record_share_left(struct record *record, struct ranks *ranks, struct error *err)
{
    if (ranks->size == 1)
        return 0;
    if (collectives_broadcast(ranks, &record->n_left, sizeof record->n_left, 0, err) != 0)
        return err->code;
    return collectives_broadcast(ranks, record->done, (size_t)record->n_units * sizeof *record->done, 0, err);
}

int record_end_saving(struct record *record, struct ranks *ranks, bool stopped, struct error *err)
{
    int64_t taken;
    if (ranks->rank != 0) {
        campaign_units_close(record->units);
        record->units = NULL;
    }
    if (collectives_agree(ranks, err) != 0 || ranks->rank != 0)
        return err->code;
    /* a part goes when its units stand in the campaign, which must be there */
    if (campaign_units_check_there(record->units, err) != 0 ||
        part_files_merge(record->units, record->campaign_path, &taken, err) != 0)
        return err->code;
    return stopped ? 0 : count_left(record, err);
}
