#include "checkpoint/campaign.h"

#include "checkpoint/campaign_schema.h"
#include "checkpoint/new_campaign.h"

int campaign_extend(const char *path, int64_t n_permutations, struct error *err)
{
    struct campaign_units *units; /* hold the lock until the new file is there */
    struct campaign campaign = {0};
    int code = campaign_units_open(&units, path, err);
    if (code == 0)
        code = campaign_read(&campaign, path, err);
    if (code == 0 && n_permutations < campaign.n_permutations)
        code = error_set(err, EXIT_CODE_FAILED,
                         "%s: has %lld permutations, which cannot become %lld; expected at least as many",
                         path, (long long)campaign.n_permutations, (long long)n_permutations);
    if (code == 0 && n_permutations > campaign.n_permutations) {
        campaign.n_permutations = n_permutations;
        code = new_campaign_write(path, &campaign_schema, &campaign, units, err);
    }
    campaign_free(&campaign);
    campaign_units_close(units);
    return code;
}
