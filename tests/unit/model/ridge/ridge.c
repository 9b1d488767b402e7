#include "model/ridge/ridge.h"

#include "model/ridge/observed.h"
#include "model_example.h"

enum { N = EXAMPLE_N, T = EXAMPLE_TARGETS, OUTER = EXAMPLE_OUTER };
static const double penalty = 0.7;

static void the_tiling_covers_every_target_once(void)
{
    static const size_t cases[][3] = {
        /* targets, permutations a unit, slices */
        {1, 1000, 1}, {2, 500, 1},  {7, 142, 1},  {501, 1, 1},  {999, 1, 1},
        {1000, 1, 1}, {1001, 1, 2}, {2000, 1, 2}, {2001, 1, 3}, {30000, 1, 30},
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        struct ridge_tiling tiling = ridge_tiling_of(cases[k][0]);
        CU_ASSERT_EQUAL(tiling.unit_permutations, cases[k][1]);
        CU_ASSERT_EQUAL_FATAL(tiling.n_slices, cases[k][2]);
        size_t next = 0, first, count, most = 0;
        for (size_t slice = 0; slice < tiling.n_slices; slice++) {
            ridge_tiling_slice(&tiling, slice, &first, &count);
            CU_ASSERT_EQUAL(first, next);
            next = first + count;
            size_t columns = ridge_tiling_columns(&tiling, slice);
            CU_ASSERT_EQUAL(columns, count * cases[k][1]);
            CU_ASSERT_TRUE(columns > 0 && columns <= RIDGE_TILE_COLUMNS);
            most = columns > most ? columns : most;
        }
        CU_ASSERT_EQUAL(next, cases[k][0]);
        CU_ASSERT_EQUAL(ridge_tiling_most_columns(&tiling), most);
    }
}

/* Gathering a slice of a unit is what the permutations say, subject by subject. */
static void gather_follows_the_permutations(void)
{
    static const size_t n_targets[] = {T, 2003};
    static const int32_t block[] = {4, 4, 9, 9, 4, 9, 4, 9, 1, 4};
    enum { SUBJECTS = 10, FIRST = 5 };
    for (size_t k = 0; k < 2; k++) {
        struct error err = {0};
        struct permutation_scheme scheme;
        CU_ASSERT_EQUAL_FATAL(permutation_scheme_init(&scheme, block, SUBJECTS, 3, &err), 0);
        size_t t = n_targets[k], first, count;
        struct ridge_tiling tiling = ridge_tiling_of(t);
        double *values = example_normals(SUBJECTS * t, 4), *nothing = example_doubles(SUBJECTS * 1000);
        float *targets = example_rounded(values, SUBJECTS * t);
        float *gathered = example_rounded(nothing, SUBJECTS * 1000);
        for (size_t slice = 0; slice < tiling.n_slices; slice++) {
            uint32_t workspace[2 * SUBJECTS], order[SUBJECTS];
            size_t columns = ridge_tiling_columns(&tiling, slice), n_wrong = 0;
            ridge_tiling_slice(&tiling, slice, &first, &count);
            ridge_gather(&scheme, FIRST, &tiling, slice, targets, gathered, workspace);
            for (size_t g = 0; g < tiling.unit_permutations; g++) {
                permutation_draw(&scheme, FIRST + g, order, workspace);
                for (size_t i = 0; i < SUBJECTS; i++)
                    for (size_t j = 0; j < count; j++)
                        n_wrong += gathered[i * columns + g * count + j] != targets[order[i] * t + first + j];
            }
            CU_ASSERT_EQUAL(n_wrong, 0);
        }
        free(values);
        free(nothing);
        free(targets);
        free(gathered);
        permutation_scheme_free(&scheme);
    }
}

/* One penalty's operators of a study, in float32 and double. */
struct operators_at {
    double *p, *folds[OUTER];
    float *p_single, *folds_single[OUTER];
    struct operator_layout layouts[OUTER];
};

static void operators_init(struct operators_at *operators, const struct example *example)
{
    operators->p = example_operator(example, penalty);
    operators->p_single = example_rounded(operators->p, N * N);
    for (size_t o = 0; o < OUTER; o++) {
        operators->folds[o] = example_fold(example, operators->p, o, &operators->layouts[o]);
        operators->folds_single[o] = example_rounded(operators->folds[o], operators->layouts[o].count);
    }
}

static void operators_free(struct operators_at *operators)
{
    for (size_t o = 0; o < OUTER; o++) {
        free(operators->folds[o]);
        free(operators->folds_single[o]);
        operator_layout_free(&operators->layouts[o]);
    }
    free(operators->p);
    free(operators->p_single);
}

/* sums of ridge_tile for `columns` columns of y (n x columns doubles, rounded first); the caller frees
 * them. */
