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
    for (int32_t target = 0; target < VOXELS; target += 7)
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

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"through_every_target", through_every_target},
        {"through_one_on_both_sides", through_one_on_both_sides},
        {"through_none", through_none},
    };
    return testing_main(argc, argv, "mosaic", cases, sizeof cases / sizeof *cases);
}
