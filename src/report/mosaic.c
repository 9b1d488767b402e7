#include "report/mosaic.h"

#include "base/memory.h"
#include "images/image_grid.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Slices that stand in a row of axial or coronal ones; pixels between slices; how many times a row's labels
 * go into the picture's width; greys below this are air. */
enum { IN_A_ROW = 8, GAP = 3, LABEL_SHARE = 70, AIR = 26 };
/* Pixels along the longest side of a brain: of large voxels, of small ones, and wherever voxels are seen. */
enum { LEAST_PIXELS = 80, MANY_PIXELS = 300, MOST_PIXELS = 500 };
/* Around the brain: of its longest side, and at most. */
#define MARGIN_SHARE (1.0 / 30)
#define MARGIN_MM 3.0
/* Of a voxel: a place on the border between two is in one of them, however it is rounded. */
#define BORDER 1e-4

/* The study's space. */
struct space {
    const struct campaign *campaign;
    struct image_grid grid, mean; /* of the targets, of the mean image */
    double to_voxel[3][4], to_mean[3][4];
    double low[3], high[3]; /* mm: what there is to see */
};

bool mosaic_is_possible(const struct campaign *campaign)
{
    struct image_grid grid = {0};
    if (campaign->n_mapped == 0 || campaign->map_voxel == NULL || campaign->map_target == NULL ||
        campaign->map_size == NULL || campaign->map_affine == NULL)
        return false;
    memcpy(grid.affine, campaign->map_affine, sizeof grid.affine);
    return image_grid_is_valid(&grid);
}

static void multiply(const double map[3][4], const double at[3], double result[3])
{
    for (int row = 0; row < 3; row++)
        result[row] = map[row][0] * at[0] + map[row][1] * at[1] + map[row][2] * at[2] + map[row][3];
}

static void place_of_voxel(const struct image_grid *grid, size_t voxel, double mm[3])
{
    size_t x = (size_t)grid->size[0], y = (size_t)grid->size[1];
    double at[3] = {(double)(voxel % x), (double)(voxel / x % y), (double)(voxel / x / y)};
    multiply(grid->affine, at, mm);
}

/* Makes room for a voxel. */
static void include(struct space *space, const struct image_grid *grid, size_t voxel)
{
    double mm[3];
    place_of_voxel(grid, voxel, mm);
    for (int axis = 0; axis < 3; axis++) {
        space->low[axis] = fmin(space->low[axis], mm[axis]);
        space->high[axis] = fmax(space->high[axis], mm[axis]);
    }
}

static double longest_side(const struct space *space)
{
    double longest = 0;
    for (int axis = 0; axis < 3; axis++)
        longest = fmax(longest, space->high[axis] - space->low[axis]);
    return longest;
}

/* So much around the middles of the voxels that they are seen whole. */
static void add_margin(struct space *space)
{
    double voxel = cbrt(image_grid_voxel_mm3(&space->grid));
    double margin = fmin(voxel / 2 + longest_side(space) * MARGIN_SHARE, MARGIN_MM);
    for (int axis = 0; axis < 3; axis++) {
        space->low[axis] -= margin;
        space->high[axis] += margin;
    }
}

static void find_space(struct space *space, const struct campaign *campaign)
{
    *space = (struct space){.campaign = campaign};
    memcpy(space->grid.affine, campaign->map_affine, sizeof space->grid.affine);
    memcpy(space->grid.size, campaign->map_size, sizeof space->grid.size);
    space->mean = space->grid;
    for (int axis = 0; campaign->n_mean > 0 && axis < 3; axis++) {
        space->mean.size[axis] = (space->grid.size[axis] - 1) / campaign->mean_stride + 1;
        for (int row = 0; row < 3; row++)
            space->mean.affine[row][axis] *= (double)campaign->mean_stride;
    }
    image_grid_from_mm(&space->grid, space->to_voxel);
    image_grid_from_mm(&space->mean, space->to_mean);
    for (int axis = 0; axis < 3; axis++) {
        space->low[axis] = INFINITY;
        space->high[axis] = -INFINITY;
    }
    for (size_t v = 0; v < campaign->n_mapped; v++)
        include(space, &space->grid, (size_t)campaign->map_voxel[v]);
    for (size_t q = 0; q < campaign->n_mean; q++)
        if (campaign->mean_greys[q] >= AIR)
            include(space, &space->mean, q);
    add_margin(space);
}

