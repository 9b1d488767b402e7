/* Run alone and, as mpi/unit_common_stop, in two ranks. */
#include "tasks/common_stop.h"

#include "ranks_testing.h"

/* Rank r has begun block r of lane 0, and the last rank block 7 of lane 1; nobody any of lane 2. */
static void what_any_rank_has_begun_is_finished(void)
{
    struct error err = {0};
    struct common_stop stop;
    int last = ranks.size - 1;
    CU_ASSERT_EQUAL_FATAL(common_stop_init(&stop, 3, &err), 0);
    common_stop_begin(&stop, 0, ranks.rank);
    if (ranks.rank == last)
        common_stop_begin(&stop, 1, 7);
    CU_ASSERT_FALSE(stop.is_agreed);
    CU_ASSERT_EQUAL(common_stop_agree(&stop, &ranks, &err), 0);
    CU_ASSERT_TRUE(stop.is_agreed);
    CU_ASSERT_TRUE(common_stop_finishes(&stop, 0, last));
    CU_ASSERT_FALSE(common_stop_finishes(&stop, 0, last + 1));
    CU_ASSERT_TRUE(common_stop_finishes(&stop, 1, 7));
    CU_ASSERT_FALSE(common_stop_finishes(&stop, 1, 8));
    CU_ASSERT_FALSE(common_stop_finishes(&stop, 2, 0));
    common_stop_free(&stop);
    common_stop_free(&stop);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"what_any_rank_has_begun_is_finished", what_any_rank_has_begun_is_finished},
    };
    return ranks_testing_main(argc, argv, "tasks/common_stop", cases, sizeof cases / sizeof *cases);
}
