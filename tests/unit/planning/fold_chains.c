#include "planning/fold_chains.h"

#include "testing.h"

enum { MOST_RANKS = 30, MOST_FOLDS = 12 };

/* Calls `check` for all chains of 1 ... MOST_FOLDS folds, from fold 2 on, on up to MOST_RANKS ranks with 1, 2
 * or 3 of them on each machine, or one more on the first than on the others. */
static void for_all(enum placement_kind kind, void (*check)(const struct fold_chains *chains))
{
    for (int n_ranks = 1; n_ranks <= MOST_RANKS; n_ranks++)
        for (int dealing = 0; dealing < 4; dealing++) {
            int machine[MOST_RANKS], each = dealing == 3 ? 1 : dealing + 1;
            for (int r = 0; r < n_ranks; r++)
                machine[r] = dealing < 3 ? r / each : r > 0 ? r - 1 : 0;
            struct placement placement;
            struct error err = {0};
            CU_ASSERT_EQUAL_FATAL(
                placement_init(&placement, kind, 3, machine, n_ranks, machine[n_ranks - 1] + 1, &err), 0);
            for (size_t folds = 1; folds <= MOST_FOLDS; folds++) {
                struct fold_chains chains = fold_chains_of(&placement, (struct fold_span){2, folds});
                check(&chains);
            }
            placement_free(&placement);
        }
}

/* Along every lane the folds follow one another, none is left out, and no machine is without any. */
static void check_folds(const struct fold_chains *chains)
{
    size_t wrong = 0;
    for (int lane = 0; lane < chains->n_lanes; lane++) {
        size_t next = chains->folds.first;
        for (int link = 0; link < chains->n_links; link++) {
            int rank = fold_chains_rank(chains, lane, link);
            struct fold_span folds = fold_chains_folds(chains, chains->placement->machine[rank]);
            wrong += folds.first != next || folds.count == 0;
            wrong += fold_chains_link(chains, lane, rank) != link;
            next += folds.count;
        }
        wrong += next != chains->folds.first + chains->folds.count;
    }
    CU_ASSERT_EQUAL(wrong, 0);
}

static void a_lane_goes_through_all_folds(void)
{
    for_all(PLACEMENT_BY_FOLD, check_folds);
    for_all(PLACEMENT_REPLICATE, check_folds);
}

/* Every rank works, at one link of its lanes, but those of machines that are left over; these hold nothing.
 */
static void check_ranks(const struct fold_chains *chains)
{
    const struct placement *placement = chains->placement;
    size_t wrong = 0;
    for (int rank = 0; rank < placement->n_ranks; rank++) {
        int machine = placement->machine[rank], works_at = -1;
        for (int lane = 0; lane < chains->n_lanes; lane++) {
            int link = fold_chains_link(chains, lane, rank);
            wrong += link >= 0 && works_at >= 0 && link != works_at;
            works_at = link >= 0 ? link : works_at;
        }
        bool left_over = machine >= chains->n_chains * chains->n_links;
        wrong += (works_at < 0) != left_over;
        wrong += (fold_chains_folds(chains, machine).count == 0) != left_over;
    }
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT_TRUE(placement->n_machines - chains->n_chains * chains->n_links < chains->n_links);
}

static void every_rank_has_its_link(void)
{
    for_all(PLACEMENT_BY_FOLD, check_ranks);
}

static void with_replicate_every_rank_has_all(void)
{
    static const int machine[] = {0, 0, 1};
    struct placement placement;
    struct error err = {0};
    CU_ASSERT_EQUAL_FATAL(placement_init(&placement, PLACEMENT_REPLICATE, 3, machine, 3, 2, &err), 0);
    struct fold_chains chains = fold_chains_of(&placement, (struct fold_span){0, 10});
    CU_ASSERT_EQUAL(chains.n_links, 1);
    CU_ASSERT_EQUAL(chains.n_lanes, 3);
    CU_ASSERT_EQUAL(fold_chains_rank(&chains, 2, 0), 2);
    CU_ASSERT_EQUAL(fold_chains_folds(&chains, 1).count, 10);
    placement_free(&placement);
}

/* Two machines of two ranks, of which one has few workers: its lane is the slower one. */
static void a_lane_is_as_fast_as_its_slowest_rank(void)
{
    static const int machine[] = {0, 1, 0, 1};
    static const int64_t workers[] = {4, 4, 4, 1};
    int64_t of_lane[2];
    struct placement placement;
    struct error err = {0};
    CU_ASSERT_EQUAL_FATAL(placement_init(&placement, PLACEMENT_BY_FOLD, 3, machine, 4, 2, &err), 0);
    struct fold_chains chains = fold_chains_of(&placement, (struct fold_span){0, 5});
    CU_ASSERT_EQUAL_FATAL(chains.n_lanes, 2);
    fold_chains_workers(&chains, workers, of_lane);
    CU_ASSERT_EQUAL(of_lane[0], 4);
    CU_ASSERT_EQUAL(of_lane[1], 1);
    placement_free(&placement);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"a_lane_goes_through_all_folds", a_lane_goes_through_all_folds},
        {"every_rank_has_its_link", every_rank_has_its_link},
        {"with_replicate_every_rank_has_all", with_replicate_every_rank_has_all},
        {"a_lane_is_as_fast_as_its_slowest_rank", a_lane_is_as_fast_as_its_slowest_rank},
    };
    return testing_main(argc, argv, "planning/fold_chains", cases, sizeof cases / sizeof *cases);
}
