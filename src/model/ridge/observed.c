#include "model/ridge/observed.h"

#include "base/memory.h"
#include "model/ridge/ridge.h"
#include "model/ridge/targets.h"

#include <cblas.h>
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
    baseline_fold_residuals(baseline, &folds->rows[outer_fold], outer_fold,
                            &(struct baseline_columns){observed->targets + slice->first,
                                                       observed->projection + slice->first,
                                                       observed->n_targets, slice->count},
                            workspace, e);
}

/* Whether every value of a row of targets counts for the table; else which ones. */
static bool is_seen(const struct observed *observed, const double *row, size_t j)
{
    return !observed->has_filled || !targets_is_filled(row[j]);
}

/* Where a baseline's sums go, n_outer x T each, zeros at first: squares of everybody's e_o, and sum and
 * squares of those seen. */
struct baseline_sums {
    double *squares, *seen_sum, *seen_squares;
};

/* One test set's e_o (n_o x count). */
static void add_residuals(const struct observed *observed, const struct fold_rows *rows,
                          const struct observed_slice *slice, const double *e,
                          const struct baseline_sums *sums)
{
    for (size_t i = 0; i < rows->n_test; i++) {
        const double *target =
            observed->targets + (rows->first_test + i) * observed->n_targets + slice->first;
        for (size_t j = 0; j < slice->count; j++) {
            double value = e[i * slice->count + j], seen = is_seen(observed, target, j) ? value : 0;
            sums->squares[slice->cell + j] += value * value;
            sums->seen_sum[slice->cell + j] += seen;
            if (observed->has_filled)
                sums->seen_squares[slice->cell + j] += seen * seen;
        }
    }
}

/* workspace: (n_o + c + 1) x a slice. */
static void add_baseline(const struct observed *observed, const struct baseline *baseline,
                         const struct folds *folds, double *workspace, const struct baseline_sums *sums)
{
    for (size_t o = 0; o < folds->n_outer; o++)
        for (size_t first = 0; first < observed->n_targets; first += slice_columns(observed->n_targets)) {
            struct observed_slice slice = slice_from(observed, o, first);
            double *e = workspace + (baseline->c + 1) * slice.count;
            baseline_slice(observed, baseline, folds, o, &slice, workspace, e);
            add_residuals(observed, &folds->rows[o], &slice, e, sums);
        }
}

/* The errors around the mean of each test set; those seen around their own mean. sum: n_outer x T zeros. */
static void add_test_mean(const struct observed *observed, const struct baseline *test_mean,
                          const struct folds *folds, double *workspace, double *sum)
{
    const struct baseline_sums sums = {observed->baseline_error, sum, observed->seen_baseline_error};
    add_baseline(observed, test_mean, folds, workspace, &sums);
    for (size_t k = 0; observed->has_filled && k < observed->n_outer * observed->n_targets; k++)
        if (observed->n_seen[k] > 0)
            observed->seen_baseline_error[k] -= sum[k] * sum[k] / observed->n_seen[k];
}

