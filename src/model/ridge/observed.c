#include "model/ridge/observed.h"

#include "base/memory.h"
#include "model/ridge/ridge.h"

#include <cblas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static size_t slice_columns(size_t n_targets)
{
    return n_targets < RIDGE_TILE_COLUMNS ? n_targets : RIDGE_TILE_COLUMNS;
}

/* A slice of targets: first ... first+count-1. */
struct observed_slice {
    size_t first, count;
    size_t cell; /* index of its first target in arrays that have a row of T for each penalty and fold, or
                    each fold */
};

static struct observed_slice slice_from(const struct observed *observed, size_t row, size_t first)
{
    size_t left = observed->n_targets - first, width = slice_columns(observed->n_targets);
    return (struct observed_slice){first, left < width ? left : width, row * observed->n_targets + first};
}

/* e_o of a baseline, n_o x count. workspace: (c + 1) x count. */
static void baseline_slice(const struct observed *observed, const struct baseline *baseline,
                           const struct folds *folds, size_t outer_fold, const struct observed_slice *slice,
                           double *workspace, double *e)
{
    baseline_fold_residuals(baseline, &folds->rows[outer_fold], outer_fold, observed->targets + slice->first,
                            observed->projection + slice->first, observed->n_targets, slice->count, workspace,
                            e);
}

/* Adds the sums of a baseline's e_o and of its squares to `sum` (unless NULL) and `square`, n_outer x T each.
 * workspace: (n_o + c + 1) x a slice. */
static void add_baseline(struct observed *observed, const struct baseline *baseline,
                         const struct folds *folds, double *workspace, double *sum, double *square)
{
    for (size_t o = 0; o < folds->n_outer; o++)
        for (size_t first = 0; first < observed->n_targets; first += slice_columns(observed->n_targets)) {
            struct observed_slice slice = slice_from(observed, o, first);
            double *e = workspace + (baseline->c + 1) * slice.count;
            baseline_slice(observed, baseline, folds, o, &slice, workspace, e);
            for (size_t i = 0; i < folds->rows[o].n_test; i++)
                for (size_t j = 0; j < slice.count; j++) {
                    double value = e[i * slice.count + j];
                    if (sum != NULL)
                        sum[slice.cell + j] += value;
                    square[slice.cell + j] += value * value;
                }
        }
}

/* Fills what does not depend on the penalty. */
static int fill_baselines(struct observed *observed, const struct folds *folds,
                          const struct baseline *scored_against, struct error *err)
{
    const struct baseline *infinity = observed->covariates_only;
    size_t cells = observed->n_outer * observed->n_targets;
    size_t rows = folds_largest_test(folds) + infinity->c + 1;
    double *workspace = memory_aligned(rows * slice_columns(observed->n_targets), sizeof *workspace,
                                       "the observed baseline", err);
    if (err->code == 0) {
        baseline_project(infinity, observed->targets, observed->n_targets, observed->projection);
        add_baseline(observed, infinity, folds, workspace, observed->infinity_sum, observed->infinity_error);
        if (scored_against->kind == infinity->kind)
            memcpy(observed->baseline_error, observed->infinity_error, cells * sizeof(double));
        else
            add_baseline(observed, scored_against, folds, workspace, NULL, observed->baseline_error);
    }
    free(workspace);
    return err->code;
}

int observed_init(struct observed *observed, const double *targets, size_t n_targets, size_t n_penalties,
                  const struct folds *folds, const struct baseline *scored_against,
                  const struct baseline *covariates_only, struct error *err)
{
    *observed = (struct observed){.n_targets = n_targets,
                                  .n_penalties = n_penalties,
                                  .n_outer = folds->n_outer,
                                  .targets = targets,
                                  .covariates_only = covariates_only};
    size_t fold_cells = folds->n_outer * n_targets, cells = n_penalties * fold_cells;
    observed->criterion = memory_zeroed(cells, sizeof(double), "the observed scores", err);
    observed->error = memory_zeroed(cells, sizeof(double), "the observed scores", err);
    observed->sum = memory_zeroed(cells, sizeof(double), "the observed scores", err);
    observed->product = memory_zeroed(cells, sizeof(double), "the observed scores", err);
    observed->projection =
        memory_aligned(covariates_only->c * n_targets, sizeof(double), "the observed scores", err);
    observed->infinity_sum = memory_zeroed(fold_cells, sizeof(double), "the observed scores", err);
    observed->infinity_error = memory_zeroed(fold_cells, sizeof(double), "the observed scores", err);
    observed->baseline_error = memory_zeroed(fold_cells, sizeof(double), "the observed scores", err);
    if (err->code == 0)
        fill_baselines(observed, folds, scored_against, err);
    if (err->code != 0)
        observed_free(observed);
    return err->code;
}

void observed_free(struct observed *observed)
{
    free(observed->criterion);
    free(observed->error);
    free(observed->sum);
    free(observed->product);
    free(observed->projection);
    free(observed->infinity_sum);
    free(observed->infinity_error);
    free(observed->baseline_error);
    *observed = (struct observed){0};
}

double observed_bytes(double n_targets, double n_penalties, double n_outer, double n_covariates)
{
    const double per_penalty = 4, per_fold = 3;
    return ((per_penalty * n_penalties + per_fold) * n_outer + n_covariates) * n_targets * sizeof(double);
}

/* Room for e_o and, beside it, for what e_o(infinity) needs or for the rows of an inner fold. */
size_t observed_workspace(const struct observed *observed, const struct folds *folds)
{
    size_t n_o = folds_largest_test(folds), n_b = folds_largest_inner(folds);
    size_t infinity = n_o + observed->covariates_only->c + 1;
    return (n_o + (n_b > infinity ? n_b : infinity)) * slice_columns(observed->n_targets);
}

