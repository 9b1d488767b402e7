#include "associate/maxima_record.h"

#include "base/memory.h"
#include "run/record_content.h"
#include "run/record_orbits.h"
#include "study/fingerprint.h"

#include <stdlib.h>

/* What only ridge looks at does not make another study. */
static void drop_fingerprints(struct campaign *campaign)
{
    size_t kept = 0;
    for (size_t k = 0; k < campaign->n_fingerprints; k++)
        if (fingerprint_is_of_ridge(campaign->fingerprints[k].name))
            free(campaign->fingerprints[k].name);
        else
            campaign->fingerprints[kept++] = campaign->fingerprints[k];
    campaign->n_fingerprints = kept;
}

/* Of no rows. */
static void make_empty(struct campaign *campaign, struct error *err)
{
    static const char what[] = "the campaign's content";
    campaign->node = memory_zeroed(0, sizeof *campaign->node, what, err);
    campaign->node_weight = memory_zeroed(0, sizeof *campaign->node_weight, what, err);
    campaign->node_error = memory_zeroed(0, sizeof *campaign->node_error, what, err);
    campaign->baseline_error = memory_zeroed(0, sizeof *campaign->baseline_error, what, err);
    campaign->n_power = 0;
    campaign->n_predicted = 0;
}

int maxima_record_fill(struct campaign *campaign, const struct analysis *analysis,
                       const struct associations *found, struct error *err)
{
    bool single = analysis->study.permutations.method == STUDY_METHOD_INDEPENDENT ||
                  analysis->orbit_choice.n_shifts < 2;
    if (record_content_fill(campaign, analysis, err) != 0)
        return err->code;
    campaign->model = memory_string(CAMPAIGN_UNIVARIATE, err);
    drop_fingerprints(campaign);
    make_empty(campaign, err);
    for (size_t t = 0; t < found->n_targets; t++)
        campaign->r2[t] = campaign->r2_everybody[t] = found->best[t].r * found->best[t].r;
    if (err->code != 0)
        return err->code;
    return single ? record_orbits_fill_single(campaign, &analysis->scheme, err)
                  : record_orbits_fill(campaign, &analysis->scheme, err);
}
