#include "report/mosaic.h"

#include "testing.h"

#include <math.h>
#include <string.h>

enum { X = 10, Y = 12, Z = 9, VOXELS = X * Y * Z };

/* A block of voxels of 16 mm, each a target. */
struct block {
    struct campaign campaign;
    int64_t voxel[VOXELS], size[3];
    int32_t target[VOXELS];
    double affine[12];
};

static void make_block(struct block *block)
{
    *block = (struct block){.size = {X, Y, Z}, .affine = {-16, 0, 0, 72, 0, 16, 0, -100, 0, 0, 16, -60}};
    for (int v = 0; v < VOXELS; v++) {
        block->voxel[v] = v;
        block->target[v] = v;
    }
    block->campaign = (struct campaign){.n_targets_all = VOXELS,
                                        .n_mapped = VOXELS,
                                        .map_voxel = block->voxel,
                                        .map_target = block->target,
                                        .map_size = block->size,
                                        .map_affine = block->affine};
}

static bool is_in(const struct mosaic *mosaic, const struct mosaic_slice *slice, int32_t target)
{
    for (size_t y = slice->top; y < slice->top + slice->height; y++)
        for (size_t x = slice->left; x < slice->left + slice->width; x++)
            if (mosaic->target[y * mosaic->width + x] == target)
                return true;
    return false;
}

/* One slice of each kind, and no second one at its place, goes through the target. */
static void check_target(const struct block *block, int32_t target)
{
    struct mosaic mosaic;
    struct error err = {0};
    size_t through[3] = {0};
    CU_ASSERT_EQUAL_FATAL(mosaic_init(&mosaic, &block->campaign, (size_t)target, &err), 0);
    for (size_t k = 0; k < mosaic.n_slices; k++) {
        const struct mosaic_slice *slice = &mosaic.slice[k];
        if (k > 0 && slice[-1].axis == slice->axis)
            CU_ASSERT(slice[-1].mm < slice->mm);
        if (fabs(slice->mm - mosaic.peak[slice->axis]) < 1e-9) {
            through[slice->axis]++;
            CU_ASSERT(is_in(&mosaic, slice, target));
        }
    }
    for (int axis = 0; axis < 3; axis++)
        CU_ASSERT_EQUAL(through[axis], 1);
    mosaic_free(&mosaic);
}

static void through_every_target(void)
{
    static struct block block;
    make_block(&block);
    for (int32_t target = 0; target < VOXELS; target += 31)
        check_target(&block, target);
    check_target(&block, VOXELS - 1);
}

/* The mean of a target on both sides lies in neither. */
static void through_one_on_both_sides(void)
{
    static struct block block;
    make_block(&block);
    for (int z = 3; z < 6; z++)
        block.target[1 + X * (5 + Y * z)] = block.target[8 + X * (5 + Y * z)] = 0;
    check_target(&block, 0);
}

static void through_none(void)
{
    static struct block block;
    struct mosaic mosaic;
    struct error err = {0};
    make_block(&block);
    CU_ASSERT_EQUAL_FATAL(mosaic_init(&mosaic, &block.campaign, VOXELS, &err), 0);
    CU_ASSERT(isnan(mosaic.peak[0]));
    for (size_t k = 1; k < mosaic.n_slices; k++)
        CU_ASSERT(mosaic.slice[k].axis != mosaic.slice[k - 1].axis ||
                  mosaic.slice[k].mm > mosaic.slice[k - 1].mm);
    mosaic_free(&mosaic);
}

enum { FEW = 60 };

/* A brain of 180 x 216 x 180 mm, or as many times smaller, of voxels of so many mm, some of which are
 * targets; turned by a quarter of a right angle, if it shall be. */
struct brain {
    struct campaign campaign;
    int64_t voxel[FEW], size[3];
    int32_t target[FEW];
    double affine[12];
};

