#include "model/ridge/ridge.h"

#include "model/ridge/fold_kernel.h"
#include "model/ridge/fold_sizes.h"

#include <cblas.h>
#include <string.h>

struct ridge_tiling ridge_tiling_of(size_t n_targets)
{
    size_t permutations = n_targets > 0 ? RIDGE_TILE_COLUMNS / n_targets : 1;
    return (struct ridge_tiling){
        .n_targets = n_targets,
        .unit_permutations = permutations > 0 ? permutations : 1,
        .n_slices =
            n_targets > RIDGE_TILE_COLUMNS ? (n_targets + RIDGE_TILE_COLUMNS - 1) / RIDGE_TILE_COLUMNS : 1,
    };
}

void ridge_tiling_slice(const struct ridge_tiling *tiling, size_t slice, size_t *first, size_t *count)
{
    *first = slice * tiling->n_targets / tiling->n_slices;
    *count = (slice + 1) * tiling->n_targets / tiling->n_slices - *first;
}

size_t ridge_tiling_columns(const struct ridge_tiling *tiling, size_t slice)
{
    size_t first, count;
    ridge_tiling_slice(tiling, slice, &first, &count);
    return tiling->unit_permutations * count;
}

size_t ridge_tiling_most_columns(const struct ridge_tiling *tiling)
{
    size_t most = 0;
    for (size_t s = 0; s < tiling->n_slices; s++)
        most = ridge_tiling_columns(tiling, s) > most ? ridge_tiling_columns(tiling, s) : most;
    return most;
}

void ridge_gather(const struct permutation_scheme *scheme, uint64_t first_permutation,
                  const struct ridge_tiling *tiling, size_t slice, const float *targets, float *gathered,
                  uint32_t *workspace)
{
    size_t first, count, columns = ridge_tiling_columns(tiling, slice);
    ridge_tiling_slice(tiling, slice, &first, &count);
    uint32_t *order = workspace;
    for (size_t g = 0; g < tiling->unit_permutations; g++) {
        permutation_draw(scheme, first_permutation + g, order, workspace + scheme->n);
        for (size_t i = 0; i < scheme->n; i++)
            memcpy(gathered + i * columns + g * count, targets + order[i] * tiling->n_targets + first,
                   count * sizeof *gathered);
    }
}

/* A baseline in double goes through a tile by strips of so many columns, whatever is asked for: they stay in
 * the second cache, and of a whole tile (over 500 columns) take less than the same in float32. */
enum { DOUBLE_STRIP = 64 };

static size_t strip_width(size_t columns)
{
    return columns < DOUBLE_STRIP ? columns : DOUBLE_STRIP;
}

/* Workspace: w (n x columns), then what the folds or the baseline need beside it. Of a strip in double: y,
 * its projection, a fold's residuals, and what these need. */
size_t ridge_workspace(const struct folds *folds, size_t n_covariates, size_t columns)
{
    size_t fold = fold_kernel_workspace(folds_largest_test(folds), folds_largest_inner(folds), columns);
    size_t baseline = (n_covariates + 1) * columns;
    size_t single = folds->n * columns + (fold > baseline ? fold : baseline);
    size_t rows = folds->n + folds_largest_test(folds) + 2 * n_covariates + 1;
    size_t strip = rows * strip_width(columns) * (sizeof(double) / sizeof(float));
    return single > strip ? single : strip;
}

void ridge_tile(const struct folds *folds, const struct ridge_operators *operators, const float *gathered,
                size_t columns, float *workspace, float *sums)
{
    int n = (int)folds->n, t = (int)columns;
    float *w = workspace, *criterion = sums, *error = sums + operators->span.count * columns;
    enum instructions instructions = instructions_best();
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, t, n, 1, operators->p, n, gathered, t, 0, w, t);
    for (size_t k = 0; k < operators->span.count; k++)
        fold_kernel_run(instructions,
                        &(struct fold_kernel_fold){&folds->rows[operators->span.first + k], folds->n_inner,
                                                   operators->folds[k], &operators->layouts[k]},
                        w, columns, w + folds->n * columns, criterion + k * columns, error + k * columns);
}

/* sums[j] += sum over rows of a(i, j)^2 */
static void add_squares(const float *restrict a, size_t n_rows, size_t columns, float *restrict sums)
{
    for (size_t i = 0; i < n_rows; i++)
        for (size_t j = 0; j < columns; j++)
            sums[j] += a[i * columns + j] * a[i * columns + j];
}

static void baseline_in_single(const struct folds *folds, struct fold_span span,
                               const struct baseline *baseline, const float *gathered, size_t columns,
                               float *workspace, float *sums)
{
    float *w = workspace;
    memcpy(w, gathered, folds->n * columns * sizeof *w);
    baseline_residuals_single(baseline, folds, w, columns, w + folds->n * columns);
    memset(sums, 0, span.count * columns * sizeof *sums);
    for (size_t k = 0; k < span.count; k++) {
        const struct fold_rows *rows = &folds->rows[span.first + k];
        add_squares(w + rows->first_test * columns, rows->n_test, columns, sums + k * columns);
    }
}

/* Of one strip: gathered and sums have columns that are `ld` apart. */
static void strip_in_double(const struct folds *folds, struct fold_span span, const struct baseline *baseline,
                            const float *gathered, size_t ld, size_t width, double *y, float *sums)
{
    double *projection = y + folds->n * width, *e = projection + baseline->c * width;
    double *workspace = e + folds_largest_test(folds) * width, squares[DOUBLE_STRIP];
    for (size_t i = 0; i < folds->n; i++)
        for (size_t j = 0; j < width; j++)
            y[i * width + j] = (double)gathered[i * ld + j];
    baseline_project(baseline, y, width, projection);
    for (size_t k = 0; k < span.count; k++) {
        const struct fold_rows *rows = &folds->rows[span.first + k];
        baseline_fold_residuals(baseline, rows, span.first + k,
                                &(struct baseline_columns){y, projection, width, width}, workspace, e);
        memset(squares, 0, sizeof squares);
        for (size_t i = 0; i < rows->n_test; i++)
            for (size_t j = 0; j < width; j++)
                squares[j] += e[i * width + j] * e[i * width + j];
        for (size_t j = 0; j < width; j++)
            sums[k * ld + j] = (float)squares[j];
    }
}

void ridge_baseline(const struct folds *folds, struct fold_span span, const struct baseline *baseline,
                    const float *gathered, size_t columns, float *workspace, float *sums)
{
    if (!baseline->needs_double) {
        baseline_in_single(folds, span, baseline, gathered, columns, workspace, sums);
        return;
    }
    void *strip = workspace; /* aligned for more than a double, as all that is allocated */
    for (size_t first = 0; first < columns; first += DOUBLE_STRIP)
        strip_in_double(folds, span, baseline, gathered + first, columns, strip_width(columns - first), strip,
                        sums + first);
}

double ridge_flops(const struct folds *folds, struct fold_span span)
{
    double n = (double)folds->n, flops = 2 * n * n;
    for (size_t k = 0; k < span.count; k++) {
        struct fold_sizes sizes = fold_sizes_of(&folds->rows[span.first + k], folds->n_inner);
        flops += fold_sizes_column_flops(&sizes);
    }
    return flops;
}
