/* Both forms of a fold, all pieces one after the other, where a test or an oracle wants no tasks. */
#ifndef ARETE_TEST_WHOLE_FORMS_H
#define ARETE_TEST_WHOLE_FORMS_H

#include "model/orbits/forms.h"

#include <stdlib.h>

/* Elements of a workspace of doubles: E, an inner fold's rows, rows in single, squares. */
static inline size_t whole_forms_workspace(const struct folds *folds)
{
    return 4 * folds->n * folds->n + folds->n_inner * folds->n;
}

static inline void whole_forms_tiles(const struct form_factor *factor, float *form, size_t n)
{
    for (size_t i = 0; i < form_factor_parts(factor); i++)
        for (size_t j = 0; j <= i; j++)
            form_factor_tile(factor, i, j, form, n);
}

/* criterion, error: n x n floats each, written. */
static inline void whole_forms_build(const struct forms_fold *fold, double *workspace, float *criterion,
                                     float *error)
{
    const struct folds *folds = fold->folds;
    const struct fold_rows *of_fold = &folds->rows[fold->outer_fold];
    size_t n = folds->n;
    double *error_rows = workspace, *rows = error_rows + n * n, *single = rows + n * n,
           *squares = single + n * n;
    struct form_factor of_error = forms_error_factor(folds, fold->outer_fold, (float *)single, squares);
    forms_rows_error(fold, error_rows);
    form_factor_take(&of_error, 0, 0, error_rows, of_fold->n_test);
    whole_forms_tiles(&of_error, error, n);
    forms_finish_error(&of_error, error);
    struct form_factor of_criterion =
        forms_criterion_factor(folds, fold->outer_fold, (float *)single, squares);
    for (size_t b = 0; b < folds->n_inner; b++) {
        size_t first = of_fold->inner_start[b], n_rows = of_fold->inner_start[b + 1] - first;
        forms_rows_criterion(fold, b, error_rows, rows);
        form_factor_take(&of_criterion, b, first, rows, n_rows);
    }
    whole_forms_tiles(&of_criterion, criterion, n);
    forms_finish_criterion(&of_criterion, folds, fold->outer_fold, criterion);
}

#endif
