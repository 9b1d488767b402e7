#include "checkpoint/part_files.h"

#include "checkpoint/campaign_schema.h"
#include "checkpoint/new_campaign.h"
#include "checkpoint/part_file.h"

#include <stdlib.h>

int part_files_create(const char *campaign_path, int rank, const struct campaign *campaign,
                      struct campaign_units **units, struct error *err)
{
    *units = NULL;
    char *path = part_file_path(campaign_path, rank, err);
    if (path == NULL)
        return err->code;
    int code = new_campaign_write(path, &part_file_schema, campaign, NULL, err);
    if (code == 0)
        code = units_open(units, path, &part_file_schema, true, err);
    free(path);
    return code;
}
