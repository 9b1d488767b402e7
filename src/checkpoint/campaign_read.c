#include "checkpoint/campaign_schema.h"
#include "checkpoint/schema_read.h"

#include <string.h>

int campaign_read(struct campaign *campaign, const char *path, struct error *err)
{
    return schema_read(campaign, &campaign_schema, path, err);
}

int campaign_read_fingerprints(struct campaign *campaign, const char *path, struct error *err)
{
    return schema_read_one(campaign, &campaign_schema, path, CAMPAIGN_FINGERPRINT, err);
}

bool campaign_is_same_study(const struct campaign *campaign, const struct campaign *other)
{
    if (campaign->n_fingerprints != other->n_fingerprints)
        return false;
    for (size_t k = 0; k < campaign->n_fingerprints; k++)
        if (strcmp(campaign->fingerprints[k].name, other->fingerprints[k].name) != 0 ||
            campaign->fingerprints[k].hash != other->fingerprints[k].hash)
            return false;
    return true;
}
