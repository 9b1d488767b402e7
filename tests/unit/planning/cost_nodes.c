#include "planning/cost_nodes.h"

#include "testing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PENALTIES = 21, PEOPLE = 240, SNPS = 960 };

static double uniform(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (double)(*state >> 40) / (double)(1 << 23) - 1;
}

/* n people by p SNPs, in blocks of `linked` SNPs that are half the same, and in families of `family` people
 * who share as much. */
static double *make_snps(size_t n, size_t p, size_t linked, size_t family)
{
    uint64_t state = 5;
    double *x = malloc(n * p * sizeof *x);
    CU_ASSERT_FATAL(x != NULL);
    for (size_t k = 0; k < n * p; k++)
        x[k] = uniform(&state);
    for (size_t i = 0; i < n; i++)
        for (size_t s = 0; s < p; s++) {
            if (s % linked > 0)
                x[i * p + s] = sqrt(.5) * (x[i * p + s] + x[i * p + s - s % linked]);
            if (i % family > 0)
                x[i * p + s] = sqrt(.5) * (x[i * p + s] + x[(i - i % family) * p + s]);
        }
    return x;
}

/* K of the first people and SNPs, people in the order of families dealt over folds. */
static double *make_gram(const double *x, size_t n, size_t p)
{
    double *gram = malloc(n * n * sizeof *gram);
    CU_ASSERT_FATAL(gram != NULL);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++) {
            const double *a = x + i * 89 % n * SNPS, *b = x + j * 89 % n * SNPS;
            double sum = 0;
            for (size_t s = 0; s < p; s++)
                sum += a[s] * b[s];
            gram[i * n + j] = gram[j * n + i] = 3 * sum / (double)p;
        }
    return gram;
}

static size_t expect(const double *gram, size_t n_sample, double tolerance)
{
    double penalties[PENALTIES];
    struct error err = {0};
    size_t n_nodes = 0;
    for (size_t k = 0; k < PENALTIES; k++)
        penalties[k] = pow(10, -3 + .3 * (double)k);
    const struct cost_nodes of = {.gram = gram,
                                  .n_sample = n_sample,
                                  .n = PEOPLE,
                                  .n_outer = 5,
                                  .n_inner = 3,
                                  .penalties = penalties,
                                  .n_penalties = PENALTIES,
                                  .tolerance = tolerance};
    CU_ASSERT_EQUAL_FATAL(cost_nodes_expect(&of, &n_nodes, &err), 0);
    return n_nodes;
}

/* What a sample of half the people and half the SNPs expects, beside the search on everybody's K, which is
 * the run's. */
static void a_sample_tells(void)
{
    static const size_t alike[] = {1, 8}; /* SNPs of a block, people of a family */
    size_t found[2];
    for (size_t k = 0; k < 2; k++) {
        double *x = make_snps(PEOPLE, SNPS, alike[k], alike[k]);
        double *all = make_gram(x, PEOPLE, SNPS), *some = make_gram(x, PEOPLE / 2, SNPS / 2);
        found[k] = expect(all, PEOPLE, 1e-5);
        size_t expected = expect(some, PEOPLE / 2, 1e-5);
        CU_ASSERT_TRUE(expected + 1 >= found[k] && expected <= found[k] + 1);
        CU_ASSERT_TRUE(expected < PENALTIES);
        CU_ASSERT_TRUE(expect(some, PEOPLE / 2, 1e-2) < expected);
        free(x);
        free(all);
        free(some);
    }
    CU_ASSERT_TRUE(found[1] > found[0]); /* linkage and families spread the eigenvalues */
}

/* Of the reference study 5 of 41 (bench/NOTES.md); of a shape of very few people all. */
static void without_genotypes(void)
{
    struct cost_shape shape = {.n = 1500, .n_snps = 500000, .n_outer = 10, .n_inner = 5, .n_penalties = 41};
    struct error err = {0};
    size_t n_nodes = 0;
    CU_ASSERT_EQUAL_FATAL(cost_nodes_expect_usual(&shape, &n_nodes, &err), 0);
    CU_ASSERT_EQUAL(n_nodes, 5);
    shape.n = 30;
    CU_ASSERT_EQUAL_FATAL(cost_nodes_expect_usual(&shape, &n_nodes, &err), 0);
    CU_ASSERT_EQUAL(n_nodes, 41);
    shape.n = 1e6; /* of many folds */
    shape.n_outer = 1000;
    shape.n_penalties = 6;
    CU_ASSERT_EQUAL_FATAL(cost_nodes_expect_usual(&shape, &n_nodes, &err), 0);
    CU_ASSERT_TRUE(n_nodes > 1 && n_nodes <= 6);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"a_sample_tells", a_sample_tells},
        {"without_genotypes", without_genotypes},
    };
    return testing_main(argc, argv, "cost_nodes", cases, sizeof cases / sizeof *cases);
}
