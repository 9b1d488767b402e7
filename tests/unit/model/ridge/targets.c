#include "model/ridge/targets.h"

#include "model_example.h"

enum { N = EXAMPLE_N, T = 5 };

static double mean_square(const double *y, size_t stride)
{
    double sum = 0;
    for (size_t i = 0; i < N; i++)
        sum += y[i * stride] * y[i * stride] / N;
    return sum;
}

/* Residuals of unit variance, whatever the unit and the mean; nothing of the covariates is left. */
static void residuals_of_unit_variance(void)
{
    struct example example;
    struct error err = {0};
    bool varies[T];
    example_init(&example, false);
    double *y = example_normals(N * T, 3), *expected = example_doubles(N * T), workspace[3 * T];
    memcpy(expected, y, N * T * sizeof *y);
    covariates_residualise(&example.covariates, expected, T, workspace);
    for (size_t i = 0; i < N; i++) {
        y[i * T + 1] = 1e-9 * y[i * T + 1] + 1e-7 * example.covariates.design[i * 3 + 1];
        y[i * T + 2] = 1e5 * y[i * T + 2] + 1e7;
    }
    CU_ASSERT_EQUAL(targets_residualise(&example.covariates, y, T, varies, NULL, NULL, &err), 0);
    for (size_t t = 0; t < T; t++) {
        double scale = sqrt(mean_square(expected + t, T));
        CU_ASSERT_TRUE(varies[t]);
        ASSERT_NEAR(mean_square(y + t, T), 1, 1e-12);
        for (size_t i = 0; i < N; i++)
            ASSERT_NEAR(y[i * T + t], expected[i * T + t] / scale, 1e-9);
    }
    double *with_z = example_product(example.covariates.basis, y, 3, N, T, true);
    for (size_t i = 0; i < 3 * T; i++)
        ASSERT_NEAR(with_z[i], 0, 1e-13);
    free(y);
    free(expected);
    free(with_z);
    example_free(&example);
}

/* A constant, a combination of covariates and a column without a value: zeros, and varies says so. */
static void targets_that_do_not_vary(void)
{
    struct example example;
    struct error err = {0};
    bool varies[T];
    example_init(&example, false);
    double *y = example_normals(N * T, 3);
    for (size_t i = 0; i < N; i++) {
        const double *z = example.covariates.design + 3 * i;
        y[i * T] = 1234.5;
        y[i * T + 1] = 3 * z[1] - 7 * z[2] + 1e4;
        y[i * T + 2] = NAN;
        y[i * T + 3] = i == 5 ? NAN : 0.1; /* constant where it is there */
    }
    CU_ASSERT_EQUAL(targets_residualise(&example.covariates, y, T, varies, NULL, NULL, &err), 0);
    for (size_t t = 0; t < 4; t++) {
        CU_ASSERT_FALSE(varies[t]);
        CU_ASSERT_EQUAL(mean_square(y + t, T), 0);
    }
    CU_ASSERT_TRUE(varies[4]);
    ASSERT_NEAR(mean_square(y + 4, T), 1, 1e-12);
    free(y);
    example_free(&example);
}

/* A missing value is the covariates' fit to the others: what is set there before does not matter, the
 * residual there is 0, and the others' residuals are orthogonal to Z among themselves. */
static void missing_values_are_the_covariates_fit(void)
{
    struct example example;
    struct error err = {0};
    bool varies[T];
    example_init(&example, false);
    double *y = example_normals(N * T, 3), *complete = example_doubles(N * T);
    memcpy(complete, y, N * T * sizeof *y);
    for (size_t i = 0; i < N; i += 4)
        y[i * T + 2] = NAN;
    CU_ASSERT_EQUAL(targets_residualise(&example.covariates, y, T, varies, NULL, NULL, &err), 0);
    CU_ASSERT_EQUAL(targets_residualise(&example.covariates, complete, T, varies, NULL, NULL, &err), 0);
    double with_z[3] = {0};
    for (size_t i = 0; i < N; i++) {
        for (size_t t = 0; t < T; t++) /* the neighbours are what they are without it */
            CU_ASSERT_TRUE(t == 2 || fabs(y[i * T + t] - complete[i * T + t]) < 1e-12);
        for (size_t t = 0; t < T; t++)
            CU_ASSERT_EQUAL(targets_is_filled(y[i * T + t]), t == 2 && i % 4 == 0);
        for (size_t k = 0; k < 3 && i % 4 != 0; k++)
            with_z[k] += example.covariates.basis[i * 3 + k] * y[i * T + 2];
    }
    for (size_t k = 0; k < 3; k++)
        ASSERT_NEAR(with_z[k], 0, 1e-12);
    ASSERT_NEAR(mean_square(y + 2, T), 1, 1e-12);
    free(y);
    free(complete);
    example_free(&example);
}

/* A whole site without values: the others say nothing of its mean, and nothing breaks. */
static void a_site_without_values(void)
{
    struct example example;
    struct error err = {0};
    bool varies[T];
    example_init(&example, true);
    double *y = example_normals(N * T, 3);
    for (size_t i = 0; i < N; i++)
        if (fabs(example.covariates.design[i * 3 + 2] - 1) < 0.5)
            y[i * T] = NAN;
    CU_ASSERT_EQUAL(targets_residualise(&example.covariates, y, T, varies, NULL, NULL, &err), 0);
    CU_ASSERT_TRUE(varies[0]);
    ASSERT_NEAR(mean_square(y, T), 1, 1e-12);
    for (size_t i = 0; i < N; i++)
        if (fabs(example.covariates.design[i * 3 + 2] - 1) < 0.5)
            ASSERT_NEAR(y[i * T], 0, 1e-12);
    free(y);
    example_free(&example);
}

/* A residual of 0 that somebody has is +0.0, whatever its sign was, so that it is not taken for a filled one.
 */
static void a_residual_of_zero_is_not_filled(void)
{
    struct example example;
    struct error err = {0};
    bool varies[1];
    example_init(&example, false);
    double y[N] = {0};
    struct covariates intercept;
    bool kept[1];
    double ones[N];
    for (size_t i = 0; i < N; i++) {
        ones[i] = 1;
        y[i] = i % 4 == 0 ? -0.0 : i % 4 == 1 ? 1 : i % 4 == 2 ? -1 : 0;
    }
    CU_ASSERT_EQUAL_FATAL(covariates_init(&intercept, ones, N, 1, kept, &err), 0);
    CU_ASSERT_EQUAL(targets_residualise(&intercept, y, 1, varies, NULL, NULL, &err), 0);
    for (size_t i = 0; i < N; i++)
        CU_ASSERT_FALSE(targets_is_filled(y[i]));
    CU_ASSERT_FALSE(targets_is_filled(0));
    CU_ASSERT_TRUE(targets_is_filled(-0.0));
    covariates_free(&intercept);
    example_free(&example);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"residuals_of_unit_variance", residuals_of_unit_variance},
        {"targets_that_do_not_vary", targets_that_do_not_vary},
        {"missing_values_are_the_covariates_fit", missing_values_are_the_covariates_fit},
        {"a_site_without_values", a_site_without_values},
        {"a_residual_of_zero_is_not_filled", a_residual_of_zero_is_not_filled},
    };
    return testing_main(argc, argv, "targets", cases, sizeof cases / sizeof *cases);
}
