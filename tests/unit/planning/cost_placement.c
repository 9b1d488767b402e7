#include "planning/cost_placement.h"

#include "planning/cost_orbits.h"
#include "planning/cost_passes.h"
#include "planning/cost_time.h"

#include "testing.h"

#include <math.h>

/* 3,000 people in one cycle, 4 outer folds. */
static struct cost_shape orbit_shape(double n_machines)
{
    return (struct cost_shape){
        .n = 3000,
        .n_snps = 500000,
        .n_targets = 1000,
        .n_covariates = 2,
        .n_outer = 4,
        .n_inner = 3,
        .n_permutations = 10000,
        .n_penalties = 5,
        .n_nodes = 5,
        .n_machines = n_machines,
        .ranks_per_machine = 1,
        .workers_per_rank = 1,
        .shared_memory = true,
        .orbits = {.n_shifts = 3000, .length = 3000, .n_sequences = 1, .flops = 6000, .variance = 1}};
}

/* 4 folds on 2, 3, 4 and 9 machines. */
static void test_chains(void)
{
    static const struct {
        double machines, links, chains, folds, share;
        const char *text;
    } EXPECTED[] = {
        {2, 2, 1, 2, 0.5, "by-fold: 1 chain of 2 machines, with the forms of 2 of 4 outer folds each"},
        {3, 3, 1, 2, 0.5,
         "by-fold: 1 chain of 3 machines, with the forms of at most 2 of 4 outer folds each"},
        {4, 4, 1, 1, 0.25, "by-fold: 1 chain of 4 machines, with the forms of 1 of 4 outer folds each"},
        {9, 4, 2, 1, 0.25,
         "by-fold: 2 chains of 4 machines, with the forms of 1 of 4 outer folds each; 1 machine idle"},
    };
    char text[COST_PLACEMENT_BYTES];
    double state = 1000 * 3003.0 * 8;
    for (size_t k = 0; k < sizeof EXPECTED / sizeof *EXPECTED; k++) {
        struct cost_shape shape = orbit_shape(EXPECTED[k].machines), all = shape;
        shape.placement = PLACEMENT_BY_FOLD;
        CU_ASSERT_EQUAL(cost_placement_links(&shape), EXPECTED[k].links);
        CU_ASSERT_EQUAL(cost_placement_chains(&shape), EXPECTED[k].chains);
        CU_ASSERT_EQUAL(cost_placement_folds(&shape), EXPECTED[k].folds);
        CU_ASSERT_EQUAL(cost_placement_share(&shape), EXPECTED[k].share);
        CU_ASSERT_STRING_EQUAL(cost_placement_text(&shape, text), EXPECTED[k].text);
        /* 4 orbits of 1000 targets */
        struct cost_traffic traffic = cost_of(&shape).traffic;
        CU_ASSERT_EQUAL(traffic.sums, (EXPECTED[k].links - 1) * (4 * 1000 * 3000.0 * 4 + state));
        CU_ASSERT_EQUAL(traffic.operators, 0);
        CU_ASSERT_EQUAL(traffic.svd, (EXPECTED[k].machines - 1) * cost_svd_bytes(&shape));
        CU_ASSERT_EQUAL(cost_of(&all).traffic.operators,
                        (EXPECTED[k].machines - 1) * cost_orbits_bytes(&all));
        ASSERT_NEAR(cost_orbits_bytes(&shape), EXPECTED[k].share * cost_orbits_bytes(&all), 1);
    }
}

/* Which of a machine's processes build is told where it is not all of them. */
static void test_builders_are_told(void)
{
    struct cost_shape shape = orbit_shape(2);
    char text[COST_PLACEMENT_BYTES];
    shape.ranks_per_machine = 4;
    CU_ASSERT_STRING_EQUAL(cost_placement_text(&shape, text), "replicate: every machine holds all forms");
    shape.n_builders = 4;
    CU_ASSERT_STRING_EQUAL(cost_placement_text(&shape, text), "replicate: every machine holds all forms");
    shape.n_builders = 3;
    CU_ASSERT_STRING_EQUAL(cost_placement_text(&shape, text),
                           "replicate: every machine holds all forms; 3 of 4 processes build them");
    shape.placement = PLACEMENT_BY_FOLD;
    CU_ASSERT_STRING_EQUAL(
        cost_placement_text(&shape, text),
        "by-fold: 1 chain of 2 machines, with the forms of 2 of 4 outer folds each; 3 of 4 processes build them");
}