/* Adds up the outer error. residual: e_o, n_o x count, written. workspace: (n_o + c + 1) x count. */
static void outer_error(struct observed *observed, const struct folds *folds, size_t outer_fold,
                        const struct observed_slice *slice, const double *inverse, const double *w,
                        double *workspace, double *residual)
{
    const struct fold_rows *rows = &folds->rows[outer_fold];
    size_t t = observed->n_targets;
    int n_o = (int)rows->n_test, count = (int)slice->count;
    double *infinity = workspace + (observed->covariates_only->c + 1) * slice->count;
    baseline_slice(observed, observed->covariates_only, folds, outer_fold, slice, workspace, infinity);
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n_o, count, n_o, 1, inverse, n_o,
                w + rows->first_test * t + slice->first, (int)t, 0, residual, count);
    for (size_t i = 0; i < rows->n_test; i++) {
        const double *e = residual + i * slice->count, *e_infinity = infinity + i * slice->count;
        for (size_t j = 0; j < slice->count; j++) {
            observed->error[slice->cell + j] += e[j] * e[j];
            observed->sum[slice->cell + j] += e[j];
            observed->product[slice->cell + j] += e[j] * e_infinity[j];
        }
    }
}

/* Adds up the criterion of one inner fold. residual: e_o. panel: workspace, n_b x count. */
static void inner_criterion(struct observed *observed, const struct fold_rows *rows,
                            const struct observed_slice *slice, size_t b, const double *cross,
                            const double *factor, const double *w, const double *residual, double *panel)
{
    size_t t = observed->n_targets, start = rows->inner_start[b], n_b = folds_inner_size(rows, b);
    int n_o = (int)rows->n_test, count = (int)slice->count;
    for (size_t i = 0; i < n_b; i++)
        memcpy(panel + i * slice->count, w + rows->train[start + i] * t + slice->first,
               slice->count * sizeof *panel);
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)n_b, count, n_o, -1,
                cross + start * rows->n_test, n_o, residual, count, 1, panel, count);
    cblas_dtrmm(CblasRowMajor, CblasLeft, CblasUpper, CblasNoTrans, CblasNonUnit, (int)n_b, count, 1, factor,
                (int)n_b, panel, count);
    for (size_t i = 0; i < n_b; i++)
        for (size_t j = 0; j < slice->count; j++)
            observed->criterion[slice->cell + j] += panel[i * slice->count + j] * panel[i * slice->count + j];
}

void observed_fold(struct observed *observed, const struct folds *folds, size_t penalty, size_t outer_fold,
                   const struct operator_layout *layout, const double *operators, const double *w,
                   double *workspace)
{
    size_t t = observed->n_targets, width = slice_columns(t);
    double *residual = workspace, *scratch = residual + folds_largest_test(folds) * width;
    for (size_t first = 0; first < t; first += width) {
        struct observed_slice slice = slice_from(observed, penalty * observed->n_outer + outer_fold, first);
        outer_error(observed, folds, outer_fold, &slice, operators + layout->inverse, w, scratch, residual);
        for (size_t b = 0; b < folds->n_inner; b++)
            inner_criterion(observed, &folds->rows[outer_fold], &slice, b, operators + layout->cross,
                            operators + layout->factor[b], w, residual, scratch);
    }
}

/* Sums over all subjects of a, the target beyond the covariates, and b, the prediction of the SNPs: a =
 * e(infinity), b = e(infinity) - e(lambda chosen). */
struct pooled_moments {
    double n, a, b, aa, bb, ab;
};

static double correlation(const struct pooled_moments *m)
{
    double aa = m->aa - m->a * m->a / m->n, bb = m->bb - m->b * m->b / m->n, ab = m->ab - m->a * m->b / m->n;
    return aa > 0 && bb > 1e-14 * m->aa ? ab / sqrt(aa * bb) : NAN; /* so small a prediction is rounding */
}

/* cell: index of the fold and target; chosen: the same, at the chosen penalty. */
static void add_fold_moments(struct pooled_moments *m, const struct observed *observed, size_t n_test,
                             size_t cell, size_t chosen)
{
    double a = observed->infinity_sum[cell], aa = observed->infinity_error[cell];
    m->n += (double)n_test;
    m->a += a;
    m->aa += aa;
    m->b += a - observed->sum[chosen];
    m->ab += aa - observed->product[chosen];
    m->bb += aa - 2 * observed->product[chosen] + observed->error[chosen];
}

void observed_finish(const struct observed *observed, enum score_kind kind, const struct folds *folds,
                     const double *penalties, double *r2, double *r2_by_fold, double *penalty_by_fold,
                     double *r)
{
    size_t n_targets = observed->n_targets, n_outer = observed->n_outer;
    for (size_t t = 0; t < n_targets; t++) {
        double error[SCORE_MAX_FOLDS], baseline[SCORE_MAX_FOLDS];
        size_t n_test[SCORE_MAX_FOLDS];
        struct pooled_moments moments = {0};
        for (size_t o = 0; o < n_outer; o++) {
            size_t best = score_choose(observed->criterion + o * n_targets + t, observed->n_penalties,
                                       n_outer * n_targets);
            size_t cell = o * n_targets + t, chosen = best * n_outer * n_targets + cell;
            error[o] = observed->error[chosen];
            baseline[o] = observed->baseline_error[cell];
            n_test[o] = folds->rows[o].n_test;
            r2_by_fold[cell] = score_fold_r2(error[o], baseline[o], n_test[o]);
            penalty_by_fold[cell] = penalties[best];
            add_fold_moments(&moments, observed, n_test[o], cell, chosen);
        }
        r2[t] = score_statistic(kind, error, baseline, n_test, n_outer);
        r[t] = correlation(&moments);
    }
}
