#include "planning/placement.h"

#include "testing.h"

#include <stdlib.h>

enum { MOST_RANKS = 12, MOST_PENALTIES = 20, BLOCKS = 240 };

/* Calls `check` for every placement of 1 ... MOST_PENALTIES penalties on 1 ... MOST_RANKS ranks on any number
 * of machines, with their ranks side by side, in turn, or most of them on the first machine. */
static void for_all(enum placement_kind kind, void (*check)(const struct placement *placement))
{
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
                    CU_ASSERT_EQUAL_FATAL(
                        placement_init(&placement, kind, m, machine, n_ranks, n_machines, &err), 0);
                    check(&placement);
                    placement_free(&placement);
                }
}

static void check_builders(const struct placement *placement)
{
    size_t wrong = 0, built[MOST_RANKS] = {0}, most = 0;
    for (size_t k = 0; k < placement->n_penalties; k++) {
        int rank = placement_builder(placement, k), builders = 0;
        wrong += rank < 0 || rank >= placement->n_ranks || !placement_builds(placement, rank, k);
        for (int r = 0; r < placement->n_ranks; r++)
            builders += placement_builds(placement, r, k);
        wrong += builders != 1;
        if (wrong == 0)
            built[rank]++;
    }
    CU_ASSERT_EQUAL_FATAL(wrong, 0);
    size_t machines = (size_t)placement->n_machines, builders = 0;
    for (int r = 0; r < placement->n_ranks; r++) {
        most = built[r] > most ? built[r] : most;
        builders += built[r] > 0;
        CU_ASSERT_EQUAL(placement_builds_any(placement, r), built[r] > 0);
    }
    /* No machine builds two penalties while another builds none, and on each only one rank has a builder's
     * arrays. */
    CU_ASSERT_EQUAL(most, (placement->n_penalties + machines - 1) / machines);
    CU_ASSERT_EQUAL(builders, machines < placement->n_penalties ? machines : placement->n_penalties);
}

static void machines_are_dealt_the_penalties(void)
{
    for_all(PLACEMENT_REPLICATE, check_builders);
}

/* Every machine builds every penalty, for its own folds, by its first rank. */
static void check_own_builders(const struct placement *placement)
{
    int seen[MOST_RANKS] = {0};
    for (int r = 0; r < placement->n_ranks; r++) {
        bool first = seen[placement->machine[r]]++ == 0;
        for (size_t k = 0; k < placement->n_penalties; k++)
            CU_ASSERT_EQUAL(placement_builds(placement, r, k), first);
    }
}

static void machines_build_their_own_folds(void)
{
    for_all(PLACEMENT_BY_FOLD, check_own_builders);
}

static void check_owners(const struct placement *placement)
{
    size_t owned[MOST_RANKS] = {0};
    for (int64_t block = 0; block < BLOCKS; block++)
        owned[placement_owner(placement, block)]++;
    for (int r = 0; r < placement->n_ranks; r++)
        CU_ASSERT_TRUE(owned[r] == BLOCKS / (size_t)placement->n_ranks ||
                       owned[r] == BLOCKS / (size_t)placement->n_ranks + 1);
}

static void blocks_are_dealt_to_ranks(void)
{
    for_all(PLACEMENT_REPLICATE, check_owners);
}

static void check_ranks(const struct placement *placement)
{
    for (int m = 0; m < placement->n_machines; m++) {
        int count = placement->first_rank[m + 1] - placement->first_rank[m];
        for (int number = 0; number < 2 * count; number++) {
            int rank = placement_rank(placement, m, number);
            CU_ASSERT_EQUAL(placement->machine[rank], m);
            CU_ASSERT_EQUAL(rank, placement_rank(placement, m, number + count));
        }
    }
}

static void ranks_of_a_machine(void)
{
    for_all(PLACEMENT_BY_FOLD, check_ranks);
}

static void nothing_can_be_freed(void)
{
    struct placement placement = {0};
    placement_free(&placement); /* also of what was never made */
    CU_ASSERT_PTR_NULL(placement.ranks);
    CU_ASSERT_STRING_EQUAL(placement_name(PLACEMENT_REPLICATE), "replicate");
    CU_ASSERT_STRING_EQUAL(placement_name(PLACEMENT_BY_FOLD), "by-fold");
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"machines_are_dealt_the_penalties", machines_are_dealt_the_penalties},
        {"machines_build_their_own_folds", machines_build_their_own_folds},
        {"blocks_are_dealt_to_ranks", blocks_are_dealt_to_ranks},
        {"ranks_of_a_machine", ranks_of_a_machine},
        {"nothing_can_be_freed", nothing_can_be_freed},
    };
    return testing_main(argc, argv, "planning/placement", cases, sizeof cases / sizeof *cases);
}
