#include "planning/cost_association.h"

#include "testing.h"

#include <math.h>

static struct cost_shape shape_of(double n, double n_snps, double n_targets)
{
    return (struct cost_shape){.n = n,
                               .n_snps = n_snps,
                               .n_targets = n_targets,
                               .n_covariates = 6,
                               .n_permutations = 10000,
                               .n_machines = 1,
                               .ranks_per_machine = 1,
                               .workers_per_rank = 2};
}

/* What runs took of it, in MB (bench/NOTES.md): rss of the whole process. */
static void as_measured(void)
{
    static const struct {
        double n, n_snps, n_targets, permutations, measured;
    } runs[] = {
        {740, 20000, 31622, 0, 504}, {740, 2000, 6000, 0, 121},     {740, 2000, 6000, 1000, 161},
        {1500, 4000, 300, 0, 90},    {1500, 4000, 300, 12000, 133}, {400, 500000, 20, 0, 73},
    };
    for (size_t k = 0; k < sizeof runs / sizeof *runs; k++) {
        struct cost_shape shape = shape_of(runs[k].n, runs[k].n_snps, runs[k].n_targets);
        shape.n_permutations = runs[k].permutations;
        const struct cost_association association = {
            .permutes = runs[k].permutations > 0, .n_hits = 10000, .orbits = {.n_shifts = runs[k].n}};
        ASSERT_NEAR(cost_association_bytes(&shape, &association) / 1e6 / runs[k].measured, 1, 0.15);
    }
}

static void what_is_asked_for_counts(void)
{
    struct cost_shape shape = shape_of(740, 448293, 31622);
    struct cost_association few = {.n_hits = 1000}, many = {.n_hits = 1000, .n_full = 100, .n_snps_full = 10};
    ASSERT_NEAR(cost_association_bytes(&shape, &many) - cost_association_bytes(&shape, &few),
                8 * (100 * 448293.0 + 10 * 31622.0), 200e6); /* part of it stands where the targets stood */
    CU_ASSERT_TRUE(cost_association_bytes(&shape, &many) > cost_association_bytes(&shape, &few));
}

/* 2 n p T flops, and a tenth for the scan; 90 a permutation and pair. */
static void seconds(void)
{
    struct cost_shape shape = shape_of(1500, 500000, 1000);
    const struct cost_rates rates = {.product = 1e11};
    const struct cost_seconds run = {.reading = 1, .gram = 10, .components = 3, .svd = 5};
    struct cost_association association = {.orbits = {.n_shifts = 1500}};
    struct cost_association_seconds found = cost_association_seconds(&shape, &association, &rates, &run);
    ASSERT_NEAR(found.observed, 1.1 * 2 * 1500 * 5e8 / 1e11 / 2, 1e-9);
    CU_ASSERT_EQUAL(found.permutations, 0);
    ASSERT_NEAR(found.total, 14 + found.observed, 1e-9);
    association.permutes = true;
    found = cost_association_seconds(&shape, &association, &rates, &run);
    ASSERT_NEAR(found.permutations, 10500 * 5e8 * 90 / 1e11 / 2, 1e-6);
    shape.n_machines =
        3; /* each has a third of the SNPs, then of 56 units, 8 slices of targets in 7 orbits, up to 19 */
    found = cost_association_seconds(&shape, &association, &rates, &run);
    ASSERT_NEAR(found.observed, 1.1 * 2 * 1500 * 5e8 / 1e11 / 6, 1e-9);
    ASSERT_NEAR(found.permutations, 10500 * 5e8 * 90 / 1e11 / 2 * 19 / 56, 1e-6);
    shape.n_machines = 1;
    association.orbits.n_shifts = 0; /* one by one */
    found = cost_association_seconds(&shape, &association, &rates, &run);
    ASSERT_NEAR(found.permutations, 10000 * 5e8 * 3000 / 1e11 / 2, 1e-6);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"as_measured", as_measured},
        {"what_is_asked_for_counts", what_is_asked_for_counts},
        {"seconds", seconds},
    };
    return testing_main(argc, argv, "cost_association", cases, sizeof cases / sizeof *cases);
}
