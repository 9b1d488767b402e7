#include "run/held_against.h"

#include "testing.h"

#include <stdio.h>

static void assert_units(const struct campaign *campaign, const char *expected)
{
    struct error err = {0};
    CU_ASSERT_EQUAL(held_against_program(campaign, "a.h5", &err), expected != NULL ? EXIT_CODE_FAILED : 0);
    if (expected != NULL)
        ASSERT_CONTAINS(err.message, expected);
}

/* As docs/design.md has it: 1,000 columns a unit of permutations drawn one by one. */
static void units_of_permutations_drawn_one_by_one(void)
{
    static const struct {
        size_t targets;
        int64_t unit;
    } right[] = {{1, 1000}, {5, 200}, {999, 1}, {1000, 1}, {1001, 1}, {100000, 1}};
    for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
        struct campaign campaign = {.n_targets = right[i].targets, .unit_permutations = right[i].unit};
        assert_units(&campaign, NULL);
        campaign.unit_permutations++;
        assert_units(&campaign, "a.h5: is damaged, or another program's: a unit of ");
    }
}

/* 1,000 shifts and 128 columns; of more targets an orbit of a slice. */
static void units_of_orbits(void)
{
    static const struct {
        size_t targets, shifts;
        int64_t orbits;
        size_t slice;
    } right[] = {{5, 120, 8, 5},    {1, 1, 128, 1},   {1, 1000, 1, 1}, {1, 100000, 1, 1},
                 {128, 10, 1, 128}, {129, 10, 1, 65}, {50, 100, 2, 50}};
    for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
        struct campaign campaign = {.n_targets = right[i].targets,
                                    .n_shifts = right[i].shifts,
                                    .unit_permutations = right[i].orbits,
                                    .slice_targets = right[i].slice};
        assert_units(&campaign, NULL);
        campaign.unit_permutations++;
        assert_units(&campaign, "targets found; expected ");
        campaign.unit_permutations--;
        campaign.slice_targets++;
        assert_units(&campaign, "targets found; expected ");
    }
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"units_of_permutations_drawn_one_by_one", units_of_permutations_drawn_one_by_one},
        {"units_of_orbits", units_of_orbits},
    };
    return testing_main(argc, argv, "run/held_against", cases, sizeof cases / sizeof *cases);
}
