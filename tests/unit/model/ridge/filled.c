#include "model/ridge/filled.h"

#include "model_example.h"

#include <stdbool.h>

enum { N = EXAMPLE_N, SHUFFLES = 4000 };

/* Genotypes of groups of six who share half of them: in the first 36 people. */
static double *related_gram(void)
{
    enum { P = EXAMPLE_SNPS, FAMILY = 6 };
    double *x = example_normals((size_t)P * N, 5), *shared = example_normals((size_t)P * N, 6);
    for (size_t s = 0; s < P; s++)
        for (size_t i = 0; i < 36; i++)
            x[s * N + i] = sqrt(.5) * (x[s * N + i] + shared[s * N + i / FAMILY]);
    double *gram = example_product(x, x, N, P, N, true);
    for (size_t i = 0; i < (size_t)N * N; i++)
        gram[i] /= P;
    free(x);
    free(shared);
    return gram;
}

/* Of those of K beyond the covariates. */
static double mean_eigenvalue(const double *gram, const struct covariates *covariates)
{
    double sum = 0;
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < N; j++) {
            double inside = 0;
            for (size_t k = 0; k < covariates->c; k++)
                inside += covariates->basis[i * covariates->c + k] * covariates->basis[j * covariates->c + k];
            sum += ((i == j) - inside) * gram[j * N + i];
        }
    return sum / (double)(N - covariates->c);
}

/* M (K - d I) M by plain loops, M = I - Q Q' - u u'; direction u: NULL or n. */
static double *beyond(const double *gram, const struct covariates *covariates, const double *u)
{
    double *m = example_doubles((size_t)N * N);
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < N; j++) {
            double sum = i == j;
            for (size_t k = 0; k < covariates->c; k++)
                sum -= covariates->basis[i * covariates->c + k] * covariates->basis[j * covariates->c + k];
            m[i * N + j] = sum - (u != NULL ? u[i] * u[j] : 0);
        }
    double *mk = example_product(m, gram, N, N, N, false), *mkm = example_product(mk, m, N, N, N, false);
    double mean = mean_eigenvalue(gram, covariates);
    for (size_t i = 0; i < (size_t)N * N; i++)
        mkm[i] -= mean * m[i];
    free(m);
    free(mk);
    return mkm;
}

static void kinship_is_k_beyond_the_covariates(void)
{
    struct example example;
    struct error err = {0};
    example_init(&example, false);
    double *gram = related_gram(), *expected = beyond(gram, &example.covariates, NULL);
    float *found = filled_kinship(gram, &example.covariates, &err);
    for (size_t i = 0; i < (size_t)N * N; i++)
        ASSERT_NEAR((double)found[i], expected[i], 1e-6);
    free(gram);
    free(expected);
    free(found);
    example_free(&example);
}

/* The pattern beyond the covariates, of length 1. */
static void direction_of(const bool *is_filled, const struct covariates *covariates, double *u)
{
    double squares = 0, workspace[8];
    for (size_t i = 0; i < N; i++)
        u[i] = is_filled[i];
    covariates_residualise(covariates, u, 1, workspace);
    for (size_t i = 0; i < N; i++)
        squares += u[i] * u[i];
    for (size_t i = 0; i < N; i++)
        u[i] /= sqrt(squares);
}

static double sum_of_pairs(const double *kinship, const bool *is_filled, const uint32_t *order)
{
    double sum = 0;
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < N; j++)
            if (i != j && !is_filled[order[i]] && !is_filled[order[j]])
                sum += kinship[i * N + j] * kinship[i * N + j];
    return sum;
}

/* Ratio and z against those of shuffled patterns. */
static struct filled_likeness check(const struct example *example, const int32_t *block,
                                    const bool *is_filled)
{
    struct error err = {0};
    struct permutation_scheme scheme;
    double u[N], sum = 0, squares = 0;
    uint32_t order[N], workspace[N];
    double *gram = related_gram(), *room = example_doubles(filled_workspace(&example->covariates));
    CU_ASSERT_EQUAL(permutation_scheme_init(&scheme, block, N, 3, &err), 0);
    direction_of(is_filled, &example->covariates, u);
    double *squared = beyond(gram, &example->covariates, u);
    float *kinship = filled_kinship(gram, &example->covariates, &err);
    struct filled_likeness found =
        filled_likeness_of(kinship, &example->covariates, &scheme, is_filled, 0, room);
    permutation_draw(&scheme, 0, order, workspace);
    double observed = sum_of_pairs(squared, is_filled, order);
    for (uint64_t k = 1; k <= SHUFFLES; k++) {
        permutation_draw(&scheme, k, order, workspace);
        double one = sum_of_pairs(squared, is_filled, order);
        sum += one;
        squares += one * one;
    }
    double mean = sum / SHUFFLES, deviation = sqrt(squares / SHUFFLES - mean * mean);
    ASSERT_NEAR(found.ratio, observed / mean, 5 * observed / mean * deviation / mean / sqrt(SHUFFLES));
    ASSERT_NEAR((observed - mean) / deviation, found.z, 0.2 + 0.08 * fabs(found.z));
    permutation_scheme_free(&scheme);
    free(gram);
    free(room);
    free(squared);
    free(kinship);
    return found;
}

