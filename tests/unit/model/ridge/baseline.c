#include "model/ridge/baseline.h"

#include "model_example.h"

#include <lapacke.h>

enum { N = EXAMPLE_N, T = EXAMPLE_TARGETS };

/* Residuals of every test set, through the double path or the float32 one. */
static double *residuals(const struct example *example, enum baseline_kind kind, bool single)
{
    struct error err = {0};
    struct baseline baseline;
    CU_ASSERT_EQUAL_FATAL(baseline_init(&baseline, kind, &example->covariates, &example->folds, &err), 0);
    double *y = example_doubles(N * T), workspace[(EXAMPLE_OUTER + 2) * T];
    memcpy(y, example->targets, N * T * sizeof *y);
    if (single) {
        float *rounded = example_rounded(y, N * T), single_workspace[(EXAMPLE_OUTER + 2) * T];
        baseline_residuals_single(&baseline, &example->folds, rounded, T, single_workspace);
        for (size_t i = 0; i < N * T; i++)
            y[i] = (double)rounded[i];
        free(rounded);
    } else {
        baseline_residuals(&baseline, &example->folds, y, T, workspace);
    }
    baseline_free(&baseline);
    baseline_free(&baseline); /* legal again */
    return y;
}

/* Takes the test set's covariate directions that the training subjects do not show from a column. */
static void project_lost(const struct example *example, size_t o, double *column, size_t stride)
{
    struct error err = {0};
    struct lost_directions lost;
    CU_ASSERT_EQUAL_FATAL(lost_directions_init(&lost, &example->covariates, &example->folds, o, &err), 0);
    for (size_t k = 0; k < lost.n_outer_lost; k++) {
        double product = 0;
        for (size_t i = 0; i < example->folds.rows[o].n_test; i++)
            product += lost.outer[i * 3 + k] * column[i * stride];
        for (size_t i = 0; i < example->folds.rows[o].n_test; i++)
            column[i * stride] -= product * lost.outer[i * 3 + k];
    }
    lost_directions_free(&lost, EXAMPLE_INNER);
}

/* Least squares on the training subjects alone, by LAPACK (of minimum norm where they lack a direction), and
 * what it leaves of the test set. */
static double *refit(const struct example *example, size_t o)
{
    const struct fold_rows *rows = &example->folds.rows[o];
    const double *z = example->covariates.basis;
    double *design = example_doubles(N * 3), *y = example_doubles(N * T), singular[3];
    for (size_t k = 0; k < rows->n_train; k++) {
        memcpy(design + 3 * k, z + 3 * rows->train[k], 3 * sizeof *design);
        memcpy(y + T * k, example->targets + T * rows->train[k], T * sizeof *y);
    }
    lapack_int rank;
    CU_ASSERT_EQUAL_FATAL(
        LAPACKE_dgelsd(LAPACK_ROW_MAJOR, (int)rows->n_train, 3, T, design, 3, y, T, singular, 1e-9, &rank),
        0);
    double *left = example_doubles(rows->n_test * T);
    for (size_t i = 0; i < rows->n_test; i++)
        for (size_t t = 0; t < T; t++) {
            size_t subject = rows->first_test + i;
            left[i * T + t] = example->targets[subject * T + t];
            for (size_t k = 0; k < 3; k++)
                left[i * T + t] -= z[subject * 3 + k] * y[k * T + t];
        }
    for (size_t t = 0; t < T; t++)
        project_lost(example, o, left + t, T);
    free(design);
    free(y);
    return left;
}

static void covariates_equal_a_refit(bool lost_site)
{
    struct example example;
    example_init(&example, lost_site);
    double *found = residuals(&example, BASELINE_COVARIATES, false);
    for (size_t o = 0; o < EXAMPLE_OUTER; o++) {
        const struct fold_rows *rows = &example.folds.rows[o];
        double *expected = refit(&example, o);
        CU_ASSERT_TRUE(example_distance(found + rows->first_test * T, expected, rows->n_test * T) < 1e-12);
        free(expected);
    }
    free(found);
    example_free(&example);
}

static void covariates_equal_a_refit_with_all_directions(void)
{
    covariates_equal_a_refit(false);
}

static void covariates_equal_a_refit_beside_a_lost_site(void)
{
    covariates_equal_a_refit(true);
}

/* The sum of squares around the test set's own mean; with a lost site, the site's own mean is gone as well.
 */
static void test_mean_is_the_sum_of_squares(bool lost_site)
{
    struct example example;
    example_init(&example, lost_site);
    double *found = residuals(&example, BASELINE_TEST_MEAN, false);
    for (size_t o = 0; o < EXAMPLE_OUTER; o++) {
        const struct fold_rows *rows = &example.folds.rows[o];
        size_t n_site = lost_site && o == 1 ? 5 : 0, n_other = rows->n_test - n_site;
        for (size_t t = 0; t < T; t++) {
            const double *y = example.targets + rows->first_test * T + t;
            double sum = 0, site_sum = 0, expected = 0, squares = 0;
            for (size_t i = 0; i < rows->n_test; i++)
                *(i < n_other ? &sum : &site_sum) += y[i * T];
            for (size_t i = 0; i < rows->n_test; i++) {
                double mean = i < n_other ? sum / (double)n_other : site_sum / (double)n_site;
                double residual = found[(rows->first_test + i) * T + t];
                expected += (y[i * T] - mean) * (y[i * T] - mean);
                squares += residual * residual;
            }
            ASSERT_NEAR(squares, expected, 1e-12 * expected);
        }
    }
    free(found);
    example_free(&example);
}

static void test_mean_with_all_directions(void)
{
    test_mean_is_the_sum_of_squares(false);
}

static void test_mean_beside_a_lost_site(void)
{
    test_mean_is_the_sum_of_squares(true);
}

