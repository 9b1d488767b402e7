#include "images/image_grid.h"

#include "testing.h"

#include <math.h>
#include <string.h>

static const struct image_grid mni = {
    .size = {91, 109, 91}, .affine = {{-2, 0, 0, 90}, {0, 2, 0, -126}, {0, 0, 2, -72}}, .space = 4};

/* A thousandth of a millimetre, anywhere in the volume. */
static void same(void)
{
    struct image_grid other = mni;
    CU_ASSERT_TRUE(image_grid_same(&mni, &other, IMAGE_GRID_TOLERANCE_MM));
    other.affine[1][3] += 0.9e-3;
    CU_ASSERT_TRUE(image_grid_same(&mni, &other, IMAGE_GRID_TOLERANCE_MM));
    other.affine[1][3] += 0.2e-3;
    CU_ASSERT_FALSE(image_grid_same(&mni, &other, IMAGE_GRID_TOLERANCE_MM));
    other = mni;
    other.affine[0][0] *= 1 + 4e-6; /* 0.7e-3 mm at the last voxel */
    CU_ASSERT_TRUE(image_grid_same(&mni, &other, IMAGE_GRID_TOLERANCE_MM));
    other.affine[0][0] *= 1 + 4e-6;
    CU_ASSERT_FALSE(image_grid_same(&mni, &other, IMAGE_GRID_TOLERANCE_MM));
    other = mni;
    other.size[2]--;
    CU_ASSERT_FALSE(image_grid_same(&mni, &other, IMAGE_GRID_TOLERANCE_MM));
    other = mni;
    other.affine[2][2] = NAN;
    CU_ASSERT_FALSE(image_grid_same(&mni, &other, IMAGE_GRID_TOLERANCE_MM));
    CU_ASSERT_FALSE(image_grid_is_valid(&other));
}

static void invertible(void)
{
    struct image_grid flat = mni, skewed = mni;
    CU_ASSERT_TRUE(image_grid_is_valid(&mni));
    flat.affine[2][0] = flat.affine[0][0];
    flat.affine[0][0] = 0;
    CU_ASSERT_FALSE(image_grid_is_valid(&flat));
    skewed.affine[0][1] = 1.5;
    CU_ASSERT_TRUE(image_grid_is_valid(&skewed));
}

/* Along x 2 mm voxels against 1 mm ones that run the other way: centres fall half way between two; along y
 * and z every second voxel. */
static void nearest(void)
{
    const struct image_grid coarse = {.size = {3, 1, 2},
                                      .affine = {{2, 0, 0, 0.5}, {0, 1, 0, 0}, {0, 0, 2, 0}}};
    const struct image_grid fine = {.size = {5, 1, 3}, .affine = {{-1, 0, 0, 4}, {0, 1, 0, 0}, {0, 0, 1, 0}}};
    const int64_t expected[6] = {3, 1, -1, 10 + 3, 10 + 1, -1};
    int64_t found[6];
    image_grid_nearest(&coarse, &fine, found);
    for (int v = 0; v < 6; v++)
        CU_ASSERT_EQUAL(found[v], expected[v]);
    struct image_grid rounded = coarse; /* what float32 leaves of the affine decides nothing */
    rounded.affine[0][3] += 3e-5;
    image_grid_nearest(&rounded, &fine, found);
    for (int v = 0; v < 6; v++)
        CU_ASSERT_EQUAL(found[v], expected[v]);
}

/* Another orientation: to itself and back. */
static void nearest_turned(void)
{
    struct image_grid turned = {.size = {4, 5, 6},
                                .affine = {{0, 0, 3, 1}, {-2, 0, 0, 5}, {0, 1.5, 0.2, -7}}};
    int64_t found[120];
    image_grid_nearest(&turned, &turned, found);
    for (int v = 0; v < 120; v++)
        CU_ASSERT_EQUAL(found[v], v);
}

static void words(void)
{
    char text[IMAGE_GRID_TEXT_BYTES];
    CU_ASSERT_STRING_EQUAL(image_grid_text(text, &mni),
                           "91 x 109 x 91 voxels, affine [-2 0 0 90; 0 2 0 -126; 0 0 2 -72]");
    image_grid_voxel_name(&mni, 90 + 91 * (107 + 109 * 3), text, sizeof text);
    CU_ASSERT_STRING_EQUAL(text, "90_107_3");
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {{"same", same},
                                             {"invertible", invertible},
                                             {"nearest", nearest},
                                             {"nearest, turned", nearest_turned},
                                             {"words", words}};
    return testing_main(argc, argv, "grids of images", cases, sizeof cases / sizeof *cases);
}
