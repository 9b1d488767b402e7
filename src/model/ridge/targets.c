#include "model/ridge/targets.h"

#include "base/memory.h"

#include <cblas.h>
#include <lapacke.h>
#include <limits.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

/* A residual smaller than this is rounding: a share of the target's variance (a combination of covariates
 * leaves less) and of its mean square (a constant leaves less). */
static const double least_of_variance = 1e-18, least_of_square = 1e-24;

static double mean_square(const double *y, size_t n, size_t stride)
{
    double norm = cblas_dnrm2((int)n, y, (int)stride);
    return norm * norm / (double)n;
}

/* The mean square that a residual must exceed, from the values that are not missing. */
static double least_variation(const double *y, size_t n, size_t stride)
{
    double sum = 0, whole = 0, squares = 0, count = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(y[i * stride])) {
            sum += y[i * stride];
            whole += y[i * stride] * y[i * stride];
            count++;
        }
    for (size_t i = 0; i < n; i++)
        if (!isnan(y[i * stride]))
            squares += (y[i * stride] - sum / count) * (y[i * stride] - sum / count);
    return count > 0 ? fmax(least_of_variance * squares, least_of_square * whole) / count : 0;
}

/* Replaces a column with missing values by its residual: least squares on the subjects that have a value (of
 * minimum norm, if the design has lost rank there), zero elsewhere. rows: n x c doubles; values: n, or c if
 * that is more. *rank: of the design there. */
static int residualise_incomplete(const struct covariates *covariates, double *y, size_t stride, double *rows,
                                  double *values, lapack_int *rank, struct error *err)
{
    size_t n = covariates->n, c = covariates->c, present = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(y[i * stride])) {
            cblas_dcopy((int)c, covariates->basis + i * c, 1, rows + present * c, 1);
            values[present++] = y[i * stride];
        }
    double *singular = memory_aligned(c, sizeof *singular, "a target with missing values", err);
    if (singular == NULL)
        return err->code;
    lapack_int info = LAPACKE_dgelsd(LAPACK_ROW_MAJOR, (int)present, (int)c, 1, rows, (int)c, values, 1,
                                     singular, 1e-10, rank);
    free(singular);
    if (info != 0)
        return error_set(err, EXIT_CODE_FAILED, "dgelsd (a target with missing values): info = %d",
                         (int)info);
    for (size_t i = 0; i < n; i++)
        y[i * stride] = isnan(y[i * stride])
                            ? 0
                            : y[i * stride] - cblas_ddot((int)c, covariates->basis + i * c, 1, values, 1);
    return 0;
}

static int residualise_all_incomplete(const struct covariates *covariates, double *y, size_t n_targets,
                                      size_t *rank, struct error *err)
{
    size_t n = covariates->n, c = covariates->c;
    double *rows = memory_aligned(n * c, sizeof *rows, "targets with missing values", err);
    double *values = memory_aligned(n > c ? n : c, sizeof *values, "targets with missing values", err);
    for (size_t t = 0; err->code == 0 && t < n_targets; t++) {
        lapack_int found = (lapack_int)c;
        size_t i = 0;
        while (i < n && !isnan(y[i * n_targets + t]))
            i++;
        if (i < n)
            residualise_incomplete(covariates, y + t, n_targets, rows, values, &found, err);
        if (rank != NULL)
            rank[t] = (size_t)found;
    }
    free(rows);
    free(values);
    return err->code;
}

/* One bit for each value of y: whether it is missing. */
static uint8_t *find_missing(const double *y, size_t count, struct error *err)
{
    uint8_t *missing = memory_zeroed(count / CHAR_BIT + 1, 1, "targets with missing values", err);
    for (size_t k = 0; missing != NULL && k < count; k++)
        if (isnan(y[k]))
            missing[k / CHAR_BIT] |= (uint8_t)(1U << (k % CHAR_BIT));
    return missing;
}

/* Marks what was filled in as targets.h says, and nothing else. */
static void mark_filled(double *y, size_t count, const uint8_t *missing)
{
    for (size_t k = 0; k < count; k++)
        y[k] =
            ((unsigned)missing[k / CHAR_BIT] >> (k % CHAR_BIT) & 1U) != 0 ? -0.0 : y[k] + 0.0; /* not -0.0 */
}

/* Scales every column to unit variance; one with no more than least[t] becomes zeros. scale: what each was
 * divided by. */
static void scale_columns(double *y, size_t n, size_t n_targets, const double *least, bool *varies,
                          double *scale)
{
    for (size_t t = 0; t < n_targets; t++) {
        double left = mean_square(y + t, n, n_targets);
        varies[t] = left > least[t];
        cblas_dscal((int)n, varies[t] ? 1 / sqrt(left) : 0, y + t, (int)n_targets);
        if (scale != NULL)
            scale[t] = varies[t] ? sqrt(left) : 0;
    }
}

int targets_residualise(const struct covariates *covariates, double *y, size_t n_targets, bool *varies,
                        double *scale, size_t *rank, struct error *err)
{
    size_t n = covariates->n;
    double *least = memory_aligned(n_targets, sizeof *least, "target variances", err);
    double *workspace = memory_aligned(covariates->c * n_targets, sizeof *workspace, "target residuals", err);
    uint8_t *missing = find_missing(y, n * n_targets, err);
    if (least == NULL || workspace == NULL || missing == NULL)
        goto out;
    for (size_t t = 0; t < n_targets; t++)
        least[t] = least_variation(y + t, n, n_targets);
    if (residualise_all_incomplete(covariates, y, n_targets, rank, err) != 0)
        goto out;
    covariates_residualise(covariates, y, n_targets,
                           workspace); /* changes a completed column by rounding only */
    scale_columns(y, n, n_targets, least, varies, scale);
    mark_filled(y, n * n_targets, missing);
out:
    free(least);
    free(workspace);
    free(missing);
    return err->code;
}
