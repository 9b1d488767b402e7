/* Run alone and, as mpi/unit_collectives, in two ranks. */
#include "ranks/collectives.h"

#include "ranks_testing.h"

#include <stdlib.h>
#include <string.h>

static int last(void)
{
    return ranks.size - 1;
}

static void ranks_know_their_places(void)
{
    const char *launched = getenv("OMPI_COMM_WORLD_SIZE");
    CU_ASSERT_EQUAL(ranks.size, launched != NULL ? atoi(launched) : 1);
    CU_ASSERT_TRUE(ranks.rank >= 0 && ranks.rank < ranks.size);
    CU_ASSERT_EQUAL(ranks.n_machines, 1);
    CU_ASSERT_EQUAL(ranks.n_hosts, 1);
    CU_ASSERT_EQUAL(ranks.n_local, ranks.size);
    CU_ASSERT_EQUAL(ranks.local, ranks.rank);
    CU_ASSERT_EQUAL(ranks.first_on_host, ranks.rank == 0);
    for (int r = 0; r < ranks.size; r++) {
        CU_ASSERT_EQUAL(ranks.machine_of[r], 0);
        CU_ASSERT_EQUAL(ranks.round_robin[r], r);
    }
    CU_ASSERT_TRUE(ranks.n_host_cores >= 1);
}

static void sums(void)
{
    struct error err = {0};
    int64_t values[] = {ranks.rank + 1, -5, INT64_C(1) << 40};
    int64_t size = ranks.size;
    CU_ASSERT_EQUAL(collectives_sum(&ranks, values, 3, &err), 0);
    CU_ASSERT_EQUAL(values[0], size * (size + 1) / 2);
    CU_ASSERT_EQUAL(values[1], -5 * size);
    CU_ASSERT_EQUAL(values[2], size << 40);
}

static void the_largest(void)
{
    struct error err = {0};
    int64_t values[] = {ranks.rank, -ranks.rank, 3};
    CU_ASSERT_EQUAL(collectives_largest(&ranks, values, 3, &err), 0);
    CU_ASSERT_EQUAL(values[0], last());
    CU_ASSERT_EQUAL(values[1], 0);
    CU_ASSERT_EQUAL(values[2], 3);
}

static void any_of_them(void)
{
    struct error err = {0};
    bool any = true;
    CU_ASSERT_EQUAL(collectives_any(&ranks, false, &any, &err), 0);
    CU_ASSERT_FALSE(any);
    CU_ASSERT_EQUAL(collectives_any(&ranks, ranks.rank == last(), &any, &err), 0);
    CU_ASSERT_TRUE(any);
}

static void arrays_of_one_rank(void)
{
    struct error err = {0};
    enum { COUNT = 100000 };
    int32_t *values = malloc(COUNT * sizeof *values);
    CU_ASSERT_PTR_NOT_NULL_FATAL(values);
    for (int i = 0; i < COUNT; i++)
        values[i] = ranks.rank == last() ? 3 * i : -1;
    CU_ASSERT_EQUAL(collectives_broadcast(&ranks, values, COUNT * sizeof *values, last(), &err), 0);
    int n_wrong = 0;
    for (int i = 0; i < COUNT; i++)
        n_wrong += values[i] != 3 * i;
    CU_ASSERT_EQUAL(n_wrong, 0);
    free(values);
}

static void texts_of_rank_0(void)
{
    enum { LENGTH = 5000 };
    struct error err = {0};
    char *text = NULL;
    if (ranks.rank == 0) {
        text = calloc(LENGTH + 1, 1);
        CU_ASSERT_PTR_NOT_NULL_FATAL(text);
        memset(text, 'x', LENGTH);
    }
    CU_ASSERT_EQUAL(collectives_broadcast_text(&ranks, &text, &err), 0);
    CU_ASSERT_EQUAL(strlen(text), LENGTH);
    CU_ASSERT_EQUAL(strspn(text, "x"), LENGTH);
    free(text);
}

static void numbers_move_from_one_to_another(void)
{
    struct error err = {0};
    double values[3] = {ranks.rank, 7, -0.5};
    CU_ASSERT_EQUAL(collectives_copy(&ranks, values, sizeof values, last(), 0, &err), 0);
    CU_ASSERT_EQUAL(values[0], ranks.rank == 0 ? last() : ranks.rank);
    CU_ASSERT_EQUAL(values[1], 7);
}

static void nobody_has_an_error(void)
{
    struct error err = {0};
    CU_ASSERT_EQUAL(collectives_agree(&ranks, &err), 0);
    CU_ASSERT_STRING_EQUAL(err.message, "");
}

/* Comes last: afterwards all calls do nothing. */
static void an_error_of_the_last_rank_is_everybodys(void)
{
    struct error err = {0}, later = {0};
    char expected[200];
    snprintf(expected, sizeof expected, last() > 0 ? "no room (rank %d on %s)" : "no room", last(),
             ranks.host);
    if (ranks.rank == last())
        error_set(&err, EXIT_CODE_BAD_INPUT, "no room");
    CU_ASSERT_EQUAL(collectives_agree(&ranks, &err), EXIT_CODE_BAD_INPUT);
    CU_ASSERT_STRING_EQUAL(err.message, expected);
    int64_t value = 5;
    CU_ASSERT_EQUAL(collectives_sum(&ranks, &value, 1, &err), EXIT_CODE_BAD_INPUT);
    CU_ASSERT_EQUAL(collectives_sum(&ranks, &value, 1, &later), 0);
    CU_ASSERT_EQUAL(value, 5);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"ranks_know_their_places", ranks_know_their_places},
        {"sums", sums},
        {"the_largest", the_largest},
        {"any_of_them", any_of_them},
        {"arrays_of_one_rank", arrays_of_one_rank},
        {"texts_of_rank_0", texts_of_rank_0},
        {"numbers_move_from_one_to_another", numbers_move_from_one_to_another},
        {"nobody_has_an_error", nobody_has_an_error},
        {"an_error_of_the_last_rank_is_everybodys", an_error_of_the_last_rank_is_everybodys},
    };
    return ranks_testing_main(argc, argv, "ranks/collectives", cases, sizeof cases / sizeof *cases);
}
