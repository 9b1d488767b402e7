#include "model/orbits/forms.h"
#include "model/orbits/forms_cost.h"

#include "model_example.h"
#include "whole_forms.h"

#include "model/ridge/observed.h"

enum { N = EXAMPLE_N, T = EXAMPLE_TARGETS, OUTER = EXAMPLE_OUTER, INNER = EXAMPLE_INNER };
static const double penalty = 0.4;

/* A study, one penalty's operators, and what the double path makes of columns that are not residuals. */
struct setting {
    struct example example;
    double *y, *p, *operators[OUTER]; /* y: n x T */
    struct operator_layout layouts[OUTER];
    struct baseline covariates_only, test_mean;
    struct observed observed;
};

static void setting_init(struct setting *setting, bool lost_site)
{
    struct error err = {0};
    example_init(&setting->example, lost_site);
    const struct example *example = &setting->example;
    const struct folds *folds = &example->folds;
    setting->y = example_normals(N * T, 99);
    setting->p = example_operator(example, penalty);
    CU_ASSERT_EQUAL_FATAL(
        baseline_init(&setting->covariates_only, BASELINE_COVARIATES, &example->covariates, folds, &err), 0);
    CU_ASSERT_EQUAL_FATAL(
        baseline_init(&setting->test_mean, BASELINE_TEST_MEAN, &example->covariates, folds, &err), 0);
    CU_ASSERT_EQUAL_FATAL(
        observed_init(&setting->observed, setting->y, T, 1, folds,
                      &(struct observed_baselines){&setting->test_mean, &setting->covariates_only}, &err),
        0);
    double *w = example_doubles(N * T),
           *workspace = example_doubles(observed_workspace(&setting->observed, folds));
    operators_apply(setting->p, N, setting->y, T, T, w);
    for (size_t o = 0; o < OUTER; o++) {
        setting->operators[o] = example_fold(example, setting->p, o, &setting->layouts[o]);
        observed_fold(&setting->observed,
                      &(struct operators_of_fold){folds, o, &setting->layouts[o], setting->operators[o]}, 0,
                      w, workspace);
    }
    free(w);
    free(workspace);
}

static void setting_free(struct setting *setting)
{
    for (size_t o = 0; o < OUTER; o++) {
        free(setting->operators[o]);
        operator_layout_free(&setting->layouts[o]);
    }
    free(setting->y);
    free(setting->p);
    observed_free(&setting->observed);
    baseline_free(&setting->covariates_only);
    baseline_free(&setting->test_mean);
    example_free(&setting->example);
}

static struct forms_fold fold_of(const struct setting *setting, size_t o)
{
    return (struct forms_fold){setting->p, &setting->example.folds, o, &setting->layouts[o],
                               setting->operators[o]};
}

/* The squared length of what rows (n_rows x n) make of column t, added to *sum. */
static void add_squares(const struct setting *setting, const double *rows, size_t n_rows, size_t t,
                        double *sum)
{
    for (size_t i = 0; i < n_rows; i++) {
        double product = 0;
        for (size_t j = 0; j < N; j++)
            product += rows[i * N + j] * setting->y[j * T + t];
        *sum += product * product;
    }
}

/* Rows in double make the numbers of model/ridge/observed.h, which are their own criteria's and errors'. */
static void rows_are_the_double_path(bool lost_site)
{
    struct setting setting;
    setting_init(&setting, lost_site);
    const struct folds *folds = &setting.example.folds;
    double *error_rows = example_doubles(N * N), *rows = example_doubles(N * N),
           *wide = example_doubles(N * N), *workspace = example_doubles(4 * N);
    for (size_t o = 0; o < OUTER; o++) {
        const struct fold_rows *of_fold = &folds->rows[o];
        struct forms_fold fold = fold_of(&setting, o);
        double error[T] = {0}, criterion[T] = {0}, infinity[T] = {0}, test_mean[T] = {0};
        forms_rows_error(&fold, error_rows);
        for (size_t b = 0; b < INNER; b++) {
            size_t n_b = of_fold->inner_start[b + 1] - of_fold->inner_start[b];
            forms_rows_criterion(&fold, b, error_rows, rows);
            forms_rows_widen(folds, o, rows, n_b, wide);
            for (size_t t = 0; t < T; t++)
                add_squares(&setting, wide, n_b, t, &criterion[t]);
        }
        for (size_t t = 0; t < T; t++)
            add_squares(&setting, error_rows, of_fold->n_test, t, &error[t]);
        forms_rows_baseline(&setting.covariates_only, folds, o, workspace, rows);
        for (size_t t = 0; t < T; t++)
            add_squares(&setting, rows, of_fold->n_test, t, &infinity[t]);
        forms_rows_baseline(&setting.test_mean, folds, o, workspace, rows);
        for (size_t t = 0; t < T; t++)
            add_squares(&setting, rows, of_fold->n_test, t, &test_mean[t]);
        for (size_t t = 0; t < T; t++) {
            size_t cell = o * T + t;
            ASSERT_NEAR(criterion[t] / setting.observed.criterion[cell], 1, 1e-11);
            ASSERT_NEAR(error[t] / setting.observed.error[cell], 1, 1e-11);
            ASSERT_NEAR(infinity[t] / setting.observed.infinity_error[cell], 1, 1e-11);
            ASSERT_NEAR(test_mean[t] / setting.observed.baseline_error[cell], 1, 1e-11);
        }
    }
    free(error_rows);
    free(rows);
    free(wide);
    free(workspace);
    setting_free(&setting);
}

