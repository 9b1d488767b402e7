#include "model/observed.h"

#include "base/memory.h"
#include "model/ridge.h"

#include <cblas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void square_errors(const double *residual, const struct folds *folds, size_t n_targets, double *error)
{
    memset(error, 0, folds->n_outer * n_targets * sizeof *error);
    for (size_t i = 0; i < folds->n; i++) {
        double *sums = error + (size_t)folds->outer[i] * n_targets;
        for (size_t t = 0; t < n_targets; t++)
            sums[t] += residual[i * n_targets + t] * residual[i * n_targets + t];
    }
}

static int baselines(struct observed *observed, const double *targets, const struct folds *folds,
                     const struct baseline *scored_against, const struct baseline *covariates_only,
                     struct error *err)
{
    size_t bytes = observed->n * observed->n_targets * sizeof *targets;
    double *workspace = memory_aligned((covariates_only->c + 1) * observed->n_targets, sizeof *workspace,
                                       "the observed baseline", err);
    if (workspace == NULL)
        return err->code;
    memcpy(observed->residual, targets, bytes);
    baseline_residuals(scored_against, folds, observed->residual, observed->n_targets, workspace);
    square_errors(observed->residual, folds, observed->n_targets, observed->baseline_error);
    if (scored_against != covariates_only) {
        memcpy(observed->residual, targets, bytes);
        baseline_residuals(covariates_only, folds, observed->residual, observed->n_targets, workspace);
    }
    free(workspace);
    return 0;
}

int observed_init(struct observed *observed, const double *targets, size_t n_targets, size_t n_penalties,
                  const struct folds *folds, const struct baseline *scored_against,
                  const struct baseline *covariates_only, struct error *err)
{
    *observed = (struct observed){
        .n = folds->n, .n_targets = n_targets, .n_penalties = n_penalties, .n_outer = folds->n_outer};
    size_t cells = n_penalties * folds->n_outer * n_targets;
    observed->criterion = memory_zeroed(cells, sizeof(double), "the observed scores", err);
    observed->error = memory_zeroed(cells, sizeof(double), "the observed scores", err);
    observed->sum = memory_zeroed(cells, sizeof(double), "the observed scores", err);
    observed->product = memory_zeroed(cells, sizeof(double), "the observed scores", err);
    observed->residual = memory_aligned(folds->n * n_targets, sizeof(double), "the observed scores", err);
    observed->baseline_error =
        memory_zeroed(folds->n_outer * n_targets, sizeof(double), "the observed scores", err);
    if (err->code == 0)
        baselines(observed, targets, folds, scored_against, covariates_only, err);
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
    free(observed->residual);
    free(observed->baseline_error);
    *observed = (struct observed){0};
}

static size_t slice_columns(size_t n_targets)
{
    return n_targets < RIDGE_TILE_COLUMNS ? n_targets : RIDGE_TILE_COLUMNS;
}

size_t observed_workspace(const struct folds *folds, size_t n_targets)
{
    return (folds_largest_test(folds) + folds_largest_inner(folds)) * slice_columns(n_targets);
}

/* A slice of targets of one outer fold: first ... first+count-1. */
struct observed_slice {
    size_t first, count, cell; /* cell: of the first target in criterion, error, sum, product */
};

static void outer_error(struct observed *observed, const struct fold_rows *rows,
                        const struct observed_slice *slice, const double *inverse, const double *w,
                        double *residual)
{
    size_t t = observed->n_targets;
    int n_o = (int)rows->n_test, count = (int)slice->count;
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n_o, count, n_o, 1, inverse, n_o,
                w + rows->first_test * t + slice->first, (int)t, 0, residual, count);
    for (size_t i = 0; i < rows->n_test; i++) {
        const double *e = residual + i * slice->count;
        const double *infinity = observed->residual + (rows->first_test + i) * t + slice->first;
        for (size_t j = 0; j < slice->count; j++) {
            observed->error[slice->cell + j] += e[j] * e[j];
            observed->sum[slice->cell + j] += e[j];
            observed->product[slice->cell + j] += e[j] * infinity[j];
        }
    }
}

static void inner_criterion(struct observed *observed, const struct fold_rows *rows,
                            const struct observed_slice *slice, size_t b, const double *cross,
                            const double *factor, const double *w, const double *residual, double *panel)
{
    size_t t = observed->n_targets, start = rows->inner_start[b], n_b = rows->inner_start[b + 1] - start;
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
    const struct fold_rows *rows = &folds->rows[outer_fold];
    size_t t = observed->n_targets, width = slice_columns(t);
    double *residual = workspace, *panel = residual + folds_largest_test(folds) * width;
    for (size_t first = 0; first < t; first += width) {
        struct observed_slice slice = {
            .first = first,
            .count = t - first < width ? t - first : width,
            .cell = (penalty * observed->n_outer + outer_fold) * t + first,
        };
        outer_error(observed, rows, &slice, operators + layout->inverse, w, residual);
        for (size_t b = 0; b < folds->n_inner; b++)
            inner_criterion(observed, rows, &slice, b, operators + layout->cross,
                            operators + layout->factor[b], w, residual, panel);
    }
}

/* Sums over all subjects of a = e(infinity) and b = a - e(lambda*). */
struct pooled_moments {
    double n, a, b, aa, bb, ab;
};

static double correlation(const struct pooled_moments *m)
{
    double aa = m->aa - m->a * m->a / m->n, bb = m->bb - m->b * m->b / m->n, ab = m->ab - m->a * m->b / m->n;
    return aa > 0 && bb > 1e-14 * m->aa ? ab / sqrt(aa * bb) : NAN; /* a prediction this small is rounding */
}

static void add_fold_moments(struct pooled_moments *m, const struct observed *observed,
                             const struct fold_rows *rows, size_t t, size_t cell)
{
    double a = 0, aa = 0;
    for (size_t i = rows->first_test; i < rows->first_test + rows->n_test; i++) {
        double infinity = observed->residual[i * observed->n_targets + t];
        a += infinity;
        aa += infinity * infinity;
    }
    m->n += (double)rows->n_test;
    m->a += a;
    m->aa += aa;
    m->b += a - observed->sum[cell];
    m->ab += aa - observed->product[cell];
    m->bb += aa - 2 * observed->product[cell] + observed->error[cell];
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
            size_t cell = (best * n_outer + o) * n_targets + t;
            error[o] = observed->error[cell];
            baseline[o] = observed->baseline_error[o * n_targets + t];
            n_test[o] = folds->rows[o].n_test;
            r2_by_fold[o * n_targets + t] = score_fold_r2(error[o], baseline[o], n_test[o]);
            penalty_by_fold[o * n_targets + t] = penalties[best];
            add_fold_moments(&moments, observed, &folds->rows[o], t, cell);
        }
        r2[t] = score_statistic(kind, error, baseline, n_test, n_outer);
        r[t] = correlation(&moments);
    }
}
