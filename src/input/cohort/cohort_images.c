/* Targets from images: whose image is where, what each holds. */
#include "input/cohort/cohort_images.h"

#include "base/memory.h"
#include "base/same_file.h"
#include "images/image_file.h"
#include "images/label_names.h"
#include "input/cohort/cohort_files.h"
#include "input/cohort/cohort_image_gaps.h"
#include "input/cohort/cohort_known.h"
#include "input/cohort/cohort_mean.h"
#include "input/cohort/cohort_targets.h"
#include "input/images/image_table.h"
#include "input/tables/problems.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

enum { TARGETS_LISTED = 3, TARGETS_BYTES = 140, LISTED_BYTES = 400 };

static bool has_many_volumes(const struct cohort_build *build)
{
    return build->request->images->ids != NULL;
}

/* No subject has another's image, under whatever name. */
static int check_shared(const struct cohort_build *build, struct error *err)
{
    const struct genotypes *genotypes = &build->cohort->genotypes;
    struct problems problems = {0};
    char name[SUBJECTS_NAME_BYTES], other[SUBJECTS_NAME_BYTES];
    size_t *first = same_file_firsts(build->image_paths, build->n, err);
    for (size_t j = 0; first != NULL && j < build->n; j++) {
        size_t i = first[j];
        bool renamed = strcmp(build->image_paths[i], build->image_paths[j]) != 0;
        if (i != j)
            problems_add(&problems, err, "%s: %s is the image of both %s and %s%s%s; expected one for each",
                         build->targets.path, build->image_paths[i],
                         subjects_name(name, genotypes->fid.items[i], genotypes->iid.items[i]),
                         subjects_name(other, genotypes->fid.items[j], genotypes->iid.items[j]),
                         renamed ? ", as " : "", renamed ? build->image_paths[j] : "");
    }
    free(first);
    return problems_end(&problems, err);
}

static int find_images(struct cohort_build *build, struct error *err)
{
    build->n_images = build->n;
    build->n_bad_voxels = memory_zeroed(build->n, sizeof *build->n_bad_voxels, "the images", err);
    if (build->n_bad_voxels == NULL || has_many_volumes(build))
        return err->code;
    build->image_paths = memory_zeroed(build->n, sizeof *build->image_paths, "the images' paths", err);
    if (build->image_paths == NULL ||
        image_table_read(&build->targets.table, build->targets.subject_of_row, &build->target_codes,
                         build->image_paths, build->n, err) != 0 ||
        cohort_image_gaps_refuse(build, err) != 0 || check_shared(build, err) != 0)
        return err->code;
    return cohort_files_add_images(build->cohort, build->image_paths, build->n, err);
}

/* The grid every image must have: the mask's, or without one the first image's. */
static int find_grid(const struct cohort_build *build, struct image_grid *grid, const char **path,
                     struct error *err)
{
    const struct cohort_images *images = build->request->images;
    struct image_file file;
    *path = images->mask != NULL      ? images->mask
            : has_many_volumes(build) ? images->images
                                      : build->image_paths[0];
    int code = images->mask == NULL && has_many_volumes(build) ? image_file_open(&file, *path, err)
                                                               : image_file_open_one(&file, *path, err);
    if (code != 0)
        return code;
    *grid = file.grid;
    if (images->mask != NULL)
        image_file_tell_unit(&file, build->log);
    image_file_close(&file);
    return 0;
}

/* Opens a file, whose grid must be that of the regions, with the right number of volumes. */
static int open_image(const struct cohort_build *build, const char *path, const struct image_grid *grid,
                      const char *grid_path, struct image_file *file, struct error *err)
{
    size_t n_rows = build->targets.table.subjects.iid.count;
    int code =
        has_many_volumes(build) ? image_file_open(file, path, err) : image_file_open_one(file, path, err);
    if (code == 0)
        code = image_file_check_grid(path, &file->grid, grid_path, grid,
                                     build->request->images->grid_tolerance_mm, "", err);
    if (code == 0 && has_many_volumes(build) && (size_t)file->n_volumes != n_rows)
        code = error_set(err, EXIT_CODE_BAD_INPUT,
                         "%s: %lld volumes found; expected %zu (rows of %s, one a volume)", path,
                         (long long)file->n_volumes, n_rows, build->targets.path);
    return code;
}

