#include "model/ridge/penalty_sketch.h"

#include "model_example.h"

enum { N = EXAMPLE_N, OUTER = EXAMPLE_OUTER, INNER = EXAMPLE_INNER };

static struct baseline covariates_only(const struct example *example)
{
    struct error err = {0};
    struct baseline baseline;
    CU_ASSERT_EQUAL_FATAL(
        baseline_init(&baseline, BASELINE_COVARIATES, &example->covariates, &example->folds, &err), 0);
    return baseline;
}

/* With no more subjects than probes, S'S = I: nothing is lost, and there is no margin. */
static void probes_are_orthogonal(void)
{
    struct error err = {0};
    struct example example;
    struct penalty_sketch sketch;
    example_init(&example, false);
    CU_ASSERT_EQUAL_FATAL(penalty_sketch_init(&sketch, &example.folds, 3, NULL, &err), 0);
    CU_ASSERT_EQUAL_FATAL(sketch.n_probes, N);
    CU_ASSERT_FALSE(sketch.has_infinity);
    double *gram = example_product(sketch.probes, sketch.probes, N, N, N, true);
    CU_ASSERT_TRUE(example_distance_from_identity(gram, N) < 1e-13);
    ASSERT_NEAR(penalty_sketch_margin(&sketch), 1, 1e-15);
    penalty_sketch_free(&sketch);
    penalty_sketch_free(&sketch); /* legal again */
    free(gram);
    example_free(&example);
}

/* Long grids get fewer probes, not more memory, and the margin says so. */
static void memory_is_bounded(void)
{
    CU_ASSERT_TRUE(penalty_sketch_bytes(1500, 41, 10) < 230e6);
    CU_ASSERT_TRUE(penalty_sketch_bytes(1500, 1000, 10) < 280e6);
    struct penalty_sketch few = {.n = 1500, .n_probes = 32}, many = {.n = 1500, .n_probes = 256};
    CU_ASSERT_TRUE(penalty_sketch_margin(&many) > 1.3 && penalty_sketch_margin(&many) < 1.35);
    CU_ASSERT_TRUE(penalty_sketch_margin(&few) > 3 && penalty_sketch_margin(&few) < 4.1);
}

/* expected = rows' rows, packed as a sketch is; rows: n_rows x N. */
static double packed_distance(const double *rows, size_t n_rows, const double *packed)
{
    double *gram = example_product(rows, rows, N, n_rows, N, true), worst = 0;
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j <= i; j++) {
            double distance = fabs(*packed++ - gram[i * N + j] * (i == j ? 1 : sqrt(2)));
            worst = distance > worst || isnan(distance) ? distance : worst;
        }
    free(gram);
    return worst;
}

/* The residuals of the probes by plain loops: e = M w_o, z_b = R_b (w_b - C_b e). */
static void sketches_are_squared_residuals(void)
{
    struct error err = {0};
    struct example example;
    struct penalty_sketch sketch;
    example_init(&example, true); /* a site is lost with a fold */
    CU_ASSERT_EQUAL_FATAL(penalty_sketch_init(&sketch, &example.folds, 2, NULL, &err), 0);
    double *p = example_operator(&example, .3);
    double *fitted = example_product(p, sketch.probes, N, N, N, false);
    double *workspace = example_doubles(penalty_sketch_workspace(&sketch, &example.folds));
    for (size_t o = 0; o < OUTER; o++) {
        const struct fold_rows *rows = &example.folds.rows[o];
        struct operator_layout layout;
        double *operators = example_fold(&example, p, o, &layout);
        penalty_sketch_fold(&sketch, &(struct operators_of_fold){&example.folds, o, &layout, operators}, 1,
                            fitted, workspace);
        double *e = example_product(operators + layout.inverse, fitted + rows->first_test * N, rows->n_test,
                                    rows->n_test, N, false);
        CU_ASSERT_TRUE(packed_distance(e, rows->n_test, penalty_sketch_packed(&sketch, PENALTY_ERROR, o, 1)) <
                       1e-12);
        double *correction =
            example_product(operators + layout.cross, e, rows->n_train, rows->n_test, N, false);
        double *z = example_doubles(rows->n_train * N);
        for (size_t b = 0; b < INNER; b++) {
            size_t start = rows->inner_start[b], n_b = rows->inner_start[b + 1] - start;
            for (size_t i = 0; i < n_b; i++)
                for (size_t j = 0; j < N; j++) {
                    double sum = 0;
                    for (size_t k = i; k < n_b; k++)
                        sum += operators[layout.factor[b] + i * n_b + k] *
                               (fitted[rows->train[start + k] * N + j] - correction[(start + k) * N + j]);
                    z[(start + i) * N + j] = sum;
                }
        }
        CU_ASSERT_TRUE(packed_distance(z, rows->n_train,
                                       penalty_sketch_packed(&sketch, PENALTY_CRITERION, o, 1)) < 1e-12);
        double trace = 0;
        for (size_t i = 0; i < rows->n_train * N; i++)
            trace += z[i] * z[i];
        ASSERT_NEAR(penalty_sketch_trace(&sketch, PENALTY_CRITERION, o, 1), trace, 1e-12);
        CU_ASSERT_EQUAL(penalty_sketch_trace(&sketch, PENALTY_ERROR, o, 0), 0); /* nobody else's cell */
        free(e);
        free(correction);
        free(z);
        free(operators);
        operator_layout_free(&layout);
    }
    free(p);
    free(fitted);
    free(workspace);
    penalty_sketch_free(&sketch);
    example_free(&example);
}

/* The covariates alone: every probe's squared errors are those of the baseline. */
static void infinity_is_the_baseline(void)
{
    struct error err = {0};
    struct example example;
    struct penalty_sketch sketch;
    example_init(&example, false);
    struct baseline baseline = covariates_only(&example);
    CU_ASSERT_EQUAL_FATAL(penalty_sketch_init(&sketch, &example.folds, 2, &baseline, &err), 0);
    CU_ASSERT_TRUE(sketch.has_infinity);
    double *residual = example_doubles(N * N), *workspace = example_doubles((baseline.c + 1) * N);
    memcpy(residual, sketch.probes, N * N * sizeof *residual);
    baseline_residuals(&baseline, &example.folds, residual, N, workspace);
    for (size_t o = 0; o < OUTER; o++) {
        const struct fold_rows *rows = &example.folds.rows[o];
        CU_ASSERT_TRUE(packed_distance(residual + rows->first_test * N, rows->n_test,
                                       penalty_sketch_packed(&sketch, PENALTY_ERROR, o, 2)) < 1e-12);
        CU_ASSERT_EQUAL(penalty_sketch_trace(&sketch, PENALTY_CRITERION, o, 2), 0);
    }
    free(residual);
    free(workspace);
    penalty_sketch_free(&sketch);
    baseline_free(&baseline);
    example_free(&example);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"probes_are_orthogonal", probes_are_orthogonal},
        {"memory_is_bounded", memory_is_bounded},
        {"sketches_are_squared_residuals", sketches_are_squared_residuals},
        {"infinity_is_the_baseline", infinity_is_the_baseline},
    };
    return testing_main(argc, argv, "penalty_sketch", cases, sizeof cases / sizeof *cases);
}
