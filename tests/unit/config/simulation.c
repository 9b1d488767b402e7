#include "config/simulation.h"

#include "testing.h"

static struct simulation load(const char *text)
{
    struct simulation simulation;
    struct error err = {0};
    const char *path = testing_write_text(testing_folder(), "sim.yaml", text);
    CU_ASSERT_EQUAL_FATAL(simulation_load(&simulation, path, NULL, &err), 0);
    return simulation;
}

/* docs/simulate.md has the same numbers. */
static void an_output_is_enough(void)
{
    struct simulation made = load("output: data/sim\n");
    CU_ASSERT_STRING_EQUAL(made.output, "data/sim");
    CU_ASSERT_STRING_EQUAL(made.yaml, "output: data/sim\n");
    CU_ASSERT_EQUAL(made.n_subjects, 1500);
    CU_ASSERT_EQUAL(made.n_snps, 500000);
    CU_ASSERT_EQUAL(made.n_chromosomes, 22);
    CU_ASSERT_EQUAL(made.frequency_from, 0.05);
    CU_ASSERT_EQUAL(made.frequency_to, 0.5);
    CU_ASSERT_EQUAL(made.half_distance, 20);
    CU_ASSERT_EQUAL(made.missing_calls, 0);
    CU_ASSERT_EQUAL(made.families.share, 0);
    CU_ASSERT_EQUAL(made.ancestries.share, 0);
    CU_ASSERT_EQUAL(made.targets.count, 1000);
    CU_ASSERT_EQUAL(made.targets.with_signal, 0.1);
    CU_ASSERT_EQUAL_FATAL(made.targets.n_heritabilities, 1);
    CU_ASSERT_EQUAL(made.targets.heritabilities[0], 0.5);
    CU_ASSERT_EQUAL(made.targets.causal_snps, 1000);
    CU_ASSERT_EQUAL(made.targets.correlation, 0);
    CU_ASSERT_EQUAL(made.covariates.age, 0.05);
    CU_ASSERT_EQUAL(made.covariates.sex, 0.05);
    CU_ASSERT_EQUAL(made.covariates.site, 0.05);
    CU_ASSERT_EQUAL(made.covariates.sites, 3);
    CU_ASSERT_EQUAL(made.seed, 42);
    simulation_free(&made);
    simulation_free(&made);
}

static void a_section_that_is_there_says_what_it_is_about(void)
{
    struct simulation made = load("output: a\n"
                                  "snps: 200\n"
                                  "families: {size: 3}\n"
                                  "ancestries: {fst: 0.2}\n");
    CU_ASSERT_EQUAL(made.families.share, 1);
    CU_ASSERT_EQUAL(made.families.size, 3);
    CU_ASSERT_EQUAL(made.families.shared_environment, 0);
    CU_ASSERT_EQUAL(made.ancestries.share, 0.5);
    CU_ASSERT_EQUAL(made.ancestries.fst, 0.2);
    CU_ASSERT_EQUAL(made.ancestries.effect, 0);
    CU_ASSERT_EQUAL(made.targets.causal_snps, 200);
    simulation_free(&made);
}

static void siblings_share_all_where_nothing_is_inherited(void)
{
    struct simulation made =
        load("output: a\nfamilies: {shared_environment: 1}\ntargets: {with_signal: 0}\n");
    CU_ASSERT_EQUAL(made.families.shared_environment, 1);
    simulation_free(&made);
}

static void every_key_is_taken(void)
{
    struct simulation made = load("subjects: 81\nsnps: 23\nchromosomes: 5\n"
                                  "allele_frequency: {from: 0.2, to: 0.3}\n"
                                  "linkage: {half_distance: 7.5}\n"
                                  "missing_calls: 0.04\n"
                                  "families: {share: 0.5, size: 4, shared_environment: 0.25}\n"
                                  "ancestries: {share: 0.1, fst: 0.01, effect: -2}\n"
                                  "targets:\n"
                                  "  count: 9\n  with_signal: 1\n  heritability: [0.7, 0.1]\n"
                                  "  causal_snps: 23\n  correlation: 0.3\n"
                                  "covariates: {age: 1, sex: 2, site: 3, sites: 4}\n"
                                  "seed: 18446744073709551615\noutput: x\n");
    CU_ASSERT_EQUAL(made.n_subjects, 81);
    CU_ASSERT_EQUAL(made.n_snps, 23);
    CU_ASSERT_EQUAL(made.n_chromosomes, 5);
    CU_ASSERT_EQUAL(made.frequency_from, 0.2);
    CU_ASSERT_EQUAL(made.frequency_to, 0.3);
    CU_ASSERT_EQUAL(made.half_distance, 7.5);
    CU_ASSERT_EQUAL(made.missing_calls, 0.04);
    CU_ASSERT_EQUAL(made.families.share, 0.5);
    CU_ASSERT_EQUAL(made.families.size, 4);
    CU_ASSERT_EQUAL(made.families.shared_environment, 0.25);
    CU_ASSERT_EQUAL(made.ancestries.share, 0.1);
    CU_ASSERT_EQUAL(made.ancestries.fst, 0.01);
    CU_ASSERT_EQUAL(made.ancestries.effect, -2);
    CU_ASSERT_EQUAL(made.targets.count, 9);
    CU_ASSERT_EQUAL(made.targets.with_signal, 1);
    CU_ASSERT_EQUAL_FATAL(made.targets.n_heritabilities, 2);
    CU_ASSERT_EQUAL(made.targets.heritabilities[0], 0.1);
    CU_ASSERT_EQUAL(made.targets.heritabilities[1], 0.7);
    CU_ASSERT_EQUAL(made.targets.causal_snps, 23);
    CU_ASSERT_EQUAL(made.targets.correlation, 0.3);
    CU_ASSERT_EQUAL(made.covariates.age, 1);
    CU_ASSERT_EQUAL(made.covariates.sex, 2);
    CU_ASSERT_EQUAL(made.covariates.site, 3);
    CU_ASSERT_EQUAL(made.covariates.sites, 4);
    CU_ASSERT_EQUAL(made.seed, UINT64_MAX);
    simulation_free(&made);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"an_output_is_enough", an_output_is_enough},
        {"a_section_that_is_there_says_what_it_is_about", a_section_that_is_there_says_what_it_is_about},
        {"siblings_share_all_where_nothing_is_inherited", siblings_share_all_where_nothing_is_inherited},
        {"every_key_is_taken", every_key_is_taken},
    };
    return testing_main(argc, argv, "simulation", cases, sizeof cases / sizeof *cases);
}
