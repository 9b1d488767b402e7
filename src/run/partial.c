#include "run/partial.h"

#include "base/memory.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static bool is_whole(const struct campaign *campaign, const bool *done, int64_t orbit)
{
    int64_t slices = campaign_slices(campaign), first = orbit / campaign->unit_permutations * slices;
    bool whole = true;
    for (int64_t slice = 0; whole && slice < slices; slice++)
        whole = done[first + slice];
    return whole;
}

/* Orbits may have holes between them, but the identity's must be there. */
static int64_t finished_in_orbits(const struct campaign *campaign, const bool *done)
{
    int64_t n_whole = 0;
    for (int64_t orbit = 0; orbit < campaign_orbits(campaign, campaign->n_permutations); orbit++)
        n_whole += is_whole(campaign, done, orbit);
    return is_whole(campaign, done, 0) ? n_whole * (int64_t)campaign->n_shifts : 0;
}

int64_t partial_finished(const struct campaign *campaign, const bool *done)
{
    if (campaign_has_orbits(campaign))
        return finished_in_orbits(campaign, done);
    int64_t n_units = campaign_unit_count(campaign), units = 0;
    while (units < n_units && done[units])
        units++;
    int64_t permutations = units * campaign->unit_permutations;
    return permutations < campaign->n_permutations ? permutations : campaign->n_permutations;
}

int partial_mark(struct campaign *campaign, int64_t n_finished, struct error *err)
{
    long long all = (long long)campaign_permutations(campaign, campaign->n_permutations);
    for (size_t t = 0; t < campaign->n_targets_all; t++) {
        char *note = memory_format(err, "partial: %lld of %lld permutations", (long long)n_finished, all);
        note = text_add_note(note, campaign->target_note[t], err);
        if (note == NULL)
            return err->code;
        free(campaign->target_note[t]);
        campaign->target_note[t] = note;
    }
    return 0;
}

char *partial_path(const char *campaign_path, bool partial, struct error *err)
{
    const char *slash = strrchr(campaign_path, '/');
    int length = slash != NULL ? (int)(slash + 1 - campaign_path) : 0;
    return memory_format(err, "%.*sresults%s.tsv", length, campaign_path, partial ? ".partial" : "");
}
