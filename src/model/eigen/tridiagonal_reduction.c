#include "model/eigen/tridiagonal_reduction.h"

#include "base/memory.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Blocks of a slab that are multiplied by a vector from both sides while they are in the second cache;
 * columns of an update's products. */
enum { BLOCK_ROWS = 2048, BLOCK_COLUMNS = 8, UPDATE_COLUMNS = 128 };

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

int reduction_init(struct tridiagonal_reduction *reduction, struct error *err)
{
    size_t n = reduction->n;
    reduction->w = memory_aligned(n * TRIDIAGONAL_PANEL, sizeof(double), reduction->purpose, err);
    reduction->products = memory_aligned(n * TRIDIAGONAL_SLABS, sizeof(double), reduction->purpose, err);
    return err->code;
}

void reduction_free(struct tridiagonal_reduction *reduction)
{
    free(reduction->w);
    free(reduction->products);
}

size_t reduction_panels(size_t n)
{
    return n > TRIDIAGONAL_REST ? (n - TRIDIAGONAL_REST + TRIDIAGONAL_PANEL - 1) / TRIDIAGONAL_PANEL : 0;
}

static double *at(const struct tridiagonal_reduction *reduction, size_t row, size_t column)
{
    return reduction->a + row + column * reduction->ld;
}

/* Column i of the panel's W, from a row on. */
static double *w_at(const struct tridiagonal_reduction *reduction, size_t row, size_t i)
{
    return reduction->w + row + i * reduction->n;
}

/* Where slab begins in the columns first ... n-1: slabs have equal parts of the triangle below. */
static size_t slab_start(size_t first, size_t n, size_t slab)
{
    double left = 1 - (double)slab / TRIDIAGONAL_SLABS;
    return n - (size_t)((double)(n - first) * sqrt(left));
}

/* y -= V (row of W)' + W (row of V)': the updates of the panel's earlier columns, to this one. */
static void apply_panel(struct tridiagonal_reduction *reduction, size_t column)
{
    int i = (int)(column % TRIDIAGONAL_PANEL), rows = (int)(reduction->n - column), ld = (int)reduction->ld,
        n = (int)reduction->n;
    double *v = at(reduction, column, column - (size_t)i), *w = w_at(reduction, column, 0);
    double *y = at(reduction, column, column);
    cblas_dgemv(CblasColMajor, CblasNoTrans, rows, i, -1, v, ld, w, n, 1, y, 1);
    cblas_dgemv(CblasColMajor, CblasNoTrans, rows, i, -1, w, n, v, ld, 1, y, 1);
}

void reduction_begin(struct tridiagonal_reduction *reduction, size_t column)
{
    size_t below = column + 1;
    const int rows = (int)(reduction->n - below), step = 1;
    if (column % TRIDIAGONAL_PANEL > 0)
        apply_panel(reduction, column);
    double *v = at(reduction, below, column);
    reduction->diagonal[column] = *at(reduction, column, column);
    LAPACK_dlarfg(&rows, v, v + 1, &step,
                  &reduction->tau[column]); /* it cannot fail: what is no number goes on to the rest */
    reduction->beside[column] = *v;
    *v = 1;
}

/* y += A v and, from the other side of the diagonal, A'v: a block below the diagonal. */
static void multiply_block(const struct tridiagonal_reduction *reduction, size_t row, size_t rows,
                           size_t column, size_t columns, const double *v, double *y)
{
    const double *a = at(reduction, row, column);
    int ld = (int)reduction->ld, m = (int)rows, k = (int)columns;
    cblas_dgemv(CblasColMajor, CblasNoTrans, m, k, 1, a, ld, v + column, 1, 1, y + row, 1);
    cblas_dgemv(CblasColMajor, CblasTrans, m, k, 1, a, ld, v + row, 1, 1, y + column, 1);
}

void reduction_product(struct tridiagonal_reduction *reduction, size_t column, size_t slab)
{
    size_t n = reduction->n, first = column + 1, start = slab_start(first, n, slab),
           end = slab_start(first, n, slab + 1);
    const double *v = at(reduction, 0, column);
    double *y = reduction->products + slab * n;
    memset(y + start, 0, (n - start) * sizeof *y);
    cblas_dsymv(CblasColMajor, CblasLower, (int)(end - start), 1, at(reduction, start, start),
                (int)reduction->ld, v + start, 1, 1, y + start, 1);
    for (size_t k = start; k < end; k += BLOCK_COLUMNS)
        for (size_t i = end; i < n; i += BLOCK_ROWS)
            multiply_block(reduction, i, smaller(BLOCK_ROWS, n - i), k, smaller(BLOCK_COLUMNS, end - k), v,
                           y);
}