static void as_in_shuffled_patterns(void)
{
    struct example example;
    bool relatives[N], others[N], any[N];
    int32_t block[N];
    example_init(&example, false);
    for (size_t i = 0; i < N; i++) {
        relatives[i] = i < 18;
        others[i] = i >= 44;
        any[i] = i * 7 % N < 13;
        block[i] = i % 9 < 2 ? 0 : (int32_t)(1 + i / 30);
    }
    struct filled_likeness found = check(&example, NULL, others);
    CU_ASSERT_TRUE(found.ratio > 1.3 && found.z > 4);
    check(&example, NULL, relatives);
    found = check(&example, NULL, any);
    CU_ASSERT_TRUE(fabs(found.z) < 3);
    check(&example, block, others);
    check(&example, block, relatives);
    check(&example, block, any);
    example_free(&example);
}

/* Unrelated people and many SNPs, half of the values missing at random: the pattern's own part of the
 * identity is no likeness. */
static void the_identity_is_no_likeness(void)
{
    enum { P = 6000, PATTERNS = 40 };
    struct example example;
    struct error err = {0};
    struct permutation_scheme scheme;
    double *x = example_normals((size_t)P * N, 9), *gram = example_product(x, x, N, P, N, true), sum = 0;
    example_init(&example, false);
    for (size_t i = 0; i < (size_t)N * N; i++)
        gram[i] /= P;
    double *room = example_doubles(filled_workspace(&example.covariates));
    float *kinship = filled_kinship(gram, &example.covariates, &err);
    CU_ASSERT_EQUAL(permutation_scheme_init(&scheme, NULL, N, 3, &err), 0);
    for (uint64_t k = 0; k < PATTERNS; k++) {
        uint32_t order[N], workspace[N];
        bool is_filled[N];
        permutation_draw(&scheme, k + 1, order, workspace);
        for (size_t i = 0; i < N; i++)
            is_filled[i] = order[i] < N / 2;
        struct filled_likeness found =
            filled_likeness_of(kinship, &example.covariates, &scheme, is_filled, 0, room);
        CU_ASSERT_TRUE(fabs(found.z) < 3.7);
        sum += found.ratio / PATTERNS;
    }
    ASSERT_NEAR(sum, 1, 0.05);
    permutation_scheme_free(&scheme);
    free(x);
    free(gram);
    free(room);
    free(kinship);
    example_free(&example);
}

/* Blocks that lack the target altogether, or not at all: nothing moves. */
static void nothing_moves_in_blocks_of_the_pattern(void)
{
    struct example example;
    struct error err = {0};
    struct permutation_scheme scheme;
    bool others[N];
    int32_t block[N];
    example_init(&example, false);
    for (size_t i = 0; i < N; i++)
        block[i] = others[i] = i >= 36;
    double *gram = related_gram(), *room = example_doubles(filled_workspace(&example.covariates));
    float *kinship = filled_kinship(gram, &example.covariates, &err);
    CU_ASSERT_EQUAL(permutation_scheme_init(&scheme, block, N, 3, &err), 0);
    struct filled_likeness found = filled_likeness_of(kinship, &example.covariates, &scheme, others, 0, room);
    ASSERT_NEAR(found.ratio, 1, 1e-9);
    CU_ASSERT_EQUAL(found.z, 0);
    permutation_scheme_free(&scheme);
    free(gram);
    free(room);
    free(kinship);
    example_free(&example);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"kinship_is_k_beyond_the_covariates", kinship_is_k_beyond_the_covariates},
        {"as_in_shuffled_patterns", as_in_shuffled_patterns},
        {"the_identity_is_no_likeness", the_identity_is_no_likeness},
        {"nothing_moves_in_blocks_of_the_pattern", nothing_moves_in_blocks_of_the_pattern},
    };
    return testing_main(argc, argv, "filled", cases, sizeof cases / sizeof *cases);
}
