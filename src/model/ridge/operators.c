#include "model/ridge/operators.h"

#include "base/memory.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ELEMENTS_PER_CACHE_LINE = 16 };

static size_t aligned(size_t count)
{
    return (count + ELEMENTS_PER_CACHE_LINE - 1) / ELEMENTS_PER_CACHE_LINE * ELEMENTS_PER_CACHE_LINE;
}

int operator_layout_init(struct operator_layout *layout, const struct fold_rows *rows, size_t n_inner,
                         struct error *err)
{
    *layout = (struct operator_layout){0};
    layout->factor = memory_zeroed(n_inner, sizeof *layout->factor, "the operators' layout", err);
    if (layout->factor == NULL)
        return err->code;
    layout->cross = aligned(rows->n_test * rows->n_test);
    layout->count = layout->cross + aligned(rows->n_train * rows->n_test);
    for (size_t b = 0; b < n_inner; b++) {
        layout->factor[b] = layout->count;
        layout->count += aligned(folds_inner_size(rows, b) * folds_inner_size(rows, b));
    }
    return 0;
}

void operator_layout_free(struct operator_layout *layout)
{
    free(layout->factor);
    *layout = (struct operator_layout){0};
}

int lost_directions_init_outer(struct lost_directions *lost, const struct covariates *covariates,
                               const struct folds *folds, size_t outer_fold, struct error *err)
{
    const struct fold_rows *rows = &folds->rows[outer_fold];
    size_t c = covariates->c;
    *lost = (struct lost_directions){.c = c};
    unsigned *outside = memory_zeroed(folds->n, sizeof *outside, "lost directions", err);
    unsigned *test = memory_zeroed(rows->n_test, sizeof *test, "lost directions", err);
    lost->outer = memory_aligned(rows->n_test * c, sizeof *lost->outer, "lost directions", err);
    if (outside != NULL && test != NULL && lost->outer != NULL) {
        for (size_t i = 0; i < rows->n_test; i++)
            test[i] = (unsigned)(rows->first_test + i);
        size_t n_outside = folds_outside(rows, folds->n_inner, folds->n_inner, outside);
        covariates_lost_directions(covariates, &(struct covariates_rows){outside, n_outside},
                                   &(struct covariates_rows){test, rows->n_test}, lost->outer,
                                   &lost->n_outer_lost, err);
    }
    free(outside);
    free(test);
    if (err->code != 0)
        lost_directions_free(lost, folds->n_inner);
    return err->code;
}

int lost_directions_init(struct lost_directions *lost, const struct covariates *covariates,
                         const struct folds *folds, size_t outer_fold, struct error *err)
{
    const struct fold_rows *rows = &folds->rows[outer_fold];
    size_t c = covariates->c, n_inner = folds->n_inner;
    if (lost_directions_init_outer(lost, covariates, folds, outer_fold, err) != 0)
        return err->code;
    unsigned *outside = memory_zeroed(folds->n, sizeof *outside, "lost directions", err);
    lost->n_inner_lost = memory_zeroed(n_inner, sizeof *lost->n_inner_lost, "lost directions", err);
    lost->inner = memory_zeroed(n_inner, sizeof *lost->inner, "lost directions", err);
    for (size_t b = 0; b < n_inner && err->code == 0; b++) {
        lost->inner[b] =
            memory_aligned(folds_inner_size(rows, b) * c, sizeof **lost->inner, "lost directions", err);
        if (lost->inner[b] == NULL)
            break;
        size_t n_outside = folds_outside(rows, b, n_inner, outside);
        covariates_lost_directions(
            covariates, &(struct covariates_rows){outside, n_outside},
            &(struct covariates_rows){rows->train + rows->inner_start[b], folds_inner_size(rows, b)},
            lost->inner[b], &lost->n_inner_lost[b], err);
    }
    free(outside);
    if (err->code != 0)
        lost_directions_free(lost, n_inner);
    return err->code;
}

void lost_directions_free(struct lost_directions *lost, size_t n_inner)
{
    for (size_t b = 0; lost->inner != NULL && b < n_inner; b++)
        free(lost->inner[b]);
    free(lost->inner);
    free(lost->n_inner_lost);
    free(lost->outer);
    *lost = (struct lost_directions){0};
}

