#include "planning/placement.h"

#include "testing.h"

#include <stdlib.h>

enum { MOST_RANKS = 12, MOST_PENALTIES = 20, BLOCKS = 240 };

/* Calls `check` for every placement of 1 ... MOST_PENALTIES penalties on 1 ... MOST_RANKS ranks on any number
 * of machines, with their ranks side by side, in turn, or most of them on the first machine. */
static void for_all(void (*check)(const struct placement *placement))
{
    for (int kind = PLACEMENT_REPLICATE; kind <= PLACEMENT_BY_PENALTY; kind++)
        for (int n_ranks = 1; n_ranks <= MOST_RANKS; n_ranks++)
            for (int n_machines = 1; n_machines <= n_ranks; n_machines++)
                for (int dealing = 0; dealing < 3; dealing++)
                    for (size_t m = 1; m <= MOST_PENALTIES; m++) {
                        int machine[MOST_RANKS];
                        for (int r = 0; r < n_ranks; r++)
                            machine[r] = dealing == 0     ? r * n_machines / n_ranks
                                         : dealing == 1   ? r % n_machines
                                         : r < n_machines ? r
                                                          : 0;
                        struct placement placement;
                        struct error err = {0};
                        CU_ASSERT_EQUAL_FATAL(placement_init(&placement, (enum placement_kind)kind, m,
                                                             machine, n_ranks, n_machines, &err),
                                              0);
                        check(&placement);
                        placement_free(&placement);
                    }
}

static bool even(const struct placement *placement)
{
    int per_machine = placement->n_ranks / placement->n_machines;
    for (int m = 0; m < placement->n_machines; m++)
        if (placement->first_rank[m + 1] - placement->first_rank[m] != per_machine)
            return false;
    return per_machine * placement->n_machines == placement->n_ranks;
}

static void check_computers(const struct placement *placement)
{
    size_t wrong = 0;
    for (int64_t block = 0; block < BLOCKS; block++)
        for (size_t k = 0; k < placement->n_penalties; k++) {
            int rank = placement_computer(placement, block, k);
            wrong += rank < 0 || rank >= placement->n_ranks ||
                     !placement_holds(placement, placement->machine[rank], k);
        }
    CU_ASSERT_EQUAL(wrong, 0);
}

static void who_computes_holds(void)
{
    for_all(check_computers);
}

static void check_builders(const struct placement *placement)
{
    size_t wrong = 0, built[MOST_RANKS] = {0}, most = 0;
    for (size_t k = 0; k < placement->n_penalties; k++) {
        int rank = placement_builder(placement, k);
        wrong += rank < 0 || rank >= placement->n_ranks ||
                 !placement_holds(placement, placement->machine[rank], k);
        if (wrong == 0)
            built[rank]++;
    }
    CU_ASSERT_EQUAL_FATAL(wrong, 0);
    size_t machines = (size_t)placement->n_machines, builders = 0;
    for (int r = 0; r < placement->n_ranks; r++) {
        most = built[r] > most ? built[r] : most;
        builders += built[r] > 0;
        CU_ASSERT_EQUAL(placement_builds(placement, r), built[r] > 0);
    }
    /* No machine builds two penalties while another builds none, and on each only one rank has a builder's
     * arrays. */
    CU_ASSERT_EQUAL(most, (placement->n_penalties + machines - 1) / machines);
    CU_ASSERT_EQUAL(builders, machines < placement->n_penalties ? machines : placement->n_penalties);
}

static void who_builds_holds(void)
{
    for_all(check_builders);
}

static void check_fullest(const struct placement *placement)
{
    size_t most = 0, homeless = 0;
    for (int m = 0; m < placement->n_machines; m++) {
        size_t held = 0;
        for (size_t k = 0; k < placement->n_penalties; k++)
            held += placement_holds(placement, m, k);
        most = held > most ? held : most;
    }
    for (size_t k = 0; k < placement->n_penalties; k++) {
        bool has_home = false;
        for (int m = 0; m < placement->n_machines; m++)
            has_home |= placement_holds(placement, m, k);
        homeless += !has_home;
    }
    size_t machines = (size_t)placement->n_machines, m = placement->n_penalties;
    size_t expected = placement->kind == PLACEMENT_REPLICATE ? m : (m + machines - 1) / machines;
    CU_ASSERT_EQUAL(most, expected);
    CU_ASSERT_EQUAL(homeless, 0);
    CU_ASSERT_EQUAL(placement_most_held(placement->kind, m, placement->n_machines), expected);
}

static void the_fullest_machine(void)
{
    for_all(check_fullest);
}

/* Sums that each rank computes over many blocks, where machines have equally many ranks. */
static void check_balance(const struct placement *placement)
{
    size_t computed[MOST_RANKS] = {0}, owned[MOST_RANKS] = {0}, least = SIZE_MAX, most = 0;
    size_t machines = (size_t)placement->n_machines, m = placement->n_penalties;
    if (!even(placement))
        return;
    for (int64_t block = 0; block < BLOCKS; block++) {
        owned[placement_owner(placement, block)]++;
        for (size_t k = 0; k < m; k++)
            computed[placement_computer(placement, block, k)]++;
    }
    for (int r = 0; r < placement->n_ranks; r++) {
        least = computed[r] < least ? computed[r] : least;
        most = computed[r] > most ? computed[r] : most;
        CU_ASSERT_TRUE(owned[r] == BLOCKS / (size_t)placement->n_ranks ||
                       owned[r] == BLOCKS / (size_t)placement->n_ranks + 1);
    }
    if (placement->kind == PLACEMENT_REPLICATE) {
        CU_ASSERT_TRUE(most - least <= m);
        return;
    }
    /* A machine has at most one penalty more than another; with more machines than penalties, one machine
     * more or less for a penalty. */
    double per_rank = (double)machines / (double)placement->n_ranks;
    double largest = machines <= m ? (double)((m + machines - 1) / machines) : 1.0 / (double)(machines / m);
    double smallest = machines <= m ? (double)(m / machines) : 1.0 / (double)((machines + m - 1) / m);
    double slack = (double)(m + 1); /* the last, partial round */
    CU_ASSERT_TRUE((double)most <= BLOCKS * largest * per_rank + slack);
    CU_ASSERT_TRUE((double)least >= BLOCKS * smallest * per_rank - slack);
}

static void work_is_balanced(void)
{
    for_all(check_balance);
}

static void failing_leaves_nothing(void)
{
    struct placement placement = {0};
    placement_free(&placement); /* also of what was never made */
    CU_ASSERT_PTR_NULL(placement.held);
    CU_ASSERT_STRING_EQUAL(placement_name(PLACEMENT_REPLICATE), "replicate");
    CU_ASSERT_STRING_EQUAL(placement_name(PLACEMENT_BY_PENALTY), "by-penalty");
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"who_computes_holds", who_computes_holds},         {"who_builds_holds", who_builds_holds},
        {"the_fullest_machine", the_fullest_machine},       {"work_is_balanced", work_is_balanced},
        {"failing_leaves_nothing", failing_leaves_nothing},
    };
    return testing_main(argc, argv, "planning/placement", cases, sizeof cases / sizeof *cases);
}
