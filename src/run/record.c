#include "run/record.h"

#include "base/folder.h"
#include "base/memory.h"
#include "base/presence.h"
#include "base/same_command.h"
#include "checkpoint/fold_sums.h"
#include "checkpoint/part_files.h"
#include "ranks/collectives.h"
#include "run/held_against.h"

#include <stdlib.h>
#include <string.h>

int record_name_files(struct record *record, const char *folder, struct error *err)
{
    bool of_ridge = record->model == NULL;
    record->campaign_path = folder_path(folder, of_ridge ? "campaign.h5" : "associations.h5", err);
    record->results_path = folder_path(folder, of_ridge ? "results.tsv" : "associations.tsv", err);
    record->page_path = folder_path(folder, "report.html", err);
    record->predictions_path = folder_path(folder, "predictions.tsv", err);
    return err->code;
}

void record_free(struct record *record)
{
    campaign_units_close(record->units);
    free(record->done);
    campaign_free(&record->campaign);
    free(record->campaign_path);
    free(record->results_path);
    free(record->page_path);
    free(record->predictions_path);
    *record = (struct record){0};
}

/* Before anything is touched or computed; the lock itself is taken when the campaign's units are opened,
 * which in a new one is hours later. */
static int refuse_while_running(const char *campaign_path, bool exists, struct error *err)
{
    char holder[CAMPAIGN_HOLDER_BYTES];
    enum lock_state state;
    if (campaign_lock_holder(campaign_path, &state, holder, err) != 0 || state != LOCK_HELD)
        return err->code;
    return error_set(err, EXIT_CODE_FAILED,
                     "%s: another arete run is working %s (%s); wait for it or stop it", campaign_path,
                     exists ? "on it" : "in its folder", holder);
}

int record_find_earlier(struct record *record, struct error *err)
{
    bool exists;
    if (presence_of(record->campaign_path, &exists, err) != 0 ||
        refuse_while_running(record->campaign_path, exists, err) != 0)
        return err->code;
    record->resumed = exists && !record->fresh;
    if (!record->resumed || campaign_read(&record->campaign, record->campaign_path, err) != 0 ||
        held_against_program(&record->campaign, record->campaign_path, err) != 0)
        return err->code;
    if ((record->model == NULL) == (record->campaign.model == NULL))
        return 0;
    return error_set(err, EXIT_CODE_BAD_INPUT, "%s: is a campaign of arete %s; expected one of arete %s",
                     record->campaign_path, record->model == NULL ? "associate" : "run",
                     record->model == NULL ? "run" : "associate");
}

void record_is_begun(const struct record *record)
{
    if (record->fresh)
        same_command_without_fresh();
}

/* Two runs may have begun where there was no campaign yet: the later one must not replace what is done. */
int record_create(struct record *record, double *gram, double *residual, struct error *err)
{
    bool exists;
    if (presence_of(record->campaign_path, &exists, err) != 0)
        return err->code;
    if (!record->fresh && exists)
        return error_set(err, EXIT_CODE_FAILED,
                         "%s: another run has made it meanwhile; the same command goes on with it",
                         record->campaign_path);
    if (part_files_remove(record->campaign_path, err) != 0 ||
        fold_sums_remove(record->campaign_path, 0, err) != 0)
        return err->code;
    struct campaign whole = record->campaign;
    whole.gram = gram;
    whole.residual = residual;
    if (campaign_create(record->campaign_path, &whole, err) == 0)
        record_is_begun(record);
    return err->code;
}

int record_make_room(struct record *record, int64_t n_permutations, struct log *log, struct error *err)
{
    if (n_permutations <= record->campaign.n_permutations)
        return 0;
    log_info(log, "making room for %lld permutations (%lld so far)", (long long)n_permutations,
             (long long)record->campaign.n_permutations);
    if (campaign_extend(record->campaign_path, n_permutations, err) == 0)
        record->campaign.n_permutations = n_permutations;
    return err->code;
}

/* Nobody replaces the file while its lock is held, but another run may have done so just before: this study's
 * scores must not go into another one's file. */
static int check_still_ours(struct record *record, struct error *err)
{
    struct campaign there = {0};
    if (campaign_read_fingerprints(&there, record->campaign_path, err) != 0)
        return err->code;
    if (!campaign_is_same_study(&there, &record->campaign) ||
        campaign_units_count(record->units) < record->n_units)
        error_set(err, EXIT_CODE_FAILED, "%s: another run has replaced it meanwhile; %s says what to do",
                  record->campaign_path, same_command_text());
    campaign_free(&there);
    return err->code;
}

static void warn_without_lock(const struct record *record, struct log *log)
{
    int trouble = campaign_units_lock_trouble(record->units);
    if (trouble != 0)
        log_run_warning(
            log,
            "%s: no file locks there (%s), so nothing keeps away a second run on another machine; "
            "it would compute the same numbers once more",
            record->campaign_path, strerror(trouble));
}

int record_open_units(struct record *record, int64_t n_permutations, struct log *log, struct error *err)
{
    int64_t taken;
    if (campaign_units_open(&record->units, record->campaign_path, err) != 0)
        return err->code;
    warn_without_lock(record, log);
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
        campaign_units_begin(record->units, record->n_units - record->n_left, err);
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
