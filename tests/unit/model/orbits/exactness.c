/* p of null data is uniform on its grid: one process, every shift made the slow way (orbit_null.h). */
#include "orbit_null.h"

#include "model/stats/random.h"

enum { DATA_SETS = 1000 };

/* The .999 quantiles of chi-square: what uniform p-values exceed once in a thousand tests. */
static double chi_square_limit(size_t n_cells)
{
    switch (n_cells) {
    case 12:
        return 31.26;
    case 13:
        return 32.91;
    case 15:
        return 36.12;
    case 20:
        return 43.82;
    default:
        CU_FAIL_FATAL("no limit is known");
        return 0;
    }
}

/* Null targets, NULL_N x DATA_SETS: normal ones, every second one skewed. */
static double *null_targets(const struct reference *reference, bool skewed, uint64_t seed)
{
    double *y = example_normals(NULL_N * DATA_SETS, seed);
    for (size_t i = 0; i < NULL_N; i++)
        for (size_t t = 1; skewed && t < DATA_SETS; t += 2)
            y[i * DATA_SETS + t] = exp(y[i * DATA_SETS + t]);
    reference_residualise(reference, y, DATA_SETS);
    return y;
}

/* Chi-square of p on its grid of n_orbits x n_shifts values, taken together into n_cells cells. *below: the
 * share of data sets with p <= level. */
static double chi_square(const struct null_test *test, const float *scores, size_t n_orbits, size_t n_cells,
                         double level, double *below)
{
    size_t n_shifts = test->exchange->n_shifts, values = n_orbits * n_shifts, count[NULL_N] = {0};
    struct null_p p = null_p_of(scores, DATA_SETS, n_shifts, n_orbits, test->identity);
    CU_ASSERT_EQUAL_FATAL(values % n_cells, 0);
    *below = 0;
    for (size_t t = 0; t < DATA_SETS; t++) {
        size_t rank = (size_t)lround(p.p[t] * (double)values);
        ASSERT_NEAR(p.p[t] * (double)values, (double)rank, 1e-9);
        count[(rank - 1) * n_cells / values]++;
        *below += p.p[t] <= level + 1e-12 ? 1. / DATA_SETS : 0;
    }
    free(p.p);
    double sum = 0, expected = (double)DATA_SETS / (double)n_cells;
    for (size_t k = 0; k < n_cells; k++)
        sum += pow((double)count[k] - expected, 2) / expected;
    return sum;
}

/* One orbit, and three. */
static void assert_uniform(const struct null_test *test, size_t cells_of_one, size_t cells_of_all)
{
    double below;
    float *scores = null_scores(test);
    double one = chi_square(test, scores, 1, cells_of_one, .05, &below);
    double all = chi_square(test, scores, test->n_orbits, cells_of_all, .05, &below);
    if (one > chi_square_limit(cells_of_one) || all > chi_square_limit(cells_of_all))
        fprintf(stderr, "chi-square of one orbit %.1f, of %zu %.1f\n", one, test->n_orbits, all);
    CU_ASSERT_TRUE(one <= chi_square_limit(cells_of_one));
    CU_ASSERT_TRUE(all <= chi_square_limit(cells_of_all));
    free(scores);
}

/* All subjects in one cycle, or all but one; the order of the cycle random, or that of subjects and folds:
 * that makes shifts alike, and p no less exact. */
static void free_exchange_is_exact(void)
{
    static const struct {
        size_t n_shifts, cells;
        bool random;
    } cases[] = {{40, 20, true}, {39, 13, false}};
    struct reference reference;
    null_study(&reference, 1, false, NULL);
    double *y = null_targets(&reference, true, 2);
    for (size_t k = 0; k < 2; k++) {
        struct exchange exchange;
        uint32_t order[NULL_N];
        exchange_order(NULL, 3, order);
        for (uint32_t i = 0; i < NULL_N && !cases[k].random; i++)
            order[i] = i;
        exchange_init(&exchange, order, cases[k].n_shifts, 1, NULL, 4);
        const struct null_test test = {&reference, &exchange, ARRANGEMENT_FIRST, false, y, DATA_SETS, 3,
                                       0,          NULL};
        assert_uniform(&test, cases[k].cells, cases[k].cells);
        exchange_free(&exchange);
    }
    free(y);
    reference_free(&reference);
}

/* Blocks of 16, 15 and 9 subjects. */
static void three_blocks(int32_t *block)
{
    for (size_t i = 0; i < NULL_N; i++)
        block[i] = i % 5 == 0 ? 2 : i % 5 < 3 ? 0 : 1;
    block[4] = 2;
}

/* Cycles of 4 inside three blocks, whose indicators are covariates; four subjects stand still. */
static void exchange_within_blocks_is_exact(void)
{
    struct reference reference;
    struct exchange exchange;
    int32_t block[NULL_N];
    uint32_t order[NULL_N];
    three_blocks(block);
    null_study(&reference, 6, false, block);
    exchange_order(block, 7, order);
    exchange_init(&exchange, order, 4, NULL_N, block, 8);
    double *y = null_targets(&reference, true, 9);
    const struct null_test test = {&reference, &exchange, ARRANGEMENT_FIRST, false, y, DATA_SETS, 5, 0, NULL};
    float *scores = null_scores(&test);
    double below, found = chi_square(&test, scores, 5, 20, .05, &below);
    CU_ASSERT_TRUE(found <= chi_square_limit(20));
    free(scores);
    free(y);
    exchange_free(&exchange);
    reference_free(&reference);
}