/* Looks at every header before any image is read: the last one may be the wrong one. Of those that have
 * another unit than mm the log names the first. */
static int check_images(const struct cohort_build *build, const struct image_grid *grid,
                        const char *grid_path, struct error *err)
{
    struct problems problems = {0};
    bool told = false;
    size_t n_files = has_many_volumes(build) ? 1 : build->n;
    for (size_t i = 0; i < n_files; i++) {
        const char *path = has_many_volumes(build) ? build->request->images->images : build->image_paths[i];
        struct error one = {0};
        struct image_file file = {0};
        if (open_image(build, path, grid, grid_path, &file, &one) != 0)
            problems_add(&problems, err, "%s", one.message);
        else if (!told)
            told = image_file_tell_unit(&file, build->log);
        image_file_close(&file);
        if (one.code == EXIT_CODE_FAILED)
            return error_set(err, one.code, "%s", one.message);
    }
    return problems_end(&problems, err);
}

/* Maps lie in the space of the images, which the mask's code need not name: it may be a template's. */
static int take_space(const struct cohort_build *build, struct image_grid *grid, struct error *err)
{
    const char *path = has_many_volumes(build) ? build->request->images->images : build->image_paths[0];
    struct image_file file;
    if (image_file_open(&file, path, err) != 0)
        return err->code;
    grid->space = file.grid.space;
    image_file_close(&file);
    if (grid->space == 0)
        log_warning(
            build->log,
            "%s: the image of the first person has no orientation (sform_code and qform_code are 0): which side is "
            "left cannot be told, by the maps neither; x_mm, y_mm and z_mm count from the first voxel",
            build->request->images->images); /* not the image's own name: reports name nobody */
    return 0;
}

static void log_regions(const struct cohort_build *build, const char *label_names)
{
    const struct regions *regions = build->cohort->regions;
    char text[IMAGE_GRID_TEXT_BYTES];
    log_info(build->log, "images: %zu of %s; %zu voxels in the mask, %zu in %zu targets", build->n,
             image_grid_text(text, &regions->grid), regions->n_mask_voxels, regions->n_voxels,
             regions->n_targets);
    if (build->request->images->atlas != NULL)
        log_info(build->log, "images: names of labels: %s", label_names != NULL ? label_names : "none");
}

/* The names beside the atlas, where no other file is asked for. *path is the caller's. */
static int find_names(struct cohort_build *build, char **path, struct error *err)
{
    const struct cohort_images *images = build->request->images;
    *path = NULL;
    if (images->atlas == NULL || images->label_names != NULL)
        return 0;
    if (label_names_beside(images->atlas, path, err) != 0 || *path == NULL)
        return err->code;
    /* nobody asked for it, so it may be something else, such as a readme */
    bool begins;
    struct error why_not = {0};
    if (label_names_begin(*path, &begins, &why_not, err) != 0)
        return err->code;
    if (!begins) {
        log_warning(build->log,
                    "the labels of %s have numbers alone: the file beside it holds no names (%s); "
                    "targets.atlas_names takes another one",
                    images->atlas, why_not.message);
        free(*path);
        *path = NULL;
        return 0;
    }
    return cohort_files_add_images(build->cohort, path, 1, err);
}

static int make_regions(struct cohort_build *build, const struct image_grid *grid, const char *grid_path,
                        struct error *err)
{
    const struct cohort_images *images = build->request->images;
    struct cohort *cohort = build->cohort;
    char *beside;
    int code = find_names(build, &beside, err);
    struct regions_request request = {.grid = grid,
                                      .grid_path = grid_path,
                                      .mask = images->mask,
                                      .atlas = images->atlas,
                                      .label_names = beside != NULL ? beside : images->label_names,
                                      .log = build->log,
                                      .resample = images->resample,
                                      .tolerance_mm = images->grid_tolerance_mm};
    if (code == 0) {
        cohort->regions = memory_zeroed(1, sizeof *cohort->regions, "the regions", err);
        code = cohort->regions == NULL ? err->code : regions_init(cohort->regions, &request, err);
    }
    if (code == 0)
        log_regions(build, request.label_names);
    free(beside);
    return code;
}

