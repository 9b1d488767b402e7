#include "checkpoint/campaign.h"

#include "checkpoint/campaign_schema.h"

static int64_t divide_up(int64_t a, int64_t b)
{
    return a / b + (a % b != 0);
}

bool campaign_has_orbits(const struct campaign *campaign)
{
    return campaign->n_shifts > 0;
}

int64_t campaign_orbits(const struct campaign *campaign, int64_t n_permutations)
{
    int64_t orbits = divide_up(n_permutations, (int64_t)campaign->n_shifts);
    return orbits > 1 ? orbits : 1;
}

int64_t campaign_slices(const struct campaign *campaign)
{
    return divide_up((int64_t)campaign->n_targets, (int64_t)campaign->slice_targets);
}

int64_t campaign_places(const struct campaign *campaign)
{
    return campaign_slices(campaign) * (int64_t)campaign->slice_targets;
}

int64_t campaign_permutations(const struct campaign *campaign, int64_t n_permutations)
{
    return campaign_has_orbits(campaign)
               ? campaign_orbits(campaign, n_permutations) * (int64_t)campaign->n_shifts
               : n_permutations;
}

int64_t campaign_units_of(const struct campaign *campaign, int64_t n_permutations)
{
    if (!campaign_has_orbits(campaign))
        return divide_up(n_permutations, campaign->unit_permutations);
    return divide_up(campaign_orbits(campaign, n_permutations), campaign->unit_permutations) *
           campaign_slices(campaign);
}

int64_t campaign_unit_count(const struct campaign *campaign)
{
    return campaign_units_of(campaign, campaign->n_permutations);
}

double campaign_unit_permutations(const struct campaign *campaign)
{
    double draws = (double)campaign->unit_permutations;
    return campaign_has_orbits(campaign)
               ? draws * (double)campaign->n_shifts / (double)campaign_slices(campaign)
               : draws;
}

/* How many of the first `count` draws (permutations or orbits) the k-th G of them are: G, fewer at the end.
 */
static int64_t draws_of(const struct campaign *campaign, int64_t k, int64_t count)
{
    int64_t left = count - k * campaign->unit_permutations;
    return left <= 0 ? 0 : left < campaign->unit_permutations ? left : campaign->unit_permutations;
}

int64_t campaign_permutations_done(const struct campaign *campaign, const bool *done, int64_t n_permutations)
{
    bool orbits = campaign_has_orbits(campaign);
    int64_t slices = orbits ? campaign_slices(campaign) : 1, n_units, sum = 0;
    int64_t draws = orbits ? campaign_orbits(campaign, n_permutations) : n_permutations;
    n_units = campaign_units_of(campaign, n_permutations);
    for (int64_t u = 0; u < n_units; u++)
        sum += done[u] ? draws_of(campaign, u / slices, draws) : 0;
    return orbits ? (int64_t)((double)sum * (double)campaign->n_shifts / (double)slices) : sum;
}

void campaign_free(struct campaign *campaign)
{
    schema_free(&campaign_schema, campaign);
}
