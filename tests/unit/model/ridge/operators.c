#include "model/ridge/operators.h"

#include "model_example.h"

enum { N = EXAMPLE_N };
static const double penalties[] = {1e-3, 0.3, 1e4};

/* P in tiles of any cut is P, symmetric, and forms residuals: P Z = 0. */
static void tiles_make_one_operator(void)
{
    static const size_t cut[] = {0, 10, 41, N};
    struct example example;
    example_init(&example, false);
    for (size_t k = 0; k < 3; k++) {
        double *whole = example_operator(&example, penalties[k]), *tiled = example_doubles(N * N);
        double *workspace = example_doubles(example.svd.rank * N);
        for (size_t i = 0; i < 3; i++)
            for (size_t j = 0; j <= i; j++)
                operators_tile(
                    &example.svd, penalties[k],
                    &(struct operators_block){cut[i], cut[i + 1] - cut[i], cut[j], cut[j + 1] - cut[j]},
                    workspace, tiled);
        CU_ASSERT_TRUE(example_distance(tiled, whole, N * N) < 1e-14);
        for (size_t i = 0; i < N; i++)
            for (size_t j = 0; j < i; j++)
                CU_ASSERT_EQUAL(tiled[i * N + j], tiled[j * N + i]);
        double *fitted = example_doubles(N * 3);
        operators_apply(tiled, N, example.covariates.basis, 3, 3, fitted);
        for (size_t i = 0; i < N * 3; i++)
            ASSERT_NEAR(fitted[i], 0, 1e-13);
        free(whole);
        free(tiled);
        free(workspace);
        free(fitted);
    }
    example_free(&example);
}

/* (K + lambda I) P y = lambda y up to a combination of Z, for y beside Z: ridge, written as one system. */
static void the_operator_solves_ridge(void)
{
    struct example example;
    example_init(&example, false);
    for (size_t k = 0; k < 3; k++) {
        double *p = example_operator(&example, penalties[k]), *w = example_doubles(N * EXAMPLE_TARGETS);
        operators_apply(p, N, example.targets, EXAMPLE_TARGETS, EXAMPLE_TARGETS, w);
        double *system = example_product(example.gram, w, N, N, EXAMPLE_TARGETS, false);
        for (size_t i = 0; i < N * EXAMPLE_TARGETS; i++)
            system[i] += penalties[k] * (w[i] - example.targets[i]);
        double workspace[3 * EXAMPLE_TARGETS];
        covariates_residualise(&example.covariates, system, EXAMPLE_TARGETS, workspace);
        for (size_t i = 0; i < N * EXAMPLE_TARGETS; i++)
            ASSERT_NEAR(system[i], 0, 1e-12 * (1 + penalties[k]));
        free(p);
        free(w);
        free(system);
    }
    example_free(&example);
}

/* A slice of targets: what stands beside it stays. */
static void a_slice_is_applied_alone(void)
{
    enum { T = EXAMPLE_TARGETS };
    struct example example;
    example_init(&example, false);
    double *p = example_operator(&example, 0.3), *all = example_doubles(N * T),
           *some = example_doubles(N * T);
    for (size_t i = 0; i < N * T; i++)
        some[i] = 3;
    operators_apply(p, N, example.targets, T, T, all);
    operators_apply(p, N, example.targets + 1, T, T - 1, some + 1);
    for (size_t i = 0; i < N * T; i++)
        ASSERT_NEAR(some[i], i % T == 0 ? 3 : all[i], 1e-12);
    free(p);
    free(all);
    free(some);
    example_free(&example);
}

static void slices_of_targets(void)
{
    const size_t targets[] = {0, 1, 1000, 1001, 16000, 16001, 2000000}, slices[] = {0, 1, 1, 2, 16, 16, 16};
    for (size_t k = 0; k < sizeof targets / sizeof *targets; k++)
        CU_ASSERT_EQUAL(operators_slices(targets[k]), slices[k]);
}

/* P and P y of two penalties only while they are small and there is something to overlap. */
static void two_at_once_when_they_fit(void)
{
    CU_ASSERT_EQUAL(operators_at_once(1500, 1000, 2, 5), 2);
    CU_ASSERT_EQUAL(operators_at_once(1500, 1000, 1, 5), 1);
    CU_ASSERT_EQUAL(operators_at_once(1500, 1000, 2, 1), 1);
    CU_ASSERT_EQUAL(operators_at_once(1500, 50000, 2, 5), 1);
    CU_ASSERT_EQUAL(operators_at_once(1500, 0, 4, 5), 2);
    CU_ASSERT_EQUAL(operators_at_once(20000, 0, 4, 5), 1);
    CU_ASSERT_EQUAL(operators_at_once(4096, 4096, 2, 2), 2);
    CU_ASSERT_EQUAL(operators_at_once(4096, 4097, 2, 2), 1);
}

