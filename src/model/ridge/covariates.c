#include "model/ridge/covariates.h"

#include "base/memory.h"

#include <cblas.h>
#include <float.h>
#include <lapacke.h>
#include <stdlib.h>
#include <string.h>

/* Both decide rank. A column is dependent if no more of its length than this is left beyond the columns
 * before it. A direction is lost if the design's singular value without some subjects is no more than
 * this. */
static const double dependent_column = 1e-9, lost_direction = 1e-5;

static double length(const double *vector, size_t n, size_t stride)
{
    return cblas_dnrm2((int)n, vector, (int)stride);
}

/* Makes v orthogonal to the first c columns of basis (leading dimension ld). Twice, for the rounding of the
 * first time. */
static void orthogonalise(double *v, const double *basis, size_t n, size_t c, size_t ld, double *product)
{
    for (int pass = 0; pass < 2 && c > 0; pass++) {
        cblas_dgemv(CblasRowMajor, CblasTrans, (int)n, (int)c, 1, basis, (int)ld, v, 1, 0, product, 1);
        cblas_dgemv(CblasRowMajor, CblasNoTrans, (int)n, (int)c, -1, basis, (int)ld, product, 1, 1, v, 1);
    }
}

/* Copies the first c columns of wide (leading dimension ld) to narrow. */
static void narrow_rows(double *narrow, const double *wide, size_t n, size_t c, size_t ld)
{
    for (size_t i = 0; i < n; i++)
        memmove(narrow + i * c, wide + i * ld, c * sizeof *narrow);
}

/* What is left of a column beyond the basis, of unit length, in v. False where that is nothing. */
static bool direction_of(double *v, const struct covariates *covariates, size_t c, size_t ld, double *product)
{
    size_t n = covariates->n;
    double whole = length(v, n, 1);
    if (whole > 0)
        cblas_dscal((int)n, 1 / whole, v, 1);
    orthogonalise(v, covariates->basis, n, c, ld, product);
    double left = length(v, n, 1);
    if (!(whole > 0 && left > dependent_column))
        return false;
    cblas_dscal((int)n, 1 / left, v, 1);
    orthogonalise(v, covariates->basis, n, c, ld, product); /* scaling up has scaled rounding up too */
    cblas_dscal((int)n, 1 / length(v, n, 1), v, 1);
    return true;
}

/* A column that hardly varies beside its mean (a time in seconds) seems to be the intercept's. Its mean is
 * taken out first, and what is left has to be more than the rounding of its values. */
static bool direction_beside_mean(double *v, const double *column, const struct covariates *covariates,
                                  size_t c, size_t ld, double *product)
{
    const double roundings = 4;
    size_t n = covariates->n;
    double mean = 0, rounding = roundings * DBL_EPSILON * length(column, n, ld);
    for (size_t i = 0; i < n; i++)
        mean += column[i * ld] / (double)n;
    for (size_t i = 0; i < n; i++)
        v[i] = column[i * ld] - mean;
    orthogonalise(v, covariates->basis, n, c, ld, product);
    return length(v, n, 1) > rounding && direction_of(v, covariates, c, ld, product);
}

int covariates_init(struct covariates *covariates, const double *columns, size_t n, size_t n_columns,
                    bool *kept, struct error *err)
{
    *covariates = (struct covariates){.n = n};
    covariates->design = memory_aligned(n * n_columns, sizeof(double), "the covariates", err);
    covariates->basis = memory_aligned(n * n_columns, sizeof(double), "the covariates", err);
    double *v = memory_aligned(n, sizeof *v, "the covariates", err);
    double *product = memory_aligned(n_columns, sizeof *product, "the covariates", err);
    if (covariates->design == NULL || covariates->basis == NULL || v == NULL || product == NULL)
        goto out;
    size_t c = 0;
    for (size_t j = 0; j < n_columns; j++) {
        cblas_dcopy((int)n, columns + j, (int)n_columns, v, 1);
        kept[j] = direction_of(v, covariates, c, n_columns, product) ||
                  (c > 0 && direction_beside_mean(v, columns + j, covariates, c, n_columns, product));
        if (!kept[j])
            continue;
        cblas_dcopy((int)n, v, 1, covariates->basis + c, (int)n_columns);
        cblas_dcopy((int)n, columns + j, (int)n_columns, covariates->design + c, (int)n_columns);
        c++;
    }
    covariates->c = c;
    narrow_rows(covariates->basis, covariates->basis, n, c, n_columns);
    narrow_rows(covariates->design, covariates->design, n, c, n_columns);
out:
    free(v);
    free(product);
    if (err->code != 0)
        covariates_free(covariates);
    return err->code;
}

