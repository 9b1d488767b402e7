#include "model/ridge/baseline.h"

#include "base/memory.h"
#include "model/ridge/operators.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Float32's rounding may be magnified 8 times. Then a score is off by some 5e-7, without by 2e-7
 * (bench/NOTES.md): less than what ties may differ by. */
static bool nearly_loses(double sigma2)
{
    return 1 - sigma2 < 1.0 / 8;
}

/* With the eigenvectors v and eigenvalues sigma2 of Qz_o' Qz_o, e_o = w_o + the sum of Qz_o v v' Qz_o' w_o /
 * (1 - sigma2). A lost direction has sigma2 = 1, the largest there is; its term is -Qz_o v v' Qz_o' w_o,
 * which projects it out. */
static int covariates_fold(struct baseline_fold *fold, const struct covariates *covariates,
                           const struct fold_rows *rows, size_t n_lost, struct error *err)
{
    int c = (int)covariates->c, n_o = (int)rows->n_test;
    const double *basis = covariates->basis + rows->first_test * covariates->c;
    double *vectors = memory_aligned(covariates->c * covariates->c, sizeof *vectors, "the baseline", err);
    double *sigma2 = memory_aligned(covariates->c, sizeof *sigma2, "the baseline", err);
    if (vectors == NULL || sigma2 == NULL)
        goto out;
    cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, c, c, n_o, 1, basis, c, basis, c, 0, vectors, c);
    lapack_int info = covariates->c <= COVARIATES_FEW
                          ? LAPACKE_dsyev(LAPACK_COL_MAJOR, 'V', 'L', c, vectors, c, sigma2)
                          : LAPACKE_dsyevd(LAPACK_COL_MAJOR, 'V', 'L', c, vectors, c, sigma2); /* rows */
    if (info != 0) {
        error_set(err, EXIT_CODE_FAILED, "dsyev of the covariates' baseline: info = %d", (int)info);
        goto out;
    }
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, n_o, c, c, 1, basis, c, vectors, c, 0, fold->left,
                c);
    for (size_t k = 0; k < covariates->c; k++) {
        bool is_lost = k >= covariates->c - n_lost;
        double weight = is_lost ? -1 : 1 / (1 - sigma2[k]);
        fold->nearly_loses |= !is_lost && nearly_loses(sigma2[k]);
        for (size_t i = 0; i < rows->n_test; i++)
            fold->right[k * rows->n_test + i] = weight * fold->left[i * covariates->c + k];
    }
    fold->rank = covariates->c;
out:
    free(vectors);
    free(sigma2);
    return err->code;
}

/* The same where covariates are many: of Qz_o Qz_o' = the sum of u sigma2 u', n_o x n_o, the terms are
 * u u' w_o sigma2 / (1 - sigma2). */
static int many_covariates_fold(struct baseline_fold *fold, const struct covariates *covariates,
                                const struct fold_rows *rows, size_t n_lost, struct error *err)
{
    size_t n_o = rows->n_test;
    const double *basis = covariates->basis + rows->first_test * covariates->c;
    double *vectors = memory_aligned(n_o * n_o, sizeof *vectors, "the baseline", err);
    double *sigma2 = memory_aligned(n_o, sizeof *sigma2, "the baseline", err);
    if (vectors == NULL || sigma2 == NULL)
        goto out;
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)n_o, (int)n_o, (int)covariates->c, 1, basis,
                (int)covariates->c, basis, (int)covariates->c, 0, vectors, (int)n_o);
    lapack_int info = LAPACKE_dsyevd(LAPACK_COL_MAJOR, 'V', 'L', (int)n_o, vectors, (int)n_o, sigma2);
    if (info != 0) {
        error_set(err, EXIT_CODE_FAILED, "dsyevd of the covariates' baseline: info = %d", (int)info);
        goto out;
    }
    for (size_t k = 0; k < n_o; k++) {
        bool is_lost = k >= n_o - n_lost;
        double weight = is_lost ? -1 : sigma2[k] / (1 - sigma2[k]);
        fold->nearly_loses |= !is_lost && nearly_loses(sigma2[k]);
        for (size_t i = 0; i < n_o; i++) {
            fold->left[i * n_o + k] = vectors[k * n_o + i];
            fold->right[k * n_o + i] = weight * vectors[k * n_o + i];
        }
    }
    fold->rank = n_o;