/* y'Qy of column t in double. */
static double value_of(const struct setting *setting, const float *form, size_t t)
{
    double value = 0;
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < N; j++)
            value += setting->y[i * T + t] * (double)form[i * N + j] * setting->y[j * T + t];
    return value;
}

static void assert_form(const struct setting *setting, const float *form, const double *expected)
{
    size_t n_uneven = 0;
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < i; j++)
            n_uneven += memcmp(&form[i * N + j], &form[j * N + i], sizeof *form) != 0;
    CU_ASSERT_EQUAL(n_uneven, 0);
    for (size_t t = 0; t < T; t++) /* single products: a hundredth of what the arithmetic of orbits adds */
        ASSERT_NEAR((value_of(setting, form, t) - expected[t]) / forms_mean_eigenvalue(form, N) / N, 0, 1e-7);
}

/* The diagonal is summed in double: an outlier's own square meets no rounding but the last. */
static void assert_diagonal(const float *form, const double *rows, size_t n_rows)
{
    for (size_t j = 0; j < N; j++) {
        double sum = 0;
        for (size_t i = 0; i < n_rows; i++)
            sum += rows[i * N + j] * rows[i * N + j];
        CU_ASSERT_EQUAL(form[j * N + j], (float)sum);
    }
}

static void forms_are_the_double_path(bool lost_site)
{
    struct setting setting;
    setting_init(&setting, lost_site);
    const struct folds *folds = &setting.example.folds;
    double *nothing = example_doubles(N * N), *workspace = example_doubles(whole_forms_workspace(folds));
    double *of_baseline = example_doubles(forms_baseline_workspace(folds, 3));
    float *criterion = example_rounded(nothing, N * N), *error = example_rounded(nothing, N * N);
    for (size_t o = 0; o < OUTER; o++) {
        const struct fold_rows *rows = &folds->rows[o];
        struct forms_fold fold = fold_of(&setting, o);
        whole_forms_build(&fold, workspace, criterion, error);
        assert_form(&setting, criterion, setting.observed.criterion + o * T);
        assert_form(&setting, error, setting.observed.error + o * T);
        size_t n_left = 0;
        for (size_t i = rows->first_test; i < rows->first_test + rows->n_test; i++)
            for (size_t j = 0; j < N; j++)
                n_left += criterion[i * N + j] != 0;
        CU_ASSERT_EQUAL(n_left, 0);
        forms_rows_error(&fold, workspace);
        assert_diagonal(error, workspace, rows->n_test);
        forms_build_baseline(&setting.covariates_only, folds, o, of_baseline, error);
        assert_form(&setting, error, setting.observed.infinity_error + o * T);
        forms_build_baseline(&setting.test_mean, folds, o, of_baseline, error);
        assert_form(&setting, error, setting.observed.baseline_error + o * T);
    }
    free(nothing);
    free(workspace);
    free(of_baseline);
    free(criterion);
    free(error);
    setting_free(&setting);
}

/* Tiles of more than one part, which a study of 1,024 people has, and squares of more than one block, against
 * products in double. */
