/* Which folds a pass goes through: from nothing, from what a run left behind, with more memory and with less.
 */
#include "run/pass_folds.h"

#include "testing.h"

static void check(struct fold_span span, size_t first, size_t count)
{
    CU_ASSERT_EQUAL(span.first, first);
    CU_ASSERT_EQUAL(span.count, count);
}

static void test_passes_are_even(void)
{
    check(pass_folds_from(0, 10, 10), 0, 10);
    check(pass_folds_from(0, 10, 400), 0, 10);
    check(pass_folds_from(0, 10, 9), 0, 5);
    check(pass_folds_from(5, 10, 9), 5, 5);
    check(pass_folds_from(0, 10, 4), 0, 4);
    check(pass_folds_from(4, 10, 4), 4, 3);
    check(pass_folds_from(7, 10, 4), 7, 3);
    check(pass_folds_from(0, 10, 1), 0, 1);
    check(pass_folds_from(0, 10, 0), 0, 1);
}

/* The next pass where 10 folds go by four. */
static struct fold_span next(const struct fold_sums *found, size_t count, bool first_is_whole, size_t most,
                             bool expect_stale)
{
    bool stale;
    struct fold_span span = pass_folds_next(found, count, first_is_whole, 10, most, &stale);
    CU_ASSERT_EQUAL(stale, expect_stale);
    return span;
}

static void test_goes_on_where_another_run_ended(void)
{
    const struct fold_sums first[] = {{0, 4, 100}}, second[] = {{0, 4, 100}, {4, 7, 100}},
                           alone[] = {{4, 7, 100}};
    check(next(NULL, 0, false, 4, false), 0, 4);
    check(next(first, 1, false, 4, false), 0, 4);
    check(next(first, 1, true, 4, false), 4, 3);
    check(next(second, 2, true, 4, false), 4, 3);
    check(next(alone, 1, false, 4, false), 7, 3);
}

static void test_other_memory(void)
{
    const struct fold_sums first[] = {{0, 4, 100}}, second[] = {{0, 4, 100}, {4, 7, 100}};
    check(next(first, 1, false, 10, false), 0, 4); /* what is begun is ended */
    check(next(first, 1, true, 10, false), 4, 6);
    check(next(first, 1, false, 3, true), 0, 3);
    check(next(second, 2, true, 2, true), 4, 2);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"passes are even", test_passes_are_even},
        {"goes on where another run ended", test_goes_on_where_another_run_ended},
        {"other memory", test_other_memory},
    };
    return testing_main(argc, argv, "run/pass_folds", cases, sizeof cases / sizeof *cases);
}