static int compare_voxels(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* The target of the nearest voxel. */
static int32_t target_at(const struct space *space, const double mm[3])
{
    const struct campaign *campaign = space->campaign;
    double at[3];
    int64_t voxel = 0, step = 1;
    multiply(space->to_voxel, mm, at);
    for (int axis = 0; axis < 3; axis++) {
        double index = floor(at[axis] + 0.5 + BORDER);
        if (!(index >= 0 && index < (double)space->grid.size[axis]))
            return -1;
        voxel += step * (int64_t)index;
        step *= space->grid.size[axis];
    }
    const int64_t *found =
        bsearch(&voxel, campaign->map_voxel, campaign->n_mapped, sizeof voxel, compare_voxels);
    return found != NULL ? campaign->map_target[found - campaign->map_voxel] : -1;
}

/* The mean image between its voxels; 0 beyond them. */
static uint8_t grey_at(const struct space *space, const double mm[3])
{
    const int64_t *size = space->mean.size;
    double at[3], sum = 0;
    multiply(space->to_mean, mm, at);
    for (int corner = 0; corner < 8; corner++) {
        double weight = 1;
        int64_t voxel = 0, step = 1;
        for (int axis = 0; axis < 3 && weight > 0; axis++) {
            double below = floor(at[axis]), index = below + (corner >> axis & 1);
            bool is_inside = index >= 0 && index < (double)size[axis];
            weight *= !is_inside ? 0 : (corner >> axis & 1) != 0 ? at[axis] - below : 1 - (at[axis] - below);
            voxel += is_inside ? step * (int64_t)index : 0;
            step *= size[axis];
        }
        sum += weight > 0 ? weight * space->campaign->mean_greys[voxel] : 0;
    }
    return (uint8_t)lround(sum);
}

static void draw_slice(const struct mosaic *mosaic, const struct mosaic_slice *slice,
                       const struct space *space)
{
    int across = slice->axis == 0 ? 1 : 0, down = slice->axis == 2 ? 1 : 2;
    for (size_t y = 0; y < slice->height; y++)
        for (size_t x = 0; x < slice->width; x++) {
            size_t pixel = (slice->top + y) * mosaic->width + slice->left + x;
            double mm[3];
            mm[slice->axis] = slice->mm;
            mm[across] = slice->from[0] + slice->step[0] * (double)x;
            mm[down] = slice->from[1] + slice->step[1] * (double)y;
            mosaic->target[pixel] = target_at(space, mm);
            mosaic->grey[pixel] = space->campaign->n_mean > 0  ? grey_at(space, mm)
                                  : mosaic->target[pixel] >= 0 ? 70
                                                               : 0;
        }
}

/* The voxel of a target that is nearest to the mean of its voxels: the mean itself may lie outside, between
 * the two sides of the brain. NaN: the target has none. */
static void find_peak(const struct space *space, size_t target, double peak[3])
{
    const struct campaign *campaign = space->campaign;
    double mean[3] = {0}, nearest = INFINITY, mm[3], count = 0;
    for (size_t v = 0; v < campaign->n_mapped; v++) {
        if ((size_t)campaign->map_target[v] != target)
            continue;
        place_of_voxel(&space->grid, (size_t)campaign->map_voxel[v], mm);
        count++;
        for (int axis = 0; axis < 3; axis++)
            mean[axis] += (mm[axis] - mean[axis]) / count;
    }
    for (int axis = 0; axis < 3; axis++)
        peak[axis] = NAN;
    for (size_t v = 0; v < campaign->n_mapped; v++) {
        if ((size_t)campaign->map_target[v] != target)
            continue;
        place_of_voxel(&space->grid, (size_t)campaign->map_voxel[v], mm);
        double away = hypot(hypot(mm[0] - mean[0], mm[1] - mean[1]), mm[2] - mean[2]);
        if (away < nearest)
            memcpy(peak, mm, sizeof mm);
        nearest = fmin(nearest, away);
    }
}

/* Places along an axis, equally far apart; the one that is nearest to the peak is moved there. */
static void find_places(const struct space *space, int axis, double peak, double *place, size_t count)
{
    double step = (space->high[axis] - space->low[axis]) / (double)(count + 1);
    size_t nearest = 0;
    for (size_t k = 0; k < count; k++) {
        place[k] = space->low[axis] + step * (double)(k + 1);
        if (fabs(place[k] - peak) < fabs(place[nearest] - peak))
            nearest = k;
    }
    if (!isnan(peak))
        place[nearest] = peak;
}

/* The largest pixel with which, wherever the first one is, one has its middle in a voxel that the slice goes
 * through the middle of. */
static double pixel_of_voxel(const struct space *space)
{
    double most = 0; /* voxels from a pixel to the next */
    for (int axis = 0; axis < 3; axis++)
        for (int voxel = 0; voxel < 3; voxel++) {
            const double *row = space->to_voxel[voxel];
            most = fmax(most, fabs(row[axis]) + fabs(row[(axis + 1) % 3]));
        }
    return 1 / most;
}

/* The middle of the first pixel from an edge on. Where pixels are larger than voxels one has its middle at
 * the peak. */
static double first_middle(const struct mosaic *mosaic, const struct space *space, double edge, double step,
                           double peak)
{
    double first = edge + step / 2;
    bool is_coarse = mosaic->pixel_mm > pixel_of_voxel(space);
    return is_coarse && !isnan(peak) ? first + fmod(peak - first, step) : first;
}

/* Whatever places a campaign made to harm may name. */
static size_t count_pixels(const struct mosaic *mosaic, double side)
{
    return (size_t)fmin(fmax(ceil(side / mosaic->pixel_mm), 1), MOST_PIXELS + 1);
}

/* A row of slices along an axis, as wide as the row above or wider. */
static void add_row(struct mosaic *mosaic, const struct space *space, int axis, size_t count)
{
    int across = axis == 0 ? 1 : 0, down = axis == 2 ? 1 : 2;
    double wide = space->high[across] - space->low[across], tall = space->high[down] - space->low[down];
    size_t width = count_pixels(mosaic, wide), height = count_pixels(mosaic, tall);
    size_t least = count * (width + GAP) - GAP;
    mosaic->width = least > mosaic->width ? least : mosaic->width;
    size_t top = mosaic->height + mosaic->width / LABEL_SHARE;
    size_t step = count > 1 ? (mosaic->width - width) / (count - 1) : 0;
    double place[IN_A_ROW];
    find_places(space, axis, mosaic->peak[axis], place, count);
    for (size_t k = 0; k < count; k++)
        mosaic->slice[mosaic->n_slices++] = (struct mosaic_slice){
            .axis = axis,
            .mm = place[k],
            .left = k * step,
            .top = top,
            .width = width,
            .height = height,
            .from = {first_middle(mosaic, space, space->low[across], mosaic->pixel_mm, mosaic->peak[across]),
                     first_middle(mosaic, space, space->high[down], -mosaic->pixel_mm, mosaic->peak[down])},
            .step = {mosaic->pixel_mm, -mosaic->pixel_mm}};
    mosaic->height = top + height;
}

/* Half a voxel of the mean image a pixel, or so that the brain has neither few nor very many of them, and no
 * more than a voxel of the targets; coarser where that would be too many. */
static double choose_pixel(const struct space *space)
{
    double longest = longest_side(space), half = cbrt(image_grid_voxel_mm3(&space->mean)) / 2;
    double pixel = fmin(fmax(half, longest / MANY_PIXELS), longest / LEAST_PIXELS);
    return fmax(fmin(pixel, pixel_of_voxel(space)), longest / MOST_PIXELS);
}

int mosaic_init(struct mosaic *mosaic, const struct campaign *campaign, size_t target, struct error *err)
{
    struct space space;
    find_space(&space, campaign);
    *mosaic = (struct mosaic){.pixel_mm = choose_pixel(&space)};
    find_peak(&space, target, mosaic->peak);
    double side = space.high[0] - space.low[0], front = space.high[1] - space.low[1];
    double fit = floor(IN_A_ROW * side / front);
    add_row(mosaic, &space, 2, IN_A_ROW);
    add_row(mosaic, &space, 1, IN_A_ROW);
    add_row(mosaic, &space, 0, (size_t)fmax(1, fmin(fit, IN_A_ROW)));
    size_t count = mosaic->width * mosaic->height;
    mosaic->grey = memory_zeroed(count, sizeof *mosaic->grey, "the brain maps", err);
    mosaic->target = memory_zeroed(count, sizeof *mosaic->target, "the brain maps", err);
    for (size_t k = 0; err->code == 0 && k < count; k++)
        mosaic->target[k] = -1;
    for (size_t k = 0; err->code == 0 && k < mosaic->n_slices; k++)
        draw_slice(mosaic, &mosaic->slice[k], &space);
    if (err->code != 0)
        mosaic_free(mosaic);
    return err->code;
}

void mosaic_free(struct mosaic *mosaic)
{
    free(mosaic->grey);
    free(mosaic->target);
    *mosaic = (struct mosaic){0};
}
