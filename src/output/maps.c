#include "output/maps.h"

#include "base/memory.h"
#include "output/map.h"

#include <math.h>
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

int maps_write_values(const char *path, const struct regions *regions, const double *values,
                      const struct maps_meaning *meaning, struct error *err)
{
    float *voxels = memory_zeroed(image_grid_voxel_count(&regions->grid), sizeof *voxels, "a map", err);
    for (size_t v = 0; voxels != NULL && v < regions->n_voxels; v++) {
        double value = values[regions->target[v]];
        voxels[regions->voxel[v]] = isnan(value) ? 0 : (float)value;
    }
    struct image_content content = {.grid = regions->grid,
                                    .floats = voxels,
                                    .description = meaning->description,
                                    .meaning = meaning->meaning};
    int code = voxels != NULL ? map_write(path, &content, err) : err->code;
    free(voxels);
    return code;
}

static int write_map(enum result_id id, const char *folder, const struct regions *regions,
                     const struct result_row *rows, double *values, struct error *err)
{
    const struct result_map *map = &result_column(id)->map;
    const struct maps_meaning meaning = {map->description, map->meaning};
    for (size_t t = 0; t < regions->n_targets; t++)
        values[t] = result_map_value(&rows[t], id);
    char *path = path_of(id, folder, err);
    int code = path != NULL ? maps_write_values(path, regions, values, &meaning, err) : err->code;
    free(path);
    return code;
}

int maps_write(const char *folder, const struct regions *regions, const struct result_row *rows,
               struct error *err)
{
    double *values = memory_zeroed(regions->n_targets, sizeof *values, "a map", err);
    for (int id = 0; values != NULL && err->code == 0 && id < RESULT_COLUMNS; id++)
        if (result_column((enum result_id)id)->map.name != NULL)
            write_map((enum result_id)id, folder, regions, rows, values, err);
    free(values);
    return err->code;
}
