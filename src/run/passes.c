#include "run/passes.h"

#include "base/memory.h"
#include "checkpoint/fold_sums.h"
#include "checkpoint/part_files.h"
#include "model/orbits/orbit_reduce.h"
#include "ranks/collectives.h"
#include "run/pass_folds.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool pass_is_last(const struct pass *pass)
{
    return pass->folds.first + pass->folds.count == pass->n_outer;
}

const char *pass_text(const struct pass *pass, char *text)
{
    size_t first = pass->folds.first + 1, last = pass->folds.first + pass->folds.count;
    if (first == last)
        snprintf(text, PASS_TEXT_BYTES, "pass over outer fold %zu of %zu", first, pass->n_outer);
    else
        snprintf(text, PASS_TEXT_BYTES, "pass over outer folds %zu to %zu of %zu", first, last,
                 pass->n_outer);
    return text;
}

/* done[u] of a file of sums, of the record's units: those that it has no room for are not done. */
static bool *done_of(const struct campaign_units *sums, const struct record *record, struct error *err)
{
    size_t n_own = (size_t)campaign_units_count(sums), n_units = (size_t)record->n_units;
    bool *done = memory_zeroed(n_own > n_units ? n_own : n_units, sizeof *done, "the units", err);
    if (done != NULL)
        campaign_units_done(sums, done, err);
    return done;
}

/* Whether a first pass has done all that the campaign lacks. */
static int look_at_first(const struct record *record, const struct fold_sums *last, bool *whole,
                         struct error *err)
{
    struct campaign_units *sums = NULL;
    bool *done = NULL;
    *whole = false;
    if (fold_sums_open(record->campaign_path, last->through, false, &record->campaign, &sums, err) == 0 &&
        (done = done_of(sums, record, err)) != NULL && err->code == 0) {
        *whole = true;
        for (int64_t u = 0; u < record->n_units; u++)
            *whole = *whole && (done[u] || record->done[u]);
    }
    free(done);
    campaign_units_close(sums);
    return err->code;
}

/* In rank 0: which folds, by the files that are there; what is of no use goes. */
static int choose_folds(struct pass *pass, struct session *session, const struct record *record, size_t most,
                        struct error *err)
{
    struct fold_sums found[FOLD_SUMS_MOST];
    const char *path = record->campaign_path;
    size_t count;
    bool whole = false, stale = false;
    if (fold_sums_find(path, &record->campaign, found, &count, err) != 0)
        return err->code;
    const struct fold_sums *last = count > 0 ? &found[count - 1] : NULL;
    if (last != NULL && last->through >= pass->n_outer) /* no such pass writes sums */
        return fold_sums_remove(path, 0, err) == 0 ? choose_folds(pass, session, record, most, err)
                                                   : err->code;
    if (last != NULL && last->from == 0 && look_at_first(record, last, &whole, err) != 0)
        return err->code;
    pass->folds = pass_folds_next(found, count, whole, pass->n_outer, most, &stale);
    size_t end = pass->folds.first + pass->folds.count;
    for (size_t k = 0; err->code == 0 && k < count; k++) {
        bool is_last = k + 1 == count;
        if (found[k].through != pass->folds.first && (found[k].through != end || (is_last && stale)))
            fold_sums_remove(path, found[k].through, err);
    }
    if (stale && err->code == 0)
        log_info(&session->log,
                 "the sums over the first %zu folds are given up: memory allows a pass of %zu folds",
                 last->through, most);
    return err->code;
}

static struct campaign sums_of(const struct record *record, const struct pass *pass)
{
    struct campaign campaign = record->campaign;
    campaign.sums_from = pass->folds.first;
    campaign.sums_through = pass->folds.first + pass->folds.count;
    return campaign;
}

/* In rank 0: what an interrupted pass has done stays; there may be more units by now. */
static int open_sums(struct pass *pass, const struct record *record, const struct campaign *sums,
                     struct error *err)
{
    const char *path = record->campaign_path;
    struct fold_sums found[FOLD_SUMS_MOST];
    size_t count;
    int64_t taken;
    bool is_there = false;
    if (fold_sums_find(path, &record->campaign, found, &count, err) != 0)
        return err->code;
    for (size_t k = 0; k < count; k++)
        is_there = is_there || found[k].through == sums->sums_through;
    if (!is_there)
        return fold_sums_create(path, 0, sums, NULL, &pass->to, err);
    struct campaign_units *earlier = NULL;
    if (fold_sums_open(path, sums->sums_through, true, &record->campaign, &earlier, err) != 0 ||
        part_files_merge(earlier, path, &taken, err) != 0 ||
        campaign_units_count(earlier) >= record->n_units) {
        pass->to = earlier;
        return err->code;
    }
    fold_sums_create(path, 0, sums, earlier, &pass->to, err);
    campaign_units_close(earlier);
    return err->code;
}

