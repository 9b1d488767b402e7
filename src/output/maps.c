#include "output/maps.h"

#include "base/memory.h"
#include "output/map.h"

#include <stdlib.h>

static char *path_of(enum result_id id, const char *folder, struct error *err)
{
    return memory_format(err, "%s/%s.nii.gz", folder, result_column(id)->map.name);
}

int maps_list(const char *folder, struct text_list *paths, struct error *err)
{
    for (int id = 0; err->code == 0 && id < RESULT_COLUMNS; id++) {
        if (result_column((enum result_id)id)->map.name == NULL)
            continue;
        char *path = path_of((enum result_id)id, folder, err);
        if (path != NULL)
            text_list_add(paths, path, err);
        free(path);
    }
    return err->code;
}

static int write_map(enum result_id id, const char *folder, const struct regions *regions,
                     const struct result_row *rows, float *values, struct error *err)
{
    const struct result_map *map = &result_column(id)->map;
    for (size_t v = 0; v < regions->n_voxels; v++)
        values[regions->voxel[v]] = (float)result_map_value(&rows[regions->target[v]], id);
    struct image_content content = {
        .grid = regions->grid, .floats = values, .description = map->description, .meaning = map->meaning};
    char *path = path_of(id, folder, err);
    int code = path != NULL ? map_write(path, &content, err) : err->code;
    free(path);
    return code;
}

int maps_write(const char *folder, const struct regions *regions, const struct result_row *rows,
               struct error *err)
{
    float *values = memory_zeroed(image_grid_voxel_count(&regions->grid), sizeof *values, "a map", err);
    for (int id = 0; values != NULL && err->code == 0 && id < RESULT_COLUMNS; id++)
        if (result_column((enum result_id)id)->map.name != NULL)
            write_map((enum result_id)id, folder, regions, rows, values, err);
    free(values);
    return err->code;
}
