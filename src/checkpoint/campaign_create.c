#include "checkpoint/campaign.h"

#include "checkpoint/campaign_lock.h"
#include "checkpoint/campaign_schema.h"
#include "checkpoint/new_campaign.h"
#include "checkpoint/schema_write.h"

#include <unistd.h>

int campaign_check_name(const char *path, struct error *err)
{
    return schema_write_check(path, &campaign_schema, err);
}

int campaign_create(const char *path, const struct campaign *campaign, struct error *err)
{
    if (campaign_check_name(path, err) != 0)
        return err->code;
    int lock;
    /* Not while another run saves to it: that run would go on writing to a file that has no name any more. */
    int code = campaign_lock_take(&lock, path, err);
    if (code != 0)
        return code;
    code = new_campaign_write(path, &campaign_schema, campaign, NULL, err);
    close(lock);
    return code;
}
