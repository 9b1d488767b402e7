/* How many units and permutations a campaign has, against counting them one after the other. */
#include "checkpoint/campaign.h"

#include "testing.h"

#include <string.h>

static void units_of_permutations_drawn_one_by_one(void)
{
    static const int64_t cases[][3] = {{0, 10, 0}, {1, 10, 1}, {10, 10, 1}, {11, 10, 2}, {11, 1, 11}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct campaign campaign = {.n_permutations = cases[i][0], .unit_permutations = cases[i][1]};
        CU_ASSERT_EQUAL(campaign_unit_count(&campaign), cases[i][2]);
        CU_ASSERT_EQUAL(campaign_permutations(&campaign, cases[i][0]), cases[i][0]);
        CU_ASSERT_DOUBLE_EQUAL(campaign_unit_permutations(&campaign), (double)cases[i][1], 0);
    }
}

/* For all that may be done of four units. */
static void done_of_permutations_drawn_one_by_one(void)
{
    enum { UNITS = 4, G = 3 };
    struct campaign campaign = {.n_permutations = UNITS * G, .unit_permutations = G};
    for (int64_t count = 1; count <= UNITS * G; count++)
        for (unsigned set = 0; set < 1u << UNITS; set++) {
            bool done[UNITS];
            for (int u = 0; u < UNITS; u++)
                done[u] = (set >> u & 1) != 0;
            int64_t expected = 0;
            for (int64_t b = 0; b < count; b++)
                expected += done[b / G];
            CU_ASSERT_EQUAL(campaign_permutations_done(&campaign, done, count), expected);
        }
}

static void orbits_that_a_count_takes(void)
{
    static const int64_t cases[][3] = {/* asked, shifts, orbits */
                                       {1, 40, 1},
                                       {40, 40, 1},
                                       {41, 40, 2},
                                       {10000, 1500, 7},
                                       {10000, 5000, 2}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct campaign campaign = {.n_permutations = cases[i][0],
                                    .unit_permutations = 1,
                                    .n_targets = 1,
                                    .slice_targets = 1,
                                    .n_shifts = (size_t)cases[i][1]};
        CU_ASSERT_EQUAL(campaign_orbits(&campaign, cases[i][0]), cases[i][2]);
        CU_ASSERT_EQUAL(campaign_unit_count(&campaign), cases[i][2]);
        CU_ASSERT_EQUAL(campaign_permutations(&campaign, cases[i][0]), cases[i][1] * cases[i][2]);
    }
}

/* Three orbits of two slices, a unit each: a slice's share of an orbit is half its permutations. */
static void done_of_slices(void)
{
    enum { SHIFTS = 10, UNITS = 6 };
    struct campaign campaign = {.n_permutations = 3 * SHIFTS - 1,
                                .unit_permutations = 1,
                                .n_targets = 5,
                                .slice_targets = 3,
                                .n_shifts = SHIFTS};
    CU_ASSERT_EQUAL(campaign_slices(&campaign), 2);
    CU_ASSERT_EQUAL(campaign_places(&campaign), 6);
    CU_ASSERT_EQUAL(campaign_unit_count(&campaign), UNITS);
    for (unsigned set = 0; set < 1u << UNITS; set++) {
        bool done[UNITS];
        int64_t n_done = 0, n_done_of_two = 0;
        for (int u = 0; u < UNITS; u++) {
            done[u] = (set >> u & 1) != 0;
            n_done += done[u];
            n_done_of_two += u < 4 && done[u];
        }
        CU_ASSERT_EQUAL(campaign_permutations_done(&campaign, done, 3 * SHIFTS - 1), n_done * SHIFTS / 2);
        CU_ASSERT_EQUAL(campaign_permutations_done(&campaign, done, 2 * SHIFTS), n_done_of_two * SHIFTS / 2);
    }
}

/* Of the last unit only the orbits that are asked for count. */
static void done_of_several_orbits_a_unit(void)
{
    enum { SHIFTS = 10, G = 4 };
    struct campaign campaign = {.n_permutations = 6 * SHIFTS,
                                .unit_permutations = G,
                                .n_targets = 5,
                                .slice_targets = 5,
                                .n_shifts = SHIFTS};
    static const bool both[2] = {true, true}, last[2] = {false, true};
    CU_ASSERT_EQUAL(campaign_unit_count(&campaign), 2);
    CU_ASSERT_EQUAL(campaign_permutations_done(&campaign, both, 6 * SHIFTS), 6 * SHIFTS);
    CU_ASSERT_EQUAL(campaign_permutations_done(&campaign, last, 6 * SHIFTS), 2 * SHIFTS);
    CU_ASSERT_EQUAL(campaign_permutations_done(&campaign, both, 3 * SHIFTS), 3 * SHIFTS);
    CU_ASSERT_DOUBLE_EQUAL(campaign_unit_permutations(&campaign), G * SHIFTS, 0);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"units_of_permutations_drawn_one_by_one", units_of_permutations_drawn_one_by_one},
        {"done_of_permutations_drawn_one_by_one", done_of_permutations_drawn_one_by_one},
        {"orbits_that_a_count_takes", orbits_that_a_count_takes},
        {"done_of_slices", done_of_slices},
        {"done_of_several_orbits_a_unit", done_of_several_orbits_a_unit},
    };
    return testing_main(argc, argv, "campaign counts", cases, sizeof cases / sizeof *cases);
}
