#include "model/univariate/associations.h"

#include "testing.h"

#include <math.h>
#include <stdlib.h>

enum { T = 3, MOST = 50, PAIRS = 2000 };

/* Pairs whose p and |r| have many ties. */
static struct association pair(size_t k)
{
    uint64_t z = (k + 1) * 0x9e3779b97f4a7c15u;
    z ^= z >> 29;
    double r = (double)(z % 400) / 400 * (z & 1U ? 1 : -1);
    return (struct association){
        .log_p = -(double)(z % 400), .r = r, .variant = (uint32_t)(k / T), .target = (uint32_t)(k % T)};
}

static void add(struct associations *associations, size_t k)
{
    struct error err = {0};
    struct association one = pair(k);
    CU_ASSERT_EQUAL(associations_add_hit(associations, &one, &err), 0);
    associations_offer(associations, one.target, one.variant, one.r);
    associations->bins[(size_t)one.target * ASSOCIATIONS_BINS + k % 7]++;
}

/* Whoever gets which pair in which order: the same. */
static void any_order(void)
{
    struct associations one, parts[3], merged;
    struct error err = {0};
    associations_init(&one, T, PAIRS / T + 1, MOST, &err);
    associations_init(&merged, T, PAIRS / T + 1, MOST, &err);
    for (size_t k = 0; k < PAIRS; k++)
        add(&one, k);
    for (size_t w = 0; w < 3; w++)
        associations_init(&parts[w], T, PAIRS / T + 1, MOST, &err);
    for (size_t k = PAIRS; k-- > 0;)
        add(&parts[k * k % 3], k);
    for (size_t w = 0; w < 3; w++)
        CU_ASSERT_EQUAL(associations_merge(&merged, &parts[w], &err), 0);
    associations_finish(&one);
    associations_finish(&merged);
    CU_ASSERT_EQUAL(one.n_kept, MOST);
    CU_ASSERT_EQUAL(merged.n_kept, MOST);
    for (size_t h = 0; h < MOST; h++) {
        CU_ASSERT_EQUAL(one.hits[h].variant, merged.hits[h].variant);
        CU_ASSERT_EQUAL(one.hits[h].target, merged.hits[h].target);
    }
    for (size_t t = 0; t < T; t++) {
        CU_ASSERT_EQUAL(one.best[t].variant, merged.best[t].variant);
        CU_ASSERT_EQUAL(one.best[t].r, merged.best[t].r);
        CU_ASSERT_EQUAL(one.n_hits[t], merged.n_hits[t]);
        for (size_t b = 0; b < ASSOCIATIONS_BINS; b++)
            CU_ASSERT_EQUAL(one.bins[t * ASSOCIATIONS_BINS + b], merged.bins[t * ASSOCIATIONS_BINS + b]);
    }
    associations_free(&one);
    associations_free(&merged);
}

/* What is kept, against all of them looked through one by one. */
static void smallest_are_kept(void)
{
    struct associations found;
    struct error err = {0};
    associations_init(&found, T, PAIRS / T + 1, MOST, &err);
    for (size_t k = 0; k < PAIRS; k++)
        add(&found, k);
    associations_finish(&found);
    double last = found.hits[MOST - 1].log_p;
    size_t n_below = 0, best = 0;
    for (size_t k = 0; k < PAIRS; k++) {
        struct association one = pair(k), so_far = pair(best);
        n_below += one.log_p < last;
        if (one.target == 0 && (so_far.target != 0 || fabs(one.r) > fabs(so_far.r)))
            best = k;
    }
    CU_ASSERT_TRUE(n_below < MOST);
    CU_ASSERT_EQUAL(found.best[0].variant, best / T);
    for (size_t h = 1; h < MOST; h++)
        CU_ASSERT_TRUE(found.hits[h - 1].log_p < found.hits[h].log_p ||
                       (found.hits[h - 1].log_p == found.hits[h].log_p &&
                        found.hits[h - 1].variant <= found.hits[h].variant));
    CU_ASSERT_EQUAL(found.n_hits[0] + found.n_hits[1] + found.n_hits[2], PAIRS);
    associations_free(&found);
}

/* Correlations as they are under the null hypothesis: 1. All 1.5 times as large: 2.25. */
static void lambda(void)
{
    enum { N = 20000 };
    const double degrees = 700;
    struct associations found;
    struct error err = {0};
    associations_init(&found, T, PAIRS / T + 1, MOST, &err);
    for (size_t k = 0; k < N; k++) {
        double p = ((double)k + 0.5) / N, low = 0, high = 10; /* |z| with that p */
        for (int step = 0; step < 60; step++) {
            double middle = (low + high) / 2;
            *(erfc(middle / sqrt(2)) > p ? &low : &high) = middle;
        }
        for (size_t t = 0; t < 2; t++) {
            double z = (t == 0 ? 1 : 1.5) * high, r = z / sqrt(degrees + z * z);
            double place = r * associations_bins_per_r(degrees);
            found.bins[t * ASSOCIATIONS_BINS +
                       (place < ASSOCIATIONS_BINS - 1 ? (size_t)place : ASSOCIATIONS_BINS - 1)]++;
        }
    }
    ASSERT_NEAR(associations_lambda(&found, 0, degrees), 1, 3e-3);
    ASSERT_NEAR(associations_lambda(&found, 1, degrees), 2.25, 7e-3);
    CU_ASSERT_TRUE(isnan(associations_lambda(&found, 2, degrees)));
    associations_free(&found);
}

/* As one that another rank has found, whose peaks have come by themselves. */
static void part_without_peaks(void)
{
    struct associations total, part;
    struct error err = {0};
    associations_init(&total, T, PAIRS / T + 1, MOST, &err);
    associations_init(&part, T, 0, MOST, &err);
    total.peaks[5] = 0.25F;
    add(&part, 3);
    CU_ASSERT_EQUAL(associations_merge(&total, &part, &err), 0);
    CU_ASSERT_EQUAL(total.peaks[5], 0.25F);
    CU_ASSERT_EQUAL(total.n_hits[pair(3).target], 1);
    CU_ASSERT_EQUAL(total.n_kept, 1);
    CU_ASSERT_PTR_NULL(part.hits);
    associations_free(&total);
    associations_free(&part);
}

int main(int argc, char **argv)
{
    const struct test_case cases[] = {
        {"any_order", any_order},
        {"part_without_peaks", part_without_peaks},
        {"smallest_are_kept", smallest_are_kept},
        {"lambda", lambda},
    };
    return testing_main(argc, argv, "associations", cases, sizeof cases / sizeof *cases);
}
