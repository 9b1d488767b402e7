#include "run/partial.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

int64_t partial_finished(const struct campaign *campaign, const bool *done)
{
    int64_t n_units = campaign_unit_count(campaign), units = 0;
    while (units < n_units && done[units])
        units++;
    int64_t permutations = units * campaign->unit_permutations;
    return permutations < campaign->n_permutations ? permutations : campaign->n_permutations;
}

int partial_mark(struct campaign *campaign, int64_t n_finished, struct error *err)
{
    for (size_t t = 0; t < campaign->n_targets_all; t++) {
        char *note = memory_format(err, "partial: %lld of %lld permutations%s%s", (long long)n_finished,
                                   (long long)campaign->n_permutations,
                                   *campaign->target_note[t] != '\0' ? "; " : "", campaign->target_note[t]);
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
