#include "model/ridge/observed.h"

#include "model_example.h"

enum { N = EXAMPLE_N, OUTER = EXAMPLE_OUTER, PENALTIES = 3 };
static const double penalties[PENALTIES] = {0.05, 1, 20};

/* Observed sums of any targets (n x t), scored against the covariates. */
static void observe(const struct example *example, const double *targets, size_t t, struct observed *observed)
{
    struct error err = {0};
    struct baseline baseline;
    const struct folds *folds = &example->folds;
    CU_ASSERT_EQUAL_FATAL(baseline_init(&baseline, BASELINE_COVARIATES, &example->covariates, folds, &err),
                          0);
    CU_ASSERT_EQUAL_FATAL(observed_init(observed, targets, t, PENALTIES, folds, &baseline, &baseline, &err),
                          0);
    double *w = example_doubles(N * t), *workspace = example_doubles(observed_workspace(observed, folds));
    for (size_t k = 0; k < PENALTIES; k++) {
        double *p = example_operator(example, penalties[k]);
        operators_apply(p, N, targets, t, t, w);
        for (size_t o = 0; o < OUTER; o++) {
            struct operator_layout layout;
            double *operators = example_fold(example, p, o, &layout);
            observed_fold(observed, folds, k, o, &layout, operators, w, workspace);
            operator_layout_free(&layout);
            free(operators);
        }
        free(p);
    }
    free(w);
    free(workspace);
    baseline_free(&baseline);
}

/* e(lambda) of one outer fold and target by hand: M_o times w_o. */
static void outer_residual(const struct example *example, size_t o, double penalty, const double *targets,
                           size_t t, size_t target, double *residual)
{
    const struct fold_rows *rows = &example->folds.rows[o];
    double *p = example_operator(example, penalty), *w = example_doubles(N * t);
    struct operator_layout layout;
    double *operators = example_fold(example, p, o, &layout);
    operators_apply(p, N, targets, t, t, w);
    for (size_t i = 0; i < rows->n_test; i++) {
        double sum = 0;
        for (size_t j = 0; j < rows->n_test; j++)
            sum += operators[layout.inverse + i * rows->n_test + j] * w[(rows->first_test + j) * t + target];
        residual[i] = sum;
    }
    operator_layout_free(&layout);
    free(operators);
    free(p);
    free(w);
}

/* e(infinity) of every test set, N x t. */
static double *covariates_only(const struct example *example, const double *targets, size_t t)
{
    struct error err = {0};
    struct baseline baseline;
    CU_ASSERT_EQUAL_FATAL(
        baseline_init(&baseline, BASELINE_COVARIATES, &example->covariates, &example->folds, &err), 0);
    double *residual = example_doubles(N * t), *workspace = example_doubles((baseline.c + 1) * t);
    memcpy(residual, targets, N * t * sizeof *residual);
    baseline_residuals(&baseline, &example->folds, residual, t, workspace);
    free(workspace);
    baseline_free(&baseline);
    return residual;
}

/* Pearson's, in two passes. */
static double correlation(const double *a, const double *b, size_t n)
{
    double mean_a = 0, mean_b = 0, aa = 0, bb = 0, ab = 0;
    for (size_t i = 0; i < n; i++) {
        mean_a += a[i] / (double)n;
        mean_b += b[i] / (double)n;
    }
    for (size_t i = 0; i < n; i++) {
        aa += (a[i] - mean_a) * (a[i] - mean_a);
        bb += (b[i] - mean_b) * (b[i] - mean_b);
        ab += (a[i] - mean_a) * (b[i] - mean_b);
    }
    return ab / sqrt(aa * bb);
}

/* The table's numbers again, from residuals by hand. */
static void finish_reports_what_was_chosen(void)
{
    enum { T = 3 };
    struct example example;
    example_init(&example, true);
    double *targets = example_product(example.gram, example.targets, N, N, EXAMPLE_TARGETS, false);
    double y[N * T]; /* the first has signal, the second is noise, the third is both */
    for (size_t i = 0; i < N; i++) {
        y[i * T] = targets[i * EXAMPLE_TARGETS];
        y[i * T + 1] = example.targets[i * EXAMPLE_TARGETS + 1];
        y[i * T + 2] = targets[i * EXAMPLE_TARGETS + 2] + example.targets[i * EXAMPLE_TARGETS + 3];
    }
    double workspace[3 * T], r2[T], r2_by_fold[OUTER * T], penalty_by_fold[OUTER * T], r[T], pooled_r2[T];
    covariates_residualise(&example.covariates, y, T, workspace);
    struct observed observed;
    observe(&example, y, T, &observed);
    double *beyond_covariates = covariates_only(&example, y, T);
    observed_finish(&observed, SCORE_MEAN_R2, &example.folds, penalties, r2, r2_by_fold, penalty_by_fold, r);
    observed_finish(&observed, SCORE_POOLED_R2, &example.folds, penalties, pooled_r2, r2_by_fold,
                    penalty_by_fold, r);
    for (size_t t = 0; t < T; t++) {
        double infinity[N], predicted[N], mean = 0, errors = 0, baselines = 0;
        for (size_t o = 0; o < OUTER; o++) {
            const struct fold_rows *rows = &example.folds.rows[o];
            size_t best = 0;
            for (size_t k = 1; k < PENALTIES; k++)
                if (observed.criterion[(k * OUTER + o) * T + t] <=
                    observed.criterion[(best * OUTER + o) * T + t])
                    best = k;
            CU_ASSERT_EQUAL(penalty_by_fold[o * T + t], penalties[best]);
            double *residual = predicted + rows->first_test, error = 0, baseline = 0;
            outer_residual(&example, o, penalties[best], y, T, t, residual);
            for (size_t i = 0; i < rows->n_test; i++) {
                double *beyond = &infinity[rows->first_test + i];
                *beyond = beyond_covariates[(rows->first_test + i) * T + t];
                error += residual[i] * residual[i];
                baseline += *beyond * *beyond;
                residual[i] = *beyond - residual[i];
            }
            ASSERT_NEAR(r2_by_fold[o * T + t], 1 - error / baseline, 1e-12);
            mean += (1 - error / baseline) / OUTER;
            errors += error;
            baselines += baseline;
        }
        ASSERT_NEAR(r2[t], mean, 1e-12);
        ASSERT_NEAR(pooled_r2[t], 1 - errors / baselines, 1e-12);
        ASSERT_NEAR(r[t], correlation(infinity, predicted, N), 1e-11);
    }
    CU_ASSERT_TRUE(r2[0] > r2[1]); /* signal is found */
    free(beyond_covariates);
    free(targets);
    observed_free(&observed);
    observed_free(&observed); /* legal again */
    example_free(&example);
}