/* w -= (V W' + W V') v of the panel's earlier columns. */
static void correct(const struct tridiagonal_reduction *reduction, size_t column, double *w)
{
    int i = (int)(column % TRIDIAGONAL_PANEL), rows = (int)(reduction->n - column - 1),
        ld = (int)reduction->ld, n = (int)reduction->n;
    const double *v = at(reduction, column + 1, column),
                 *earlier = at(reduction, column + 1, column - (size_t)i),
                 *earlier_w = w_at(reduction, column + 1, 0);
    double along[TRIDIAGONAL_PANEL];
    cblas_dgemv(CblasColMajor, CblasTrans, rows, i, 1, earlier_w, n, v, 1, 0, along, 1);
    cblas_dgemv(CblasColMajor, CblasNoTrans, rows, i, -1, earlier, ld, along, 1, 1, w, 1);
    cblas_dgemv(CblasColMajor, CblasTrans, rows, i, 1, earlier, ld, v, 1, 0, along, 1);
    cblas_dgemv(CblasColMajor, CblasNoTrans, rows, i, -1, earlier_w, n, along, 1, 1, w, 1);
}

/* The column's W: what the rest times its reflector is, after the panel's earlier columns. */
static void close_column(struct tridiagonal_reduction *reduction, size_t column)
{
    size_t n = reduction->n, i = column % TRIDIAGONAL_PANEL, first = column + 1;
    int rows = (int)(n - first);
    const double *v = at(reduction, first, column);
    double *w = w_at(reduction, first, i), tau = reduction->tau[column];
    memcpy(w, reduction->products + first, (n - first) * sizeof *w);
    for (size_t slab = 1; slab < TRIDIAGONAL_SLABS; slab++) {
        size_t start = slab_start(first, n, slab);
        cblas_daxpy((int)(n - start), 1, reduction->products + slab * n + start, 1, w + (start - first), 1);
    }
    if (i > 0)
        correct(reduction, column, w);
    cblas_dscal(rows, tau, w, 1);
    cblas_daxpy(rows, -tau / 2 * cblas_ddot(rows, w, 1, v, 1), v, 1, w, 1);
}

void reduction_next(struct tridiagonal_reduction *reduction, size_t column)
{
    close_column(reduction, column);
    if ((column + 1) % TRIDIAGONAL_PANEL > 0)
        reduction_begin(reduction, column + 1);
}

/* Some columns from their diagonal on: A -= V W' + W V'. */
static void update_columns(const struct tridiagonal_reduction *reduction, size_t panel, size_t first,
                           size_t columns)
{
    size_t n = reduction->n, below = first + columns, p = panel * TRIDIAGONAL_PANEL;
    int ld = (int)reduction->ld, ld_w = (int)n, k = TRIDIAGONAL_PANEL, rows = (int)(n - below);
    const double *v = at(reduction, first, p), *w = w_at(reduction, first, 0);
    cblas_dsyr2k(CblasColMajor, CblasLower, CblasNoTrans, (int)columns, k, -1, v, ld, w, ld_w, 1,
                 at(reduction, first, first), ld);
    if (rows == 0)
        return;
    cblas_dgemm(CblasColMajor, CblasNoTrans, CblasTrans, rows, (int)columns, k, -1, at(reduction, below, p),
                ld, w, ld_w, 1, at(reduction, below, first), ld);
    cblas_dgemm(CblasColMajor, CblasNoTrans, CblasTrans, rows, (int)columns, k, -1, w_at(reduction, below, 0),
                ld_w, v, ld, 1, at(reduction, below, first), ld);
}

void reduction_update(struct tridiagonal_reduction *reduction, size_t panel, size_t slab)
{
    size_t n = reduction->n, first = (panel + 1) * TRIDIAGONAL_PANEL;
    size_t start = slab_start(first, n, slab), end = slab_start(first, n, slab + 1);
    for (size_t k = start; k < end; k += UPDATE_COLUMNS)
        update_columns(reduction, panel, k, smaller(UPDATE_COLUMNS, end - k));
}

int reduction_finish(struct tridiagonal_reduction *reduction, struct error *err)
{
    size_t first = reduction_panels(reduction->n) * TRIDIAGONAL_PANEL;
    lapack_int info = LAPACKE_dsytrd(
        LAPACK_COL_MAJOR, 'L', (int)(reduction->n - first), at(reduction, first, first), (int)reduction->ld,
        reduction->diagonal + first, reduction->beside + first, reduction->tau + first);
    if (info == LAPACK_WORK_MEMORY_ERROR)
        return error_set(err, EXIT_CODE_FAILED, "out of memory in dsytrd (%s of the study)",
                         reduction->purpose);
    if (info != 0)
        return error_set(err, EXIT_CODE_FAILED, "dsytrd (%s of the study): info = %d", reduction->purpose,
                         (int)info);
    return 0;
}

void reduction_steps(struct tridiagonal_reduction *reduction)
{
    for (size_t panel = 0; panel < reduction_panels(reduction->n); panel++) {
        size_t first = panel * TRIDIAGONAL_PANEL;
        reduction_begin(reduction, first);
        for (size_t column = first; column < first + TRIDIAGONAL_PANEL; column++) {
            for (size_t slab = 0; slab < TRIDIAGONAL_SLABS; slab++)
                reduction_product(reduction, column, slab);
            reduction_next(reduction, column);
        }
        for (size_t slab = 0; slab < TRIDIAGONAL_SLABS; slab++)
            reduction_update(reduction, panel, slab);
    }
}