/* What fits goes by what is faster; what does not fit with all forms goes by fold, if that fits. */
static void test_placement(void)
{
    struct cost_shape shape = orbit_shape(4);
    const double plenty = 1e15;
    shape.n_penalties = shape.n_nodes = 10;
    CU_ASSERT_TRUE(cost_placement_choose(&shape, plenty, 0));
    CU_ASSERT_EQUAL(shape.placement, PLACEMENT_BY_FOLD); /* a quarter of the forms to build */
    CU_ASSERT_EQUAL(cost_passes_count(&shape), 1);
    struct cost_shape small = orbit_shape(4);
    small.n = small.orbits.n_shifts = small.orbits.length = 100;
    small.n_targets = 10;
    double replicate = cost_of(&small).machine_bytes;
    CU_ASSERT_TRUE(cost_placement_choose(&small, replicate, 0));
    CU_ASSERT_EQUAL(small.placement, PLACEMENT_REPLICATE); /* seconds are not worth it */
    small.placement = PLACEMENT_BY_FOLD;
    double by_fold = cost_of(&small).machine_bytes;
    CU_ASSERT_TRUE(by_fold < replicate);
    CU_ASSERT_TRUE(cost_placement_choose(&small, by_fold, 0));
    CU_ASSERT_EQUAL(small.placement, PLACEMENT_BY_FOLD);
    CU_ASSERT_EQUAL(cost_passes_count(&small), 1);
    CU_ASSERT_FALSE(cost_placement_choose(&small, by_fold / 100, 0));
    /* on one machine there is nothing to gain */
    struct cost_shape one = orbit_shape(1);
    CU_ASSERT_TRUE(cost_placement_choose(&one, plenty, 2));
    CU_ASSERT_EQUAL(one.placement, PLACEMENT_REPLICATE);
    CU_ASSERT_EQUAL(cost_passes_count(&one), 2);
}

/* Passes and machines divide the folds both: 4 folds in 2 passes over 2 machines, one fold each. */
static void test_passes_by_fold(void)
{
    struct cost_shape shape = orbit_shape(2), one = orbit_shape(1);
    shape.placement = PLACEMENT_BY_FOLD;
    CU_ASSERT_TRUE(cost_placement_fit(&shape, 1e15, 2));
    CU_ASSERT_EQUAL(cost_placement_folds(&shape), 1);
    CU_ASSERT_EQUAL(cost_placement_share(&shape), 0.5);
    CU_ASSERT_TRUE(cost_placement_fit(&one, 1e15, 4));
    CU_ASSERT_EQUAL(cost_orbits_bytes(&shape), cost_orbits_bytes(&one));
}

/* Sums travel while others are computed; a network that is too slow for them decides. */
static void test_slow_network(void)
{
    static const struct cost_rates rates = {.product = 1e9,
                                            .folds = 1e9,
                                            .orbits = 1e9,
                                            .gram = 1e9,
                                            .product_double = 1e9,
                                            .fold_operators = 1e9};
    struct cost_shape shape = orbit_shape(4);
    shape.placement = PLACEMENT_BY_FOLD;
    double hop = cost_placement_sums(&shape), computing = cost_orbits_kernel_flops(&shape) / 4 / rates.orbits;
    const struct cost_network fast = {1e30, 0}, slow = {hop / (3 * computing), 0};
    double usual = cost_seconds_of(&shape, &rates, &fast).permutations;
    ASSERT_NEAR(usual, computing, 0.1 * computing);
    ASSERT_NEAR(cost_seconds_of(&shape, &rates, &slow).permutations, 3 * computing, 1e-6 * computing);
    /* machines share what one of them alone would do */
    struct cost_shape one = orbit_shape(1);
    ASSERT_NEAR(cost_seconds_of(&one, &rates, &fast).permutations, 4 * computing, 1e-6 * computing);
}

/* Drawn one by one: by-fold where a machine has no room for all folds' operators; else every machine of a
 * chain would make P y of all permutations. */
static void test_one_by_one(void)
{
    char text[COST_PLACEMENT_BYTES];
    struct cost_shape shape = orbit_shape(4);
    shape.orbits = (struct cost_orbits){0};
    struct cost_shape by_fold = shape, chosen = shape;
    by_fold.placement = PLACEMENT_BY_FOLD;
    CU_ASSERT_STRING_EQUAL(cost_placement_text(&by_fold, text),
                           "by-fold: 1 chain of 4 machines, with the operators of 1 of 4 outer folds each");
    struct cost of = cost_of(&by_fold), all = cost_of(&shape);
    CU_ASSERT_EQUAL(of.traffic.sums, 3 * 10000.0 * 1000 * 8);
    CU_ASSERT_EQUAL(of.traffic.operators, 0);
    CU_ASSERT_EQUAL(of.traffic.svd, 3 * cost_svd_bytes(&shape));
    CU_ASSERT_TRUE(of.held_bytes < all.held_bytes && of.machine_bytes < all.machine_bytes);
    CU_ASSERT_TRUE(of.permutation_flops > all.permutation_flops);
    CU_ASSERT_TRUE(cost_placement_choose(&chosen, 1e15, 0));
    CU_ASSERT_EQUAL(chosen.placement, PLACEMENT_REPLICATE);
    /* in passes as well, where these fit */
    CU_ASSERT_TRUE(cost_placement_choose(&chosen, all.machine_bytes - 1, 0));
    CU_ASSERT_EQUAL(chosen.placement, PLACEMENT_REPLICATE);
    CU_ASSERT_EQUAL(cost_passes_count(&chosen), 2);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"chains", test_chains},
        {"builders are told", test_builders_are_told},
        {"placement", test_placement},
        {"passes by fold", test_passes_by_fold},
        {"slow network", test_slow_network},
        {"one_by_one", test_one_by_one},
    };
    return testing_main(argc, argv, "planning/cost_placement", cases, sizeof cases / sizeof *cases);
}
