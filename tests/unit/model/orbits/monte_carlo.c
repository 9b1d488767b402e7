/* The spread of p over seeds, for data as they are: shifts of an orbit are worth as many independent draws
 * where nothing stands still, and the standard error tells where they are not. */
#include "orbit_null.h"

enum { TARGETS = 50 };

/* Targets as brain phenotypes may be: twenty normal ones, fifteen skewed, fifteen of two to four cases. */
static double *targets_of(const struct reference *reference)
{
    double *y = example_normals(NULL_N * TARGETS, 5);
    for (size_t i = 0; i < NULL_N; i++)
        for (size_t t = 20; t < TARGETS; t++)
            y[i * TARGETS + t] = t < 35 ? exp(1.5 * y[i * TARGETS + t]) : 0;
    for (size_t t = 35; t < TARGETS; t++)
        for (size_t k = 0; k < 2 + t % 3; k++)
            y[(t * 7 + 13 * k) % NULL_N * TARGETS + t] = 1;
    reference_residualise(reference, y, TARGETS);
    return y;
}

static int compare_floats(const void *a, const void *b)
{
    float left = *(const float *)a, right = *(const float *)b;
    return (left > right) - (left < right);
}

/* A score of each target that .05 of scores (orbits x TARGETS x n_shifts) reach. */
static void cuts_of(const float *scores, size_t n_orbits, size_t n_shifts, float *cut)
{
    size_t count = n_orbits * n_shifts;
    double *nothing = example_doubles(count);
    float *sorted = example_rounded(nothing, count);
    for (size_t t = 0; t < TARGETS; t++) {
        for (size_t k = 0; k < n_orbits; k++)
            memcpy(sorted + k * n_shifts, scores + (k * TARGETS + t) * n_shifts, n_shifts * sizeof *sorted);
        qsort(sorted, count, sizeof *sorted, compare_floats);
        cut[t] = sorted[count - count / 20] - 1e-6F;
    }
    free(nothing);
    free(sorted);
}

/* The variance over orbits of the share of shifts at or over the cuts, over p (1 - p)/L, that of L
 * independent draws: both summed over targets. */
static double variance_ratio(const float *scores, size_t n_orbits, size_t n_shifts, const float *cut)
{
    double found = 0, independent = 0, orbits = (double)n_orbits, shifts = (double)n_shifts;
    for (size_t t = 0; t < TARGETS; t++) {
        double sum = 0, squares = 0;
        for (size_t k = 0; k < n_orbits; k++) {
            double share = 0;
            for (size_t s = 0; s < n_shifts; s++)
                share += scores[(k * TARGETS + t) * n_shifts + s] >= cut[t] ? 1 / shifts : 0;
            sum += share;
            squares += share * share;
        }
        double p = sum / orbits;
        found += (squares - orbits * p * p) / (orbits - 1);
        independent += p * (1 - p) / shifts;
    }
    return found / independent;
}

/* Orbits of many seeds, each with its own order of cycles and arrangement: n_seeds x TARGETS x n_shifts. */
static float *scores_over_seeds(const struct reference *reference, const double *y, size_t n_seeds,
                                size_t n_shifts, const int32_t *block)
{
    double *nothing = example_doubles(n_seeds * TARGETS * n_shifts);
    float *scores = example_rounded(nothing, n_seeds * TARGETS * n_shifts);
    for (size_t seed = 0; seed < n_seeds; seed++) {
        struct exchange exchange;
        uint32_t order[NULL_N];
        exchange_order(block, 5000 + seed, order);
        exchange_init(&exchange, order, n_shifts, NULL_N, block, seed);
        const struct null_test test = {reference, &exchange, ARRANGEMENT_FIRST, true, y, TARGETS, 1, 1, NULL};
        float *orbit = null_scores(&test);
        memcpy(scores + seed * TARGETS * n_shifts, orbit, TARGETS * n_shifts * sizeof *scores);
        free(orbit);
        exchange_free(&exchange);
    }
    free(nothing);
    return scores;
}

/* Shifts of one position each are independent draws: together they make what an orbit is compared with. */
static float *independent_draws(const struct reference *reference, const double *y, size_t n_groups,
                                size_t n_shifts, const int32_t *block)
{
    struct exchange exchange;
    uint32_t order[NULL_N];
    double *nothing = example_doubles(n_groups * TARGETS * n_shifts);
    float *scores = example_rounded(nothing, n_groups * TARGETS * n_shifts);
    exchange_order(block, 1, order);
    exchange_init(&exchange, order, 1, 0, block, 900);
    const struct null_test test = {
        reference, &exchange, ARRANGEMENT_FIRST, true, y, TARGETS, n_groups * n_shifts, 1, NULL};
    float *single = null_scores(&test); /* draws x TARGETS */
    for (size_t k = 0; k < n_groups; k++)
        for (size_t s = 0; s < n_shifts; s++)
            for (size_t t = 0; t < TARGETS; t++)
                scores[(k * TARGETS + t) * n_shifts + s] = single[(k * n_shifts + s) * TARGETS + t];
    free(nothing);
    free(single);
    exchange_free(&exchange);
    return scores;
}

