#include "run/rounds.h"

#include "base/amount.h"
#include "base/memory.h"
#include "base/same_command.h"
#include "ranks/collectives.h"

#include <stdlib.h>

/* Of each lane of the chains, from those of each rank; replaces `workers`. */
static int workers_of_lanes(const struct fold_chains *chains, int64_t **workers, struct error *err)
{
    int64_t *of_lanes = memory_zeroed((size_t)chains->n_lanes, sizeof *of_lanes, "the ranks' workers", err);
    if (of_lanes == NULL)
        return err->code;
    fold_chains_workers(chains, *workers, of_lanes);
    free(*workers);
    *workers = of_lanes;
    return 0;
}

int rounds_cut_blocks(struct session *session, const struct rounds_cut *cut, struct unit_blocks *blocks,
                      int64_t **workers, struct error *err)
{
    struct ranks *ranks = session->ranks;
    size_t n_ranks = (size_t)ranks->size;
    int n_owners = cut->chains != NULL ? cut->chains->n_lanes : ranks->size;
    int64_t most = cut->most_units;
    *workers = memory_zeroed(n_ranks, sizeof **workers, "the ranks' workers", err);
    if (*workers != NULL)
        (*workers)[ranks->rank] = cut->n_workers;
    if (collectives_agree(ranks, err) != 0 || collectives_sum(ranks, *workers, n_ranks, err) != 0 ||
        collectives_broadcast(ranks, &most, sizeof most, 0, err) != 0)
        return err->code;
    if (cut->chains != NULL)
        workers_of_lanes(cut->chains, workers, err);
    if (collectives_agree(ranks, err) == 0)
        unit_blocks_begin(blocks, cut->done, cut->n_units, most, *workers, n_owners);
    return err->code;
}

int rounds_agree_on_stop(struct session *session, bool *stopped, struct error *err)
{
    bool asked = err->code == EXIT_CODE_STOPPED;
    if (asked)
        *err = (struct error){0};
    if (collectives_agree(session->ranks, err) != 0)
        return err->code;
    *stopped = asked;
    return collectives_any(session->ranks, asked, stopped, err);
}

int rounds_refuse_disk(const struct record *record, int64_t n_left, struct error *err)
{
    return error_set(err, EXIT_CODE_FAILED,
                     "%s: %lld of %lld units are damaged or missing though each was saved %d times; "
                     "expected a disk that keeps them",
                     record->campaign_path, (long long)n_left, (long long)record->n_units, ROUNDS_MOST);
}

int rounds_tell_stopped(const struct session *session, const struct record *record, const bool *done,
                        int64_t n_permutations, const char *where, struct error *err)
{
    const struct campaign *campaign = &record->campaign;
    char saved[AMOUNT_BYTES], all[AMOUNT_BYTES];
    if (session->ranks->rank != 0)
        return error_set(err, EXIT_CODE_STOPPED, "stopped on request");
    if (campaign_units_check_there(record->units, err) != 0)
        return err->code;
    return error_set(err, EXIT_CODE_STOPPED,
                     "stopped on request%s with %s of %s permutations saved; %s goes on", where,
                     amount_exact(campaign_permutations_done(campaign, done, n_permutations), saved),
                     amount_exact(campaign_permutations(campaign, n_permutations), all), same_command_text());
}

static void warn_of_disk(struct session *session, const struct record *record, bool is_last)
{
    log_run_warning(&session->log, "%s: %lld of %lld units were saved and are not whole any more: %s",
                    record->campaign_path, (long long)record->n_left, (long long)record->n_units,
                    is_last ? "the disk cannot be trusted" : "they are computed again");
}

int rounds_run(struct session *session, struct record *record, rounds_step *step, void *context,
               struct error *err)
{
    for (int round = 0; err->code == 0 && record->n_left > 0;) {
        bool counts = true;
        if (round > 0)
            warn_of_disk(session, record, round == ROUNDS_MOST);
        if (round == ROUNDS_MOST)
            return rounds_refuse_disk(record, record->n_left, err);
        step(session, record, context, &counts, err);
        if (collectives_agree(session->ranks, err) == 0)
            record_share_left(record, session->ranks, err);
        round += counts;
    }
    return collectives_agree(session->ranks, err);
}