/* Every block a ring of its own size, 13 shifts in a row, which are no group: exact over seeds, that is with
 * the data as they are at a shift drawn for each data set. */
static void windows_are_exact_over_seeds(void)
{
    enum { SHIFTS = 13 };
    struct reference reference;
    struct exchange exchange;
    int32_t block[NULL_N];
    uint32_t order[NULL_N];
    static size_t identity[DATA_SETS];
    struct random_stream stream;
    three_blocks(block);
    null_study(&reference, 6, false, block);
    exchange_order(block, 7, order);
    exchange_init_rings(&exchange, order, SHIFTS, block, 14);
    random_start(&stream, 15, RANDOM_PERMUTATION, 0);
    for (size_t t = 0; t < DATA_SETS; t++)
        identity[t] = random_below(&stream, SHIFTS);
    double *y = null_targets(&reference, true, 16);
    const struct null_test test = {&reference, &exchange, ARRANGEMENT_FIRST, false, y, DATA_SETS,
                                   3,          0,         identity};
    assert_uniform(&test, 13, 13);
    free(y);
    exchange_free(&exchange);
    reference_free(&reference);
}

/* Four subjects with a twin in another fold, in one cycle, everybody else standing still: shifts part the
 * twins, and that is all the statistic sees. Shifting first and arranging then moves four values that mostly
 * stand at nobody's twin: such orbits have less spread than the observed one, and p is too small too often.
 */
static void the_other_order_is_not_exact(void)
{
    enum { SHIFTS = NULL_TWINS, ORBITS = 3, CELLS = SHIFTS * ORBITS };
    struct reference reference;
    struct exchange exchange;
    uint32_t order[NULL_N];
    for (uint32_t i = 0; i < NULL_N; i++)
        order[i] = i < SHIFTS ? 2 * i : i;
    null_study(&reference, 31, true, NULL);
    exchange_init(&exchange, order, SHIFTS, 1, NULL, 12);
    double *y = null_targets(&reference, false, 13), smallest = 1. / CELLS, share[2], found[2];
    for (int composition = ARRANGEMENT_FIRST; composition <= SHIFT_FIRST; composition++) {
        const struct null_test test = {
            &reference, &exchange, (enum composition)composition, false, y, DATA_SETS, ORBITS, 0, NULL};
        float *scores = null_scores(&test);
        found[composition] = chi_square(&test, scores, ORBITS, CELLS, smallest, &share[composition]);
        free(scores);
    }
    CU_ASSERT_TRUE(found[ARRANGEMENT_FIRST] <= chi_square_limit(CELLS));
    CU_ASSERT_TRUE(found[SHIFT_FIRST] > 2 * chi_square_limit(CELLS));
    CU_ASSERT_TRUE(share[SHIFT_FIRST] > 1.25 * smallest && share[ARRANGEMENT_FIRST] < 1.25 * smallest);
    free(y);
    exchange_free(&exchange);
    reference_free(&reference);
}

/* The smallest p_fwer of six targets, in studies of their own genotypes: .05 of them at .05 or below. */
static void family_wise_error_holds(void)
{
    enum { STUDIES = 400, TARGETS = 6, LEAST = 8, MOST = 35 }; /* of 400 at .05, outside once in a thousand */
    size_t n_rejected = 0;
    for (uint64_t k = 0; k < STUDIES; k++) {
        struct reference reference;
        struct exchange exchange;
        uint32_t order[NULL_N];
        null_study(&reference, 100 + k, false, NULL);
        exchange_order(NULL, 100 + k, order);
        exchange_init(&exchange, order, NULL_N, 1, NULL, 1000 + k);
        double *y = example_normals(NULL_N * TARGETS, 2000 + k), smallest = 1;
        for (size_t i = 0; i < NULL_N; i++)
            for (size_t t = 1; t < TARGETS; t++) /* targets that are alike, and a skewed one */
                y[i * TARGETS + t] = t == 5 ? exp(y[i * TARGETS]) : y[i * TARGETS] + y[i * TARGETS + t];
        reference_residualise(&reference, y, TARGETS);
        const struct null_test test = {&reference, &exchange, ARRANGEMENT_FIRST, true, y, TARGETS, 3,
                                       0,          NULL};
        float *scores = null_scores(&test);
        struct null_p p = null_p_of(scores, TARGETS, NULL_N, 3, NULL);
        for (size_t t = 0; t < TARGETS; t++)
            smallest = p.p_fwer[t] < smallest ? p.p_fwer[t] : smallest;
        n_rejected += smallest <= .05 + 1e-12;
        free(scores);
        free(p.p);
        free(y);
        exchange_free(&exchange);
        reference_free(&reference);
    }
    if (n_rejected < LEAST || n_rejected > MOST)
        fprintf(stderr, "%zu of %d studies\n", n_rejected, STUDIES);
    CU_ASSERT_TRUE(n_rejected >= LEAST && n_rejected <= MOST);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"free_exchange_is_exact", free_exchange_is_exact},
        {"exchange_within_blocks_is_exact", exchange_within_blocks_is_exact},
        {"windows_are_exact_over_seeds", windows_are_exact_over_seeds},
        {"family_wise_error_holds", family_wise_error_holds},
        {"the_other_order_is_not_exact", the_other_order_is_not_exact},
    };
    return testing_main(argc, argv, "exactness", cases, sizeof cases / sizeof *cases);
}