out:
    free(vectors);
    free(sigma2);
    return err->code;
}

/* Projects out the constant and the lost directions: left = -(a basis of their span), right = its
 * transpose. */
static void test_mean_fold(struct baseline_fold *fold, const struct lost_directions *lost,
                           const struct fold_rows *rows, size_t c)
{
    size_t n_o = rows->n_test;
    fold->rank = 0;
    for (size_t d = 0; d <= lost->n_outer_lost; d++) {
        double *direction = fold->right + fold->rank * n_o;
        for (size_t i = 0; i < n_o; i++)
            direction[i] = d == 0 ? 1 / sqrt((double)n_o) : lost->outer[i * c + d - 1];
        for (int pass = 0; pass < 2; pass++)
            for (size_t k = 0; k < fold->rank; k++) {
                const double *earlier = fold->right + k * n_o;
                cblas_daxpy((int)n_o, -cblas_ddot((int)n_o, earlier, 1, direction, 1), earlier, 1, direction,
                            1);
            }
        double left = cblas_dnrm2((int)n_o, direction, 1);
        if (left < 1e-8) /* the lost direction is the constant itself */
            continue;
        cblas_dscal((int)n_o, 1 / left, direction, 1);
        fold->rank++;
    }
    for (size_t k = 0; k < fold->rank; k++)
        for (size_t i = 0; i < n_o; i++)
            fold->left[i * fold->rank + k] = -fold->right[k * n_o + i];
}

/* Where every direction of the fold is lost: e_o = 0 without rounding, as the fold's operators have it. */
static void empty_fold(struct baseline_fold *fold, const struct fold_rows *rows)
{
    size_t n_o = rows->n_test;
    fold->rank = n_o;
    for (size_t i = 0; i < n_o; i++)
        for (size_t j = 0; j < n_o; j++) {
            fold->left[i * n_o + j] = i == j ? -1 : 0;
            fold->right[i * n_o + j] = i == j ? 1 : 0;
        }
}

static int fold_init(struct baseline *baseline, const struct covariates *covariates,
                     const struct folds *folds, size_t o, struct error *err)
{
    struct baseline_fold *fold = &baseline->folds[o];
    const struct fold_rows *rows = &folds->rows[o];
    size_t most = rows->n_test * (covariates->c + 1);
    fold->left = memory_aligned(most, sizeof *fold->left, "the baseline", err);
    fold->right = memory_aligned(most, sizeof *fold->right, "the baseline", err);
    fold->left_single = memory_aligned(most, sizeof *fold->left_single, "the baseline", err);
    fold->right_single = memory_aligned(most, sizeof *fold->right_single, "the baseline", err);
    if (err->code != 0)
        return err->code;
    struct lost_directions lost;
    if (lost_directions_init_outer(&lost, covariates, folds, o, err) != 0)
        return err->code;
    bool many = covariates->c > COVARIATES_FEW && covariates->c > rows->n_test;
    if (lost.n_outer_lost == rows->n_test)
        empty_fold(fold, rows);
    else if (baseline->kind == BASELINE_COVARIATES && many)
        many_covariates_fold(fold, covariates, rows, lost.n_outer_lost, err);
    else if (baseline->kind == BASELINE_COVARIATES)
        covariates_fold(fold, covariates, rows, lost.n_outer_lost, err);
    else
        test_mean_fold(fold, &lost, rows, covariates->c);
    lost_directions_free(&lost, folds->n_inner);
    baseline->needs_double |= fold->nearly_loses;
    operators_round(fold->left, rows->n_test * fold->rank, fold->left_single);
    operators_round(fold->right, rows->n_test * fold->rank, fold->right_single);
    return err->code;
}

