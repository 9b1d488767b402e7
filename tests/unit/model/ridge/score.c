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

/* The loop's reduction is the same choice and the same statistic, column by column. */
static void columns_are_statistics(void)
{
    enum { PENALTIES = 4, FOLDS = 3, COLUMNS = 11 };
    static const size_t n_test[FOLDS] = {5, 6, 7};
    float sums[PENALTIES][2 * FOLDS * COLUMNS], baseline[FOLDS * COLUMNS], score[COLUMNS];
    const float *of_penalty[PENALTIES];
    uint64_t state = 6;
    for (size_t k = 0; k < PENALTIES; k++) {
        of_penalty[k] = sums[k];
        for (size_t i = 0; i < 2 * FOLDS * COLUMNS; i++) /* few values, so that criteria tie */
            sums[k][i] = (float)(2 + floor(fabs(2 * example_normal(&state))));
    }
    for (size_t i = 0; i < FOLDS * COLUMNS; i++)
        baseline[i] = (float)(3 + fabs(example_normal(&state)));
    baseline[COLUMNS + 4] = 0; /* fold 1 of column 4 */
    for (int kind = SCORE_MEAN_R2; kind <= SCORE_POOLED_R2; kind++) {
        score_columns((enum score_kind)kind, &(struct score_sums){of_penalty, PENALTIES, baseline}, n_test,
                      FOLDS, COLUMNS, score);
        for (size_t j = 0; j < COLUMNS; j++) {
            double error[FOLDS], base[FOLDS];
            for (size_t o = 0; o < FOLDS; o++) {
                double criterion[PENALTIES];
                for (size_t k = 0; k < PENALTIES; k++)
                    criterion[k] = (double)sums[k][o * COLUMNS + j];
                error[o] = (double)sums[score_choose(criterion, PENALTIES, 1)][(FOLDS + o) * COLUMNS + j];
                base[o] = (double)baseline[o * COLUMNS + j];
            }
            float expected = (float)score_statistic((enum score_kind)kind, error, base, n_test, FOLDS);
            CU_ASSERT_TRUE(score[j] == expected);
        }
    }
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"the_smallest_criterion_wins", the_smallest_criterion_wins},
        {"a_tie_goes_to_the_larger_penalty", a_tie_goes_to_the_larger_penalty},
        {"r2_of_a_fold", r2_of_a_fold},
        {"mean_and_pooled", mean_and_pooled},
        {"columns_are_statistics", columns_are_statistics},
    };
    return testing_main(argc, argv, "score", cases, sizeof cases / sizeof *cases);
}
