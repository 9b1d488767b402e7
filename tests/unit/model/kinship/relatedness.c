#include "model/kinship/relatedness.h"

#include "model_example.h"

enum { N = 8 };

/* A Gram matrix of ones on the diagonal and the given pairs. */
static void relate(double *gram, const size_t (*pairs)[2], const double *values, size_t count)
{
    for (size_t i = 0; i < N * N; i++)
        gram[i] = i % (N + 1) == 0 ? 1 : 0.01;
    for (size_t k = 0; k < count; k++) {
        gram[pairs[k][0] * N + pairs[k][1]] = values[k];
        gram[pairs[k][1] * N + pairs[k][0]] = values[k];
    }
}

/* 5-1 and 1-7 make a chain of three, 0-2 a pair, 3-4 is at the threshold and not over it. */
static const size_t pairs[][2] = {{5, 1}, {7, 1}, {0, 2}, {3, 4}};
static const double values[] = {.5, .2, .11, .1};

static void groups_are_components(void)
{
    double gram[N * N];
    int32_t group[N];
    size_t largest = 0;
    struct error err = {0};
    relate(gram, pairs, values, 4);
    CU_ASSERT_EQUAL(relatedness_groups(&(struct relatives){N, gram, NULL}, .1, group, &err), 0);
    static const int expected[N] = {0, 1, 0, 3, 4, 1, 6, 1}; /* partition, whatever the labels */
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < i; j++)
            CU_ASSERT_EQUAL(group[i] == group[j], expected[i] == expected[j]);
    CU_ASSERT_EQUAL(relatedness_largest_group(group, N, &largest, &err), 0);
    CU_ASSERT_EQUAL(largest, 3);
    CU_ASSERT_EQUAL(relatedness_groups(&(struct relatives){N, gram, NULL}, 2, group, &err),
                    0); /* the diagonal joins nobody */
    CU_ASSERT_EQUAL(relatedness_largest_group(group, N, &largest, &err), 0);
    CU_ASSERT_EQUAL(largest, 1);
    CU_ASSERT_EQUAL(relatedness_groups(&(struct relatives){N, gram, NULL}, 0, group, &err), 0);
    CU_ASSERT_EQUAL(relatedness_largest_group(group, N, &largest, &err), 0);
    CU_ASSERT_EQUAL(largest, N);
}

/* Two chains that meet late: the trees are joined, not only their ends. */
static void chains_that_meet_are_one(void)
{
    static const size_t chains[][2] = {{0, 2}, {4, 2}, {1, 3}, {3, 5}, {6, 4}, {7, 5}, {7, 6}};
    static const double close[] = {.5, .5, .5, .5, .5, .5, .5};
    for (size_t count = 6; count <= 7; count++) {
        double gram[N * N];
        int32_t group[N];
        struct error err = {0};
        relate(gram, chains, close, count);
        CU_ASSERT_EQUAL(relatedness_groups(&(struct relatives){N, gram, NULL}, .1, group, &err), 0);
        for (size_t i = 0; i < N; i++)
            CU_ASSERT_EQUAL(group[i] == group[0], count == 7 || i % 2 == 0);
    }
}

static void pairs_and_those_that_folds_split(void)
{
    static const int32_t fold[N] = {0, 0, 1, 0, 1, 0, 1, 1};
    double gram[N * N];
    size_t split = 99;
    relate(gram, pairs, values, 4);
    CU_ASSERT_EQUAL(relatedness_pairs(&(struct relatives){N, gram, NULL}, .1, fold, &split), 3);
    CU_ASSERT_EQUAL(split, 2); /* 7-1 and 0-2 */
    CU_ASSERT_EQUAL(relatedness_pairs(&(struct relatives){N, gram, NULL}, .05, fold, &split), 4);
    CU_ASSERT_EQUAL(split, 3);
    CU_ASSERT_EQUAL(relatedness_pairs(&(struct relatives){N, gram, NULL}, 2, fold, &split), 0);
    CU_ASSERT_EQUAL(split, 0);
}

/* Vectors become columns; the entry of largest size, which fixes the sign, is positive. */
static void components_have_a_sign(void)
{
    static const double vectors[2][3] = {{.6, -.8, 0}, {-.1, .2, .9}};
    static const double expected[3][2] = {{-.6, -.1}, {.8, .2}, {0, .9}};
    double components[3][2];
    relatedness_components(vectors[0], 3, 2, components[0]);
    CU_ASSERT_TRUE(example_distance(components[0], expected[0], 6) == 0);
}

static void the_power_line(void)
{
    static const double gram[9] = {1, .1, .3, .1, 1, .2, .3, .2, 1};
    ASSERT_NEAR(relatedness_spread(gram, 3), sqrt(.02 / 3), 1e-15); /* .1 .2 .3 */
    ASSERT_NEAR(relatedness_heritability_error(.005, 1000), sqrt(2) / 5, 1e-15);
    ASSERT_NEAR(relatedness_expected_r2(.5, .005, (size_t)1e12), .5, 1e-6); /* h2 is the limit */
    CU_ASSERT_EQUAL(relatedness_expected_r2(0, .005, 1000), 0);
}

/* The equation of relatedness.h, solved by iterating from 0; and what ridge regression on so many independent
 * SNPs reached in simulated people: 30 studies each, standard errors .003 to .006. */
static void what_a_fit_of_all_snps_reaches(void)
{
    static const struct {
        double n, segments, h2, simulated;
    } cases[] = {{360, 300, .8, .536},  {360, 300, .5, .219}, {360, 1000, .5, .082}, {1000, 300, .5, .364},
                 {200, 2000, .8, .061}, {360, 300, .2, .040}, {1350, 300, .8, .745}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        double n = cases[k].n, m = cases[k].segments, h2 = cases[k].h2, r2 = 0;
        for (int turn = 0; turn < 1000; turn++)
            r2 = h2 * n * h2 / (n * h2 + m * (1 - r2));
        double found = relatedness_expected_r2(h2, 1 / sqrt(m), (size_t)n);
        ASSERT_NEAR(found, r2, 1e-12);
        ASSERT_NEAR(found, cases[k].simulated, .01);
    }
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"groups_are_components", groups_are_components},
        {"chains_that_meet_are_one", chains_that_meet_are_one},
        {"pairs_and_those_that_folds_split", pairs_and_those_that_folds_split},
        {"components_have_a_sign", components_have_a_sign},
        {"the_power_line", the_power_line},
        {"what_a_fit_of_all_snps_reaches", what_a_fit_of_all_snps_reaches},
    };
    return testing_main(argc, argv, "relatedness", cases, sizeof cases / sizeof *cases);
}
