#include "model/ridge/fold_sizes.h"

#include "testing.h"

/* 12 subjects: 4 in the test set, 8 in inner folds of 3, 3 and 2. */
static size_t uneven_start[] = {0, 3, 6, 8};
static const struct fold_rows uneven = {.n_test = 4, .n_train = 8, .inner_start = uneven_start};

static void operators_are_counted_block_by_block(void)
{
    struct fold_sizes sizes = fold_sizes_of(&uneven, 3);
    /* inverse 4 x 4, cross panel 8 x 4, triangles kept whole: 3 x 3, 3 x 3, 2 x 2 */
    CU_ASSERT_EQUAL(fold_sizes_elements(&sizes), 16 + 32 + 9 + 9 + 4);
    /* one column: two flops an element of inverse and panel, one of a square whose half is zero */
    CU_ASSERT_EQUAL(fold_sizes_column_flops(&sizes), 2 * 16 + 2 * 32 + 9 + 9 + 4);
}

/* An inverse takes 2 m^3 flops, a product of m x k and k x l matrices 2 m k l, a QR of m x m 4/3 m^3. */
static void building_is_counted_step_by_step(void)
{
    struct fold_sizes sizes = fold_sizes_of(&uneven, 3);
    double flops = 2. * 4 * 4 * 4;
    for (size_t b = 0; b < 3; b++) {
        double n_b = (double)(uneven_start[b + 1] - uneven_start[b]);
        flops += 2 * n_b * 4 * 4 + 2 * n_b * n_b * 4; /* C_b M_o, and that times C_b' */
        flops += 2 * n_b * n_b * n_b + 4. / 3 * n_b * n_b * n_b;
    }
    ASSERT_NEAR(fold_sizes_build_flops(&sizes), flops, 1e-9);
}

static void equal_folds_are_those_of_the_plan(void)
{
    size_t start[] = {0, 4, 8};
    struct fold_rows rows = {.n_test = 4, .n_train = 8, .inner_start = start};
    struct fold_sizes known = fold_sizes_of(&rows, 2), planned = fold_sizes_equal(12, 3, 2);
    CU_ASSERT_EQUAL(known.n_test, planned.n_test);
    CU_ASSERT_EQUAL(known.n_train, planned.n_train);
    CU_ASSERT_EQUAL(known.inner_squares, planned.inner_squares);
    CU_ASSERT_EQUAL(known.inner_cubes, planned.inner_cubes);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"operators_are_counted_block_by_block", operators_are_counted_block_by_block},
        {"building_is_counted_step_by_step", building_is_counted_step_by_step},
        {"equal_folds_are_those_of_the_plan", equal_folds_are_those_of_the_plan},
    };
    return testing_main(argc, argv, "fold_sizes", cases, sizeof cases / sizeof *cases);
}
