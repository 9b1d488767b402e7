#include "associate/begun_blocks.h"

#include "base/memory.h"
#include "checkpoint/block_file.h"
#include "model/orbits/orbit_tiling.h"
#include "ranks/collectives.h"

#include <stdlib.h>
#include <string.h>

static const char what[] = "blocks begun";

/* Whether all of a block's units are still to do; if so they are taken. */
static bool take(bool *taken, int64_t n_units, const struct block_state *state)
{
    if (state->first_unit < 0 || state->n_units <= 0 || state->first_unit > n_units ||
        state->n_units > n_units - state->first_unit)
        return false;
    bool *units = taken + state->first_unit;
    for (int64_t u = 0; u < state->n_units; u++)
        if (units[u])
            return false;
    for (int64_t u = 0; u < state->n_units; u++)
        units[u] = true;
    return true;
}

static int drop(const char *campaign_path, int rank, struct error *err)
{
    char *path = block_file_path(campaign_path, rank, err);
    if (path != NULL)
        block_file_remove(path, err);
    free(path);
    return err->code;
}

/* In rank 0: those that are gone on with, and what they take. */
static int find(struct begun_blocks *begun, const struct record *record, struct block_file **found,
                size_t *count, struct error *err)
{
    size_t kept = 0;
    if (block_file_find(record->campaign_path, begun->study, found, count, err) != 0)
        return err->code;
    for (size_t k = 0; err->code == 0 && k < *count; k++)
        if (take(begun->taken, record->n_units, &(*found)[k].state))
            (*found)[kept++] = (*found)[k];
        else
            drop(record->campaign_path, (*found)[k].rank, err);
    *count = kept;
    return err->code;
}

/* Rank 0's list, in all ranks. */
static int tell(struct ranks *ranks, struct block_file **found, size_t *count, struct error *err)
{
    if (collectives_agree(ranks, err) != 0 || collectives_broadcast(ranks, count, sizeof *count, 0, err) != 0)
        return err->code;
    if (ranks->rank != 0)
        *found = memory_zeroed(*count, sizeof **found, what, err);
    if (collectives_agree(ranks, err) != 0)
        return err->code;
    return collectives_broadcast(ranks, *found, *count * sizeof **found, 0, err);
}

static int keep_own(struct begun_blocks *begun, const struct ranks *ranks, const char *campaign_path,
                    const struct block_file *found, size_t count, struct error *err)
{
    begun->own_path = block_file_path(campaign_path, ranks->rank, err);
    begun->own = memory_zeroed(count, sizeof *begun->own, what, err);
    for (size_t k = 0; err->code == 0 && k < count; k++) {
        if (found[k].rank % ranks->size != ranks->rank)
            continue;
        begun->own[begun->n_own++] =
            (struct maximum_begun){block_file_path(campaign_path, found[k].rank, err),
                                   found[k].state.first_unit, found[k].state.n_units};
    }
    return err->code;
}

static int64_t count_columns(const struct record *record)
{
    const struct orbit_tiling tiling = orbit_tiling_of(record->campaign.n_targets, record->campaign.n_shifts);
    int64_t columns = 0;
    for (int64_t u = 0; u < record->n_units; u++)
        if (!record->done[u])
            columns += (int64_t)orbit_tiling_columns(&tiling, &(struct orbit_span){(uint64_t)u, 1});
    return columns;
}

int begun_blocks_init(struct begun_blocks *begun, struct ranks *ranks, const struct record *record,
                      struct error *err)
{
    const struct campaign *campaign = &record->campaign;
    size_t n_units = (size_t)record->n_units, count = 0;
    struct block_file *found = NULL;
    *begun =
        (struct begun_blocks){.study = block_file_study(campaign->fingerprints, campaign->n_fingerprints),
                              .taken = memory_zeroed(n_units, sizeof *begun->taken, what, err),
                              .n_columns = count_columns(record)};
    if (begun->taken != NULL)
        memcpy(begun->taken, record->done, n_units * sizeof *begun->taken);
    if (begun->taken != NULL && ranks->rank == 0)
        find(begun, record, &found, &count, err);
    if (tell(ranks, &found, &count, err) == 0)
        keep_own(begun, ranks, record->campaign_path, found, count, err);
    for (size_t k = 0; err->code == 0 && ranks->rank != 0 && k < count; k++)
        take(begun->taken, record->n_units, &found[k].state);
    free(found);
    return collectives_agree(ranks, err);
}

void begun_blocks_free(struct begun_blocks *begun)
{
    for (size_t k = 0; k < begun->n_own; k++)
        free((char *)(uintptr_t)begun->own[k].path);
    free(begun->own);
    free(begun->own_path);
    free(begun->taken);
    *begun = (struct begun_blocks){0};
}
