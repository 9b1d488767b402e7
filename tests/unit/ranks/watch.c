/* Run alone and, as mpi/unit_watch, in two ranks. */
#include "ranks/watch.h"

#include "base/clock.h"
#include "ranks/collectives.h"
#include "ranks_testing.h"

#include <stdatomic.h>
#include <time.h>

/* Watchers tell each other several times a second. */
static void wait_a_little(void)
{
    nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
}

static void assert_all_are_here(void)
{
    struct error err = {0};
    CU_ASSERT_EQUAL_FATAL(collectives_agree(&ranks, &err), 0);
}

static void rank_0_adds_up_what_is_done(void)
{
    int64_t own = 100 + ranks.rank, size = ranks.size, found = 0;
    int64_t all = 100 * size + size * (size - 1) / 2, expected = ranks.rank == 0 ? all : own;
    double end_s = clock_seconds() + 10;
    do {
        found = watch_report_done(&ranks, own);
        wait_a_little();
    } while (found != expected && clock_seconds() < end_s);
    CU_ASSERT_EQUAL(found, expected);
    assert_all_are_here();
}

static bool asked_now(void *context)
{
    return atomic_load((atomic_bool *)context);
}

/* The last rank is told; all hear of it. One rank asks nobody. */
static void a_stop_reaches_every_rank(void)
{
    static atomic_bool asked;
    watch_for_stop(&ranks, asked_now, &asked);
    for (int k = 0; k < 50; k++)
        wait_a_little();
    CU_ASSERT_FALSE(watch_stop_requested(&ranks));
    assert_all_are_here();
    atomic_store(&asked, ranks.rank == ranks.size - 1);
    double end_s = clock_seconds() + 10;
    while (ranks.size > 1 && !watch_stop_requested(&ranks) && clock_seconds() < end_s)
        wait_a_little();
    CU_ASSERT_EQUAL(watch_stop_requested(&ranks), ranks.size > 1);
    CU_ASSERT_FALSE(watch_failed(&ranks));
    assert_all_are_here();
}

/* Comes last: the watchers of a failed job end it soon. */
static void a_failure_reaches_every_rank(void)
{
    struct error err = {0}, mine = {0};
    char expected[200];
    snprintf(expected, sizeof expected, "the disk is full (rank %d on %s)", ranks.size - 1, ranks.host);
    error_set(&mine, EXIT_CODE_FAILED, "the disk is full");
    if (ranks.rank == ranks.size - 1)
        watch_post_failure(&ranks, &mine);
    double end_s = clock_seconds() + 3;
    while (ranks.size > 1 && !watch_failed(&ranks) && clock_seconds() < end_s)
        wait_a_little();
    CU_ASSERT_EQUAL(watch_failed(&ranks), ranks.size > 1); /* one rank has nobody to tell */
    if (ranks.size == 1)
        return;
    CU_ASSERT_EQUAL(watch_failure(&ranks, &err), EXIT_CODE_FAILED);
    CU_ASSERT_STRING_EQUAL(err.message, expected);
    int64_t value = 5;
    err = (struct error){0};
    CU_ASSERT_EQUAL(collectives_sum(&ranks, &value, 1, &err), EXIT_CODE_FAILED);
    CU_ASSERT_STRING_EQUAL(err.message, expected);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"rank_0_adds_up_what_is_done", rank_0_adds_up_what_is_done},
        {"a_stop_reaches_every_rank", a_stop_reaches_every_rank},
        {"a_failure_reaches_every_rank", a_failure_reaches_every_rank},
    };
    return ranks_testing_main(argc, argv, "ranks/watch", cases, sizeof cases / sizeof *cases);
}
