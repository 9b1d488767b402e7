/* A mask, an atlas, the names of its labels: two lengths of two bytes, then the three files; by the first
 * byte which of them there are, and whether the atlas is resampled to the mask's grid. */
#include "fuzz.h"
#include "images/image_file.h"
#include "images/label_names.h"
#include "images/regions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_VOXELS = 1 << 16 };

/* A region is of voxels of the grid, and has one value. */
static void average(const struct regions *regions)
{
    size_t n_voxels = image_grid_voxel_count(&regions->grid);
    double *image = calloc(regions->n_voxels + 1, sizeof *image),
           *values = calloc(regions->n_targets + 1, sizeof *values);
    if (image == NULL || values == NULL)
        abort();
    for (size_t v = 0; v < regions->n_voxels; v++)
        if (regions->voxel[v] >= n_voxels || (size_t)regions->target[v] >= regions->n_targets)
            abort();
    regions_average(regions, image, values);
    free(values);
    free(image);
}

static void find_regions(const char *mask, const char *atlas, const char *names, bool resample)
{
    struct error err = {0};
    struct image_file file;
    struct regions regions;
    if (image_file_open(&file, mask, &err) != 0)
        return;
    const struct image_grid grid = file.grid;
    image_file_close(&file);
    const struct regions_request request = {.grid = &grid,
                                            .grid_path = mask,
                                            .tolerance_mm = IMAGE_GRID_TOLERANCE_MM,
                                            .mask = mask,
                                            .atlas = atlas,
                                            .label_names = names,
                                            .resample = resample};
    if (image_grid_voxel_count(&grid) <= MOST_VOXELS && regions_init(&regions, &request, &err) == 0) {
        average(&regions);
        regions_free(&regions);
    }
}

static void read_names(const char *path)
{
    struct error err = {0}, why_not = {0};
    struct label_names names;
    bool begins;
    label_names_begin(path, &begins, &why_not, &err);
    err = (struct error){0};
    if (label_names_read(&names, path, &err) != 0)
        return;
    for (size_t k = 0; k < names.names.count; k++)
        if (label_names_find(&names, names.number[k]) != names.names.items[k])
            abort(); /* not ascending, or twice */
    label_names_free(&names);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint16_t length[2];
    if (size < 1 + sizeof length)
        return 0;
    uint8_t which = data[0];
    memcpy(length, data + 1, sizeof length);
    data += 1 + sizeof length;
    size -= 1 + sizeof length;
    size_t mask = length[0] < size ? length[0] : size,
           atlas = length[1] < size - mask ? length[1] : size - mask;
    const char *mask_path = fuzz_put("mask.nii", data, mask),
               *atlas_path = fuzz_put("atlas.nii", data + mask, atlas),
               *names_path = fuzz_put("atlas.txt", data + mask + atlas, size - mask - atlas);
    read_names(names_path);
    find_regions(mask_path, which & 1 ? atlas_path : NULL, which & 2 ? names_path : NULL, which & 4);
    return 0;
}