static void count_seen(const struct observed *observed, const struct folds *folds)
{
    size_t t = observed->n_targets;
    for (size_t o = 0; o < folds->n_outer; o++)
        for (size_t i = 0; i < folds->rows[o].n_test; i++) {
            const double *row = observed->targets + (folds->rows[o].first_test + i) * t;
            for (size_t j = 0; j < t; j++)
                observed->n_seen[o * t + j] += is_seen(observed, row, j) ? 1 : 0;
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
    double *sum = memory_zeroed(cells, sizeof *sum, "the observed baseline", err);
    if (err->code == 0) {
        const struct baseline_sums sums = {observed->infinity_error, observed->infinity_sum,
                                           observed->seen_infinity_error};
        count_seen(observed, folds);
        baseline_project(infinity, observed->targets, observed->n_targets, observed->projection);
        add_baseline(observed, infinity, folds, workspace, &sums);
        if (scored_against->kind != infinity->kind)
            add_test_mean(observed, scored_against, folds, workspace, sum);
        else {
            memcpy(observed->baseline_error, observed->infinity_error, cells * sizeof(double));
            memcpy(observed->seen_baseline_error, observed->seen_infinity_error, cells * sizeof(double));
        }
    }
    free(workspace);
    free(sum);
    return err->code;
}

static bool any_filled(const double *targets, size_t count)
{
    for (size_t k = 0; k < count; k++)
        if (targets_is_filled(targets[k]))
            return true;
    return false;
}

/* An array for those seen: where all are, the one of everybody. */
static double *seen_array(const struct observed *observed, double *everybody, size_t count, struct error *err)
{
    return observed->has_filled ? memory_zeroed(count, sizeof(double), "the observed scores", err)
                                : everybody;
}

static void allocate(struct observed *observed, size_t cells, size_t fold_cells, struct error *err)
{
    double **of_penalty[] = {&observed->criterion, &observed->error, &observed->sum, &observed->product};
    double **of_fold[] = {&observed->infinity_error, &observed->baseline_error, &observed->n_seen,
                          &observed->infinity_sum};
    for (size_t k = 0; k < sizeof of_penalty / sizeof *of_penalty; k++)
        *of_penalty[k] = memory_zeroed(cells, sizeof(double), "the observed scores", err);
    for (size_t k = 0; k < sizeof of_fold / sizeof *of_fold; k++)
        *of_fold[k] = memory_zeroed(fold_cells, sizeof(double), "the observed scores", err);
    observed->projection = memory_aligned(observed->covariates_only->c * observed->n_targets, sizeof(double),
                                          "the observed scores", err);
    observed->seen_error = seen_array(observed, observed->error, cells, err);
    observed->seen_infinity_error = seen_array(observed, observed->infinity_error, fold_cells, err);
    observed->seen_baseline_error = seen_array(observed, observed->baseline_error, fold_cells, err);
}

int observed_init(struct observed *observed, const double *targets, size_t n_targets, size_t n_penalties,
                  const struct folds *folds, const struct observed_baselines *baselines, struct error *err)
{
    *observed = (struct observed){.n_targets = n_targets,
                                  .n_penalties = n_penalties,
                                  .n_outer = folds->n_outer,
                                  .has_filled = any_filled(targets, folds->n * n_targets),
                                  .targets = targets,
                                  .covariates_only = baselines->covariates_only};
    size_t fold_cells = folds->n_outer * n_targets;
    allocate(observed, n_penalties * fold_cells, fold_cells, err);
    if (err->code == 0)
        fill_baselines(observed, folds, baselines->scored_against, err);
    if (err->code != 0)
        observed_free(observed);
    return err->code;
}

void observed_free(struct observed *observed)
{
    if (observed->has_filled) {
        free(observed->seen_error);
        free(observed->seen_infinity_error);
        free(observed->seen_baseline_error);
    }
    free(observed->residual);
    free(observed->criterion);
    free(observed->error);
    free(observed->sum);
    free(observed->product);
    free(observed->projection);
    free(observed->infinity_error);
    free(observed->baseline_error);
    free(observed->n_seen);
    free(observed->infinity_sum);
    *observed = (struct observed){0};
}

int observed_keep_residuals(struct observed *observed, size_t n, struct error *err)
{
    observed->residual = memory_aligned(observed->n_penalties * n * observed->n_targets, sizeof(double),
                                        "the predictions", err);
    return err->code;
}

double observed_bytes(double n_targets, double n_penalties, double n_outer, double n_covariates,
                      bool has_filled)
{
    const double per_penalty = has_filled ? 5 : 4, per_fold = has_filled ? 6 : 4;
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
        const double *target = observed->targets + (rows->first_test + i) * t + slice->first;
        for (size_t j = 0; j < slice->count; j++) {
            double seen = is_seen(observed, target, j) ? e[j] : 0;
            observed->error[slice->cell + j] += e[j] * e[j];
            observed->sum[slice->cell + j] += seen;
            observed->product[slice->cell + j] += seen * e_infinity[j];
            if (observed->has_filled)
                observed->seen_error[slice->cell + j] += seen * seen;
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

/* Keeps e_o of a slice, at the penalty's plane. */
static void keep_residual(struct observed *observed, const struct folds *folds, size_t penalty,
                          size_t outer_fold, const struct observed_slice *slice, const double *residual)
{
    const struct fold_rows *rows = &folds->rows[outer_fold];
    for (size_t i = 0; i < rows->n_test; i++)
        memcpy(observed->residual + (penalty * folds->n + rows->first_test + i) * observed->n_targets +
                   slice->first,
               residual + i * slice->count, slice->count * sizeof *residual);
}

void observed_fold(struct observed *observed, const struct operators_of_fold *fold, size_t penalty,
                   const double *w, double *workspace)
{
    const struct folds *folds = fold->folds;
    const struct operator_layout *layout = fold->layout;
    const double *operators = fold->operators;
    size_t outer_fold = fold->outer_fold;
    size_t t = observed->n_targets, width = slice_columns(t);
    double *residual = workspace, *scratch = residual + folds_largest_test(folds) * width;
    for (size_t first = 0; first < t; first += width) {
        struct observed_slice slice = slice_from(observed, penalty * observed->n_outer + outer_fold, first);
        outer_error(observed, folds, outer_fold, &slice, operators + layout->inverse, w, scratch, residual);
        if (observed->residual != NULL)
            keep_residual(observed, folds, penalty, outer_fold, &slice, residual);
        for (size_t b = 0; b < folds->n_inner; b++)
            inner_criterion(observed, &folds->rows[outer_fold], &slice, b, operators + layout->cross,
                            operators + layout->factor[b], w, residual, scratch);
    }
}