int cohort_images_open(struct cohort_build *build, struct error *err)
{
    struct image_grid grid;
    const char *grid_path;
    if (build->request->images == NULL)
        return 0;
    if (find_images(build, err) != 0 || find_grid(build, &grid, &grid_path, err) != 0)
        return err->code;
    if (build->request->known == NULL && check_images(build, &grid, grid_path, err) != 0)
        return err->code;
    if (take_space(build, &grid, err) != 0)
        return err->code;
    return make_regions(build, &grid, grid_path, err);
}

/* Names and notes of the targets, and room for their values. */
static int take_regions(struct cohort_build *build, struct error *err)
{
    struct cohort *cohort = build->cohort;
    const struct regions *regions = cohort->regions;
    if (cohort_targets_make_room(build, regions->n_targets, err) != 0)
        return err->code;
    memset(cohort->targets, 0, build->n * regions->n_targets * sizeof *cohort->targets);
    for (size_t t = 0; t < regions->n_targets; t++) {
        if (text_list_add(&cohort->target_names, regions->names.items[t], err) != 0)
            return err->code;
        if (regions->notes[t] == NULL)
            continue;
        cohort->target_notes[t] = memory_string(regions->notes[t], err);
        if (cohort->target_notes[t] == NULL)
            return err->code;
        log_info(build->log, "targets: %s left out: %s", regions->names.items[t], regions->notes[t]);
    }
    return 0;
}

/* "12 NaN or infinite voxels in 2 targets (5_A, 6_B) of FID F1 IID S1": those targets without a note that
 * have no value. How many there are. */
static size_t describe_missing(const struct cohort_build *build, size_t i, char text[LISTED_BYTES])
{
    const struct cohort *cohort = build->cohort;
    const double *row = cohort->targets + i * cohort->n_targets;
    char name[SUBJECTS_NAME_BYTES], targets[TARGETS_BYTES] = "";
    size_t used = 0, count = 0;
    for (size_t t = 0; t < cohort->n_targets; t++) {
        if (cohort->target_notes[t] != NULL || !isnan(row[t]))
            continue;
        if (count++ < TARGETS_LISTED)
            used += (size_t)snprintf(targets + used, TARGETS_BYTES - used, "%s%.40s", count > 1 ? ", " : "",
                                     cohort->target_names.items[t]);
    }
    snprintf(text, LISTED_BYTES, "%zu NaN or infinite voxel%s in %zu target%s (%s%s) of %.80s",
             build->n_bad_voxels[i], build->n_bad_voxels[i] == 1 ? "" : "s", count, count == 1 ? "" : "s",
             targets, count > TARGETS_LISTED ? ", ..." : "",
             subjects_name(name, cohort->genotypes.fid.items[i], cohort->genotypes.iid.items[i]));
    return count;
}

static const char *image_of(const struct cohort_build *build, size_t i)
{
    return has_many_volumes(build) ? build->request->images->images : build->image_paths[i];
}

/* What is in hand while images are read. */
struct reading {
    struct cohort_mean mean;
    double *voxels; /* of the targets, of one image */
};

/* One subject's values, from the file's next volume. */
static int read_subject(struct cohort_build *build, struct image_file *file, size_t i,
                        struct reading *reading, struct error *err)
{
    struct cohort *cohort = build->cohort;
    const struct regions *regions = cohort->regions;
    char text[LISTED_BYTES];
    if (image_file_read(file, reading->mean.voxel, reading->mean.n_read, reading->mean.read, err) != 0)
        return err->code;
    cohort_mean_add(&reading->mean, reading->voxels);
    build->n_bad_voxels[i] =
        regions_average(regions, reading->voxels, cohort->targets + i * cohort->n_targets);
    if (build->n_bad_voxels[i] > 0) {
        describe_missing(build, i, text);
        log_info(build->log, "images: %s: %s: missing", image_of(build, i), text);
    }
    return 0;
}