size_t operators_parts(size_t n)
{
    const size_t least = 512;
    size_t parts = n / least;
    return parts < 1 ? 1 : parts > OPERATORS_MOST_PARTS ? OPERATORS_MOST_PARTS : parts;
}

size_t operators_tiles(size_t n)
{
    size_t parts = operators_parts(n);
    return parts * (parts + 1) / 2;
}

size_t operators_part_start(size_t n, size_t part)
{
    return n * part / operators_parts(n);
}

static void mirror_lower(double *matrix, size_t n, size_t ld)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++)
            matrix[j * ld + i] = matrix[i * ld + j];
}

void operators_tile(const struct svd *svd, double penalty, const struct operators_block *block,
                    double *workspace, double *p)
{
    size_t first_row = block->first_row, n_rows = block->n_rows, first_column = block->first_column,
           n_columns = block->n_columns;

    size_t n = svd->n;
    for (size_t k = 0; k < svd->rank; k++) {
        double shrinkage = penalty / (svd->eigenvalues[k] + penalty);
        const double *vector = svd->vectors + k * n + first_row;
        for (size_t i = 0; i < n_rows; i++)
            workspace[k * n_rows + i] = shrinkage * vector[i];
    }
    double *tile = p + first_row * n + first_column;
    cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, (int)n_rows, (int)n_columns, (int)svd->rank, 1,
                workspace, (int)n_rows, svd->vectors + first_column, (int)n, 0, tile, (int)n);
    if (first_row == first_column) {
        mirror_lower(tile, n_rows, n);
        return;
    }
    for (size_t i = 0; i < n_rows; i++)
        for (size_t j = 0; j < n_columns; j++)
            p[(first_column + j) * n + first_row + i] = tile[i * n + j];
}

/* Replaces the symmetric matrix m, size x size, by its inverse on the complement of `count` orthonormal
 * directions in which m is zero. Else m is positive definite; its lower triangle is read, both are written.
 * d: the directions, size rows, leading dimension ld. With tau the mean of m's diagonal the inverse is inv(m
 * + tau d d') - d d' / tau; where all directions are among them nothing is left to invert, and m, which is
 * rounding, becomes 0. */
static int invert_beside(double *m, size_t size, const double *d, size_t count, size_t ld, struct error *err)
{
    if (count == size) {
        memset(m, 0, size * size * sizeof *m);
        return 0;
    }
    double tau = 0;
    for (size_t i = 0; i < size; i++)
        tau += m[i * size + i] / (double)size;
    if (count > 0)
        cblas_dsyrk(CblasRowMajor, CblasLower, CblasNoTrans, (int)size, (int)count, tau, d, (int)ld, 1, m,
                    (int)size);
    /* The lower triangle of a row-major matrix is LAPACK's upper one. */
    lapack_int info = LAPACKE_dpotrf(LAPACK_COL_MAJOR, 'U', (int)size, m, (int)size);
    if (info == 0)
        info = LAPACKE_dpotri(LAPACK_COL_MAJOR, 'U', (int)size, m, (int)size);
    if (info != 0)
        return error_set(
            err, EXIT_CODE_FAILED,
            "the %zu x %zu block of P is not positive definite (info = %d): the penalty is too small for "
            "this Gram matrix, or two subjects have the same genotypes",
            size, size, (int)info);
    if (count > 0)
        cblas_dsyrk(CblasRowMajor, CblasLower, CblasNoTrans, (int)size, (int)count, -1 / tau, d, (int)ld, 1,
                    m, (int)size);
    mirror_lower(m, size, size);
    return 0;
}

/* Replaces the symmetric matrix `factor`, size x size, by the triangle R of its QR times `scale`: upper
 * triangular, row-major, zeros below. tau: size doubles. */
static int factorise(double *factor, size_t size, double scale, double *tau, struct error *err)
{
    /* Column-major for LAPACK; the matrix is symmetric, so it needs no transposing on the way in. */
    lapack_int info = LAPACKE_dgeqrf(LAPACK_COL_MAJOR, (int)size, (int)size, factor, (int)size, tau);
    if (info != 0)
        return error_set(err, EXIT_CODE_FAILED, "dgeqrf of an inner fold of %zu subjects: info = %d", size,
                         (int)info);
    for (size_t i = 0; i < size; i++)
        for (size_t j = i; j < size; j++) {
            double r = factor[j * size + i] * scale; /* column j, row i */
            factor[j * size + i] = 0;
            factor[i * size + j] = r;
        }
    return 0;
}

