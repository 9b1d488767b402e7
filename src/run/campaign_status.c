#include "run/campaign_status.h"

#include "base/memory.h"
#include "checkpoint/fold_sums.h"

#include <stdlib.h>

/* From what the running process noted when it began and what is done by its last save. */
static void measure_rate(struct campaign_status *status)
{
    int64_t n_before, since;
    if (status->running != LOCK_HELD || !campaign_lock_begun(status->path, &n_before, &since))
        return;
    double seconds = (double)((int64_t)status->last_save - since);
    if (status->n_done > n_before && seconds > 0)
        status->rate = (double)(status->n_done - n_before) * status->unit_permutations / seconds;
}

double campaign_status_seconds_left(const struct campaign_status *status)
{
    return (double)(status->n_permutations - status->permutations_done) / status->rate;
}

static int count_units(struct campaign_status *status, const struct campaign *campaign,
                       const struct campaign_units *units, struct error *err)
{
    status->n_units = campaign_units_count(units);
    size_t n_units = (size_t)status->n_units;
    enum campaign_unit_state *state = memory_zeroed(n_units, sizeof *state, "the units", err);
    bool *done = memory_zeroed(n_units, sizeof *done, "the units", err);
    if (err->code == 0)
        campaign_units_states(units, state, err);
    for (size_t u = 0; err->code == 0 && u < n_units; u++) {
        done[u] = state[u] == CAMPAIGN_UNIT_DONE;
        status->n_done += done[u];
        if (state[u] != CAMPAIGN_UNIT_DAMAGED)
            continue;
        if (status->n_damaged < CAMPAIGN_STATUS_DAMAGE)
            status->damaged[status->n_damaged] = (int64_t)u;
        status->n_damaged++;
    }
    if (err->code == 0)
        status->permutations_done = campaign_permutations_done(campaign, done, campaign->n_permutations);
    free(state);
    free(done);
    return err->code;
}

static int look_at_parts(struct campaign_status *status, const struct campaign_units *units,
                         struct error *err)
{
    const char *because;
    status->last_save = (time_t)campaign_units_last_save(units);
    status->n_parts = campaign_units_parts(units);
    status->n_parts_ignored = campaign_units_parts_ignored(units, &because);
    status->ignored_because = memory_string(because, err);
    return err->code;
}

/* The newest sums beside the campaign. They may go at any moment, when a run is through with them. */
static int look_at_pass(struct campaign_status *status, const struct campaign *campaign, struct error *err)
{
    struct fold_sums found[FOLD_SUMS_MOST];
    struct campaign_units *sums = NULL;
    struct error gone = {0};
    size_t count;
    if (fold_sums_find(status->path, campaign, found, &count, err) != 0 || count == 0)
        return err->code;
    const struct fold_sums *last = &found[count - 1];
    if (fold_sums_open(status->path, last->through, false, campaign, &sums, &gone) != 0)
        return 0;
    size_t n_units = (size_t)campaign_units_count(sums);
    bool *done = memory_zeroed(n_units, sizeof *done, "the units", err);
    if (done != NULL && campaign_units_done(sums, done, err) == 0) {
        status->pass_from = last->from;
        status->pass_through = last->through;
        status->n_outer = campaign->n_outer;
        for (size_t u = 0; u < n_units; u++)
            status->n_pass_done += done[u];
    }
    free(done);
    campaign_units_close(sums);
    return err->code;
}

static void take_counts(struct campaign_status *status, const struct campaign *campaign)
{
    status->n_permutations = campaign_permutations(campaign, campaign->n_permutations);
    status->unit_permutations = campaign_unit_permutations(campaign);
    if (!campaign_has_orbits(campaign))
        return;
    status->n_shifts = (int64_t)campaign->n_shifts;
    status->n_orbits = campaign_orbits(campaign, campaign->n_permutations);
}

int campaign_status_read(struct campaign_status *status, const char *path, struct error *err)
{
    *status = (struct campaign_status){.path = path};
    struct campaign campaign;
    struct campaign_units *units;
    if (campaign_open_read(&campaign, &units, path, err) == 0) {
        take_counts(status, &campaign);
        campaign_lock_holder(status->path, &status->running, status->holder, err);
    }
    if (err->code == 0 && count_units(status, &campaign, units, err) == 0)
        look_at_pass(status, &campaign, err);
    campaign_free(&campaign);
    if (err->code == 0)
        look_at_parts(status, units, err);
    campaign_units_close(units);
    if (err->code == 0)
        measure_rate(status);
    return err->code;
}

void campaign_status_free(struct campaign_status *status)
{
    free(status->ignored_because);
    *status = (struct campaign_status){0};
}