/* From the end on: an image may be the mask too, which is listed before it. */
static struct cohort_file *find_file(struct cohort *cohort, const char *path)
{
    struct cohort_file *file = cohort->files + cohort->n_files - 1;
    while (strcmp(file->path, path) != 0) /* listed before it was opened */
        file--;
    return file;
}

static int read_volumes(struct cohort_build *build, struct reading *reading, struct error *err)
{
    struct cohort *cohort = build->cohort;
    const struct image_grid *grid = &cohort->regions->grid;
    const char *path = build->request->images->images;
    struct image_file file = {0};
    uint64_t hash = 0;
    int code = open_image(build, path, grid, path, &file, err);
    for (size_t row = 0; code == 0 && row < build->targets.table.subjects.iid.count; row++) {
        ptrdiff_t i = build->targets.subject_of_row[row];
        if (i == TEXT_NOT_FOUND) {
            code = image_file_read(&file, cohort->regions->voxel, 0, reading->voxels, err); /* passed over */
            continue;
        }
        code = read_subject(build, &file, (size_t)i, reading, err);
        if (code == 0)
            hash = XXH3_64bits_withSeed(cohort->targets + (size_t)i * cohort->n_targets,
                                        cohort->n_targets * sizeof *cohort->targets, hash);
    }
    image_file_close(&file);
    struct cohort_file *listed = find_file(cohort, path);
    listed->hash = hash;
    listed->is_hashed = true;
    return code;
}

static int read_files(struct cohort_build *build, struct reading *reading, struct error *err)
{
    struct cohort *cohort = build->cohort;
    size_t bytes = cohort->n_targets * sizeof *cohort->targets;
    struct cohort_file *listed = build->n > 0 ? find_file(cohort, build->image_paths[0]) : NULL;
    for (size_t i = 0; i < build->n; i++) {
        struct image_file file = {0};
        int code = open_image(build, build->image_paths[i], &cohort->regions->grid, build->image_paths[i],
                              &file, err);
        if (code == 0)
            code = read_subject(build, &file, i, reading, err);
        image_file_close(&file);
        if (code != 0)
            return code;
        listed[i].hash = XXH3_64bits(cohort->targets + i * cohort->n_targets, bytes);
        listed[i].is_hashed = true;
    }
    return 0;
}

static void take_mean(struct cohort *cohort, const struct cohort_mean *mean, struct error *err)
{
    cohort->mean_greys = cohort_mean_greys(mean, err);
    cohort->n_mean = cohort->mean_greys != NULL ? mean->count : 0;
    cohort->mean_stride = mean->stride;
}

int cohort_images_read(struct cohort_build *build, struct error *err)
{
    if (take_regions(build, err) != 0 || build->request->headers_only)
        return err->code;
    if (cohort_known_has_targets(build))
        return cohort_known_take_targets(build, err);
    const struct regions *regions = build->cohort->regions;
    struct reading reading = {
        .voxels = memory_aligned(regions->n_voxels, sizeof *reading.voxels, "an image's voxels", err)};
    if (reading.voxels != NULL && cohort_mean_init(&reading.mean, regions, err) == 0 &&
        (has_many_volumes(build) ? read_volumes(build, &reading, err) : read_files(build, &reading, err)) ==
            0)
        take_mean(build->cohort, &reading.mean, err);
    cohort_mean_free(&reading.mean);
    free(reading.voxels);
    return err->code;
}

int cohort_images_refuse_missing(const struct cohort_build *build, struct error *err)
{
    struct problems problems = {0};
    char text[LISTED_BYTES];
    for (size_t i = 0; i < build->n; i++)
        if (build->in[i] && describe_missing(build, i, text) > 0)
            problems_add(&problems, err, "%s: %s found; expected numbers (targets.missing: error)",
                         image_of(build, i), text);
    return problems_end(&problems, err);
}

void cohort_images_free(struct cohort_build *build)
{
    for (size_t i = 0; build->image_paths != NULL && i < build->n_images; i++)
        free(build->image_paths[i]);
    free(build->image_paths);
    free(build->n_bad_voxels);
}
