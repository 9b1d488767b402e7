#include "model/ridge/score.h"

#include "model_example.h"

static void the_smallest_criterion_wins(void)
{
    static const double criterion[] = {3, -1, 1, -1, 2, -1}; /* every second one */
    CU_ASSERT_EQUAL(score_choose(criterion, 3, 2), 1);
    CU_ASSERT_EQUAL(score_choose(criterion, 2, 2), 1);
    CU_ASSERT_EQUAL(score_choose(criterion, 1, 2), 0);
}

static void a_tie_goes_to_the_larger_penalty(void)
{
    static const double tie[] = {2, 1, 1, 3}, all[] = {5, 5, 5, 5};
    CU_ASSERT_EQUAL(score_choose(tie, 4, 1), 2);
    CU_ASSERT_EQUAL(score_choose(all, 4, 1), 3);
}

static void r2_of_a_fold(void)
{
    ASSERT_NEAR(score_fold_r2(3, 4, 10), .25, 1e-15);
    ASSERT_NEAR(score_fold_r2(5, 4, 10), -.25, 1e-15); /* worse than the baseline */
    CU_ASSERT_EQUAL(score_fold_r2(0, 0, 10), 0);
    CU_ASSERT_EQUAL(score_fold_r2(1, 10 * SCORE_ZERO_BASELINE, 10), 0);
    CU_ASSERT_EQUAL(score_fold_r2(0, 10.1 * SCORE_ZERO_BASELINE, 10), 1);
    CU_ASSERT_TRUE(isnan(score_fold_r2(NAN, 1, 10)));
    CU_ASSERT_TRUE(isnan(score_fold_r2(1, NAN, 10)));
}

static void mean_and_pooled(void)
{
    static const double error[] = {1, 9}, baseline[] = {2, 10}, zero[] = {2, 0};
    static const size_t n_test[] = {3, 4};
    ASSERT_NEAR(score_statistic(SCORE_MEAN_R2, error, baseline, n_test, 2), (.5 + .1) / 2, 1e-15);
    ASSERT_NEAR(score_statistic(SCORE_POOLED_R2, error, baseline, n_test, 2), 1 - 10. / 12, 1e-15);
    /* A test set without variance: r2 0, as scikit-learn's r2_score has it; its error counts where all are
     * added up. */
    ASSERT_NEAR(score_statistic(SCORE_MEAN_R2, error, zero, n_test, 2), (.5 + 0) / 2, 1e-15);
    ASSERT_NEAR(score_statistic(SCORE_POOLED_R2, error, zero, n_test, 2), 1 - 10. / 2, 1e-15);
    static const double none[] = {0, 1e-14}, unknown[] = {2, NAN};
    CU_ASSERT_EQUAL(score_statistic(SCORE_MEAN_R2, error, none, n_test, 2), 0);
    CU_ASSERT_EQUAL(score_statistic(SCORE_POOLED_R2, error, none, n_test, 2), 0);
    for (int kind = SCORE_MEAN_R2; kind <= SCORE_POOLED_R2; kind++) {
        CU_ASSERT_TRUE(isnan(score_statistic((enum score_kind)kind, error, unknown, n_test, 2)));
        CU_ASSERT_TRUE(isnan(score_statistic((enum score_kind)kind, unknown, baseline, n_test, 2)));
    }
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"the_smallest_criterion_wins", the_smallest_criterion_wins},
        {"a_tie_goes_to_the_larger_penalty", a_tie_goes_to_the_larger_penalty},
        {"r2_of_a_fold", r2_of_a_fold},
        {"mean_and_pooled", mean_and_pooled},
    };
    return testing_main(argc, argv, "score", cases, sizeof cases / sizeof *cases);
}