/* Computes R_b from P_bb, C_b and M_o. workspace: n_b x n_o doubles and n_b more. */
static int inner_factor(const double *p, const struct folds *folds, size_t outer_fold, size_t b,
                        const struct operator_layout *layout, const struct lost_directions *lost,
                        double *workspace, double *operators, struct error *err)
{
    const struct fold_rows *rows = &folds->rows[outer_fold];
    size_t n_o = rows->n_test, n_b = folds_inner_size(rows, b);
    const uint32_t *subject = rows->train + rows->inner_start[b];
    const double *cross = operators + layout->cross + rows->inner_start[b] * n_o;
    double *factor = operators + layout->factor[b];
    for (size_t i = 0; i < n_b; i++)
        for (size_t j = 0; j < n_b; j++)
            factor[i * n_b + j] = p[(size_t)subject[i] * folds->n + subject[j]];
    cblas_dsymm(CblasRowMajor, CblasRight, CblasLower, (int)n_b, (int)n_o, 1, operators + layout->inverse,
                (int)n_o, cross, (int)n_o, 0, workspace, (int)n_o);
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)n_b, (int)n_b, (int)n_o, -1, workspace,
                (int)n_o, cross, (int)n_o, 1, factor, (int)n_b);
    if (invert_beside(factor, n_b, lost->inner[b], lost->n_inner_lost[b], lost->c, err) != 0)
        return err->code;
    double scale = 1 / sqrt((double)folds->n_inner * (double)n_b);
    return factorise(factor, n_b, scale, workspace + n_b * n_o, err);
}

int operators_fold(const double *p, const struct folds *folds, size_t outer_fold,
                   const struct operator_layout *layout, const struct lost_directions *lost,
                   double *operators, struct error *err)
{
    const struct fold_rows *rows = &folds->rows[outer_fold];
    size_t n = folds->n, n_o = rows->n_test, first = rows->first_test;
    double *inverse = operators + layout->inverse, *cross = operators + layout->cross;
    for (size_t i = 0; i < n_o; i++)
        memcpy(inverse + i * n_o, p + (first + i) * n + first, n_o * sizeof *inverse);
    for (size_t k = 0; k < rows->n_train; k++)
        memcpy(cross + k * n_o, p + (size_t)rows->train[k] * n + first, n_o * sizeof *cross);
    if (invert_beside(inverse, n_o, lost->outer, lost->n_outer_lost, lost->c, err) != 0)
        return err->code;
    size_t largest = folds_largest_inner(folds);
    double *workspace =
        memory_aligned(largest * (n_o + 1), sizeof *workspace, "the operators of a fold", err);
    for (size_t b = 0; workspace != NULL && b < folds->n_inner && err->code == 0; b++)
        inner_factor(p, folds, outer_fold, b, layout, lost, workspace, operators, err);
    free(workspace);
    return err->code;
}

size_t operators_at_once(size_t n, size_t n_columns, size_t n_workers, size_t n_penalties)
{
    bool fits = n * (n + n_columns) * sizeof(double) <= OPERATORS_TWICE_BYTES;
    return fits && n_workers > 1 && n_penalties > 1 ? 2 : 1;
}

size_t operators_slices(size_t n_targets)
{
    size_t slices = (n_targets + OPERATORS_SLICE_TARGETS - 1) / OPERATORS_SLICE_TARGETS;
    return slices < OPERATORS_MOST_SLICES ? slices : OPERATORS_MOST_SLICES;
}

void operators_apply(const double *p, size_t n, const double *y, size_t ld, size_t count, double *fitted)
{
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)n, (int)count, (int)n, 1, p, (int)n, y,
                (int)ld, 0, fitted, (int)ld);
}

void operators_round(const double *from, size_t count, float *to)
{
    for (size_t i = 0; i < count; i++)
        to[i] = (float)from[i];
}
