#include "checkpoint/campaign.h"

#include "checkpoint/campaign_lock.h"
#include "checkpoint/campaign_schema.h"
#include "checkpoint/new_campaign.h"

#include <sys/stat.h>
#include <unistd.h>

int campaign_create(const char *path, const struct campaign *campaign, struct error *err)
{
    struct stat status;
    if (stat(path, &status) == 0 && !S_ISREG(status.st_mode))
        return error_set(err, EXIT_CODE_FAILED, "%s: exists and is not a file; expected the campaign's name",
                         path);
    int lock;
    /* Not while another run saves to it: that run would go on writing to a file that has no name any more. */
    int code = campaign_lock_take(&lock, path, err);
    if (code != 0)
        return code;
    code = new_campaign_write(path, &campaign_schema, campaign, NULL, err);
    close(lock);
    return code;
}
