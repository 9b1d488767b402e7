#include "base/open_file.h"
#include "checkpoint/campaign.h"
#include "checkpoint/units.h"

#include <sys/stat.h>
#include <unistd.h>

/* While a file is open no other one gets its inode. */
static int check_same(const struct campaign_units *units, const struct stat *before, struct error *err)
{
    struct stat now;
    bool same =
        fstat(units->descriptor, &now) == 0 && now.st_dev == before->st_dev && now.st_ino == before->st_ino;
    return same ? 0
                : error_set(err, EXIT_CODE_FAILED,
                            "%s: was replaced while it was read; the same command reads what is there now",
                            units->path);
}

int campaign_open_read(struct campaign *campaign, struct campaign_units **units, const char *path,
                       struct error *err)
{
    struct stat before;
    *campaign = (struct campaign){0};
    *units = NULL;
    int descriptor = open_file_read(path, &before, err);
    if (descriptor < 0)
        return err->code;
    if (campaign_read(campaign, path, err) == 0 && campaign_units_open_read(units, path, err) == 0)
        check_same(*units, &before, err);
    close(descriptor);
    return err->code;
}
