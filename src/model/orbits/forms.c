#include "model/orbits/forms.h"

#include <cblas.h>
#include <stdbool.h>
#include <string.h>

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* Doubles that hold so many floats. */
static size_t doubles_for(size_t n_floats)
{
    return (n_floats + 1) / 2;
}

/* The error's rows, an inner fold's rows, the diagonal, and either rows in single. */
size_t forms_workspace_of(size_t n, size_t n_test, size_t n_inner)
{
    size_t error = n_test * n, inner = n_inner * n;
    return error + inner + n + doubles_for(larger(error, inner));
}

size_t forms_workspace(const struct folds *folds)
{
    return forms_workspace_of(folds->n, folds_largest_test(folds), folds_largest_inner(folds));
}

size_t forms_baseline_workspace_of(size_t n, size_t n_test, size_t n_covariates)
{
    size_t rows = n_test * n;
    return rows + larger((n_covariates + 1) * n, n + doubles_for(rows));
}

size_t forms_baseline_workspace(const struct folds *folds, size_t n_covariates)
{
    return forms_baseline_workspace_of(folds->n, folds_largest_test(folds), n_covariates);
}

/* A form under way: its lower triangle with leading dimension n, and its diagonal once more, in double. There
 * the sums are of positive numbers only, which single precision gets wrong by the square root of their
 * number, and there an outlier stands. */
struct products {
    size_t n, columns; /* of all subjects; of the rows */
    float *form, *rounded;
    double *diagonal;
};

/* Adds the products of rows (n_rows x columns), or begins with them. */
static void add_products(struct products *products, const double *rows, size_t n_rows, bool begin)
{
    size_t columns = products->columns;
    if (begin)
        memset(products->diagonal, 0, columns * sizeof *products->diagonal);
    for (size_t i = 0; i < n_rows; i++)
        for (size_t j = 0; j < columns; j++)
            products->diagonal[j] += rows[i * columns + j] * rows[i * columns + j];
    operators_round(rows, n_rows * columns, products->rounded);
    cblas_ssyrk(CblasRowMajor, CblasLower, CblasTrans, (int)columns, (int)n_rows, 1, products->rounded,
                (int)columns, begin ? 0 : 1, products->form, (int)products->n);
}

static void set_diagonal(const struct products *products)
{
    for (size_t i = 0; i < products->columns; i++)
        products->form[i * products->n + i] = (float)products->diagonal[i];
}

static void mirror_lower(float *form, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++)
            form[j * n + i] = form[i * n + j];
}

/* In place, lower triangles: from training subjects to all subjects, the test set's rows and columns zero. */
static void make_room_for_test_set(const struct fold_rows *rows, size_t n, float *form)
{
    size_t first = rows->first_test, behind = first + rows->n_test;
    for (size_t i = n; i-- > behind;) { /* from the last row up, so that nothing is overwritten unread */
        const float *from = form + (i - rows->n_test) * n;
        float *to = form + i * n;
        memmove(to + behind, from + first, (i + 1 - behind) * sizeof *to);
        memmove(to, from, first * sizeof *to);
        memset(to + first, 0, rows->n_test * sizeof *to);
    }
    for (size_t i = first; i < behind; i++)
        memset(form + i * n, 0, (i + 1) * sizeof *form);
}

void forms_build(const struct forms_fold *fold, double *workspace, float *criterion, float *error)
{
    const struct folds *folds = fold->folds;
    const struct fold_rows *rows = &folds->rows[fold->outer_fold];
    size_t n = folds->n;
    double *error_rows = workspace, *inner_rows = error_rows + folds_largest_test(folds) * n;
    double *diagonal = inner_rows + folds_largest_inner(folds) * n;
    struct products of_error = {n, n, error, (float *)(diagonal + n), diagonal};
    struct products of_criterion = {n, rows->n_train, criterion, (float *)(diagonal + n), diagonal};
    forms_rows_error(fold, error_rows);
    add_products(&of_error, error_rows, rows->n_test, true);
    set_diagonal(&of_error);
    mirror_lower(error, n);
    for (size_t b = 0; b < folds->n_inner; b++) {
        forms_rows_criterion(fold, b, error_rows, inner_rows);
        add_products(&of_criterion, inner_rows, rows->inner_start[b + 1] - rows->inner_start[b], b == 0);
    }
    set_diagonal(&of_criterion);
    make_room_for_test_set(rows, n, criterion);
    mirror_lower(criterion, n);
}

void forms_build_baseline(const struct baseline *baseline, const struct folds *folds, size_t outer_fold,
                          double *workspace, float *form)
{
    size_t n = folds->n;
    double *rows = workspace, *beside = rows + folds_largest_test(folds) * n;
    struct products products = {n, n, form, (float *)(beside + n), beside};
    forms_rows_baseline(baseline, folds, outer_fold, beside, rows);
    add_products(&products, rows, folds->rows[outer_fold].n_test, true);
    set_diagonal(&products);
    mirror_lower(form, n);
}

double forms_mean_eigenvalue(const float *form, size_t n)
{
    double trace = 0;
    for (size_t i = 0; i < n; i++)
        trace += (double)form[i * n + i];
    return trace / (double)n;
}
