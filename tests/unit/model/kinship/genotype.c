#include "model/kinship/genotype.h"

#include "testing.h"

#include <math.h>
#include <string.h>

enum { MOST_SUBJECTS = 120, MOST_SNPS = 8 };

/* Passes everything that varies. */
static const struct genotype_filter open_filter = {.min_allele_frequency = 0, .max_missing = 0.999};

static struct genotype_counts standardise(const uint8_t *calls, size_t count, size_t n,
                                          struct genotype_filter filter, double *x)
{
    struct genotype_counts counts;
    double heterozygosity[MOST_SUBJECTS];
    for (size_t i = 0; i < MOST_SNPS * MOST_SUBJECTS; i++)
        x[i] = -99;
    genotype_standardise(calls, count, n, &filter, x, heterozygosity, &counts);
    CU_ASSERT_EQUAL(counts.n_kept + counts.n_missing + counts.n_constant + counts.n_rare, count);
    for (size_t i = counts.n_kept * n; i < MOST_SNPS * MOST_SUBJECTS; i++)
        CU_ASSERT_EQUAL(x[i], -99); /* nothing beyond what was kept */
    return counts;
}

/* Two SNPs by hand: f = 1/2 from (0 1 2 . 1), f = 1/8 from (0 0 1 . 0). */
static void values_of_every_scale(void)
{
    static const uint8_t calls[] = {0, 1, 2, 3, 1, 0, 0, 1, 3, 0};
    const double het = sqrt(2 * 0.5 * 0.5), rare = sqrt(2 * 0.125 * 0.875);
    const struct {
        enum genotype_scale scale;
        double x[10];
    } cases[] = {
        {GENOTYPE_SCALE_ALLELE_FREQUENCY,
         {-1 / het, 0, 1 / het, 0, 0, -.25 / rare, -.25 / rare, .75 / rare, 0, -.25 / rare}},
        {GENOTYPE_SCALE_SAMPLE, /* sums of squares 2 and 3/4 over three */
         {-1 / sqrt(2. / 3), 0, 1 / sqrt(2. / 3), 0, 0, -.5, -.5, 1.5, 0, -.5}},
        {GENOTYPE_SCALE_NONE, {-1, 0, 1, 0, 0, -.25, -.25, .75, 0, -.25}},
    };
    for (size_t k = 0; k < 3; k++) {
        struct genotype_filter filter = open_filter;
        filter.scale = cases[k].scale;
        double x[MOST_SNPS * MOST_SUBJECTS];
        CU_ASSERT_EQUAL(standardise(calls, 2, 5, filter, x).n_kept, 2);
        for (size_t i = 0; i < 10; i++)
            ASSERT_NEAR(x[i], cases[k].x[i], 1e-15);
    }
}

/* Each SNP is counted once, at the first filter that drops it; those kept stand side by side. */
static void filters_count_in_order(void)
{
    static const uint8_t calls[][10] = {
        {0, 1, 0, 1, 0, 1, 0, 1, 0, 2}, /* kept, f = .3 */
        {1, 1, 1, 1, 1, 1, 1, 1, 3, 3}, /* missing comes before constant */
        {3, 3, 3, 3, 3, 3, 3, 3, 3, 3}, /* nothing there */
        {2, 2, 2, 2, 2, 2, 2, 2, 2, 3}, /* constant comes before rare */
        {1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, /* all heterozygous: f = 1/2 and no variance */
        {0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, /* f = .05 */
        {2, 2, 2, 2, 2, 2, 2, 2, 2, 1}, /* f = .95 */
        {2, 1, 0, 1, 0, 1, 0, 1, 0, 3}, /* kept */
    };
    const struct genotype_filter filter = {.min_allele_frequency = 0.06, .max_missing = 0.1};
    double x[MOST_SNPS * MOST_SUBJECTS];
    struct genotype_counts counts = standardise(calls[0], 8, 10, filter, x);
    CU_ASSERT_EQUAL(counts.n_kept, 2);
    CU_ASSERT_EQUAL(counts.n_missing, 2);
    CU_ASSERT_EQUAL(counts.n_constant, 2);
    CU_ASSERT_EQUAL(counts.n_rare, 2);
    ASSERT_NEAR(x[9], 1.4 / sqrt(2 * .3 * .7), 1e-15); /* the first, by its last subject */
    CU_ASSERT_TRUE(x[10] > 0 && x[12] < 0);            /* the eighth, not the second */
    CU_ASSERT_EQUAL(x[19], 0);
}

static void everything_missing_is_dropped_at_any_limit(void)
{
    static const uint8_t calls[] = {3, 3, 3, 3};
    const struct genotype_filter filter = {.max_missing = 1};
    double x[MOST_SNPS * MOST_SUBJECTS];
    CU_ASSERT_EQUAL(standardise(calls, 1, 4, filter, x).n_missing, 1);
}

/* A share of exactly the limit passes, whatever rounding says: 0.29 * 100 < 29 and 1 - 0.9 < 0.1. */
static void limits_are_inclusive(void)
{
    for (unsigned percent = 1; percent < 50; percent++) {
        uint8_t calls[3 * 100] = {0};
        for (size_t i = 0; i < 100; i++) {
            calls[i] = i < percent ? 3 : i % 2 == 0 ? 0 : 2; /* `percent` of 100 missing */
            calls[100 + i] = i < percent ? 2 : 0;            /* f = percent / 100 ... */
            calls[200 + i] = i < percent ? 0 : 2;            /* ... and the other allele counted */
        }
        double x[MOST_SNPS * MOST_SUBJECTS], limit = percent / 100.;
        struct genotype_filter filter = {.max_missing = limit};
        CU_ASSERT_EQUAL(standardise(calls, 1, 100, filter, x).n_kept, 1);
        filter.max_missing = nextafter(limit, 0);
        CU_ASSERT_EQUAL(standardise(calls, 1, 100, filter, x).n_missing, 1);
        filter = (struct genotype_filter){.min_allele_frequency = limit};
        CU_ASSERT_EQUAL(standardise(calls + 100, 2, 100, filter, x).n_kept, 2);
        filter.min_allele_frequency = nextafter(limit, 1);
        CU_ASSERT_EQUAL(standardise(calls + 100, 2, 100, filter, x).n_rare, 2);
    }
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"values_of_every_scale", values_of_every_scale},
        {"filters_count_in_order", filters_count_in_order},
        {"everything_missing_is_dropped_at_any_limit", everything_missing_is_dropped_at_any_limit},
        {"limits_are_inclusive", limits_are_inclusive},
    };
    return testing_main(argc, argv, "genotype", cases, sizeof cases / sizeof *cases);
}
