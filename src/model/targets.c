#include "model/targets.h"

#include "base/memory.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>

/* What is left of a target, as a share of its variance, that still counts as variation and not as rounding.
 */
static const double least_variation = 1e-18;

static double mean_square(const double *y, size_t n, size_t stride)
{
    double norm = cblas_dnrm2((int)n, y, (int)stride);
    return norm * norm / (double)n;
}

/* Variance about the mean of the values that are there. */
static double variance(const double *y, size_t n, size_t stride)
{
    double sum = 0, squares = 0, count = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(y[i * stride])) {
            sum += y[i * stride];
            count++;
        }
    for (size_t i = 0; i < n; i++)
        if (!isnan(y[i * stride]))
            squares += (y[i * stride] - sum / count) * (y[i * stride] - sum / count);
    return count > 0 ? squares / count : 0;
}

/* Residual of one column with missing values: least squares on the subjects that have one (minimum norm,
 * should the design lose rank there), zero elsewhere. rows: n x c, values: n (at least c) doubles. */
static int residualise_incomplete(const struct covariates *covariates, double *y, size_t stride, double *rows,
                                  double *values, struct error *err)
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
    lapack_int rank = 0;
    lapack_int info = LAPACKE_dgelsd(LAPACK_ROW_MAJOR, (int)present, (int)c, 1, rows, (int)c, values, 1,
                                     singular, 1e-10, &rank);
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
                                      struct error *err)
{
    size_t n = covariates->n, c = covariates->c;
    double *rows = memory_aligned(n * c, sizeof *rows, "targets with missing values", err);
    double *values = memory_aligned(n > c ? n : c, sizeof *values, "targets with missing values", err);
    for (size_t t = 0; err->code == 0 && t < n_targets; t++)
        for (size_t i = 0; i < n; i++)
            if (isnan(y[i * n_targets + t])) {
                residualise_incomplete(covariates, y + t, n_targets, rows, values, err);
                break;
            }
    free(rows);
    free(values);
    return err->code;
}

int targets_residualise(const struct covariates *covariates, double *y, size_t n_targets, bool *varies,
                        struct error *err)
{
    size_t n = covariates->n;
    double *before = memory_aligned(n_targets, sizeof *before, "target variances", err);
    double *workspace = memory_aligned(covariates->c * n_targets, sizeof *workspace, "target residuals", err);
    if (before == NULL || workspace == NULL)
        goto out;
    for (size_t t = 0; t < n_targets; t++)
        before[t] = variance(y + t, n, n_targets);
    if (residualise_all_incomplete(covariates, y, n_targets, err) != 0)
        goto out;
    covariates_residualise(covariates, y, n_targets,
                           workspace); /* changes a completed column by rounding only */
    for (size_t t = 0; t < n_targets; t++) {
        double left = mean_square(y + t, n, n_targets);
        varies[t] = left > least_variation * before[t] && left > 0;
        cblas_dscal((int)n, varies[t] ? 1 / sqrt(left) : 0, y + t, (int)n_targets);
    }
out:
    free(before);
    free(workspace);
    return err->code;
}
