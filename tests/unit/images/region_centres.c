#include "images/region_centres.h"

#include "testing.h"

#include <math.h>

/* A grid of 3 x 4 x 5 voxels of 2, 3 and 4 mm, whose second axis is turned. */
static const struct image_grid grid = {{3, 4, 5}, {{2, 0, 0, 10}, {0, -3, 0, 20}, {0, 0, 4, -30}}, 4};

static size_t voxel(size_t i, size_t j, size_t k)
{
    return i + 3 * (j + 4 * k);
}

static void means_of_places(void)
{
    size_t size[] = {1, 0, 2}, voxels[] = {voxel(0, 0, 0), voxel(2, 3, 1), voxel(1, 0, 4)};
    int32_t target[] = {2, 0, 2};
    struct regions regions = {
        .grid = grid, .n_targets = 3, .size = size, .n_voxels = 3, .voxel = voxels, .target = target};
    double centre[9];
    region_centres(&regions, centre);
    const double first[] = {10 + 2 * 2, 20 - 3 * 3, -30 + 4 * 1};
    const double third[] = {10 + 2 * 0.5, 20, -30 + 4 * 2};
    for (int axis = 0; axis < 3; axis++) {
        ASSERT_NEAR(centre[axis], first[axis], 1e-12);
        CU_ASSERT(isnan(centre[3 + axis]));
        ASSERT_NEAR(centre[6 + axis], third[axis], 1e-12);
    }
}

/* Axes that are mixed, as after a rotation. */
static void oblique(void)
{
    size_t size[] = {1}, voxels[] = {voxel(1, 2, 3)};
    int32_t target[] = {0};
    struct regions regions = {.grid = {{3, 4, 5}, {{0, 1, 2, 0.5}, {1, 0, -1, 0}, {0.25, 0, 0, 7}}, 1},
                              .n_targets = 1,
                              .size = size,
                              .n_voxels = 1,
                              .voxel = voxels,
                              .target = target};
    double centre[3];
    region_centres(&regions, centre);
    ASSERT_NEAR(centre[0], 2 + 6 + 0.5, 1e-12);
    ASSERT_NEAR(centre[1], 1 - 3, 1e-12);
    ASSERT_NEAR(centre[2], 7.25, 1e-12);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"means_of_places", means_of_places},
        {"oblique", oblique},
    };
    return testing_main(argc, argv, "region_centres", cases, sizeof cases / sizeof *cases);
}
