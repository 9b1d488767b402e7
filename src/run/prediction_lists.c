#include "run/prediction_lists.h"

#include "base/memory.h"
#include "output/predictions_table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int remove_older(const char *path, struct error *err)
{
    if (predictions_table_check(path, err) == 0 && unlink(path) != 0 && errno != ENOENT)
        error_set(err, EXIT_CODE_FAILED, "%s: is of another run and cannot be removed: %s", path,
                  strerror(errno));
    return err->code;
}

int prediction_lists_write(const char *path, const struct campaign *campaign, struct error *err)
{
    if (campaign->n_predicted == 0)
        return remove_older(path, err);
    char **names = memory_zeroed(campaign->n_targets, sizeof *names, "the predictions", err);
    for (size_t i = 0, t = 0; names != NULL && i < campaign->n_targets_all; i++)
        if (campaign->target_analysed[i] != 0)
            names[t++] = campaign->target_name[i];
    if (names != NULL)
        predictions_table_write(path,
                                &(struct predictions_table){.n = campaign->n,
                                                            .n_targets = campaign->n_targets,
                                                            .target = names,
                                                            .fid = campaign->fid,
                                                            .iid = campaign->iid,
                                                            .fold = campaign->outer_fold,
                                                            .observed = campaign->beyond,
                                                            .predicted = campaign->predicted},
                                err);
    free(names);
    return err->code;
}
