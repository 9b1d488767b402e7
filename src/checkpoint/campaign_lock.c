#include "checkpoint/campaign_lock.h"

#include "base/memory.h"
#include "checkpoint/campaign.h"
#include "checkpoint/durable.h"

#include <stdlib.h>

static char *lock_path(const char *campaign_path, struct error *err)
{
    char *folder = durable_folder(campaign_path, err);
    char *path = folder != NULL ? memory_format(err, "%s/campaign.lock", folder) : NULL;
    free(folder);
    return path;
}

int campaign_lock_take(int *descriptor, const char *campaign_path, struct error *err)
{
    char *lock = lock_path(campaign_path, err);
    int code = lock != NULL ? durable_lock(descriptor, lock, err) : err->code;
    free(lock);
    return code;
}

int campaign_lock_holder(const char *path, bool *held, char *text, struct error *err)
{
    *held = false;
    text[0] = '\0';
    char *lock = lock_path(path, err);
    int code = lock != NULL ? durable_lock_holder(lock, held, text, CAMPAIGN_HOLDER_BYTES, err) : err->code;
    free(lock);
    return code;
}
