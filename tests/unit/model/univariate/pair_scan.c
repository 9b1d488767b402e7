#include "model/univariate/pair_scan.h"

#include "model/univariate/student.h"
#include "model_example.h"

/* One tile of SNPs and one strip of targets, of vectors as they are given here. */
struct scan {
    struct snp_tile tile;
    struct pair_targets targets;
    struct pair_strip strip;
    struct associations found;
};

static void scan_strip(struct scan *scan)
{
    struct error err = {0};
    CU_ASSERT_EQUAL_FATAL(pair_scan_strip(&scan->tile, &scan->targets, &scan->strip, &scan->found, &err), 0);
}

/* Unit vectors, side by side. */
static double *unit_vectors(size_t n, size_t count, uint64_t seed)
{
    double *values = example_normals(n * count, seed);
    for (size_t k = 0; k < count; k++) {
        double squares = 0;
        for (size_t i = 0; i < n; i++)
            squares += values[k * n + i] * values[k * n + i];
        for (size_t i = 0; i < n; i++)
            values[k * n + i] /= sqrt(squares);
    }
    return values;
}

enum { PEOPLE = 30, SNPS = 45, TARGETS = 300, FIRST = 256, SAMPLE = 3, FIRST_VARIANT = 100, VARIANTS = 200 };
static const double report_p = 1e-2;

/* What should be known of a target in the strip, by plain loops. */
static void assert_target(const struct scan *scan, size_t target)
{
    const struct associations *found = &scan->found;
    size_t best = 0, n_hits = 0, n_listed = 0, n_binned = 0, n_same = 0;
    double r[SNPS];
    for (size_t k = 0; k < SNPS; k++) {
        r[k] = pair_scan_exact(&scan->tile, k, &scan->targets, target);
        best = fabs(r[k]) > fabs(r[best]) ? k : best;
        n_hits += student_log_p(r[k] * r[k], scan->targets.degrees) <= log(report_p);
    }
    CU_ASSERT_EQUAL(found->best[target].variant, FIRST_VARIANT + best);
    CU_ASSERT_EQUAL(found->best[target].r, r[best]);
    CU_ASSERT_EQUAL(found->n_hits[target], n_hits);
    for (size_t h = 0; h < found->n_kept; h++)
        if (found->hits[h].target == target) {
            n_listed++;
            CU_ASSERT_EQUAL(found->hits[h].r, r[found->hits[h].variant - FIRST_VARIANT]);
        }
    CU_ASSERT_EQUAL(n_listed, n_hits);
    uint32_t bins[ASSOCIATIONS_BINS] = {0};
    for (size_t k = 0; k < SNPS; k++)
        if ((FIRST_VARIANT + k) % SAMPLE == 0) {
            bins[(size_t)(fabs(r[k]) * associations_bins_per_r(scan->targets.degrees))]++;
            n_binned++;
        }
    for (size_t b = 0; b < ASSOCIATIONS_BINS; b++) {
        uint32_t here = found->bins[target * ASSOCIATIONS_BINS + b];
        n_same += here < bins[b] ? here : bins[b];
    }
    CU_ASSERT_TRUE(n_same + 1 >= n_binned); /* rounding may put one into the next bin */
}

/* The second strip of 300 targets, 44: what is found is its targets', and the first one's have what they had.
 */
static void a_strip_of_many_targets(void)
{
    struct error err = {0};
    double *snps = unit_vectors(PEOPLE, SNPS, 5), *targets = unit_vectors(PEOPLE, TARGETS, 6);
    float *snps_single = example_rounded(snps, PEOPLE * SNPS),
          *targets_single = example_rounded(targets, PEOPLE * TARGETS);
    uint32_t variant[SNPS];
    for (size_t k = 0; k < SNPS; k++)
        variant[k] = (uint32_t)(FIRST_VARIANT + k);
    struct scan scan = {
        .tile = {.n_rows = SNPS, .variant = variant, .exact = snps, .rounded = snps_single},
        .targets = {PEOPLE, TARGETS, targets_single, targets, PEOPLE - 2, log(report_p), .46, SAMPLE},
        .strip = {FIRST, TARGETS - FIRST, malloc((size_t)SNPS * PAIR_STRIP * sizeof(float))}};
    CU_ASSERT_TRUE(student_log_p(.46 * .46, PEOPLE - 2) >
                   log(report_p)); /* `least` is under the |r| of report_p */
    associations_init(&scan.found, TARGETS, VARIANTS, SNPS * TARGETS, &err);
    for (size_t t = 0; t < FIRST; t++)
        associations_offer(&scan.found, t, 7, 1);
    scan_strip(&scan);
    for (size_t t = FIRST; t < TARGETS; t++)
        assert_target(&scan, t);
    for (size_t t = 0; t < FIRST; t++)
        CU_ASSERT_EQUAL(scan.found.best[t].variant, 7);
    for (size_t k = 0; k < SNPS; k++) {
        double largest = 0;
        for (size_t t = FIRST; t < TARGETS; t++)
            largest = fmax(largest, fabs(pair_scan_exact(&scan.tile, k, &scan.targets, t)));
        ASSERT_NEAR(scan.found.peaks[FIRST_VARIANT + k], largest, 1e-6);
    }
    CU_ASSERT_EQUAL(scan.found.peaks[0], 0);
    associations_free(&scan.found);
    free(scan.strip.products);
    free(snps);
    free(targets);
    free(snps_single);
    free(targets_single);
}

