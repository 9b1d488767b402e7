#include "model/ridge/observed.h"
#include "model/ridge/targets.h"

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
    CU_ASSERT_EQUAL_FATAL(observed_init(observed, targets, t, PENALTIES, folds,
                                        &(struct observed_baselines){&baseline, &baseline}, &err),
                          0);
    double *w = example_doubles(N * t), *workspace = example_doubles(observed_workspace(observed, folds));
    for (size_t k = 0; k < PENALTIES; k++) {
        double *p = example_operator(example, penalties[k]);
        operators_apply(p, N, targets, t, t, w);
        for (size_t o = 0; o < OUTER; o++) {
            struct operator_layout layout;
            double *operators = example_fold(example, p, o, &layout);
            observed_fold(observed, &(struct operators_of_fold){folds, o, &layout, operators}, k, w,
                          workspace);
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

/* Room for the numbers of a table. */
struct table {
    double r2[3], pooled_r2[3], r2_by_fold[OUTER * 3], penalty_by_fold[OUTER * 3], r[3], r2_everybody[3];
};

static struct observed_table room_in(struct table *table, double *r2)
{
    return (struct observed_table){r2, table->r2_by_fold, table->penalty_by_fold, table->r,
                                   table->r2_everybody};
}

/* Three targets: the first has signal, the second is noise, the third is both. With `filled`, the first has a
 * value for three people of four, the second for nobody in the first test set. */
static void make_targets(const struct example *example, bool filled, double *y)
{
    double *signal = example_product(example->gram, example->targets, N, N, EXAMPLE_TARGETS, false);
    double workspace[3 * 3];
    for (size_t i = 0; i < N; i++) {
        y[i * 3] = signal[i * EXAMPLE_TARGETS];
        y[i * 3 + 1] = example->targets[i * EXAMPLE_TARGETS + 1];
        y[i * 3 + 2] = signal[i * EXAMPLE_TARGETS + 2] + example->targets[i * EXAMPLE_TARGETS + 3];
    }
    covariates_residualise(&example->covariates, y, 3, workspace);
    for (size_t i = 0; filled && i < N; i++) {
        if (i % 4 == 1)
            y[i * 3] = -0.0;
        if (i < example->folds.rows[0].n_test)
            y[i * 3 + 1] = -0.0;
    }
    free(signal);
}

/* Errors, baseline errors and moments of one target, from residuals by hand, of everybody or of those who
 * have a value. */
struct by_hand {
    double mean, pooled, r;
};

static struct by_hand score_by_hand(const struct example *example, const struct observed *observed,
                                    const double *y, size_t t, bool everybody, const double *r2_by_fold)
{
    double infinity[N], predicted[N], residual[N], mean = 0, errors = 0, baselines = 0, n_folds = 0;
    double *beyond_covariates = covariates_only(example, y, 3);
    size_t n_seen = 0;
    for (size_t o = 0; o < OUTER; o++) {
        const struct fold_rows *rows = &example->folds.rows[o];
        size_t best = 0, n_before = n_seen;
        for (size_t k = 1; k < PENALTIES; k++)
            if (observed->criterion[(k * OUTER + o) * 3 + t] <=
                observed->criterion[(best * OUTER + o) * 3 + t])
                best = k;
        double error = 0, baseline = 0;
        outer_residual(example, o, penalties[best], y, 3, t, residual);
        for (size_t i = 0; i < rows->n_test; i++) {
            size_t row = (rows->first_test + i) * 3 + t;
            if (!everybody && targets_is_filled(y[row]))
                continue;
            infinity[n_seen] = beyond_covariates[row];
            predicted[n_seen++] = beyond_covariates[row] - residual[i];
            error += residual[i] * residual[i];
            baseline += beyond_covariates[row] * beyond_covariates[row];
        }
        bool is_empty = n_seen == n_before;
        if (r2_by_fold != NULL && is_empty)
            CU_ASSERT_TRUE(isnan(r2_by_fold[o * 3 + t]))
        else if (r2_by_fold != NULL)
            ASSERT_NEAR(r2_by_fold[o * 3 + t], 1 - error / baseline, 1e-12);
        mean += is_empty ? 0 : 1 - error / baseline;
        n_folds += !is_empty;
        errors += error;
        baselines += baseline;
    }
    free(beyond_covariates);
    return (struct by_hand){mean / n_folds, 1 - errors / baselines, correlation(infinity, predicted, n_seen)};
}

static void check_table(bool filled)
{
    struct example example;
    struct observed observed;
    struct table found;
    double y[N * 3];
    example_init(&example, true);
    make_targets(&example, filled, y);
    observe(&example, y, 3, &observed);
    CU_ASSERT_EQUAL(observed.has_filled, filled);
    struct observed_table pooled = room_in(&found, found.pooled_r2), table = room_in(&found, found.r2);
    observed_finish(&observed, SCORE_POOLED_R2, &example.folds, penalties, &pooled);
    observed_finish(&observed, SCORE_MEAN_R2, &example.folds, penalties, &table);
    for (size_t t = 0; t < 3; t++) {
        struct by_hand seen = score_by_hand(&example, &observed, y, t, false, found.r2_by_fold);
        struct by_hand everybody = score_by_hand(&example, &observed, y, t, true, NULL);
        ASSERT_NEAR(found.r2[t], seen.mean, 1e-12);
        ASSERT_NEAR(found.pooled_r2[t], seen.pooled, 1e-12);
        ASSERT_NEAR(found.r[t], seen.r, 1e-11);
        ASSERT_NEAR(found.r2_everybody[t], everybody.mean, 1e-12);
        CU_ASSERT_EQUAL(found.r2[t] != found.r2_everybody[t], filled && t < 2);
    }
    CU_ASSERT_TRUE(found.r2[0] > found.r2[1]); /* signal is found */
    observed_free(&observed);
    observed_free(&observed); /* legal again */
    example_free(&example);
}

/* The table's numbers again, from residuals by hand. */
static void finish_reports_what_was_chosen(void)
{
    check_table(false);
}

/* What was filled in counts for the choice of the penalty and for what p compares, not for the table. */
static void filled_values_are_not_scored_in_the_table(void)
{
    check_table(true);
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
    struct table found;
    struct observed_table table = room_in(&found, found.r2);
    double y[N * 2];
    for (size_t i = 0; i < N; i++) {
        y[2 * i] = 0;
        y[2 * i + 1] = example.targets[i * EXAMPLE_TARGETS];
    }
    struct observed observed;
    observe(&example, y, 2, &observed);
    observed_finish(&observed, SCORE_MEAN_R2, &example.folds, penalties, &table);
    CU_ASSERT_TRUE(found.r2[0] == 0 && isnan(found.r[0]) && found.r2_by_fold[0] == 0);
    CU_ASSERT_EQUAL(found.penalty_by_fold[0], penalties[PENALTIES - 1]); /* a tie */
    CU_ASSERT_TRUE(isfinite(found.r2[1]) && isfinite(found.r[1]));
    observed_free(&observed);
    example_free(&example);
}

/* r of a prediction that is `share` of the target beyond the covariates, from sums over two test sets whose
 * errors are `off` too large. */
static double correlation_of_share(double share, double off)
{
    double all[2] = {5, 5}, none[2] = {0, 0}, people[2] = {10, 10}, product[2], error[2], r2[1];
    struct fold_rows rows[2] = {{.n_test = 10}, {.n_test = 10}};
    struct table found;
    struct observed_table table = room_in(&found, r2);
    for (size_t o = 0; o < 2; o++) {
        product[o] = 5 - 5 * share;
        error[o] = 5 - 10 * share + 5 * share * share + off;
    }
    const struct observed observed = {.n_targets = 1,
                                      .n_penalties = 1,
                                      .n_outer = 2,
                                      .criterion = all,
                                      .error = error,
                                      .seen_error = error,
                                      .sum = none,
                                      .product = product,
                                      .infinity_error = all,
                                      .baseline_error = all,
                                      .n_seen = people,
                                      .infinity_sum = none,
                                      .seen_infinity_error = all,
                                      .seen_baseline_error = all};
    observed_finish(&observed, SCORE_MEAN_R2, &(struct folds){.n = 20, .n_outer = 2, .rows = rows}, penalties,
                    &table);
    return found.r[0];
}

/* Where the SNPs predict nothing, rounding would correlate with the target as it likes. */
static void a_prediction_of_rounding_has_no_correlation(void)
{
    CU_ASSERT_TRUE(isnan(correlation_of_share(0, 1e-15)));
    ASSERT_NEAR(correlation_of_share(1e-6, 0), 1, 1e-3);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"finish_reports_what_was_chosen", finish_reports_what_was_chosen},
        {"filled_values_are_not_scored_in_the_table", filled_values_are_not_scored_in_the_table},
        {"a_huge_penalty_is_the_baseline", a_huge_penalty_is_the_baseline},
        {"slices_do_not_mix_targets", slices_do_not_mix_targets},
        {"a_target_of_zeros_scores_nothing", a_target_of_zeros_scores_nothing},
        {"a_prediction_of_rounding_has_no_correlation", a_prediction_of_rounding_has_no_correlation},
    };
    return testing_main(argc, argv, "observed", cases, sizeof cases / sizeof *cases);
}
