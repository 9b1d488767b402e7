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

/* The null space of the rows of `outside`, by their singular values: the last *count rows of `right` (c x c).
 */
static int null_space_by_svd(const struct covariates *covariates, const struct covariates_rows *outside,
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

/* The rows of the basis that are not `outside`, one after the other; *n_left of them. */
static void gather_left_out(const struct covariates *covariates, const struct covariates_rows *outside,
                            bool *is_outside, double *rows, size_t *n_left)
{
    size_t c = covariates->c;
    memset(is_outside, 0, covariates->n * sizeof *is_outside);
    for (size_t i = 0; i < outside->count; i++)
        is_outside[outside->rows[i]] = true;
    *n_left = 0;
    for (size_t i = 0; i < covariates->n; i++)
        if (!is_outside[i])
            memcpy(rows + (*n_left)++ * c, covariates->basis + i * c, c * sizeof *rows);
}

/* Eigenvectors of a (order n, its lower triangle in column-major order, destroyed) whose eigenvalue is over
 * `least`: *count of them, ascending, in the first rows of vectors (n x n). values: n. */
static int largest_eigenvectors(double *a, size_t n, double least, double *values, double *vectors,
                                size_t *count, struct error *err)
{
    const double beyond = 2; /* rows of an orthonormal basis: no eigenvalue is over 1 */
    lapack_int found = 0;
    lapack_int *support = memory_zeroed(2 * n, sizeof *support, "covariates of a fold", err);
    if (support == NULL)
        return err->code;
    lapack_int info = LAPACKE_dsyevr(LAPACK_COL_MAJOR, 'V', 'V', 'L', (int)n, a, (int)n, least, beyond, 0, 0,
                                     0, &found, values, vectors, (int)n, support);
    free(support);
    *count = (size_t)found;
    if (info != 0)
        return error_set(err, EXIT_CODE_FAILED, "dsyevr of a fold's covariates: info = %d", (int)info);
    return 0;
}

/* The same from those who are left out, who are few: with B their rows of the basis, a singular value s
 * outside is the eigenvalue 1 - s^2 of BB' or B'B, of which the smaller is taken. *count = directions with s
 * up to `within`, ascending in 1 - s^2 in the first rows of null; values: those eigenvalues. */
static int null_space_by_left_out(const struct covariates *covariates, const struct covariates_rows *outside,
                                  double within, double *null, double *values, size_t *count,
                                  struct error *err)
{
    size_t n = covariates->n, c = covariates->c, n_left = 0, room = n - outside->count, order;
    order = room < c ? room : c;
    bool *is_outside = memory_zeroed(n, sizeof *is_outside, "covariates of a fold", err);
    double *rows = memory_aligned(room * c, sizeof *rows, "covariates of a fold", err);
    double *square = memory_aligned(order * order, sizeof *square, "covariates of a fold", err);
    double *vectors = memory_aligned(order * order, sizeof *vectors, "covariates of a fold", err);
    *count = 0;
    if (is_outside == NULL || rows == NULL || square == NULL || vectors == NULL)
        goto out;
    gather_left_out(covariates, outside, is_outside, rows, &n_left);
    bool by_people = n_left < c;
    cblas_dgemm(CblasRowMajor, by_people ? CblasNoTrans : CblasTrans, by_people ? CblasTrans : CblasNoTrans,
                (int)order, (int)order, (int)(by_people ? c : n_left), 1, rows, (int)c, rows, (int)c, 0,
                square, (int)order);
    if (largest_eigenvectors(square, order, 1 - within * within, values, vectors, count, err) != 0)
        goto out;
    if (!by_people)
        memcpy(null, vectors, *count * c * sizeof *null);
    else if (*count > 0) /* B' u has the length sqrt(eigenvalue), which is 1 but for 1e-8 */
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)*count, (int)c, (int)n_left, 1, vectors,
                    (int)order, rows, (int)c, 0, null, (int)c);
out:
    free(is_outside);
    free(rows);
    free(square);
    free(vectors);
    return err->code;
}

/* The null space of the rows of `outside`: *n_null rows of `right` (c x c) from *first on. Nearly always
 * there is none, which those who are left out tell at once. With few covariates it is taken from the rows
 * outside, as ever, so that scores keep their bits; with many (a column of hundreds of labels) that takes
 * minutes. */
static int null_space(const struct covariates *covariates, const struct covariates_rows *outside,
                      double *right, size_t *first, size_t *n_null, struct error *err)
{
    const double nearly_lost = 10 * lost_direction;
    size_t c = covariates->c, near = 0;
    double *values = memory_zeroed(c, sizeof *values, "covariates of a fold", err);
    *first = *n_null = 0;
    if (values != NULL &&
        null_space_by_left_out(covariates, outside, nearly_lost, right, values, &near, err) == 0 &&
        near > 0) {
        while (*n_null < near && covariates_is_lost(1 - values[near - 1 - *n_null]))
            ++*n_null;
        *first = near - *n_null;
        if (c <= COVARIATES_FEW) {
            null_space_by_svd(covariates, outside, right, n_null, err);
            *first = c - *n_null;
        }
    }
    free(values);
    return err->code;
}

bool covariates_is_lost(double share)
{
    return share <= lost_direction * lost_direction;
}

int covariates_nearly_lost(const struct covariates *covariates, const struct covariates_rows *outside,
                           double within, double *directions, double *share, size_t *count, struct error *err)
{
    if (null_space_by_left_out(covariates, outside, within, directions, share, count, err) == 0)
        for (size_t k = 0; k < *count; k++)
            share[k] = 1 - share[k];
    return err->code;
}

int covariates_lost_directions(const struct covariates *covariates, const struct covariates_rows *outside,
                               const struct covariates_rows *inside, double *directions, size_t *count,
                               struct error *err)
{
    size_t c = covariates->c, n_inside = inside->count, n_null = 0, first = 0;
    *count = 0;
    double *right = memory_aligned(c * c, sizeof *right, "covariates of a fold", err);
    double *rows = memory_aligned(n_inside * c, sizeof *rows, "covariates of a fold", err);
    double *seen =
        memory_aligned((n_inside > c ? n_inside : c) * c, sizeof *seen, "covariates of a fold", err);
    double *values = memory_zeroed(c, sizeof *values, "covariates of a fold", err);
    if (right == NULL || rows == NULL || seen == NULL || values == NULL)
        goto out;
    if (null_space(covariates, outside, right, &first, &n_null, err) != 0 || n_null == 0)
        goto out;
    gather_rows(rows, covariates->basis, inside->rows, n_inside, c);
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)n_inside, (int)n_null, (int)c, 1, rows, (int)c,
                right + first * c, (int)c, 0, seen, (int)n_null);
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
