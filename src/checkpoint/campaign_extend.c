#include "checkpoint/campaign.h"

#include "checkpoint/campaign_schema.h"
#include "checkpoint/new_campaign.h"

/* Writes the larger file in the place of the one that is open, and opens it. */
static int replace_by_larger(struct campaign_units **units, const struct campaign *larger, struct error *err)
{
    struct campaign_units *opened;
    if (new_campaign_write((*units)->path, &campaign_schema, larger, *units, err) != 0 ||
        units_open(&opened, (*units)->path, &campaign_schema, true, err) != 0)
        return err->code;
    campaign_units_close(*units);
    *units = opened;
    return 0;
}

int campaign_extend(struct campaign_units **units, int64_t n_permutations, struct error *err)
{
    const char *path = (*units)->path;
    struct campaign campaign = {0};
    int code = campaign_read(&campaign, path, err);
    if (code == 0 && n_permutations < campaign.n_permutations)
        code = error_set(err, EXIT_CODE_FAILED,
                         "%s: has %lld permutations, which cannot become %lld; expected at least as many",
                         path, (long long)campaign.n_permutations, (long long)n_permutations);
    if (code == 0 && n_permutations > campaign.n_permutations) {
        campaign.n_permutations = n_permutations;
        code = replace_by_larger(units, &campaign, err);
    }
    campaign_free(&campaign);
    return code;
}
