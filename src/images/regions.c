#include "images/regions.h"

#include "base/compare.h"
#include "base/memory.h"
#include "images/image_file.h"
#include "images/label_names.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { VOXEL_NAME_BYTES = 64 };

/* How far a label may be from a whole number: a slope in the header is a float32. */
static const double WHOLE = 1e-4, FLOAT_ROUNDING = 6e-8;

/* inside[v] = whether voxel v is in the mask: anything but 0. A mask has one other value than 0, or it is
 * something else, a probability map for example. */
struct masking {
    const char *path;
    bool *inside;
    size_t n_inside;
    double value;
};

static int take_mask(void *context, size_t first, const double *values, size_t count, struct error *err)
{
    struct masking *masking = context;
    for (size_t v = 0; v < count; v++) {
        masking->inside[first + v] = values[v] != 0; /* NaN too: refused below */
        if (values[v] == 0)
            continue;
        masking->value = masking->n_inside++ == 0 ? values[v] : masking->value;
        if (!(values[v] == masking->value) || !isfinite(values[v]))
            return error_set(err, EXIT_CODE_BAD_INPUT,
                             "%s: values %g and %g found; expected a mask, 0 and one other number",
                             masking->path, masking->value, values[v]);
    }
    return 0;
}

/* The caller frees it. Its grid is compared before there is memory for it: a packed file of some kilobytes
 * may say that it is of any. */
static bool *read_mask(const struct regions_request *request, struct error *err)
{
    struct image_file file;
    size_t count = image_grid_voxel_count(request->grid);
    struct masking masking = {.path = request->mask};
    if (image_file_open_one(&file, request->mask, err) != 0)
        return NULL;
    if (image_file_check_grid(request->mask, &file.grid, request->grid_path, request->grid,
                              request->tolerance_mm, "", err) == 0)
        masking.inside = memory_zeroed(count, sizeof *masking.inside, "the mask", err);
    if (masking.inside != NULL && image_file_read_pieces(&file, take_mask, &masking, err) == 0 &&
        masking.n_inside == 0)
        error_set(err, EXIT_CODE_BAD_INPUT,
                  "%s: no voxel inside the mask found: all %zu are 0; expected some", request->mask, count);
    image_file_close(&file);
    if (err->code == 0)
        return masking.inside;
    free(masking.inside);
    return NULL;
}

/* The same where there is no mask: every voxel is inside. */
static bool *find_inside(const struct regions_request *request, struct error *err)
{
    size_t count = image_grid_voxel_count(request->grid);
    if (request->mask != NULL)
        return read_mask(request, err);
    bool *inside = memory_zeroed(count, sizeof *inside, "the mask", err);
    if (inside != NULL)
        memset(inside, true, count);
    return inside;
}

/* label[v] of the atlas's own grid: whole numbers from 0. */
struct labelling {
    const char *path;
    const struct image_grid *grid;
    int32_t *label;
};

static int take_labels(void *context, size_t first, const double *values, size_t count, struct error *err)
{
    const struct labelling *labelling = context;
    char name[VOXEL_NAME_BYTES];
    for (size_t v = 0; v < count; v++) {
        double whole = round(values[v]);
        if (!(whole >= 0 && whole <= INT32_MAX &&
              fabs(values[v] - whole) <= WHOLE + FLOAT_ROUNDING * whole)) {
            image_grid_voxel_name(labelling->grid, first + v, name, sizeof name);
            return error_set(err, EXIT_CODE_BAD_INPUT,
                             "%s: %.9g found at voxel %s; expected labels, whole numbers from 0 to %d",
                             labelling->path, values[v], name, INT32_MAX);
        }
        labelling->label[first + v] = (int32_t)whole;
    }
    return 0;
}

/* All label numbers that are in an image or in the list of names, ascending, without 0. The caller frees
 * them. */
static int32_t *distinct_labels(const int32_t *label, size_t count, const struct label_names *names,
                                size_t *n_distinct, struct error *err)
{
    size_t n = 0, kept = 0;
    int32_t *all = memory_zeroed(count + names->names.count, sizeof *all, "the atlas's labels", err);
    if (all == NULL)
        return NULL;
    for (size_t v = 0; v < count; v++) /* labels come in long runs: this leaves little to sort */
        if (label[v] != 0 && (n == 0 || all[n - 1] != label[v]))
            all[n++] = label[v];
    for (size_t k = 0; k < names->names.count; k++)
        all[n++] = names->number[k];
    qsort(all, n, sizeof *all, compare_int32);
    for (size_t k = 0; k < n; k++)
        if (kept == 0 || all[kept - 1] != all[k])
            all[kept++] = all[k];
    *n_distinct = kept;
    return all;
}

/* The atlas on its own grid and the names of its labels. */
struct atlas {
    struct image_grid grid;
    int32_t *label;
    int32_t *distinct; /* ascending */
    size_t n_distinct;
    struct label_names names;
};

/* An atlas on another grid may be finer than the images, but a small packed file may say that it is of any.
 */
