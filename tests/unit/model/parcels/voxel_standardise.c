#include "model/parcels/voxel_standardise.h"

#include "testing.h"

static void mean_0_and_variance_1(void)
{
    float values[3][5] = {{1, 2, 3, 6, 99}, {7, 7, 7, 7, 99}, {1e6F, 1e6F + 1, 1e6F, 1e6F + 1, 99}};
    CU_ASSERT_EQUAL(voxel_standardise(values[0], 3, 4, 5), 1);
    static const double expected[4] = {-2, -1, 0, 3}; /* over sqrt(3.5) */
    for (size_t s = 0; s < 4; s++) {
        ASSERT_NEAR((double)values[0][s], expected[s] / 1.8708286933869707, 1e-7);
        CU_ASSERT_EQUAL(values[1][s], 0);
        CU_ASSERT_EQUAL(values[2][s], s % 2 == 0 ? -1 : 1);
    }
    for (size_t v = 0; v < 3; v++)
        CU_ASSERT_EQUAL(values[v][4], 99); /* beyond the subjects */
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {{"mean_0_and_variance_1", mean_0_and_variance_1}};
    return testing_main(argc, argv, "voxel_standardise", cases, sizeof cases / sizeof *cases);
}
