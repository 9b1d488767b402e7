#include "checkpoint/campaign.h"

#include "checkpoint/campaign_schema.h"
#include "checkpoint/new_campaign.h"
#include "checkpoint/schema_write.h"

int campaign_check_name(const char *path, struct error *err)
{
    return schema_write_check(path, &campaign_schema, err);
}

int campaign_create(const char *path, const struct campaign *campaign, struct error *err)
{
    return new_campaign_write(path, &campaign_schema, campaign, NULL, err);
}
