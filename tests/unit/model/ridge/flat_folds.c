#include "model/ridge/flat_folds.h"

#include "testing.h"

#include <math.h>

enum { N = 24, FOLDS = 6, SHUFFLES = 20000 };

/* Six test sets of four people. */
static struct folds some_folds(struct fold_rows rows[FOLDS])
{
    for (size_t o = 0; o < FOLDS; o++)
        rows[o] = (struct fold_rows){.first_test = 4 * o, .n_test = 4};
    return (struct folds){.n = N, .n_outer = FOLDS, .rows = rows};
}

static bool is_flat(const double *y, const uint32_t *order, size_t o, bool filled)
{
    for (size_t i = 4 * o; i < 4 * o + 4; i++)
        if (filled ? !signbit(y[order[i]]) || y[order[i]] != 0 : y[order[i]] != y[order[4 * o]])
            return false;
    return true;
}

/* Expected numbers against shuffled values. */
static struct flat_folds check(const double *y, const int32_t *block)
{
    struct error err = {0};
    struct fold_rows rows[FOLDS];
    struct folds folds = some_folds(rows);
    struct permutation_scheme scheme;
    struct flat_folds found;
    uint32_t order[N], workspace[N];
    double filled = 0, equal = 0;
    CU_ASSERT_EQUAL(permutation_scheme_init(&scheme, block, N, 5, &err), 0);
    CU_ASSERT_EQUAL(flat_folds_count(&found, &folds, &scheme, y, 1, true, &err), 0);
    for (uint64_t k = 1; k <= SHUFFLES; k++) {
        permutation_draw(&scheme, k, order, workspace);
        for (size_t o = 0; o < FOLDS; o++) {
            filled += is_flat(y, order, o, true);
            equal += is_flat(y, order, o, false);
        }
    }
    ASSERT_NEAR(found.expected_filled, filled / SHUFFLES, 0.03);
    ASSERT_NEAR(found.expected_equal, equal / SHUFFLES, 0.03);
    permutation_scheme_free(&scheme);
    return found;
}

/* Fourteen equal values and others; some of them -0.0, which stands for a filled one. */
static void as_in_shuffled_values(void)
{
    double y[N];
    int32_t block[N];
    for (size_t i = 0; i < N; i++) {
        y[i] = i < 9 ? -0.0 : i < 14 ? 0 : i < 20 ? 1 : (double)i;
        block[i] = i % 5 < 2;
    }
    struct flat_folds found = check(y, NULL);
    CU_ASSERT_EQUAL(found.n_filled, 2);
    CU_ASSERT_EQUAL(found.n_other, 2); /* the third and the fifth: 0 or -0.0, 1 */
    CU_ASSERT_TRUE(found.expected_filled > .05 && found.expected_equal > .5);
    check(y, block);
}

/* Nobody leaves the test set: what is flat stays so, and nothing else becomes flat. */
static void blocks_inside_test_sets(void)
{
    double y[N];
    int32_t block[N];
    for (size_t i = 0; i < N; i++) {
        y[i] = i < 4 ? -0.0 : i < 12 ? .25 : (double)i;
        block[i] = (int32_t)(i / 4);
    }
    struct flat_folds found = check(y, block);
    CU_ASSERT_EQUAL(found.n_filled, 1);
    CU_ASSERT_EQUAL(found.n_other, 2);
    ASSERT_NEAR(found.expected_filled, 1, 1e-12);
    ASSERT_NEAR(found.expected_equal, 3, 1e-12);
    CU_ASSERT_TRUE(flat_folds_chance(&found) > .6);
}

/* Around 0 a constant is no lack of variance; the least variable test set beside the mean one. */
static void variance_around_zero(void)
{
    struct error err = {0};
    struct fold_rows rows[FOLDS];
    struct folds folds = some_folds(rows);
    struct permutation_scheme scheme;
    struct flat_folds found;
    double y[N];
    for (size_t i = 0; i < N; i++)
        y[i] = i < 4 ? .1 : i < 8 ? 1e-6 : 1; /* the square of the second counts as zero */
    CU_ASSERT_EQUAL(permutation_scheme_init(&scheme, NULL, N, 5, &err), 0);
    CU_ASSERT_EQUAL(flat_folds_count(&found, &folds, &scheme, y, 1, false, &err), 0);
    CU_ASSERT_EQUAL(found.n_filled, 0);
    CU_ASSERT_EQUAL(found.n_other, 1);
    ASSERT_NEAR(found.least, .01 / (4.01 / 6), 1e-12);
    permutation_scheme_free(&scheme);
}

/* Poisson's tail: one test set where .01 are expected, three where one is. */
static void chance_of_so_many(void)
{
    const struct flat_folds one = {.n_filled = 1, .expected_filled = .01};
    const struct flat_folds three = {.n_filled = 3, .expected_filled = 1};
    const struct flat_folds none = {0};
    ASSERT_NEAR(flat_folds_chance(&one), 1 - exp(-.01), 1e-12);
    ASSERT_NEAR(flat_folds_chance(&three), 1 - 2.5 * exp(-1), 1e-12);
    ASSERT_NEAR(flat_folds_chance(&none), 1, 1e-12);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"as_in_shuffled_values", as_in_shuffled_values},
        {"blocks_inside_test_sets", blocks_inside_test_sets},
        {"variance_around_zero", variance_around_zero},
        {"chance_of_so_many", chance_of_so_many},
    };
    return testing_main(argc, argv, "flat_folds", cases, sizeof cases / sizeof *cases);
}