static void make_brain(struct brain *brain, double voxel_mm, double times, bool is_turned)
{
    double c = is_turned ? cos(atan(1) / 2) : 1, s = is_turned ? sin(atan(1) / 2) : 0;
    *brain = (struct brain){.affine = {-voxel_mm * c, -voxel_mm * s, 0, 90 / times, -voxel_mm * s,
                                       voxel_mm * c, 0, -126 / times, 0, 0, voxel_mm, -72 / times}};
    const double side[] = {180, 216, 180};
    for (int axis = 0; axis < 3; axis++)
        brain->size[axis] = (int64_t)(side[axis] / times / voxel_mm + 1.5);
    int64_t last = brain->size[0] * brain->size[1] * brain->size[2] - 1;
    for (int v = 0; v < FEW; v++) {
        brain->voxel[v] = (int64_t)((double)last * v / (FEW - 1));
        brain->target[v] = v;
    }
    brain->campaign = (struct campaign){.n_targets_all = FEW,
                                        .n_mapped = FEW,
                                        .map_voxel = brain->voxel,
                                        .map_target = brain->target,
                                        .map_size = brain->size,
                                        .map_affine = brain->affine};
}

/* The slices through a target show its one voxel, in brains of people and mice, of coarse and fine voxels. */
static void voxels_of_every_size(void)
{
    static const struct {
        double voxel_mm, times;
    } brains[] = {{3, 1},   {2, 1},    {1, 1},    {0.8, 1},  {0.5, 1},
                  {0.2, 1}, {0.3, 12}, {0.2, 12}, {0.1, 12}, {0.025, 12}};
    for (size_t k = 0; k < sizeof brains / sizeof *brains; k++)
        for (int turned = 0; turned < 2; turned++)
            for (size_t target = 0; target < FEW; target += 12) {
                struct brain brain;
                struct mosaic mosaic;
                struct error err = {0};
                make_brain(&brain, brains[k].voxel_mm, brains[k].times, turned != 0);
                CU_ASSERT_EQUAL_FATAL(mosaic_init(&mosaic, &brain.campaign, target, &err), 0);
                for (size_t j = 0; j < mosaic.n_slices; j++)
                    if (fabs(mosaic.slice[j].mm - mosaic.peak[mosaic.slice[j].axis]) < 1e-9)
                        CU_ASSERT(is_in(&mosaic, &mosaic.slice[j], (int32_t)target));
                CU_ASSERT(mosaic.slice[0].height >= 80 && mosaic.slice[0].height <= 560);
                mosaic_free(&mosaic);
            }
}

/* As it was before there were other brains: a mm a pixel, and 3 mm around. */
static void people_in_2_mm(void)
{
    struct brain brain;
    struct mosaic mosaic;
    struct error err = {0};
    make_brain(&brain, 2, 1, false);
    CU_ASSERT_EQUAL_FATAL(mosaic_init(&mosaic, &brain.campaign, 0, &err), 0);
    CU_ASSERT_EQUAL(mosaic.pixel_mm, 1);
    CU_ASSERT_EQUAL(mosaic.slice[0].from[0], -90 - 3 + 0.5);
    CU_ASSERT_EQUAL(mosaic.slice[0].from[1], 90 + 3 - 0.5);
    CU_ASSERT_EQUAL(mosaic.slice[0].width, 186);
    CU_ASSERT_EQUAL(mosaic.slice[0].height, 222);
    mosaic_free(&mosaic);
}

/* Of campaigns made to harm. */
static void places_out_of_all_bounds(void)
{
    static const double values[] = {1e17, 1e200, 1e300, 1e-200, 1e-300};
    for (size_t k = 0; k < sizeof values / sizeof *values; k++)
        for (size_t cell = 0; cell < 12; cell += 1) {
            struct brain brain;
            struct mosaic mosaic;
            struct error err = {0};
            make_brain(&brain, 2, 1, false);
            brain.affine[cell] = values[k];
            if (mosaic_is_possible(&brain.campaign) && mosaic_init(&mosaic, &brain.campaign, 5, &err) == 0)
                mosaic_free(&mosaic);
        }
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"through_every_target", through_every_target},
        {"through_one_on_both_sides", through_one_on_both_sides},
        {"through_none", through_none},
        {"voxels_of_every_size", voxels_of_every_size},
        {"people_in_2_mm", people_in_2_mm},
        {"places_out_of_all_bounds", places_out_of_all_bounds},
    };
    return testing_main(argc, argv, "mosaic", cases, sizeof cases / sizeof *cases);
}