/* SNPs in the plane of one target, whose correlations are given: in double, and off by `off` in float32. */
struct near_tie {
    size_t count;
    const double *r, *off;
};

static void scan_near_tie(const struct near_tie *tie, double least, struct associations *found)
{
    enum { PLANE = 2, MOST = 3 };
    static const double target[PLANE] = {1, 0};
    static const float target_single[PLANE] = {1, 0};
    double exact[MOST * PLANE];
    float rounded[MOST * PLANE], products[MOST * PAIR_STRIP];
    uint32_t variant[MOST];
    for (size_t k = 0; k < tie->count; k++) {
        variant[k] = (uint32_t)k;
        exact[k * PLANE] = tie->r[k];
        exact[k * PLANE + 1] = sqrt(1 - tie->r[k] * tie->r[k]);
        rounded[k * PLANE] = (float)(tie->r[k] + tie->off[k]);
        rounded[k * PLANE + 1] = (float)exact[k * PLANE + 1];
    }
    struct scan scan = {
        .tile = {.n_rows = tie->count, .variant = variant, .exact = exact, .rounded = rounded},
        .targets = {PLANE, 1, target_single, target, 100, student_log_p(least * least, 100), least, 1},
        .strip = {0, 1, products},
        .found = *found};
    scan_strip(&scan);
    *found = scan.found;
}

static void assert_best(const struct near_tie *first, const struct near_tie *second, double least,
                        int64_t best, int64_t n_hits)
{
    struct error err = {0};
    struct associations found;
    associations_init(&found, 1, 3, 10, &err);
    scan_near_tie(first, least, &found);
    if (second != NULL)
        scan_near_tie(second, least, &found);
    CU_ASSERT_EQUAL(found.best[0].variant, best);
    CU_ASSERT_EQUAL(found.n_hits[0], n_hits);
    associations_free(&found);
}

/* Single precision, off by as much as it may be, orders SNPs wrongly, in one tile and from one tile to the
 * next; so does it with a pair at report_p. Double decides. */
static void double_decides(void)
{
    const double off = .9 * PAIR_SCAN_ERROR;
    const struct near_tie one_tile = {3, (double[]){.5, -.5 - 1e-6, .4}, (double[]){off, off, 0}},
                          earlier = {1, (double[]){.5}, (double[]){off}},
                          later = {3, (double[]){.1, .5 + 1e-6, .2}, (double[]){0, -off, 0}},
                          at_least = {2, (double[]){.5 + 1e-6, .5 - 1e-6}, (double[]){-off, off}},
                          beside_a_best = {2, (double[]){.5 + 1e-6, .6}, (double[]){-off, 0}},
                          strong = {1, (double[]){.9}, (double[]){0}},
                          weak = {1, (double[]){.5 + 1e-6}, (double[]){-off}};
    assert_best(&one_tile, NULL, .9, 1, 0);
    assert_best(&earlier, &later, .9, 1, 0);
    assert_best(&at_least, NULL, .5, 0, 1);
    assert_best(&beside_a_best, NULL, .5, 1, 2);
    assert_best(&strong, &weak, .5, 0, 2);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"a_strip_of_many_targets", a_strip_of_many_targets},
        {"double_decides", double_decides},
    };
    return testing_main(argc, argv, "pair_scan", cases, sizeof cases / sizeof *cases);
}
