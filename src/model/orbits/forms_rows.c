#include "model/orbits/forms_rows.h"

#include <cblas.h>
#include <string.h>

void forms_rows_error(const struct forms_fold *fold, double *error_rows)
{
    const struct fold_rows *rows = &fold->folds->rows[fold->outer_fold];
    int n = (int)fold->folds->n, n_o = (int)rows->n_test;
    cblas_dsymm(CblasRowMajor, CblasLeft, CblasLower, n_o, n, 1, fold->operators + fold->layout->inverse, n_o,
                fold->p + rows->first_test * fold->folds->n, n, 0, error_rows, n);
}

/* The training subjects on one side of the test set: `count` columns of n_A from column `to`, which are
 * subjects `from` ... of n. */
struct side {
    size_t from, to, count;
};

static void two_sides(const struct fold_rows *rows, size_t n, struct side side[2])
{
    size_t behind = rows->first_test + rows->n_test;
    side[0] = (struct side){0, 0, rows->first_test};
    side[1] = (struct side){behind, rows->first_test, n - behind};
}

void forms_rows_criterion(const struct forms_fold *fold, size_t inner_fold, const double *error_rows,
                          double *rows)
{
    const struct fold_rows *of_fold = &fold->folds->rows[fold->outer_fold];
    size_t n = fold->folds->n, n_o = of_fold->n_test, n_a = of_fold->n_train;
    size_t start = of_fold->inner_start[inner_fold], n_b = of_fold->inner_start[inner_fold + 1] - start;
    const double *cross = fold->operators + fold->layout->cross + start * n_o;
    struct side side[2];
    two_sides(of_fold, n, side);
    for (size_t k = 0; k < 2; k++) {
        for (size_t i = 0; i < n_b; i++)
            memcpy(rows + i * n_a + side[k].to, fold->p + of_fold->train[start + i] * n + side[k].from,
                   side[k].count * sizeof *rows);
        if (side[k].count > 0)
            cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)n_b, (int)side[k].count, (int)n_o, -1,
                        cross, (int)n_o, error_rows + side[k].from, (int)n, 1, rows + side[k].to, (int)n_a);
    }
    cblas_dtrmm(CblasRowMajor, CblasLeft, CblasUpper, CblasNoTrans, CblasNonUnit, (int)n_b, (int)n_a, 1,
                fold->operators + fold->layout->factor[inner_fold], (int)n_b, rows, (int)n_a);
}

void forms_rows_baseline(const struct baseline *baseline, const struct folds *folds, size_t outer_fold,
                         double *workspace, double *rows)
{
    const struct fold_rows *of_fold = &folds->rows[outer_fold];
    const struct baseline_fold *correction = &baseline->folds[outer_fold];
    int n = (int)folds->n, n_o = (int)of_fold->n_test, c = (int)baseline->c, rank = (int)correction->rank;
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, n_o, n, c, -1,
                baseline->basis + of_fold->first_test * baseline->c, c, baseline->basis, c, 0, rows, n);
    for (size_t i = 0; i < of_fold->n_test; i++)
        rows[i * folds->n + of_fold->first_test + i] += 1;
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, rank, n, n_o, 1, correction->right, n_o, rows, n,
                0, workspace, n);
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n_o, n, rank, 1, correction->left, rank, workspace,
                n, 1, rows, n);
}

void forms_rows_widen(const struct folds *folds, size_t outer_fold, const double *rows, size_t n_rows,
                      double *wide)
{
    const struct fold_rows *of_fold = &folds->rows[outer_fold];
    struct side side[2];
    two_sides(of_fold, folds->n, side);
    memset(wide, 0, n_rows * folds->n * sizeof *wide);
    for (size_t i = 0; i < n_rows; i++)
        for (size_t k = 0; k < 2; k++)
            memcpy(wide + i * folds->n + side[k].from, rows + i * of_fold->n_train + side[k].to,
                   side[k].count * sizeof *wide);
}
