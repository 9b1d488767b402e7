#include "model/orbits/forms.h"

#include "base/larger.h"

#include <stdbool.h>
#include <string.h>

/* Doubles that hold so many floats. */
static size_t doubles_for(size_t n_floats)
{
    return (n_floats + 1) / 2;
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

struct form_factor forms_criterion_factor(const struct folds *folds, size_t outer_fold, float *rows,
                                          double *squares)
{
    size_t n_train = folds->rows[outer_fold].n_train;
    return (struct form_factor){n_train, n_train, rows, squares};
}

struct form_factor forms_error_factor(const struct folds *folds, size_t outer_fold, float *rows,
                                      double *squares)
{
    return (struct form_factor){folds->rows[outer_fold].n_test, folds->n, rows, squares};
}

void forms_finish_criterion(const struct form_factor *factor, const struct folds *folds, size_t outer_fold,
                            float *form)
{
    form_factor_diagonal(factor, folds->n_inner, form, folds->n);
    make_room_for_test_set(&folds->rows[outer_fold], folds->n, form);
    mirror_lower(form, folds->n);
}

void forms_finish_error(const struct form_factor *factor, float *form)
{
    form_factor_diagonal(factor, 1, form, factor->columns);
    mirror_lower(form, factor->columns);
}

void forms_build_baseline(const struct baseline *baseline, const struct folds *folds, size_t outer_fold,
                          double *workspace, float *form)
{
    size_t n = folds->n, n_test = folds->rows[outer_fold].n_test;
    double *rows = workspace, *beside = rows + folds_largest_test(folds) * n;
    struct form_factor factor = forms_error_factor(folds, outer_fold, (float *)(beside + n), beside);
    forms_rows_baseline(baseline, folds, outer_fold, beside, rows);
    form_factor_take(&factor, 0, 0, rows, n_test);
    for (size_t i = 0; i < form_factor_parts(&factor); i++)
        for (size_t j = 0; j <= i; j++)
            form_factor_tile(&factor, i, j, form, n);
    forms_finish_error(&factor, form);
}

double forms_mean_eigenvalue(const float *form, size_t n)
{
    double trace = 0;
    for (size_t i = 0; i < n; i++)
        trace += (double)form[i * n + i];
    return trace / (double)n;
}