static float *tile_sums(const struct example *example, const struct operators_at *operators, const double *y,
                        size_t columns)
{
    const float *folds[OUTER];
    for (size_t o = 0; o < OUTER; o++)
        folds[o] = operators->folds_single[o];
    const struct ridge_operators given = {folds_all(&example->folds), operators->p_single, folds,
                                          operators->layouts};
    double *nothing = example_doubles(ridge_workspace(&example->folds, 3, columns) + 2 * OUTER * columns);
    float *gathered = example_rounded(y, N * columns);
    float *workspace = example_rounded(nothing, ridge_workspace(&example->folds, 3, columns)); /* NaN */
    float *sums = example_rounded(nothing, 2 * OUTER * columns);
    ridge_tile(&example->folds, &given, gathered, columns, workspace, sums);
    free(nothing);
    free(gathered);
    free(workspace);
    return sums;
}

/* The permutation loop's float32 and the table's double compute the same criteria and errors. */
static void the_tile_is_near_the_double_path(bool lost_site)
{
    struct error err = {0};
    struct example example;
    struct operators_at operators;
    struct baseline baseline;
    struct observed observed;
    example_init(&example, lost_site);
    operators_init(&operators, &example);
    const struct folds *folds = &example.folds;
    CU_ASSERT_EQUAL_FATAL(baseline_init(&baseline, BASELINE_COVARIATES, &example.covariates, folds, &err), 0);
    CU_ASSERT_EQUAL_FATAL(observed_init(&observed, example.targets, T, 1, folds,
                                        &(struct observed_baselines){&baseline, &baseline}, &err),
                          0);
    double *w = example_doubles(N * T), *workspace = example_doubles(observed_workspace(&observed, folds));
    operators_apply(operators.p, N, example.targets, T, T, w);
    for (size_t o = 0; o < OUTER; o++)
        observed_fold(&observed,
                      &(struct operators_of_fold){folds, o, &operators.layouts[o], operators.folds[o]}, 0, w,
                      workspace);
    float *sums = tile_sums(&example, &operators, example.targets, T);
    for (size_t cell = 0; cell < OUTER * T; cell++) {
        CU_ASSERT_TRUE(observed.criterion[cell] > 0 && observed.error[cell] > 0);
        ASSERT_NEAR((double)sums[cell] / observed.criterion[cell], 1, 2e-5);
        ASSERT_NEAR((double)sums[OUTER * T + cell] / observed.error[cell], 1, 2e-5);
    }
    double *nothing = example_doubles(ridge_workspace(folds, 3, T));
    float *targets = example_rounded(example.targets, N * T);
    float *single_workspace = example_rounded(nothing, ridge_workspace(folds, 3, T));
    CU_ASSERT_FALSE(baseline.needs_double);
    ridge_baseline(folds, folds_all(folds), &baseline, targets, T, single_workspace, sums);
    for (size_t cell = 0; cell < OUTER * T; cell++)
        ASSERT_NEAR((double)sums[cell] / observed.baseline_error[cell], 1, 2e-5);
    free(w);
    free(workspace);
    free(sums);
    free(nothing);
    free(targets);
    free(single_workspace);
    observed_free(&observed);
    baseline_free(&baseline);
    operators_free(&operators);
    example_free(&example);
}

static void the_tile_is_near_double_with_all_directions(void)
{
    the_tile_is_near_the_double_path(false);
}

static void the_tile_is_near_double_beside_a_lost_site(void)
{
    the_tile_is_near_the_double_path(true);
}

/* Sums are quadratic forms: half the target is exactly a quarter of everything, and columns of zeros are
 * 0. */
static void sums_are_quadratic(void)
{
    struct example example;
    struct operators_at operators;
    example_init(&example, false);
    operators_init(&operators, &example);
    double *half = example_doubles(N * T);
    for (size_t i = 0; i < N * T; i++)
        half[i] = i % T == 3 ? 0 : example.targets[i] / 2;
    float *whole_sums = tile_sums(&example, &operators, example.targets, T);
    float *half_sums = tile_sums(&example, &operators, half, T);
    for (size_t i = 0; i < 2 * OUTER * T; i++)
        CU_ASSERT_EQUAL(half_sums[i], i % T == 3 ? 0 : whole_sums[i] / 4);
    free(half);
    free(whole_sums);
    free(half_sums);
    operators_free(&operators);
    example_free(&example);
}

/* What covariates explain is free in every fit: adding it to a target changes no criterion and no error. */
static void covariates_make_no_difference(void)
{
    struct example example;
    struct operators_at operators;
    example_init(&example, true);
    operators_init(&operators, &example);
    double *shifted = example_doubles(N * T);
    for (size_t i = 0; i < N; i++)
        for (size_t t = 0; t < T; t++)
            shifted[i * T + t] = example.targets[i * T + t] + 3 * example.covariates.basis[i * 3 + t % 3];
    float *sums = tile_sums(&example, &operators, example.targets, T);
    float *shifted_sums = tile_sums(&example, &operators, shifted, T);
    for (size_t i = 0; i < 2 * OUTER * T; i++)
        ASSERT_NEAR((double)(shifted_sums[i] / sums[i]), 1, 1e-4);
    free(shifted);
    free(sums);
    free(shifted_sums);
    operators_free(&operators);
    example_free(&example);
}

