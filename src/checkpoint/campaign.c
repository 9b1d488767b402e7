#include "checkpoint/campaign.h"

#include "checkpoint/campaign_schema.h"

int64_t campaign_unit_count(const struct campaign *campaign)
{
    int64_t whole = campaign->n_permutations / campaign->unit_permutations;
    return whole + (campaign->n_permutations % campaign->unit_permutations != 0);
}

void campaign_free(struct campaign *campaign)
{
    schema_free(&campaign_schema, campaign);
}

int64_t campaign_unit_size(int64_t unit, int64_t unit_permutations, int64_t count)
{
    int64_t left = count - unit * unit_permutations;
    return left <= 0 ? 0 : left < unit_permutations ? left : unit_permutations;
}