void covariates_free(struct covariates *covariates)
{
    free(covariates->design);
    free(covariates->basis);
    *covariates = (struct covariates){0};
}

static void gather_rows(double *to, const double *from, const unsigned *rows, size_t n_rows, size_t c)
{
    for (size_t i = 0; i < n_rows; i++)
        memcpy(to + i * c, from + (size_t)rows[i] * c, c * sizeof *to);
}

/* Singular values, descending, of a: n x c, row-major. left: its left vectors replace it, n x min(n, c); else
 * it is destroyed. right (or NULL) gets the right vectors, c x c, as rows. */
static int singular_values(double *a, size_t n, size_t c, double *values, double *right, bool left,
                           struct error *err)
{
    size_t smaller = n < c ? n : c;
    double unused;
    double *superdiagonal = memory_aligned(smaller, sizeof *superdiagonal, "singular values", err);
    if (superdiagonal == NULL)
        return err->code;
    lapack_int info = LAPACKE_dgesvd(LAPACK_ROW_MAJOR, left ? 'O' : 'N', right != NULL ? 'A' : 'N', (int)n,
                                     (int)c, a, (int)c, values, &unused, 1, right != NULL ? right : &unused,
                                     right != NULL ? (int)c : 1, superdiagonal);
    free(superdiagonal);
    if (info != 0)
        return error_set(err, EXIT_CODE_FAILED, "dgesvd of the covariates' %zu x %zu rows: info = %d", n, c,
                         (int)info);
    return 0;
}

/* The null space of the rows of `outside`: the last *count rows of `right` (c x c), whose singular values are
 * zero. */
static int null_space(const struct covariates *covariates, const struct covariates_rows *outside,
                      double *right, size_t *count, struct error *err)
{
    size_t c = covariates->c, n_outside = outside->count;
    double *rows =
        memory_aligned((n_outside > c ? n_outside : c) * c, sizeof *rows, "covariates of a fold", err);
    double *values = memory_zeroed(c, sizeof *values, "covariates of a fold", err);
    if (rows != NULL && values != NULL) {
        gather_rows(rows, covariates->basis, outside->rows, n_outside, c);
        if (singular_values(rows, n_outside, c, values, right, false, err) == 0)
            for (*count = 0; *count < c && values[c - 1 - *count] <= lost_direction;)
                ++*count;
    }
    free(rows);
    free(values);
    return err->code;
}

int covariates_lost_directions(const struct covariates *covariates, const struct covariates_rows *outside,
                               const struct covariates_rows *inside, double *directions, size_t *count,
                               struct error *err)
{
    size_t c = covariates->c, n_inside = inside->count, n_null = 0;
    *count = 0;
    double *right = memory_aligned(c * c, sizeof *right, "covariates of a fold", err);
    double *rows = memory_aligned(n_inside * c, sizeof *rows, "covariates of a fold", err);
    double *seen =
        memory_aligned((n_inside > c ? n_inside : c) * c, sizeof *seen, "covariates of a fold", err);
    double *values = memory_zeroed(c, sizeof *values, "covariates of a fold", err);
    if (right == NULL || rows == NULL || seen == NULL || values == NULL)
        goto out;
    if (null_space(covariates, outside, right, &n_null, err) != 0 || n_null == 0)
        goto out;
    gather_rows(rows, covariates->basis, inside->rows, n_inside, c);
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)n_inside, (int)n_null, (int)c, 1, rows, (int)c,
                right + (c - n_null) * c, (int)c, 0, seen, (int)n_null);
    if (singular_values(seen, n_inside, n_null, values, NULL, true, err) != 0)
        goto out;
    size_t smaller = n_inside < n_null ? n_inside : n_null;
    while (*count < smaller && values[*count] > lost_direction)
        ++*count;
    for (size_t i = 0; i < n_inside; i++)
        memcpy(directions + i * c, seen + i * n_null, *count * sizeof *directions);
out:
    free(right);
    free(rows);
    free(seen);
    free(values);
    return err->code;
}

void covariates_residualise(const struct covariates *covariates, double *y, size_t n_columns,
                            double *workspace)
{
    int n = (int)covariates->n, c = (int)covariates->c, columns = (int)n_columns;
    for (int pass = 0; pass < 2; pass++) { /* the second removes the rounding of the first */
        cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, c, columns, n, 1, covariates->basis, c, y,
                    columns, 0, workspace, columns);
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, columns, c, -1, covariates->basis, c,
                    workspace, columns, 1, y, columns);
    }
}