/* Each test set is a site of its own, and sites are covariates: the direction that is lost is the constant
 * itself, which is projected out once. */
static void test_mean_of_sites_left_out(void)
{
    struct example example;
    struct error err = {0};
    bool kept[EXAMPLE_OUTER + 1];
    double *design = example_normals(N * (EXAMPLE_OUTER + 1), 19);
    example_init(&example, false);
    for (size_t i = 0; i < N; i++)
        for (size_t o = 0; o < EXAMPLE_OUTER;
             o++) /* the first is everybody, the others a site each; then age */
            design[i * (EXAMPLE_OUTER + 1) + o] = o == 0 || example.folds.outer[i] == (int32_t)o;
    covariates_free(&example.covariates);
    CU_ASSERT_EQUAL_FATAL(covariates_init(&example.covariates, design, N, EXAMPLE_OUTER + 1, kept, &err), 0);
    double workspace[(EXAMPLE_OUTER + 1) * T];
    covariates_residualise(&example.covariates, example.targets, T, workspace);
    double *found = residuals(&example, BASELINE_TEST_MEAN, false);
    for (size_t i = 0; i < N * T; i++) /* of residuals the test set's mean is 0 */
        ASSERT_NEAR(found[i], example.targets[i], 1e-12);
    free(found);
    free(design);
    example_free(&example);
}

/* Pairs of people with a label of their own each, more labels than people in a test set: who has the other in
 * the training set is predicted by that one's value; of a pair in one test set only the difference is left.
 * Person 1's label may have another number than 1, which the other of the pair hardly shows: both are then
 * predicted by people 0 and 80, who have none, and the label's share that the other one tells of. */
static void a_label_for_every_two(bool together, double number)
{
    enum { PEOPLE = 160, LABELS = PEOPLE / 2, OUTER = 4, OF_A_FOLD = PEOPLE / OUTER };
    struct error err = {0};
    struct covariates covariates;
    struct folds folds;
    struct baseline baseline;
    bool kept[LABELS];
    int32_t outer[PEOPLE];
    size_t other[PEOPLE];
    double *design = example_doubles((size_t)PEOPLE * LABELS), *y = example_normals(PEOPLE, 5);
    double *found = example_doubles(PEOPLE), workspace[LABELS + 1];
    for (size_t i = 0; i < PEOPLE; i++) {
        size_t label = together ? i / 2 : i % LABELS;
        outer[i] = (int32_t)(i / OF_A_FOLD);
        other[i] = together ? i ^ 1 : (i + LABELS) % PEOPLE;
        found[i] = y[i];
        for (size_t k = 0; k < LABELS; k++)
            design[i * LABELS + k] = k == 0 || k == label;
    }
    design[1 * LABELS + 1] *= number; /* 0 where pairs are together */
    CU_ASSERT_EQUAL_FATAL(covariates_init(&covariates, design, PEOPLE, LABELS, kept, &err), 0);
    CU_ASSERT_EQUAL_FATAL(covariates.c, LABELS);
    CU_ASSERT_EQUAL_FATAL(folds_init(&folds, &(struct folds_outer){outer, NULL, PEOPLE, OUTER}, 3, 1, &err),
                          0);
    CU_ASSERT_EQUAL_FATAL(baseline_init(&baseline, BASELINE_COVARIATES, &covariates, &folds, &err), 0);
    CU_ASSERT_EQUAL(baseline.needs_double, number != 1);
    baseline_residuals(&baseline, &folds, found, 1, workspace);
    for (size_t i = 0; i < PEOPLE; i++) {
        double expected = (y[i] - y[other[i]]) / (together ? 2 : 1);
        if (number != 1 && i % LABELS == 1) {
            double unlabelled = y[other[i] - 1], share = i == 1 ? number : 1 / number;
            expected = y[i] - unlabelled - share * (y[other[i]] - unlabelled);
        }
        ASSERT_NEAR(found[i], expected, 1e-12 * number * number);
    }
    baseline_free(&baseline);
    folds_free(&folds);
    covariates_free(&covariates);
    free(design);
    free(y);
    free(found);
}

static void many_labels(void)
{
    a_label_for_every_two(false, 1);
}

static void many_labels_of_which_one_is_nearly_lost(void)
{
    a_label_for_every_two(false, 1000);
}

static void many_labels_lost_with_the_fold(void)
{
    a_label_for_every_two(true, 1);
}

static void single_is_near_double(void)
{
    struct example example;
    example_init(&example, true);
    for (int kind = BASELINE_COVARIATES; kind <= BASELINE_TEST_MEAN; kind++) {
        double *expected = residuals(&example, (enum baseline_kind)kind, false);
        double *found = residuals(&example, (enum baseline_kind)kind, true);
        CU_ASSERT_TRUE(example_distance(found, expected, N * T) < 3e-6);
        free(expected);
        free(found);
    }
    example_free(&example);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"covariates_equal_a_refit_with_all_directions", covariates_equal_a_refit_with_all_directions},
        {"covariates_equal_a_refit_beside_a_lost_site", covariates_equal_a_refit_beside_a_lost_site},
        {"test_mean_with_all_directions", test_mean_with_all_directions},
        {"test_mean_beside_a_lost_site", test_mean_beside_a_lost_site},
        {"test_mean_of_sites_left_out", test_mean_of_sites_left_out},
        {"many_labels", many_labels},
        {"many_labels_of_which_one_is_nearly_lost", many_labels_of_which_one_is_nearly_lost},
        {"many_labels_lost_with_the_fold", many_labels_lost_with_the_fold},
        {"single_is_near_double", single_is_near_double},
    };
    return testing_main(argc, argv, "baseline", cases, sizeof cases / sizeof *cases);
}
