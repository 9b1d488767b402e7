#include "output/parcels.h"

#include "base/memory.h"
#include "base/replace.h"
#include "output/map.h"

#include <math.h>
#include <stdlib.h>

static const char header[] = "index\tname\tvoxels\tvolume_mm3\tx_mm\ty_mm\tz_mm\tpiece\n";
static const struct replace_kind table_kind = {
    .a_file = "a table of parcels", .begins = header, .begins_bytes = sizeof header - 1};

struct parcel {
    size_t n_voxels;
    double sum[3]; /* of the voxels' indices */
    uint32_t piece;
};

static void add_voxels(const struct parcels *parcels, struct parcel *all)
{
    size_t width = (size_t)parcels->grid->size[0], height = (size_t)parcels->grid->size[1];
    for (size_t v = 0; v < parcels->n_voxels; v++) {
        struct parcel *parcel = &all[parcels->label[v] - 1];
        size_t place = parcels->voxel[v];
        parcel->n_voxels++;
        parcel->sum[0] += (double)(place % width);
        parcel->sum[1] += (double)(place / width % height);
        parcel->sum[2] += (double)(place / width / height);
        parcel->piece = parcels->piece[v];
    }
}

static void write_parcel(FILE *file, const struct image_grid *grid, size_t index, const struct parcel *parcel)
{
    double centre[3], n = (double)parcel->n_voxels;
    for (int axis = 0; axis < 3; axis++) {
        const double *row = grid->affine[axis];
        double mean =
            (row[0] * parcel->sum[0] + row[1] * parcel->sum[1] + row[2] * parcel->sum[2]) / n + row[3];
        centre[axis] = round(100 * mean) / 100 + 0.0; /* never -0 */
    }
    fprintf(file, "%zu\tat_%.0f_%.0f_%.0f\t%zu\t%.10g\t%.2f\t%.2f\t%.2f\t%u\n", index, round(centre[0]) + 0.0,
            round(centre[1]) + 0.0, round(centre[2]) + 0.0, parcel->n_voxels, n * image_grid_voxel_mm3(grid),
            centre[0], centre[1], centre[2], parcel->piece + 1);
}

int parcels_write_table(const char *path, const struct parcels *parcels, struct error *err)
{
    struct parcel *all = memory_zeroed(parcels->n_parcels, sizeof *all, "the parcels", err);
    struct replace replace;
    if (all == NULL || replace_open(&replace, path, &table_kind, err) != 0) {
        free(all);
        return err->code;
    }
    add_voxels(parcels, all);
    fputs(header, replace.file);
    for (size_t k = 0; k < parcels->n_parcels; k++)
        write_parcel(replace.file, parcels->grid, k + 1, &all[k]);
    free(all);
    return replace_finish(&replace, err); /* a write that failed above is seen there */
}

int parcels_check_table(const char *path, struct error *err)
{
    return replace_check(path, &table_kind, err);
}

int parcels_write_image(const char *path, const struct parcels *parcels, struct error *err)
{
    int32_t *labels =
        memory_zeroed(image_grid_voxel_count(parcels->grid), sizeof *labels, "the image of parcels", err);
    if (labels == NULL)
        return err->code;
    for (size_t v = 0; v < parcels->n_voxels; v++)
        labels[parcels->voxel[v]] = parcels->label[v];
    char description[80];
    snprintf(description, sizeof description, "arete " ARETE_VERSION ": %zu Ward parcels",
             parcels->n_parcels);
    struct image_content content = {
        .grid = *parcels->grid, .labels = labels, .description = description, .meaning = IMAGE_MEANING_LABEL};
    int code = map_write(path, &content, err);
    free(labels);
    return code;
}