static void tiles_are_products(void)
{
    enum { COLUMNS = 1100, ROWS = 40, FIRST = 24, LD = COLUMNS + 3 };
    double *rows = example_normals((size_t)ROWS * COLUMNS, 5), *squares = example_doubles(2 * COLUMNS),
           *nothing = example_doubles((size_t)COLUMNS * LD);
    float *single = example_rounded(nothing, (size_t)ROWS * COLUMNS),
          *form = example_rounded(nothing, (size_t)COLUMNS * LD);
    struct form_factor factor = {ROWS, COLUMNS, single, squares};
    form_factor_take(&factor, 1, FIRST, rows + FIRST * COLUMNS, ROWS - FIRST);
    form_factor_take(&factor, 0, 0, rows, FIRST);
    CU_ASSERT_EQUAL(form_factor_parts(&factor), 2);
    whole_forms_tiles(&factor, form, LD);
    form_factor_diagonal(&factor, 2, form, LD);
    double worst = 0, worst_diagonal = 0;
    for (size_t i = 0; i < COLUMNS; i++)
        for (size_t j = 0; j <= i; j++) {
            double sum = 0;
            for (size_t r = 0; r < ROWS; r++)
                sum += rows[r * COLUMNS + i] * rows[r * COLUMNS + j];
            double *off = i == j ? &worst_diagonal : &worst;
            *off = fmax(*off, fabs((double)form[i * LD + j] - sum));
        }
    CU_ASSERT_TRUE(worst > 0 && worst < 4e-5); /* sums of 40 in single */
    CU_ASSERT_TRUE(worst_diagonal < 4e-6);     /* under 128, rounded once */
    CU_ASSERT_TRUE(isnan(form[COLUMNS - 1]));  /* the upper triangle is nobody's */
    free(rows);
    free(squares);
    free(single);
    free(nothing);
    free(form);
}

static void rows_with_all_directions(void)
{
    rows_are_the_double_path(false);
}

static void rows_beside_a_lost_site(void)
{
    rows_are_the_double_path(true);
}

static void forms_with_all_directions(void)
{
    forms_are_the_double_path(false);
}

static void forms_beside_a_lost_site(void)
{
    forms_are_the_double_path(true);
}

/* Every product by hand for one study of equal folds, and what the documentation says of 10 x 5. */
static void flops_are_those_of_the_products(void)
{
    enum { SUBJECTS = 500, FOLDS = 10, INNER_FOLDS = 5, TEST = 50, TRAIN = 450, VALIDATION = 90 };
    struct error err = {0};
    struct folds folds;
    int32_t outer[SUBJECTS];
    for (size_t i = 0; i < SUBJECTS; i++)
        outer[i] = (int32_t)(i / TEST);
    CU_ASSERT_EQUAL_FATAL(
        folds_init(&folds, &(struct folds_outer){outer, NULL, SUBJECTS, FOLDS}, INNER_FOLDS, 1, &err), 0);
    double in_double = 2. * TEST * TEST * SUBJECTS +
                       INNER_FOLDS * (2. * VALIDATION * TEST * TRAIN + 1. * VALIDATION * VALIDATION * TRAIN);
    double in_single = 1. * SUBJECTS * SUBJECTS * TEST + INNER_FOLDS * 1. * TRAIN * TRAIN * VALIDATION;
    struct forms_cost exact = forms_cost_of(&folds, 3), even = forms_cost_even(SUBJECTS, FOLDS, INNER_FOLDS);
    ASSERT_NEAR(exact.in_double, in_double, 0.5);
    ASSERT_NEAR(exact.in_single, in_single, 0.5);
    ASSERT_NEAR(even.in_double, in_double, 0.5);
    ASSERT_NEAR(even.in_single, in_single, 0.5);
    ASSERT_NEAR((in_double + in_single) / pow(SUBJECTS, 3), 1.15, 0.02);
    struct forms_cost baseline = forms_cost_baseline(SUBJECTS, TEST, 4);
    ASSERT_NEAR(baseline.in_double, 3 * 2. * TEST * SUBJECTS * 4, 0.5);
    ASSERT_NEAR(baseline.in_single, 1. * SUBJECTS * SUBJECTS * TEST, 0.5);
    folds_free(&folds);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"rows_with_all_directions", rows_with_all_directions},
        {"rows_beside_a_lost_site", rows_beside_a_lost_site},
        {"forms_with_all_directions", forms_with_all_directions},
        {"forms_beside_a_lost_site", forms_beside_a_lost_site},
        {"tiles_are_products", tiles_are_products},
        {"flops_are_those_of_the_products", flops_are_those_of_the_products},
    };
    return testing_main(argc, argv, "forms", cases, sizeof cases / sizeof *cases);
}
