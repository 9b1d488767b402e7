#include "model/eigen/tridiagonal.h"

#include "model_example.h"

/* A tridiagonal matrix of random numbers; the second half is zero, so that many eigenvalues are the same. */
static void make(size_t n, double *diagonal, double *beside)
{
    uint64_t seed = 11;
    for (size_t i = 0; i < n; i++) {
        diagonal[i] = i < n / 2 ? example_normal(&seed) : 0;
        beside[i] = i + 1 < n / 2 ? example_normal(&seed) : 0;
    }
}

/* T v = value v, vectors are orthonormal, values ascend: by either method. */
static void both_methods_solve_it(void)
{
    enum { N = 90, LD = 93 };
    static const enum tridiagonal_method methods[] = {TRIDIAGONAL_DIVIDE, TRIDIAGONAL_REPRESENTATIONS};
    double first[N];
    for (size_t m = 0; m < 2; m++) {
        struct error err = {0};
        double diagonal[N], beside[N], values[N], used[N], *vectors = example_doubles((size_t)N * LD);
        make(N, diagonal, beside);
        memcpy(values, diagonal, sizeof values);
        memcpy(used, beside, sizeof used);
        CU_ASSERT_EQUAL_FATAL(tridiagonal_solve(methods[m], N, values, used, vectors, LD, &err), 0);
        for (size_t k = 0; k < N; k++) {
            const double *v = vectors + k * LD;
            CU_ASSERT_TRUE(k == 0 || values[k] >= values[k - 1]);
            for (size_t i = 0; i < N; i++) {
                double product = diagonal[i] * v[i] + (i > 0 ? beside[i - 1] * v[i - 1] : 0) +
                                 (i + 1 < N ? beside[i] * v[i + 1] : 0);
                ASSERT_NEAR(product, values[k] * v[i], 1e-13);
            }
            for (size_t j = 0; j <= k; j++) {
                double dot = 0;
                for (size_t i = 0; i < N; i++)
                    dot += v[i] * vectors[j * LD + i];
                ASSERT_NEAR(dot, j == k, 1e-12);
            }
            if (m == 0)
                first[k] = values[k];
            ASSERT_NEAR(values[k], first[k], 1e-13);
        }
        free(vectors);
    }
}

/* Divide and conquer as long as its workspace can be counted. */
static void workspaces_stay_countable(void)
{
    CU_ASSERT_EQUAL(tridiagonal_method_for(1500), TRIDIAGONAL_DIVIDE);
    CU_ASSERT_EQUAL(tridiagonal_method_for(46338), TRIDIAGONAL_DIVIDE);
    CU_ASSERT_EQUAL(tridiagonal_workspace(46338), 2147395597.);
    CU_ASSERT_EQUAL(tridiagonal_method_for(46339), TRIDIAGONAL_REPRESENTATIONS);
    CU_ASSERT_EQUAL(tridiagonal_workspace(100000), 1800000.);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"both_methods_solve_it", both_methods_solve_it},
        {"workspaces_stay_countable", workspaces_stay_countable},
    };
    return testing_main(argc, argv, "tridiagonal", cases, sizeof cases / sizeof *cases);
}
