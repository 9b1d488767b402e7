#include "model/univariate/filled_tails.h"

#include "model/univariate/student.h"
#include "model_example.h"

enum { N = 300, SNPS = 400, C = 3, OTHERS = 90, N_TESTED = 3000 };

/* Genotypes of N people beyond intercept, a number, and whether they are among the first OTHERS, whose
 * frequencies differ from those of the rest the more the larger `spread` is. */
struct made {
    struct covariates covariates;
    struct filled_sample sample;
    struct permutation_scheme scheme;
};

/* What is left of x beyond c columns of the basis, N x C. */
static void project(const double *basis, size_t c, double *x)
{
    for (size_t k = 0; k < 2 * c; k++) {
        double inside = 0;
        for (size_t i = 0; i < N; i++)
            inside += x[i] * basis[i * C + k % c];
        for (size_t i = 0; i < N; i++)
            x[i] -= inside * basis[i * C + k % c];
    }
}

static double squares_of(const double *x)
{
    double squares = 0;
    for (size_t i = 0; i < N; i++)
        squares += x[i] * x[i];
    return squares;
}

/* The same, of length 1. */
static void residualise(const double *basis, size_t c, double *x)
{
    project(basis, c, x);
    double length = sqrt(squares_of(x));
    for (size_t i = 0; i < N; i++)
        x[i] /= length;
}

static void make(struct made *made, double spread, const int32_t *block)
{
    struct error err = {0};
    uint64_t state = 5;
    double *basis = example_doubles((size_t)N * C), x[N];
    for (size_t k = 0; k < C; k++) {
        for (size_t i = 0; i < N; i++)
            x[i] = k == 0 ? 1 : k == 1 ? example_normal(&state) : i < OTHERS;
        residualise(basis, k, x);
        for (size_t i = 0; i < N; i++)
            basis[i * C + k] = x[i];
    }
    *made = (struct made){.covariates = {.n = N, .c = C, .basis = basis},
                          .sample = {.count = SNPS, .n_tested = N_TESTED}};
    made->sample.people = memory_aligned((size_t)N * SNPS, sizeof(float), "a test", &err);
    for (size_t s = 0; s < SNPS; s++) {
        double common = 0.6 + 0.4 * example_normal(&state);
        double first = common + spread * example_normal(&state),
               second = common + spread * example_normal(&state);
        for (size_t i = 0; i < N; i++)
            x[i] = (example_normal(&state) > (i < OTHERS ? first : second)) +
                   (example_normal(&state) > (i < OTHERS ? first : second));
        residualise(basis, C, x);
        for (size_t i = 0; i < N; i++)
            made->sample.people[i * SNPS + s] = (float)x[i];
    }
    CU_ASSERT_EQUAL(permutation_scheme_init(&made->scheme, block, N, 3, &err), 0);
}

static void release(struct made *made)
{
    permutation_scheme_free(&made->scheme);
    free(made->covariates.basis);
    free(made->sample.people);
}

static struct filled_tails tails_of(const struct made *made, const bool *is_filled, double least)
{
    struct filled_tails tails;
    struct error err = {0};
    CU_ASSERT_EQUAL(
        filled_tails_of(&tails, &made->sample, &made->covariates, &made->scheme, is_filled, least, &err), 0);
    return tails;
}

/* The sum over SNPs by its definition: a target of chance is any sum of people's own numbers, so each of
 * these is residualised among those who have a value, moved, and residualised again. v: N - C times the
 * expected square of a SNP's correlation, both mean squares over that mean length. */
static double expected_sum(const struct made *made, const bool *is_filled, const uint32_t *order)
{
    double own[N * C], x[N], moved[N], length = 0, sum = 0, *v = example_doubles(SNPS);
    memset(v, 0, SNPS * sizeof *v);
    for (size_t k = 0; k < C; k++) {
        for (size_t i = 0; i < N; i++)
            x[i] = is_filled[i] ? 0 : made->covariates.basis[i * C + k];
        residualise(own, k, x);
        for (size_t i = 0; i < N; i++)
            own[i * C + k] = x[i];
    }
    for (size_t j = 0; j < N; j++) {
        if (is_filled[j])
            continue;
        for (size_t i = 0; i < N; i++)
            x[i] = i == j;
        project(own, C, x);
        for (size_t i = 0; i < N; i++)
            moved[i] = x[order[i]];
        for (size_t s = 0; s < SNPS; s++) {
            double product = 0;
            for (size_t i = 0; i < N; i++)
                product += (double)made->sample.people[i * SNPS + s] * moved[i];
            v[s] += product * product;
        }
        project(made->covariates.basis, C, moved);
        length += squares_of(moved);
    }
    for (size_t s = 0; s < SNPS; s++)
        sum += erfc(sqrt(student_chi_square(log(.05 / N_TESTED)) / (v[s] / length * (N - C)) / 2));
    free(v);
    return sum;
}