/* The mean over targets and studies of ORBITS orbits of the standard error's square, over the variance that p
 * has over such studies. */
static double error_ratio(const float *scores, size_t n_orbits, size_t n_shifts, const float *cut)
{
    enum { ORBITS = 10 };
    static const double no_tolerance[TARGETS];
    double p[5][TARGETS], squares = 0, sum[TARGETS] = {0}, sum_squares = 0, studies = 0;
    for (size_t k = 0; k + ORBITS <= n_orbits; k += ORBITS, studies++) {
        struct error err = {0};
        struct orbit_significance significance;
        const struct orbit_p into = {p[0], p[1], p[2], p[3], p[4]};
        CU_ASSERT_EQUAL_FATAL(
            orbit_significance_init(&significance, cut, no_tolerance, TARGETS, n_shifts, &err), 0);
        for (size_t i = k; i < k + ORBITS; i++)
            orbit_significance_add(&significance, 0, TARGETS, scores + i * TARGETS * n_shifts);
        CU_ASSERT_EQUAL(orbit_significance_finish(&significance, &into, &err), 0);
        orbit_significance_free(&significance);
        for (size_t t = 0; t < TARGETS; t++) {
            squares += p[3][t] * p[3][t];
            sum[t] += p[0][t];
            sum_squares += p[0][t] * p[0][t];
        }
    }
    for (size_t t = 0; t < TARGETS; t++)
        sum_squares -= sum[t] * sum[t] / studies;
    return squares / studies / (sum_squares / (studies - 1));
}

static void ratios(size_t n_seeds, size_t n_shifts, const int32_t *block, bool orbits, double *variance,
                   double *error)
{
    struct reference reference;
    float cut[TARGETS];
    null_study(&reference, 77, false, NULL);
    double *y = targets_of(&reference);
    float *scores = orbits ? scores_over_seeds(&reference, y, n_seeds, n_shifts, block)
                           : independent_draws(&reference, y, n_seeds, n_shifts, block);
    cuts_of(scores, n_seeds, n_shifts, cut);
    *variance = variance_ratio(scores, n_seeds, n_shifts, cut);
    *error = error_ratio(scores, n_seeds, n_shifts, cut);
    free(scores);
    free(y);
    reference_free(&reference);
}

/* Independent draws have the variance that theory says: what orbits are held to. */
static void independent_draws_are_the_measure(void)
{
    double variance, error;
    ratios(100, NULL_N, NULL, false, &variance, &error);
    ASSERT_NEAR(variance, 1, .08);
    ASSERT_NEAR(error, 1.15, .2); /* never under that of independent draws, so a little over it */
}

static void free_orbits_are_worth_as_many_draws(void)
{
    double variance, error;
    ratios(150, NULL_N, NULL, true, &variance, &error);
    CU_ASSERT_TRUE(variance < 1.15);
    ASSERT_NEAR(error, 1.15, .2);
}

/* Blocks of 14, 13 and 13, a cycle of 13 in each: one subject stands still. */
static void orbits_within_blocks_are_worth_as_many_draws(void)
{
    double variance, error;
    int32_t block[NULL_N];
    for (size_t i = 0; i < NULL_N; i++)
        block[i] = (int32_t)(i % 3);
    ratios(300, 13, block, true, &variance, &error);
    CU_ASSERT_TRUE(variance < 1.15);
    ASSERT_NEAR(error, 1.15, .2);
}

/* Ten of forty positions stand still: rare cases and outliers stay there under all shifts. Orbits are worth
 * less, and the standard error says so. */
static void what_stands_still_is_paid_for(void)
{
    double variance, error;
    ratios(150, 30, NULL, true, &variance, &error);
    CU_ASSERT_TRUE(variance > 1.4);
    ASSERT_NEAR(error, 1.1, .2);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"independent_draws_are_the_measure", independent_draws_are_the_measure},
        {"free_orbits_are_worth_as_many_draws", free_orbits_are_worth_as_many_draws},
        {"orbits_within_blocks_are_worth_as_many_draws", orbits_within_blocks_are_worth_as_many_draws},
        {"what_stands_still_is_paid_for", what_stands_still_is_paid_for},
    };
    return testing_main(argc, argv, "monte_carlo", cases, sizeof cases / sizeof *cases);
}