/* The model without any weight on the SNPs is the covariates alone. */
static void a_huge_penalty_is_the_baseline(void)
{
    struct example example;
    example_init(&example, false);
    struct observed observed;
    observe(&example, example.targets, EXAMPLE_TARGETS, &observed);
    for (size_t o = 0; o < OUTER; o++) {
        const struct fold_rows *rows = &example.folds.rows[o];
        double residual[N], error = 0;
        outer_residual(&example, o, 1e9, example.targets, EXAMPLE_TARGETS, 2, residual);
        for (size_t i = 0; i < rows->n_test; i++)
            error += residual[i] * residual[i];
        ASSERT_NEAR(error / observed.baseline_error[o * EXAMPLE_TARGETS + 2], 1, 1e-8);
    }
    observed_free(&observed);
    example_free(&example);
}

/* More targets than fit a slice: each is what it is alone, also at the edges. */
static void slices_do_not_mix_targets(void)
{
    enum { MANY = 1003 };
    static const size_t probes[] = {0, 1, 999, 1000, 1002};
    struct example example;
    example_init(&example, false);
    double *many = example_normals(N * MANY, 71), *workspace = example_doubles(3 * MANY), alone[N];
    covariates_residualise(&example.covariates, many, MANY, workspace);
    struct observed observed;
    observe(&example, many, MANY, &observed);
    for (size_t k = 0; k < sizeof probes / sizeof *probes; k++) {
        struct observed single;
        for (size_t i = 0; i < N; i++)
            alone[i] = many[i * MANY + probes[k]];
        observe(&example, alone, 1, &single);
        for (size_t cell = 0; cell < PENALTIES * OUTER; cell++) {
            size_t other = cell * MANY + probes[k];
            ASSERT_NEAR(observed.criterion[other], single.criterion[cell], 1e-12);
            ASSERT_NEAR(observed.error[other], single.error[cell], 1e-11);
            ASSERT_NEAR(observed.sum[other], single.sum[cell], 1e-11);
            ASSERT_NEAR(observed.product[other], single.product[cell], 1e-11);
        }
        observed_free(&single);
    }
    free(many);
    free(workspace);
    observed_free(&observed);
    example_free(&example);
}

/* A target without variation scores 0 and has no correlation, and costs its neighbour nothing. */
static void a_target_of_zeros_scores_nothing(void)
{
    struct example example;
    example_init(&example, false);
    double y[N * 2], r2[2], r2_by_fold[OUTER * 2], penalty_by_fold[OUTER * 2], r[2];
    for (size_t i = 0; i < N; i++) {
        y[2 * i] = 0;
        y[2 * i + 1] = example.targets[i * EXAMPLE_TARGETS];
    }
    struct observed observed;
    observe(&example, y, 2, &observed);
    observed_finish(&observed, SCORE_MEAN_R2, &example.folds, penalties, r2, r2_by_fold, penalty_by_fold, r);
    CU_ASSERT_TRUE(r2[0] == 0 && isnan(r[0]) && isnan(r2_by_fold[0])); /* a test set without r2 */
    CU_ASSERT_EQUAL(penalty_by_fold[0], penalties[PENALTIES - 1]);     /* a tie */
    CU_ASSERT_TRUE(isfinite(r2[1]) && isfinite(r[1]));
    observed_free(&observed);
    example_free(&example);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"finish_reports_what_was_chosen", finish_reports_what_was_chosen},
        {"a_huge_penalty_is_the_baseline", a_huge_penalty_is_the_baseline},
        {"slices_do_not_mix_targets", slices_do_not_mix_targets},
        {"a_target_of_zeros_scores_nothing", a_target_of_zeros_scores_nothing},
    };
    return testing_main(argc, argv, "observed", cases, sizeof cases / sizeof *cases);
}
