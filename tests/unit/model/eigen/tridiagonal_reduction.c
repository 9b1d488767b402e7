#include "model/eigen/tridiagonal_reduction.h"

#include "model_example.h"

/* The lower triangle of a diagonal and u u', column-major. The upper one is nobody's. */
static double *diagonal_and_product(size_t n, const double *u)
{
    double *a = example_doubles(n * n);
    for (size_t j = 0; j < n; j++)
        for (size_t i = j; i < n; i++)
            a[j * n + i] = u[i] * u[j] + (i == j ? (double)j / (double)n : 0);
    return a;
}

/* The products of one column's reflector by the rest, slab by slab, of so many people that a slab has more
 * than one block of rows below it: against the rest as what it is made of. */
static void a_column_of_many_people(void)
{
    enum { N = 2300 };
    struct error err = {0};
    double diagonal[1], beside[1], tau[1], *u = example_normals(N, 3), *a = diagonal_and_product(N, u);
    struct tridiagonal_reduction reduction = {
        .purpose = "a test", .n = N, .ld = N, .a = a, .diagonal = diagonal, .beside = beside, .tau = tau};
    CU_ASSERT_EQUAL_FATAL(reduction_init(&reduction, &err), 0);
    for (size_t i = 0; i < N * TRIDIAGONAL_SLABS; i++)
        reduction.products[i] = 0; /* a slab writes from where it begins on */
    reduction_begin(&reduction, 0);
    for (size_t slab = 0; slab < TRIDIAGONAL_SLABS; slab++)
        reduction_product(&reduction, 0, slab);
    double along = 0;
    for (size_t i = 1; i < N; i++)
        along += u[i] * a[i];
    for (size_t i = 1; i < N; i++) {
        double product = 0;
        for (size_t slab = 0; slab < TRIDIAGONAL_SLABS; slab++)
            product += reduction.products[slab * N + i];
        ASSERT_NEAR(product, u[i] * along + (double)i / N * a[i], 1e-11);
    }
    reduction_free(&reduction);
    free(u);
    free(a);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"a_column_of_many_people", a_column_of_many_people},
    };
    return testing_main(argc, argv, "tridiagonal_reduction", cases, sizeof cases / sizeof *cases);
}
