#include "run/same_places.h"

#include "base/memory.h"
#include "images/region_centres.h"
#include "run/other_study.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WHAT_BYTES = 2 * IMAGE_GRID_TEXT_BYTES };

/* Without one of these the others mean nothing. */
static bool has_maps(const struct campaign *campaign)
{
    return campaign->n_mapped > 0 && campaign->map_voxel != NULL && campaign->map_target != NULL &&
           campaign->map_size != NULL && campaign->map_affine != NULL;
}

/* "places of voxels (now 4 x 4 x 4 voxels, affine [...], then 4 x 4 x 4 voxels, affine [...])" */
static int check_grid(const struct analysis *analysis, const struct campaign *campaign, struct error *err)
{
    const struct image_grid *now = &analysis->cohort.regions->grid;
    struct image_grid then = {0};
    char now_text[IMAGE_GRID_TEXT_BYTES], then_text[IMAGE_GRID_TEXT_BYTES], what[WHAT_BYTES];
    memcpy(then.size, campaign->map_size, sizeof then.size);
    memcpy(then.affine, campaign->map_affine, sizeof then.affine);
    if (!image_grid_same(now, &then, analysis->study.targets.grid_tolerance_mm))
        snprintf(what, sizeof what, "places of voxels (now %s, then %s)", image_grid_text(now_text, now),
                 image_grid_text(then_text, &then));
    else if (now->space != campaign->map_space)
        snprintf(what, sizeof what, "space of the images (sform_code or qform_code now %d, then %lld)",
                 now->space, (long long)campaign->map_space);
    else
        return 0;
    return other_study_refuse(analysis, campaign, what, err);
}

static int check_voxels(const struct analysis *analysis, const struct campaign *campaign, struct error *err)
{
    const struct regions *regions = analysis->cohort.regions;
    bool same = regions->n_voxels == campaign->n_mapped;
    for (size_t v = 0; same && v < campaign->n_mapped; v++)
        same = (int64_t)regions->voxel[v] == campaign->map_voxel[v] &&
               regions->target[v] == campaign->map_target[v];
    return same ? 0 : other_study_refuse(analysis, campaign, "voxels of targets", err);
}

/* Of a campaign from before grids were kept. */
static int check_centres(const struct analysis *analysis, const struct campaign *campaign, struct error *err)
{
    const double most = analysis->study.targets.grid_tolerance_mm;
    size_t count = 3 * campaign->n_placed;
    double *now = memory_aligned(count, sizeof *now, "the targets' places", err);
    if (now == NULL)
        return err->code;
    region_centres(analysis->cohort.regions, now);
    bool same = true;
    for (size_t k = 0; same && k < count; k++) {
        double then = campaign->target_mm[k];
        same = isnan(now[k]) || isnan(then) ? isnan(now[k]) && isnan(then) : fabs(now[k] - then) <= most;
    }
    free(now);
    return same ? 0 : other_study_refuse(analysis, campaign, "places of targets", err);
}

int same_places_check(const struct analysis *analysis, const struct campaign *campaign, struct error *err)
{
    const struct regions *regions = analysis->cohort.regions;
    if (regions == NULL)
        return 0;
    if (has_maps(campaign))
        return check_grid(analysis, campaign, err) == 0 ? check_voxels(analysis, campaign, err) : err->code;
    return campaign->n_placed == regions->n_targets ? check_centres(analysis, campaign, err) : 0;
}
