#include "planning/placement.h"

#include "testing.h"

#include <stdint.h>
#include <stdlib.h>

enum { MOST_RANKS = 12, MOST_PENALTIES = 20 };

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

enum { FOLDS = 5, FIRST_FOLD = 2 };
static const struct fold_span folds = {FIRST_FOLD, FOLDS};

/* Of one machine: each of its penalties at each fold is one builder's, all builders have as many of these
 * pairs to one, and a further builder is at most one more that makes a penalty's P. Returns the pairs. */
static size_t check_machine(const struct placement *placement, int machine)
{
    int n_ranks = placement->first_rank[machine + 1] - placement->first_rank[machine];
    int n_builders = placement_builders(placement, machine);
    size_t built[MOST_PENALTIES][FOLDS] = {{0}}, wrong = 0, all = 0, most = 0, fewest = SIZE_MAX, p = 0;
    bool of_machine[MOST_PENALTIES] = {false};
    for (int number = 0; number < n_ranks; number++) {
        int rank = placement_rank(placement, machine, number);
        size_t pairs = 0;
        for (size_t k = 0; k < placement->n_penalties; k++) {
            struct fold_span own = placement_folds(placement, rank, k, folds);
            wrong += own.count > 0 && (own.first < FIRST_FOLD || own.first + own.count > FIRST_FOLD + FOLDS);
            for (size_t o = 0; wrong == 0 && o < own.count; o++)
                built[k][own.first - FIRST_FOLD + o]++;
            of_machine[k] = of_machine[k] || own.count > 0;
            p += own.count > 0;
            pairs += own.count;
        }
        wrong += placement_builds_any(placement, rank) !=
                 (number < n_builders && placement_machine_builds(placement, machine));
        wrong += number >= n_builders && pairs > 0;
        all += pairs;
        most = pairs > most ? pairs : most;
        fewest = number < n_builders && pairs < fewest ? pairs : fewest;
    }
    size_t penalties = 0;
    for (size_t k = 0; k < placement->n_penalties; k++) {
        penalties += of_machine[k];
        for (size_t o = 0; of_machine[k] && o < FOLDS; o++)
            wrong += built[k][o] != 1;
        if (placement->kind == PLACEMENT_REPLICATE)
            wrong += of_machine[k] != (placement_machine(placement, k) == machine);
    }
    wrong += most > fewest + 1;
    wrong += penalties > 0 && p > penalties + (size_t)n_builders - 1;
    CU_ASSERT_EQUAL(wrong, 0);
    return all;
}

static void check_builders(const struct placement *placement)
{
    struct placement some = *placement;
    for (some.n_builders = 1; some.n_builders <= 4; some.n_builders++)
        for (some.n_dealt = 1; some.n_dealt <= placement->n_machines; some.n_dealt++) {
            size_t all = 0, most = 0, dealt = (size_t)some.n_dealt;
            for (int machine = 0; machine < some.n_machines; machine++) {
                size_t pairs = check_machine(&some, machine);
                all += pairs;
                most = pairs > most ? pairs : most;
                if (some.kind == PLACEMENT_BY_FOLD)
                    CU_ASSERT_EQUAL(pairs, some.n_penalties * FOLDS);
            }
            if (some.kind == PLACEMENT_BY_FOLD)
                continue;
            /* no machine builds two penalties while another one builds none */
            CU_ASSERT_EQUAL(all, some.n_penalties * FOLDS);
            CU_ASSERT_EQUAL(most, (some.n_penalties + dealt - 1) / dealt * FOLDS);
        }
}

static void machines_are_dealt_the_penalties(void)
{
    for_all(PLACEMENT_REPLICATE, check_builders);
}

static void machines_build_their_own_folds(void)
{
    for_all(PLACEMENT_BY_FOLD, check_builders);
}

/* By hand: 5 penalties at 10 folds, three builders on one machine: pairs 0 to 15, 16 to 32, 33 to 49. */
static void a_penalty_is_cut(void)
{
    static const struct {
        int number;
        size_t penalty, first, count;
    } EXPECTED[] = {{0, 0, 0, 10}, {0, 1, 0, 6}, {1, 1, 6, 4}, {1, 2, 0, 10},
                    {1, 3, 0, 3},  {2, 3, 3, 7}, {2, 4, 0, 10}};
    const int machine[] = {0, 0, 0, 0};
    const struct fold_span all = {0, 10};
    struct placement placement;
    struct error err = {0};
    size_t pairs = 0;
    CU_ASSERT_EQUAL_FATAL(placement_init(&placement, PLACEMENT_REPLICATE, 5, machine, 4, 1, &err), 0);
    placement.n_builders = 3;
    for (size_t i = 0; i < sizeof EXPECTED / sizeof *EXPECTED; i++) {
        struct fold_span own = placement_part(&placement, 0, EXPECTED[i].number, EXPECTED[i].penalty, all);
        CU_ASSERT_EQUAL(own.first, EXPECTED[i].first);
        CU_ASSERT_EQUAL(own.count, EXPECTED[i].count);
        pairs += own.count;
    }
    CU_ASSERT_EQUAL(pairs, 50);
    CU_ASSERT_EQUAL(placement_folds(&placement, 3, 4, all).count, 0);
    placement_free(&placement);
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
        {"a_penalty_is_cut", a_penalty_is_cut},
        {"ranks_of_a_machine", ranks_of_a_machine},
        {"nothing_can_be_freed", nothing_can_be_freed},
    };
    return testing_main(argc, argv, "planning/placement", cases, sizeof cases / sizeof *cases);
}