static void as_by_its_definition(void)
{
    struct made made;
    bool is_filled[N];
    uint32_t order[N], workspace[N];
    double sum = 0, mean = 0, squares = 0;
    make(&made, 0.2, NULL);
    for (size_t i = 0; i < N; i++)
        is_filled[i] = i < OTHERS - 10 || i % 7 == 0;
    struct filled_tails tails = tails_of(&made, is_filled, 0);
    permutation_draw(&made.scheme, 0, order, workspace);
    double observed = expected_sum(&made, is_filled, order);
    for (uint64_t k = 1; k <= FILLED_TAILS_ALL; k++) {
        permutation_draw(&made.scheme, k, order, workspace);
        double one = expected_sum(&made, is_filled, order);
        sum += one / FILLED_TAILS_ALL;
        mean += log(one) / FILLED_TAILS_ALL;
        squares += log(one) * log(one) / FILLED_TAILS_ALL;
    }
    double deviation = sqrt((squares - mean * mean) * FILLED_TAILS_ALL / (FILLED_TAILS_ALL - 1));
    double t = (log(observed) - mean) / deviation / sqrt(1 + 1.0 / FILLED_TAILS_ALL);
    ASSERT_NEAR(tails.ratio, observed / sum, 1e-4 * observed / sum);
    CU_ASSERT_TRUE(tails.z > 0 && tails.z < t && t > 3);
    CU_ASSERT_TRUE(tails_of(&made, is_filled, 10).z == 0);
    release(&made);
}

/* All who lack the target are of one ancestry, which is a covariate: K beyond it knows nothing of that. */
static void an_ancestry_that_lacks_the_target(void)
{
    struct made made;
    bool is_filled[N];
    for (size_t i = 0; i < N; i++)
        is_filled[i] = i < OTHERS;
    make(&made, 0.5, NULL);
    struct filled_tails tails = tails_of(&made, is_filled, 1.15);
    CU_ASSERT_TRUE(tails.ratio > 1.5 && tails.z > 4);
    release(&made);
    make(&made, 0, NULL); /* no other ancestry, but for its name */
    tails = tails_of(&made, is_filled, 1.15);
    CU_ASSERT_TRUE(!(tails.ratio > 1.15) || tails.z < 3);
    release(&made);
}

static void missing_at_random(void)
{
    enum { PATTERNS = 20 };
    struct made made;
    double sum = 0;
    make(&made, 0.3, NULL);
    for (uint64_t k = 0; k < PATTERNS; k++) {
        uint32_t order[N], workspace[N];
        bool is_filled[N];
        permutation_draw(&made.scheme, 1000 + k, order, workspace);
        for (size_t i = 0; i < N; i++)
            is_filled[i] = order[i] < N / 2;
        struct filled_tails tails = tails_of(&made, is_filled, 0);
        CU_ASSERT_TRUE(fabs(tails.z) < 3.7);
        sum += tails.ratio / PATTERNS;
    }
    ASSERT_NEAR(sum, 1, 0.05);
    release(&made);
}

/* Blocks that lack the target altogether, or not at all: nothing moves. */
static void nothing_moves_in_blocks_of_the_pattern(void)
{
    struct made made;
    bool is_filled[N];
    int32_t block[N];
    for (size_t i = 0; i < N; i++)
        block[i] = is_filled[i] = i < OTHERS;
    make(&made, 0.3, block);
    struct filled_tails tails = tails_of(&made, is_filled, 0);
    CU_ASSERT_TRUE(tails.ratio < 2 && fabs(tails.z) < 3.7);
    release(&made);
}

static void no_snps_and_no_degrees(void)
{
    struct made made;
    bool is_filled[N];
    make(&made, 0, NULL);
    for (size_t i = 0; i < N; i++)
        is_filled[i] = i >= 2; /* the second column alone differs there */
    CU_ASSERT_EQUAL(tails_of(&made, is_filled, 0).ratio, 1);
    made.sample.count = 0;
    CU_ASSERT_EQUAL(tails_of(&made, is_filled, 0).ratio, 1);
    release(&made);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"as_by_its_definition", as_by_its_definition},
        {"an_ancestry_that_lacks_the_target", an_ancestry_that_lacks_the_target},
        {"missing_at_random", missing_at_random},
        {"nothing_moves_in_blocks_of_the_pattern", nothing_moves_in_blocks_of_the_pattern},
        {"no_snps_and_no_degrees", no_snps_and_no_degrees},
    };
    return testing_main(argc, argv, "filled_tails", cases, sizeof cases / sizeof *cases);
}
