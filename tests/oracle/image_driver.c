/* image_driver ATLAS|- MASK|- NAMES|- none|nearest IMAGE...: the targets of images, as arete reads them. A
 * line each: name, voxels, note, then the value of each image. */
#include "base/memory.h"
#include "images/image_file.h"
#include "images/regions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *given(const char *argument)
{
    return strcmp(argument, "-") == 0 ? NULL : argument;
}

static int read_image(const char *path, const struct regions *regions, double *values, struct error *err)
{
    struct image_file file;
    double *voxels = memory_aligned(regions->n_voxels, sizeof *voxels, "voxels", err);
    if (voxels == NULL || image_file_open_one(&file, path, err) != 0) {
        free(voxels);
        return err->code;
    }
    if (image_file_check_grid(path, &file.grid, "the grid", &regions->grid, IMAGE_GRID_TOLERANCE_MM, "",
                              err) == 0 &&
        image_file_read(&file, regions->voxel, regions->n_voxels, voxels, err) == 0)
        regions_average(regions, voxels, values);
    image_file_close(&file);
    free(voxels);
    return err->code;
}

static void print(const struct regions *regions, const double *values, int n_images)
{
    for (size_t t = 0; t < regions->n_targets; t++) {
        printf("%s\t%zu\t%s", regions->names.items[t], regions->size[t],
               regions->notes[t] != NULL ? regions->notes[t] : "");
        for (int i = 0; i < n_images; i++)
            printf("\t%.17g", values[(size_t)i * regions->n_targets + t]);
        putchar('\n');
    }
}

static int run(int argc, char **argv, struct error *err)
{
    struct image_file first;
    struct regions regions;
    int n_images = argc - 5;
    if (n_images < 1)
        return error_set(err, EXIT_CODE_BAD_INPUT,
                         "usage: image_driver ATLAS|- MASK|- NAMES|- none|nearest IMAGE...");
    if (image_file_open_one(&first, argv[5], err) != 0)
        return err->code;
    struct regions_request request = {.grid = &first.grid,
                                      .grid_path = argv[5],
                                      .atlas = given(argv[1]),
                                      .mask = given(argv[2]),
                                      .label_names = given(argv[3]),
                                      .resample = strcmp(argv[4], "nearest") == 0,
                                      .tolerance_mm = IMAGE_GRID_TOLERANCE_MM};
    int code = regions_init(&regions, &request, err);
    image_file_close(&first);
    if (code != 0)
        return code;
    double *values = memory_zeroed((size_t)n_images * regions.n_targets, sizeof *values, "values", err);
    for (int i = 0; values != NULL && err->code == 0 && i < n_images; i++)
        read_image(argv[5 + i], &regions, values + (size_t)i * regions.n_targets, err);
    if (err->code == 0)
        print(&regions, values, n_images);
    free(values);
    regions_free(&regions);
    return err->code;
}

int main(int argc, char **argv)
{
    struct error err = {0};
    if (run(argc, argv, &err) != 0)
        fprintf(stderr, "%s\n", err.message);
    return err.code;
}