/* In rank 0: which units are not for this pass: done in the campaign or in this pass, or, where it goes on
 * from others, missing there; they begin anew when the others are through. */
static int find_left(struct pass *pass, const struct record *record, struct error *err)
{
    bool *before = pass->from != NULL ? done_of(pass->from, record, err) : NULL;
    bool *now = pass->to != record->units && err->code == 0 ? done_of(pass->to, record, err) : NULL;
    pass->n_left = 0;
    for (int64_t u = 0; err->code == 0 && u < record->n_units; u++) {
        pass->done[u] = record->done[u] || (before != NULL && !before[u]) || (now != NULL && now[u]);
        pass->n_left += !pass->done[u];
    }
    free(before);
    free(now);
    return err->code;
}

/* What each rank opens for itself, once the folds are known. */
static int open_files(struct pass *pass, struct session *session, struct record *record, struct error *err)
{
    struct ranks *ranks = session->ranks;
    const char *path = record->campaign_path;
    const struct campaign sums = sums_of(record, pass);
    if (pass->folds.first > 0)
        fold_sums_open(path, pass->folds.first, false, &record->campaign, &pass->from, err);
    if (collectives_agree(ranks, err) != 0)
        return err->code;
    if (pass_is_last(pass)) {
        if (record_begin_saving(record, ranks, err) == 0)
            pass->to = record->units;
        return err->code;
    }
    if (ranks->rank == 0)
        open_sums(pass, record, &sums, err);
    if (collectives_agree(ranks, err) != 0)
        return err->code;
    if (ranks->rank > 0)
        fold_sums_create(path, ranks->rank, &sums, NULL, &pass->to, err);
    return collectives_agree(ranks, err);
}

/* Without orbits a row's sums are its state. */
static void shape_sums(struct campaign *campaign, enum score_kind kind)
{
    bool orbits = campaign_has_orbits(campaign);
    campaign->sum_floats = orbits ? orbit_reduce_sum_floats(kind, campaign->n_shifts) : 0;
    campaign->sum_doubles = orbits ? orbit_reduce_state_doubles(campaign->n_shifts)
                                   : campaign->n_targets * score_sum_doubles(kind);
}

int pass_begin(struct pass *pass, struct session *session, struct record *record, size_t n_outer,
               size_t most_folds, enum score_kind kind, struct error *err)
{
    struct ranks *ranks = session->ranks;
    *pass = (struct pass){.n_outer = n_outer};
    shape_sums(&record->campaign, kind);
    pass->done = memory_zeroed((size_t)record->n_units, sizeof *pass->done, "the units", err);
    if (ranks->rank == 0 && err->code == 0)
        choose_folds(pass, session, record, most_folds, err);
    if (collectives_agree(ranks, err) != 0 ||
        collectives_broadcast(ranks, &pass->folds, sizeof pass->folds, 0, err) != 0 ||
        open_files(pass, session, record, err) != 0)
        return err->code;
    if (ranks->rank == 0)
        find_left(pass, record, err);
    if (collectives_agree(ranks, err) != 0 ||
        collectives_broadcast(ranks, &pass->n_left, sizeof pass->n_left, 0, err) != 0)
        return err->code;
    return collectives_broadcast(ranks, pass->done, (size_t)record->n_units * sizeof *pass->done, 0, err);
}

/* The sums of all ranks stand in rank 0's file; `n_left` says what is not whole. */
static int end_sums(struct pass *pass, struct session *session, const struct record *record,
                    struct error *err)
{
    struct ranks *ranks = session->ranks;
    int64_t taken;
    if (ranks->rank != 0) {
        campaign_units_close(pass->to);
        pass->to = NULL;
    }
    if (collectives_agree(ranks, err) != 0)
        return err->code;
    if (ranks->rank == 0 && part_files_merge(pass->to, record->campaign_path, &taken, err) == 0)
        find_left(pass, record, err);
    if (collectives_agree(ranks, err) != 0)
        return err->code;
    return collectives_broadcast(ranks, &pass->n_left, sizeof pass->n_left, 0, err);
}

int pass_end(struct pass *pass, struct session *session, struct record *record, bool stopped,
             struct error *err)
{
    struct ranks *ranks = session->ranks;
    if (pass_is_last(pass)) {
        pass->to = NULL;
        record_end_saving(record, ranks, stopped, err);
    } else
        end_sums(pass, session, record, err);
    bool through = !stopped && (pass_is_last(pass) || pass->n_left == 0);
    if (err->code == 0 && ranks->rank == 0 && through && pass->folds.first > 0)
        fold_sums_remove(record->campaign_path, pass->folds.first, err);
    return collectives_agree(ranks, err);
}

void pass_free(struct pass *pass, const struct record *record)
{
    campaign_units_close(pass->from);
    if (pass->to != record->units)
        campaign_units_close(pass->to);
    free(pass->done);
    pass->done = NULL;
    pass->from = pass->to = NULL;
}
