#include "model/eigen/leading_vectors.h"

#include "model_example.h"

#include <lapacke.h>

/* All steps on one thread; the caller frees. */
static double *leading_of(const double *matrix, size_t n, size_t count)
{
    struct error err = {0};
    struct leading_vectors leading;
    double *vectors = example_doubles(n * count);
    CU_ASSERT_EQUAL_FATAL(leading_vectors_begin(&leading, matrix, n, count, "testing", &err), 0);
    reduction_steps(&leading.tridiagonal);
    CU_ASSERT_EQUAL_FATAL(leading_vectors_solve(&leading, vectors, &err), 0);
    leading_vectors_free(&leading);
    return vectors;
}

/* Vectors are orthonormal, and A v = value v; values descend. all: A's eigenvalues, ascending. */
static void check(const double *matrix, size_t n, size_t count, const double *vectors, const double *all)
{
    const double size = all[n - 1];
    double *image = example_product(vectors, matrix, count, n, n, false);
    for (size_t k = 0; k < count; k++) {
        for (size_t j = 0; j <= k; j++) {
            double dot = 0;
            for (size_t i = 0; i < n; i++)
                dot += vectors[k * n + i] * vectors[j * n + i];
            ASSERT_NEAR(dot, j == k, 1e-13);
        }
        double off = 0;
        for (size_t i = 0; i < n; i++)
            off += pow(image[k * n + i] - all[n - 1 - k] * vectors[k * n + i], 2);
        CU_ASSERT_TRUE(sqrt(off) < 1e-13 * size);
    }
    free(image);
}

/* A's eigenvalues, and its vectors as dsyevr finds them: column k in reference + k n. */
static void solve_all(const double *matrix, size_t n, double *reference, double *all)
{
    lapack_int found = 0, *support = malloc(2 * n * sizeof *support);
    double *copy = example_doubles(n * n);
    memcpy(copy, matrix, n * n * sizeof *copy);
    CU_ASSERT_EQUAL_FATAL(LAPACKE_dsyevr(LAPACK_COL_MAJOR, 'V', 'A', 'L', (int)n, copy, (int)n, 0, 0, 0, 0, 0,
                                         &found, all, reference, (int)n, support),
                          0);
    free(copy);
    free(support);
}

/* Three ancestries among people of whom one can tell nothing else: three eigenvalues stand alone, the next
 * ones lie close to each other. */
static void as_dsyevr_finds_them(void)
{
    enum { N = 640, COUNT = 8, ALONE = 3 };
    double *gram = example_gram(N, 900, 7), *axes = example_normals(ALONE * N, 9);
    for (size_t k = 0; k < ALONE; k++)
        for (size_t i = 0; i < N * N; i++)
            gram[i] += .02 * (double)(k + 1) * axes[k * N + i / N] * axes[k * N + i % N];
    double *reference = example_doubles(N * N), all[N];
    solve_all(gram, N, reference, all);
    CU_ASSERT_TRUE(all[N - ALONE] > 1.5 * all[N - ALONE - 1] && all[N - 5] < 1.05 * all[N - 6]);
    double *vectors = leading_of(gram, N, COUNT);
    check(gram, N, COUNT, vectors, all);
    for (size_t k = 0; k < ALONE; k++) {
        const double *found = vectors + k * N, *expected = reference + (N - 1 - k) * N;
        double sign = found[0] * expected[0] > 0 ? 1 : -1;
        for (size_t i = 0; i < N; i++)
            ASSERT_NEAR(sign * found[i], expected[i], 1e-12);
    }
    free(gram);
    free(axes);
    free(reference);
    free(vectors);
}

/* Two families of which each has the other's relatedness: every eigenvalue twice, and a tridiagonal matrix
 * that falls into two blocks. */
static void equal_eigenvalues_in_two_blocks(void)
{
    enum { HALF = 12, N = 2 * HALF, COUNT = 7 };
    double *half = example_gram(HALF, 30, 3), gram[N * N] = {0}, reference[N * N], all[N];
    for (size_t i = 0; i < HALF; i++)
        for (size_t j = 0; j < HALF; j++)
            gram[i * N + j] = gram[(i + HALF) * N + j + HALF] = half[i * HALF + j];
    solve_all(gram, N, reference, all);
    ASSERT_NEAR(all[N - 1], all[N - 2], 1e-13);
    double *vectors = leading_of(gram, N, COUNT);
    check(gram, N, COUNT, vectors, all);
    free(half);
    free(vectors);
}

/* All vectors of a matrix with known ones: diagonal, in another order. */
static void of_a_diagonal(void)
{
    static const double gram[9] = {2, 0, 0, 0, 5, 0, 0, 0, 3};
    static const double expected[9] = {0, 1, 0, 0, 0, 1, 1, 0, 0};
    double *vectors = leading_of(gram, 3, 3);
    for (size_t i = 0; i < 9; i++)
        ASSERT_NEAR(fabs(vectors[i]), expected[i], 1e-15);
    free(vectors);
}

static void what_is_no_number_is_refused(void)
{
    static const double gram[4] = {1, NAN, NAN, 1};
    struct error err = {0};
    struct leading_vectors leading;
    double vector[2];
    CU_ASSERT_EQUAL_FATAL(leading_vectors_begin(&leading, gram, 2, 1, "testing", &err), 0);
    CU_ASSERT_EQUAL(leading_vectors_solve(&leading, vector, &err), EXIT_CODE_FAILED);
    ASSERT_CONTAINS(err.message, "dsytrd (testing of the study): info = ");
    leading_vectors_free(&leading);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"as_dsyevr_finds_them", as_dsyevr_finds_them},
        {"equal_eigenvalues_in_two_blocks", equal_eigenvalues_in_two_blocks},
        {"of_a_diagonal", of_a_diagonal},
        {"what_is_no_number_is_refused", what_is_no_number_is_refused},
    };
    return testing_main(argc, argv, "leading_vectors", cases, sizeof cases / sizeof *cases);
}
