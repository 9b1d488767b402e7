#include "run/earlier_outputs.h"

#include "base/folder.h"
#include "output/map.h"
#include "output/maps.h"
#include "run/prepare.h"
#include "run/relative_lists.h"

#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

int earlier_outputs_remove_own(const char *path, int (*check)(const char *path, struct error *err),
                               struct error *err)
{
    struct error not_own = {0};
    bool is_own = access(path, F_OK) == 0 && check(path, &not_own) == 0;
    return is_own ? prepare_remove(path, err) : 0;
}

static int remove_maps(const char *folder, struct error *err)
{
    struct text_list maps = {0};
    char *beside = folder_path(folder, "maps", err);
    if (beside != NULL)
        maps_list(beside, &maps, err);
    for (size_t k = 0; err->code == 0 && k < maps.count; k++)
        earlier_outputs_remove_own(maps.items[k], map_check, err);
    text_list_free(&maps);
    free(beside);
    return err->code;
}

int earlier_outputs_remove(const char *folder, struct error *err)
{
    return relative_lists_remove(folder, err) == 0 ? remove_maps(folder, err) : err->code;
}