/* The squared errors in the rows first ... end-1 of a column of y, whose regression on x is fitted to all
 * others: slope and means, without anything that cancels. */
static double error_of_a_line(const double *x, const float *y, size_t columns, size_t first, size_t end)
{
    double n_train = 0, mean_x = 0, mean_y = 0, xx = 0, xy = 0, error = 0;
    for (size_t i = 0; i < N; i++)
        if (i < first || i >= end) {
            n_train++;
            mean_x += x[i];
            mean_y += (double)y[i * columns];
        }
    mean_x /= n_train;
    mean_y /= n_train;
    for (size_t i = 0; i < N; i++)
        if (i < first || i >= end) {
            xx += (x[i] - mean_x) * (x[i] - mean_x);
            xy += (x[i] - mean_x) * ((double)y[i * columns] - mean_y);
        }
    for (size_t i = first; i < end; i++) {
        double residual = (double)y[i * columns] - mean_y - xy / xx * (x[i] - mean_x);
        error += residual * residual;
    }
    return error;
}

/* Somebody's covariate is 30,000 standard deviations from all others': of what the others say of that
 * direction float32 would have nothing left. More columns than a strip, the folds two by two. */
static void a_baseline_beside_an_outlier(void)
{
    enum { COLUMNS = 70, PEOPLE = N, OUTLIER = 40 };
    struct error err = {0};
    struct example example;
    struct covariates covariates;
    struct baseline baseline;
    example_init(&example, false);
    const struct folds *folds = &example.folds;
    double *x = example_normals(PEOPLE, 3), *y = example_normals(N * COLUMNS, 4), design[2 * PEOPLE];
    x[OUTLIER] = 3e4;
    for (size_t i = 0; i < N; i++) {
        design[2 * i] = 1;
        design[2 * i + 1] = x[i];
    }
    bool kept[2];
    CU_ASSERT_EQUAL_FATAL(covariates_init(&covariates, design, N, 2, kept, &err), 0);
    CU_ASSERT_EQUAL_FATAL(baseline_init(&baseline, BASELINE_COVARIATES, &covariates, folds, &err), 0);
    double *nothing = example_doubles(ridge_workspace(folds, 2, COLUMNS));
    float *gathered = example_rounded(y, N * COLUMNS), sums[2 * COLUMNS];
    float *workspace = example_rounded(nothing, ridge_workspace(folds, 2, COLUMNS)); /* NaN */
    for (size_t o = 0; o < OUTER; o += 2) {
        ridge_baseline(folds, (struct fold_span){o, 2}, &baseline, gathered, COLUMNS, workspace, sums);
        for (size_t cell = 0; cell < 2 * COLUMNS; cell++) {
            const struct fold_rows *rows = &folds->rows[o + cell / COLUMNS];
            double expected = error_of_a_line(x, gathered + cell % COLUMNS, COLUMNS, rows->first_test,
                                              rows->first_test + rows->n_test);
            ASSERT_NEAR((double)sums[cell] / expected, 1, 1e-6);
        }
    }
    baseline_free(&baseline);
    covariates_free(&covariates);
    example_free(&example);
    free(x);
    free(y);
    free(nothing);
    free(gathered);
    free(workspace);
}

static void flops_are_those_of_the_products(void)
{
    struct example example;
    example_init(&example, false);
    double expected = 2. * N * N;
    for (size_t o = 0; o < OUTER; o++) {
        const struct fold_rows *rows = &example.folds.rows[o];
        expected += 2. * (double)(rows->n_test * rows->n_test + rows->n_train * rows->n_test);
        for (size_t b = 0; b < EXAMPLE_INNER; b++) {
            double n_b = (double)(rows->inner_start[b + 1] - rows->inner_start[b]);
            expected += n_b * n_b; /* a triangle: half of 2 n_b^2 */
        }
    }
    ASSERT_NEAR(ridge_flops(&example.folds, folds_all(&example.folds)), expected, 0.5);
    example_free(&example);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"the_tiling_covers_every_target_once", the_tiling_covers_every_target_once},
        {"gather_follows_the_permutations", gather_follows_the_permutations},
        {"the_tile_is_near_double_with_all_directions", the_tile_is_near_double_with_all_directions},
        {"the_tile_is_near_double_beside_a_lost_site", the_tile_is_near_double_beside_a_lost_site},
        {"sums_are_quadratic", sums_are_quadratic},
        {"covariates_make_no_difference", covariates_make_no_difference},
        {"a_baseline_beside_an_outlier", a_baseline_beside_an_outlier},
        {"flops_are_those_of_the_products", flops_are_those_of_the_products},
    };
    return testing_main(argc, argv, "ridge", cases, sizeof cases / sizeof *cases);
}