static int check_size(const struct regions_request *request, const struct image_grid *grid, struct error *err)
{
    const size_t most_a_voxel = 1000, always = 64 << 20;
    size_t most = most_a_voxel * image_grid_voxel_count(request->grid);
    char text[IMAGE_GRID_TEXT_BYTES];
    most = most > always ? most : always;
    if (image_grid_voxel_count(grid) <= most)
        return 0;
    return error_set(err, EXIT_CODE_BAD_INPUT,
                     "%s: %s found; expected at most %zu voxels, beside images of the grid of %s",
                     request->atlas, image_grid_text(text, grid), most, request->grid_path);
}

static int read_labels(struct atlas *atlas, const struct regions_request *request, struct error *err)
{
    struct image_file file;
    if (image_file_open_one(&file, request->atlas, err) != 0)
        return err->code;
    atlas->grid = file.grid;
    image_file_tell_unit(&file, request->log);
    if (request->resample)
        check_size(request, &atlas->grid, err);
    else
        image_file_check_grid(request->atlas, &atlas->grid, request->grid_path, request->grid,
                              request->tolerance_mm,
                              " (targets.resample: nearest takes an atlas on another grid)", err);
    if (err->code == 0)
        atlas->label =
            memory_zeroed(image_grid_voxel_count(&atlas->grid), sizeof *atlas->label, "the atlas", err);
    struct labelling labelling = {request->atlas, &atlas->grid, atlas->label};
    if (atlas->label != NULL)
        image_file_read_pieces(&file, take_labels, &labelling, err);
    image_file_close(&file);
    return err->code;
}

static int read_atlas(struct atlas *atlas, const struct regions_request *request, struct error *err)
{
    if (read_labels(atlas, request, err) != 0)
        return err->code;
    size_t count = image_grid_voxel_count(&atlas->grid);
    if (request->label_names == NULL || label_names_read(&atlas->names, request->label_names, err) == 0)
        atlas->distinct = distinct_labels(atlas->label, count, &atlas->names, &atlas->n_distinct, err);
    if (err->code == 0 && atlas->n_distinct == 0)
        error_set(err, EXIT_CODE_BAD_INPUT, "%s: no label found: all %zu voxels are 0; expected some",
                  request->atlas, count);
    return err->code;
}

static void free_atlas(struct atlas *atlas)
{
    free(atlas->label);
    free(atlas->distinct);
    label_names_free(&atlas->names);
}

/* Replaces the labels on the atlas's grid by labels on the images' grid. */
static int bring_to_grid(struct atlas *atlas, const struct image_grid *grid, double tolerance_mm,
                         struct error *err)
{
    if (image_grid_same(&atlas->grid, grid, tolerance_mm))
        return 0;
    size_t count = image_grid_voxel_count(grid);
    int64_t *nearest = memory_zeroed(count, sizeof *nearest, "the resampled atlas", err);
    int32_t *label = memory_zeroed(count, sizeof *label, "the resampled atlas", err);
    if (nearest != NULL && label != NULL) {
        image_grid_nearest(grid, &atlas->grid, nearest);
        for (size_t v = 0; v < count; v++)
            label[v] = nearest[v] >= 0 ? atlas->label[nearest[v]] : 0;
        free(atlas->label);
        atlas->label = label;
        label = NULL;
    }
    free(nearest);
    free(label);
    return err->code;
}

static int make_room(struct regions *regions, size_t n_targets, size_t n_voxels, struct error *err)
{
    regions->n_targets = n_targets;
    regions->n_voxels = n_voxels;
    regions->notes = memory_zeroed(n_targets, sizeof *regions->notes, "the regions", err);
    regions->size = memory_zeroed(n_targets, sizeof *regions->size, "the regions", err);
    regions->voxel = memory_zeroed(n_voxels, sizeof *regions->voxel, "the regions' voxels", err);
    regions->target = memory_zeroed(n_voxels, sizeof *regions->target, "the regions' voxels", err);
    return err->code;
}

static int name_labels(struct regions *regions, const struct atlas *atlas, struct error *err)
{
    for (size_t t = 0; t < atlas->n_distinct; t++) {
        const char *name = label_names_find(&atlas->names, atlas->distinct[t]);
        char *full = memory_format(err, "%d%s%s", atlas->distinct[t], name != NULL ? "_" : "",
                                   name != NULL ? name : "");
        if (full != NULL)
            text_list_add(&regions->names, full, err);
        free(full);
        if (err->code != 0)
            return err->code;
    }
    return 0;
}

/* in_image[t]: whether the atlas has the label at all, before mask and resampling. */
static int note_empty(struct regions *regions, const bool *in_image, bool resampled, struct error *err)
{
    const char *lost = resampled ? "no voxel in the mask after resampling" : "no voxel in the mask";
    for (size_t t = 0; t < regions->n_targets; t++) {
        if (regions->size[t] > 0)
            continue;
        regions->notes[t] = memory_string(in_image[t] ? lost : "no voxel in the atlas", err);
        if (regions->notes[t] == NULL)
            return err->code;
    }
    return 0;
}

static size_t position_of(const struct atlas *atlas, int32_t label)
{
    const int32_t *found = bsearch(&label, atlas->distinct, atlas->n_distinct, sizeof label, compare_int32);
    return (size_t)(found - atlas->distinct);
}