int baseline_init(struct baseline *baseline, enum baseline_kind kind, const struct covariates *covariates,
                  const struct folds *folds, struct error *err)
{
    size_t n = covariates->n, c = covariates->c;
    *baseline = (struct baseline){.kind = kind, .n = n, .c = c, .n_outer = folds->n_outer};
    baseline->basis = memory_aligned(n * c, sizeof *baseline->basis, "the baseline", err);
    baseline->basis_single = memory_aligned(n * c, sizeof *baseline->basis_single, "the baseline", err);
    baseline->folds = memory_zeroed(folds->n_outer, sizeof *baseline->folds, "the baseline", err);
    if (err->code == 0) {
        memcpy(baseline->basis, covariates->basis, n * c * sizeof *baseline->basis);
        operators_round(covariates->basis, n * c, baseline->basis_single);
        for (size_t o = 0; o < folds->n_outer && err->code == 0; o++)
            fold_init(baseline, covariates, folds, o, err);
    }
    if (err->code != 0)
        baseline_free(baseline);
    return err->code;
}

void baseline_free(struct baseline *baseline)
{
    for (size_t o = 0; baseline->folds != NULL && o < baseline->n_outer; o++) {
        free(baseline->folds[o].left);
        free(baseline->folds[o].right);
        free(baseline->folds[o].left_single);
        free(baseline->folds[o].right_single);
    }
    free(baseline->folds);
    free(baseline->basis);
    free(baseline->basis_single);
    *baseline = (struct baseline){0};
}

void baseline_project(const struct baseline *baseline, const double *y, size_t columns, double *projection)
{
    int n = (int)baseline->n, c = (int)baseline->c, t = (int)columns;
    cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, c, t, n, 1, baseline->basis, c, y, t, 0, projection,
                t);
}

/* Replaces w_o = y_o - Qz_o projection by e_o. */
static void correct_fold(const struct baseline *baseline, const struct fold_rows *rows, size_t outer_fold,
                         double *w, size_t columns, double *workspace)
{
    const struct baseline_fold *fold = &baseline->folds[outer_fold];
    int n_o = (int)rows->n_test, rank = (int)fold->rank, t = (int)columns;
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, rank, t, n_o, 1, fold->right, n_o, w, t, 0,
                workspace, t);
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n_o, t, rank, 1, fold->left, rank, workspace, t, 1,
                w, t);
}

void baseline_fold_residuals(const struct baseline *baseline, const struct fold_rows *rows, size_t outer_fold,
                             const struct baseline_columns *y, double *workspace, double *e)
{
    int c = (int)baseline->c, t = (int)y->columns;
    for (size_t i = 0; i < rows->n_test; i++)
        memcpy(e + i * y->columns, y->values + (rows->first_test + i) * y->ld, y->columns * sizeof *e);
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)rows->n_test, t, c, -1,
                baseline->basis + rows->first_test * baseline->c, c, y->projection, (int)y->ld, 1, e, t);
    correct_fold(baseline, rows, outer_fold, e, y->columns, workspace);
}

void baseline_residuals(const struct baseline *baseline, const struct folds *folds, double *y, size_t columns,
                        double *workspace)
{
    int n = (int)baseline->n, c = (int)baseline->c, t = (int)columns;
    baseline_project(baseline, y, columns, workspace);
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, t, c, -1, baseline->basis, c, workspace, t, 1,
                y, t);
    for (size_t o = 0; o < folds->n_outer; o++)
        correct_fold(baseline, &folds->rows[o], o, y + folds->rows[o].first_test * columns, columns,
                     workspace);
}

void baseline_residuals_single(const struct baseline *baseline, const struct folds *folds, float *y,
                               size_t columns, float *workspace)
{
    int n = (int)baseline->n, c = (int)baseline->c, t = (int)columns;
    cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, c, t, n, 1, baseline->basis_single, c, y, t, 0,
                workspace, t);
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, t, c, -1, baseline->basis_single, c, workspace,
                t, 1, y, t);
    for (size_t o = 0; o < folds->n_outer; o++) {
        const struct baseline_fold *fold = &baseline->folds[o];
        float *w = y + folds->rows[o].first_test * columns;
        int n_o = (int)folds->rows[o].n_test, rank = (int)fold->rank;
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, rank, t, n_o, 1, fold->right_single, n_o, w, t,
                    0, workspace, t);
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n_o, t, rank, 1, fold->left_single, rank,
                    workspace, t, 1, w, t);
    }
}