static void blocks_stand_apart_and_inside(void)
{
    struct example example;
    struct error err = {0};
    example_init(&example, false);
    for (size_t o = 0; o < EXAMPLE_OUTER; o++) {
        const struct fold_rows *rows = &example.folds.rows[o];
        struct operator_layout layout;
        CU_ASSERT_EQUAL_FATAL(operator_layout_init(&layout, rows, EXAMPLE_INNER, &err), 0);
        CU_ASSERT_TRUE(layout.inverse + rows->n_test * rows->n_test <= layout.cross);
        size_t end = layout.cross + rows->n_train * rows->n_test;
        for (size_t b = 0; b < EXAMPLE_INNER; b++) {
            size_t n_b = rows->inner_start[b + 1] - rows->inner_start[b];
            CU_ASSERT_TRUE(layout.factor[b] >= end);
            CU_ASSERT_EQUAL(layout.factor[b] % 16, 0); /* a cache line of float32 */
            end = layout.factor[b] + n_b * n_b;
        }
        CU_ASSERT_TRUE(end <= layout.count);
        operator_layout_free(&layout);
        operator_layout_free(&layout); /* legal again */
    }
    example_free(&example);
}

/* Adds I - d d' of the lost directions (n x c, the first `count` columns) to a matrix of zeros. */
static double *identity_beside(const double *d, size_t count, size_t n, size_t c)
{
    double *matrix = example_doubles(n * n);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            matrix[i * n + j] = i == j;
            for (size_t k = 0; k < count; k++)
                matrix[i * n + j] -= d[i * c + k] * d[j * c + k];
        }
    return matrix;
}

/* A matrix (rows x n) sends the lost directions (n x c) to zero. */
static void assert_projected_out(const double *matrix, size_t n, const double *d, size_t count)
{
    for (size_t k = 0; k < count; k++)
        for (size_t i = 0; i < n; i++) {
            double sum = 0, size = 0;
            for (size_t j = 0; j < n; j++) {
                sum += matrix[i * n + j] * d[j * 3 + k];
                size += fabs(matrix[i * n + j]);
            }
            ASSERT_NEAR(sum, 0, 1e-10 * size);
        }
}

/* M_o P_oo = I, or I - d d' where a direction d is lost; C is P's rows in inner order. */
static void check_outer(const double *p, const struct fold_rows *rows, const struct lost_directions *lost,
                        const struct operator_layout *layout, const double *operators, double tolerance)
{
    size_t n_o = rows->n_test;
    double *block = example_doubles(n_o * n_o);
    for (size_t i = 0; i < n_o; i++)
        memcpy(block + i * n_o, p + (rows->first_test + i) * N + rows->first_test, n_o * sizeof *block);
    double *product = example_product(operators + layout->inverse, block, n_o, n_o, n_o, false);
    double *expected = identity_beside(lost->outer, lost->n_outer_lost, n_o, 3);
    CU_ASSERT_TRUE(example_distance(product, expected, n_o * n_o) < tolerance);
    assert_projected_out(operators + layout->inverse, n_o, lost->outer, lost->n_outer_lost);
    for (size_t k = 0; k < rows->n_train; k++)
        for (size_t j = 0; j < n_o; j++)
            CU_ASSERT_EQUAL(operators[layout->cross + k * n_o + j],
                            p[rows->train[k] * N + rows->first_test + j]);
    free(block);
    free(product);
    free(expected);
}

/* R_b' R_b J n_b is the square of inv(P^o_bb) beside what is lost: times P^o_bb twice it is I - d d'. */
static void check_inner(const double *p, const struct fold_rows *rows, size_t b,
                        const struct lost_directions *lost, const struct operator_layout *layout,
                        const double *operators, double tolerance)
{
    size_t n_o = rows->n_test, start = rows->inner_start[b], n_b = rows->inner_start[b + 1] - start;
    const double *factor = operators + layout->factor[b], *cross = operators + layout->cross + start * n_o;
    double *beside = example_doubles(n_b * n_b),
           *cross_inverse = example_product(cross, operators + layout->inverse, n_b, n_o, n_o, false);
    for (size_t i = 0; i < n_b; i++)
        for (size_t j = 0; j < n_b; j++) {
            double value = p[rows->train[start + i] * N + rows->train[start + j]];
            for (size_t k = 0; k < n_o; k++)
                value -= cross_inverse[i * n_o + k] * cross[j * n_o + k];
            beside[i * n_b + j] = value;
            CU_ASSERT_TRUE(j >= i || factor[i * n_b + j] == 0);
        }
    assert_projected_out(factor, n_b, lost->inner[b], lost->n_inner_lost[b]);
    double *square = example_product(factor, factor, n_b, n_b, n_b, true);
    double *half = example_product(square, beside, n_b, n_b, n_b, false);
    double *product = example_product(beside, half, n_b, n_b, n_b, false);
    for (size_t i = 0; i < n_b * n_b; i++)
        product[i] *= (double)(EXAMPLE_INNER * n_b);
    double *expected = identity_beside(lost->inner[b], lost->n_inner_lost[b], n_b, 3);
    CU_ASSERT_TRUE(example_distance(product, expected, n_b * n_b) < tolerance);
    free(beside);
    free(cross_inverse);
    free(square);
    free(half);
    free(product);
    free(expected);
}