static void mark_labels(const struct atlas *atlas, bool *in_image)
{
    size_t count = image_grid_voxel_count(&atlas->grid);
    int32_t last = 0;
    for (size_t v = 0; v < count; v++)
        if (atlas->label[v] != last && (last = atlas->label[v]) != 0)
            in_image[position_of(atlas, last)] = true;
}

static void fill_from_atlas(struct regions *regions, const struct atlas *atlas, const bool *inside)
{
    size_t count = image_grid_voxel_count(&regions->grid), used = 0, position = 0;
    int32_t last = 0;
    for (size_t v = 0; v < count; v++) {
        if (!inside[v] || atlas->label[v] == 0)
            continue;
        if (atlas->label[v] != last)
            position = position_of(atlas, last = atlas->label[v]);
        regions->voxel[used] = v;
        regions->target[used++] = (int32_t)position;
        regions->size[position]++;
    }
}

static int from_atlas(struct regions *regions, const struct regions_request *request, const bool *inside,
                      struct error *err)
{
    struct atlas atlas = {0};
    bool *in_image = NULL;
    size_t count = image_grid_voxel_count(request->grid), n_voxels = 0;
    if (read_atlas(&atlas, request, err) == 0)
        in_image = memory_zeroed(atlas.n_distinct, sizeof *in_image, "the atlas's labels", err);
    if (in_image != NULL) {
        mark_labels(&atlas, in_image);
        bring_to_grid(&atlas, request->grid, request->tolerance_mm, err);
    }
    for (size_t v = 0; err->code == 0 && v < count; v++)
        n_voxels += inside[v] && atlas.label[v] != 0;
    if (err->code == 0 && n_voxels == 0)
        error_set(err, EXIT_CODE_BAD_INPUT,
                  "%s: none of its %zu labels has a voxel in %s; expected images of the same space",
                  request->atlas, atlas.n_distinct, request->grid_path);
    if (err->code == 0 && name_labels(regions, &atlas, err) == 0 &&
        make_room(regions, atlas.n_distinct, n_voxels, err) == 0) {
        fill_from_atlas(regions, &atlas, inside);
        note_empty(regions, in_image, !image_grid_same(&atlas.grid, request->grid, request->tolerance_mm),
                   err);
    }
    free(in_image);
    free_atlas(&atlas);
    return err->code;
}

static int from_voxels(struct regions *regions, const struct regions_request *request, const bool *inside,
                       struct error *err)
{
    char name[VOXEL_NAME_BYTES];
    size_t count = image_grid_voxel_count(&regions->grid), used = 0;
    if (regions->n_mask_voxels > REGIONS_MOST_VOXELS)
        return error_set(err, EXIT_CODE_BAD_INPUT,
                         "%s: %zu voxels inside the mask found; expected at most %d, each a target",
                         request->mask, regions->n_mask_voxels, REGIONS_MOST_VOXELS);
    if (make_room(regions, regions->n_mask_voxels, regions->n_mask_voxels, err) != 0)
        return err->code;
    for (size_t v = 0; v < count; v++) {
        if (!inside[v])
            continue;
        image_grid_voxel_name(&regions->grid, v, name, sizeof name);
        if (text_list_add(&regions->names, name, err) != 0)
            return err->code;
        regions->voxel[used] = v;
        regions->size[used] = 1;
        regions->target[used] = (int32_t)used;
        used++;
    }
    return 0;
}

int regions_init(struct regions *regions, const struct regions_request *request, struct error *err)
{
    *regions = (struct regions){.grid = *request->grid};
    bool *inside = find_inside(request, err);
    if (inside == NULL)
        return err->code;
    for (size_t v = 0; v < image_grid_voxel_count(request->grid); v++)
        regions->n_mask_voxels += inside[v];
    if (request->atlas != NULL)
        from_atlas(regions, request, inside, err);
    else
        from_voxels(regions, request, inside, err);
    free(inside);
    if (err->code != 0)
        regions_free(regions);
    return err->code;
}

void regions_free(struct regions *regions)
{
    text_list_free(&regions->names);
    for (size_t t = 0; regions->notes != NULL && t < regions->n_targets; t++)
        free(regions->notes[t]);
    free(regions->notes);
    free(regions->size);
    free(regions->voxel);
    free(regions->target);
    *regions = (struct regions){0};
}

size_t regions_average(const struct regions *regions, const double *image, double *values)
{
    size_t n_bad = 0;
    for (size_t t = 0; t < regions->n_targets; t++)
        values[t] = regions->size[t] > 0 ? 0 : NAN;
    for (size_t v = 0; v < regions->n_voxels; v++) {
        bool bad = !isfinite(image[v]);
        n_bad += bad;
        values[regions->target[v]] += bad ? NAN : image[v];
    }
    for (size_t t = 0; t < regions->n_targets; t++)
        values[t] /= (double)regions->size[t]; /* infinite if the sum has overflowed */
    for (size_t t = 0; t < regions->n_targets; t++)
        values[t] = isfinite(values[t]) ? values[t] : NAN;
    return n_bad;
}
