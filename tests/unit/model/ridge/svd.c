#include "model/ridge/svd.h"

#include "model_example.h"

/* W (n x rank) with columns scaled by `scale` (NULL: not), from the rows that svd keeps. */
static double *columns_of(const struct svd *svd, const double *scale)
{
    double *w = example_doubles(svd->n * svd->rank);
    for (size_t i = 0; i < svd->n; i++)
        for (size_t k = 0; k < svd->rank; k++)
            w[i * svd->rank + k] = svd->vectors[k * svd->n + i] * (scale != NULL ? scale[k] : 1);
    return w;
}

/* M K M with M = I - Qz Qz', column by column. */
static double *projected(const double *gram, const struct covariates *covariates)
{
    size_t n = covariates->n;
    double *matrix = example_doubles(n * n), *workspace = example_doubles(n * covariates->c);
    memcpy(matrix, gram, n * n * sizeof *matrix);
    for (int side = 0; side < 2; side++) {
        covariates_residualise(covariates, matrix, n, workspace);
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < i; j++) {
                double swapped = matrix[i * n + j];
                matrix[i * n + j] = matrix[j * n + i];
                matrix[j * n + i] = swapped;
            }
    }
    free(workspace);
    return matrix;
}

static void check(const double *gram, const struct covariates *covariates)
{
    size_t n = covariates->n;
    struct error err = {0};
    struct svd svd;
    CU_ASSERT_EQUAL_FATAL(svd_init(&svd, n, covariates->c, &err), 0);
    CU_ASSERT_EQUAL_FATAL(svd_compute(&svd, gram, covariates, &err), 0);
    CU_ASSERT_EQUAL_FATAL(svd.rank, n - covariates->c);
    double *w = columns_of(&svd, NULL), *scaled = columns_of(&svd, svd.eigenvalues);
    double *own = example_product(w, w, svd.rank, n, svd.rank, true);
    double *with_z = example_product(covariates->basis, w, covariates->c, n, svd.rank, true);
    double *rebuilt = example_product(scaled, svd.vectors, n, svd.rank, n, false);
    double *expected = projected(gram, covariates);
    CU_ASSERT_TRUE(example_distance_from_identity(own, svd.rank) < 1e-13);
    for (size_t i = 0; i < covariates->c * svd.rank; i++)
        ASSERT_NEAR(with_z[i], 0, 1e-14);
    CU_ASSERT_TRUE(example_distance(rebuilt, expected, n * n) < 1e-13);
    double mean = NAN, sum = 0;
    for (size_t k = 0; k < svd.rank; k++) {
        CU_ASSERT_TRUE(svd.eigenvalues[k] >= (k > 0 ? svd.eigenvalues[k - 1] : 0));
        sum += svd.eigenvalues[k];
    }
    CU_ASSERT_EQUAL(svd_mean_eigenvalue(gram, covariates, &mean, &err), 0);
    ASSERT_NEAR(mean, sum / (double)svd.rank, 1e-14);
    free(w);
    free(scaled);
    free(own);
    free(with_z);
    free(rebuilt);
    free(expected);
    svd_free(&svd);
    svd_free(&svd); /* legal again */
}

static void vectors_and_values_rebuild_the_gram_matrix(void)
{
    struct example example;
    example_init(&example, false);
    check(example.gram, &example.covariates);
    example_free(&example);
}

/* Fewer SNPs than subjects: many eigenvalues are zero, none is below. */
static void a_gram_matrix_of_low_rank(void)
{
    struct example example;
    example_init(&example, false);
    double *gram = example_gram(EXAMPLE_N, 9, 3);
    check(gram, &example.covariates);
    free(gram);
    example_free(&example);
}

static void the_intercept_alone(void)
{
    enum { N = 12 };
    struct error err = {0};
    struct covariates covariates;
    bool kept;
    double ones[N];
    for (size_t i = 0; i < N; i++)
        ones[i] = 1;
    CU_ASSERT_EQUAL_FATAL(covariates_init(&covariates, ones, N, 1, &kept, &err), 0);
    double *gram = example_gram(N, 40, 3);
    check(gram, &covariates);
    free(gram);
    covariates_free(&covariates);
}

/* The steps of the reduction, slabs in reverse order. */
static void backwards(struct tridiagonal_reduction *reduction)
{
    for (size_t panel = 0; panel < reduction_panels(reduction->n); panel++) {
        size_t first = panel * TRIDIAGONAL_PANEL;
        reduction_begin(reduction, first);
        for (size_t column = first; column < first + TRIDIAGONAL_PANEL; column++) {
            for (size_t slab = TRIDIAGONAL_SLABS; slab-- > 0;)
                reduction_product(reduction, column, slab);
            reduction_next(reduction, column);
        }
        for (size_t slab = TRIDIAGONAL_SLABS; slab-- > 0;)
            reduction_update(reduction, panel, slab);
    }
}

/* Whoever computes which slab, and when, the bits are the same, also from another process's view of the
 * memory; and 600 people are more than dsytrd gets. */
static void slabs_in_any_order(void)
{
    enum { MANY = 600, SNPS = 700 };
    struct error err = {0};
    struct covariates covariates;
    struct svd svd, whole;
    struct svd_reduction reduction, theirs;
    bool kept[2];
    double *columns = example_doubles((size_t)2 * MANY), *gram = example_gram(MANY, SNPS, 5);
    for (size_t i = 0; i < MANY; i++) {
        columns[2 * i] = 1;
        columns[2 * i + 1] = sin((double)i);
    }
    CU_ASSERT_EQUAL_FATAL(covariates_init(&covariates, columns, MANY, 2, kept, &err), 0);
    CU_ASSERT_EQUAL_FATAL(svd_init(&svd, MANY, 2, &err), 0);
    CU_ASSERT_EQUAL_FATAL(svd_init(&whole, MANY, 2, &err), 0);
    CU_ASSERT_EQUAL_FATAL(svd_compute(&whole, gram, &covariates, &err), 0);
    double *shared = example_doubles(svd_reduction_storage(MANY, 2));
    svd_reduction_init_in(&reduction, MANY, 2, shared);
    svd_reduction_init_in(&theirs, MANY, 2, shared);
    CU_ASSERT_EQUAL_FATAL(svd_begin(&svd, gram, &covariates, &reduction, &err), 0);
    backwards(&reduction.tridiagonal);
    CU_ASSERT_EQUAL_FATAL(svd_solve(&svd, &reduction, &err), 0);
    CU_ASSERT_EQUAL(reduction_panels(svd.rank), 3);
    CU_ASSERT_EQUAL(svd_slabs(svd.rank), 3);
    for (size_t slab = svd_slabs(svd.rank); slab-- > 0;)
        CU_ASSERT_EQUAL(svd_finish_slab(&svd, slab == 1 ? &theirs : &reduction, slab, &err), 0);
    CU_ASSERT_EQUAL(memcmp(svd.vectors, whole.vectors, svd_storage(MANY, 2) * sizeof *svd.vectors), 0);
    svd_reduction_free(&reduction);
    free(shared);
    svd_free(&svd);
    svd_free(&whole);
    check(gram, &covariates);
    covariates_free(&covariates);
    free(columns);
    free(gram);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"vectors_and_values_rebuild_the_gram_matrix", vectors_and_values_rebuild_the_gram_matrix},
        {"a_gram_matrix_of_low_rank", a_gram_matrix_of_low_rank},
        {"the_intercept_alone", the_intercept_alone},
        {"slabs_in_any_order", slabs_in_any_order},
    };
    return testing_main(argc, argv, "svd", cases, sizeof cases / sizeof *cases);
}