static void blocks_are_inverses(bool lost_site)
{
    struct example example;
    struct error err = {0};
    example_init(&example, lost_site);
    size_t n_outer_lost = 0, n_inner_lost = 0;
    for (size_t k = 0; k < 3; k++) {
        double *p = example_operator(&example, penalties[k]);
        for (size_t o = 0; o < EXAMPLE_OUTER; o++) {
            struct operator_layout layout;
            struct lost_directions lost;
            const struct fold_rows *rows = &example.folds.rows[o];
            double *operators = example_fold(&example, p, o, &layout);
            CU_ASSERT_EQUAL_FATAL(lost_directions_init(&lost, &example.covariates, &example.folds, o, &err),
                                  0);
            n_outer_lost += lost.n_outer_lost;
            check_outer(p, rows, &lost, &layout, operators, 1e-9);
            for (size_t b = 0; b < EXAMPLE_INNER; b++) {
                n_inner_lost += lost.n_inner_lost[b];
                check_inner(p, rows, b, &lost, &layout, operators, 1e-8);
            }
            lost_directions_free(&lost, EXAMPLE_INNER);
            lost_directions_free(&lost, EXAMPLE_INNER); /* legal again */
            operator_layout_free(&layout);
            free(operators);
        }
        free(p);
    }
    /* At each of three penalties: the site with outer fold 1, and with one inner fold beside each other one.
     */
    CU_ASSERT_EQUAL(n_outer_lost, lost_site ? 3 : 0);
    CU_ASSERT_EQUAL(n_inner_lost, lost_site ? 3 * (EXAMPLE_OUTER - 1) : 0);
    example_free(&example);
}

static void blocks_are_inverses_with_all_directions(void)
{
    blocks_are_inverses(false);
}

static void blocks_are_inverses_beside_a_lost_site(void)
{
    blocks_are_inverses(true);
}

/* Two subjects with the same genotypes and a tiny penalty: said, not computed. */
static void a_singular_block_is_refused(void)
{
    struct example example;
    struct error err = {0};
    struct operator_layout layout;
    struct lost_directions lost;
    example_init(&example, false);
    double *zero = example_doubles(N * N);
    memset(zero, 0, N * N * sizeof *zero);
    CU_ASSERT_EQUAL_FATAL(operator_layout_init(&layout, &example.folds.rows[0], EXAMPLE_INNER, &err), 0);
    CU_ASSERT_EQUAL_FATAL(lost_directions_init(&lost, &example.covariates, &example.folds, 0, &err), 0);
    double *operators = example_doubles(layout.count);
    CU_ASSERT_EQUAL(operators_fold(zero, &example.folds, 0, &layout, &lost, operators, &err),
                    EXIT_CODE_FAILED);
    CU_ASSERT_STRING_EQUAL(err.message, "the 17 x 17 block of P is not positive definite (info = 1): the "
                                        "penalty is too small for this Gram matrix, or two subjects have the "
                                        "same genotypes");
    free(zero);
    free(operators);
    lost_directions_free(&lost, EXAMPLE_INNER);
    operator_layout_free(&layout);
    example_free(&example);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"tiles_make_one_operator", tiles_make_one_operator},
        {"the_operator_solves_ridge", the_operator_solves_ridge},
        {"a_slice_is_applied_alone", a_slice_is_applied_alone},
        {"slices_of_targets", slices_of_targets},
        {"two_at_once_when_they_fit", two_at_once_when_they_fit},
        {"blocks_stand_apart_and_inside", blocks_stand_apart_and_inside},
        {"blocks_are_inverses_with_all_directions", blocks_are_inverses_with_all_directions},
        {"blocks_are_inverses_beside_a_lost_site", blocks_are_inverses_beside_a_lost_site},
        {"a_singular_block_is_refused", a_singular_block_is_refused},
    };
    return testing_main(argc, argv, "operators", cases, sizeof cases / sizeof *cases);
}
