#include "model/ridge/penalty_sketch.h"

#include "base/memory.h"
#include "model/stats/random.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* More probes make the margin smaller. Long grids get fewer, so that memory stays below MOST_BYTES. */
enum { MOST_PROBES = 256, FEWEST_PROBES = 32 };
#define MOST_BYTES 268435456.0

/* Of one penalty. */
static double packed_bytes(size_t n_probes, size_t n_outer)
{
    return (double)N_PENALTY_FORMS * (double)n_outer * (double)n_probes * (double)(n_probes + 1) / 2 *
           sizeof(double);
}

size_t penalty_sketch_probes(size_t n, size_t n_penalties, size_t n_outer)
{
    size_t n_probes = MOST_PROBES;
    while (n_probes > FEWEST_PROBES &&
           (double)(n_penalties + 1) * packed_bytes(n_probes, n_outer) > MOST_BYTES)
        n_probes--;
    return n_probes < n ? n_probes : n;
}

double penalty_sketch_penalty_bytes(size_t n, size_t n_penalties, size_t n_outer)
{
    return packed_bytes(penalty_sketch_probes(n, n_penalties, n_outer), n_outer);
}

double penalty_sketch_bytes(size_t n, size_t n_penalties, size_t n_outer)
{
    double probes = (double)n * (double)penalty_sketch_probes(n, n_penalties, n_outer) * sizeof(double);
    return (double)(n_penalties + 1) * penalty_sketch_penalty_bytes(n, n_penalties, n_outer) + probes;
}

static int draw_probes(struct penalty_sketch *sketch, struct error *err)
{
    size_t n = sketch->n, r = sketch->n_probes;
    double *signs = memory_aligned(n * r, sizeof *signs, "the probes", err); /* column-major */
    double *tau = memory_aligned(r, sizeof *tau, "the probes", err);
    if (signs == NULL || tau == NULL)
        goto out;
    struct random_stream stream;
    random_start(&stream, 0, RANDOM_PROBES, 0);
    for (size_t i = 0; i < n * r; i++)
        signs[i] = random_below(&stream, 2) == 0 ? -1 : 1;
    lapack_int info = LAPACKE_dgeqrf(LAPACK_COL_MAJOR, (int)n, (int)r, signs, (int)n, tau);
    if (info == 0)
        info = LAPACKE_dorgqr(LAPACK_COL_MAJOR, (int)n, (int)r, (int)r, signs, (int)n, tau);
    if (info != 0) {
        error_set(err, EXIT_CODE_FAILED, "the probes cannot be made orthogonal: info = %d", (int)info);
        goto out;
    }
    double scale = sqrt((double)n / (double)r);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < r; j++)
            sketch->probes[i * r + j] = scale * signs[j * n + i];
out:
    free(signs);
    free(tau);
    return err->code;
}

static double *packed_at(const struct penalty_sketch *sketch, enum penalty_form form, size_t outer_fold,
                         size_t penalty)
{
    size_t pair = (size_t)form * sketch->n_outer + outer_fold;
    return sketch->packed + penalty * sketch->n_of_penalty + pair * sketch->n_packed;
}

/* Packs the lower triangle of gram, r x r, as penalty_sketch_packed describes. */
static void pack(const double *gram, size_t r, double *packed)
{
    for (size_t i = 0; i < r; i++) {
        for (size_t j = 0; j < i; j++)
            *packed++ = sqrt(2) * gram[i * r + j];
        *packed++ = gram[i * r + i];
    }
}

/* The lower triangle of gram, r x r, = rows' rows + beta gram. rows: n_rows x r. */
static void add_gram(const double *rows, size_t n_rows, size_t r, double beta, double *gram)
{
    cblas_dsyrk(CblasRowMajor, CblasLower, CblasTrans, (int)r, (int)n_rows, 1, rows, (int)r, beta, gram,
                (int)r);
}

static int sketch_infinity(struct penalty_sketch *sketch, const struct folds *folds,
                           const struct baseline *covariates_only, struct error *err)
{
    size_t n = sketch->n, r = sketch->n_probes,
           most = covariates_only->c + 1 > r ? covariates_only->c + 1 : r;
    double *residual = memory_aligned(n * r, sizeof *residual, "the probes' residuals", err);
    double *workspace = memory_aligned(most * r, sizeof *workspace, "the probes' residuals", err);
    if (residual != NULL && workspace != NULL) {
        memcpy(residual, sketch->probes, n * r * sizeof *residual);
        baseline_residuals(covariates_only, folds, residual, r, workspace);
        for (size_t o = 0; o < folds->n_outer; o++) {
            add_gram(residual + folds->rows[o].first_test * r, folds->rows[o].n_test, r, 0, workspace);
            pack(workspace, r, packed_at(sketch, PENALTY_ERROR, o, sketch->n_penalties));
        }
        sketch->has_infinity = true;
    }
    free(residual);
    free(workspace);
    return err->code;
}

int penalty_sketch_init(struct penalty_sketch *sketch, const struct folds *folds, size_t n_penalties,
                        const struct baseline *covariates_only, struct error *err)
{
    size_t r = penalty_sketch_probes(folds->n, n_penalties, folds->n_outer);
    *sketch = (struct penalty_sketch){.n = folds->n,
                                      .n_probes = r,
                                      .n_penalties = n_penalties,
                                      .n_outer = folds->n_outer,
                                      .n_packed = r * (r + 1) / 2,
                                      .n_of_penalty = N_PENALTY_FORMS * folds->n_outer * (r * (r + 1) / 2)};
    sketch->probes = memory_aligned(folds->n * r, sizeof *sketch->probes, "the probes", err);
    sketch->packed = memory_zeroed((n_penalties + 1) * sketch->n_of_penalty, sizeof *sketch->packed,
                                   "the penalties' sketches", err);
    if (err->code == 0 && draw_probes(sketch, err) == 0 && covariates_only != NULL)
        sketch_infinity(sketch, folds, covariates_only, err);
    if (err->code != 0)
        penalty_sketch_free(sketch);
    return err->code;
}

void penalty_sketch_free(struct penalty_sketch *sketch)
{
    free(sketch->probes);
    free(sketch->packed);
    *sketch = (struct penalty_sketch){0};
}

size_t penalty_sketch_workspace(const struct penalty_sketch *sketch, const struct folds *folds)
{
    return (folds_largest_test(folds) + folds_largest_inner(folds) + sketch->n_probes) * sketch->n_probes;
}

void penalty_sketch_fold(struct penalty_sketch *sketch, const struct operators_of_fold *fold, size_t penalty,
                         const double *fitted, double *workspace)
{
    const struct folds *folds = fold->folds;
    const struct operator_layout *layout = fold->layout;
    const struct fold_rows *rows = &folds->rows[fold->outer_fold];
    const double *operators = fold->operators;
    size_t r = sketch->n_probes;
    int n_o = (int)rows->n_test, columns = (int)r;
    double *gram = workspace, *residual = gram + r * r, *panel = residual + rows->n_test * r;
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n_o, columns, n_o, 1, operators + layout->inverse,
                n_o, fitted + rows->first_test * r, columns, 0, residual, columns);
    add_gram(residual, rows->n_test, r, 0, gram);
    pack(gram, r, packed_at(sketch, PENALTY_ERROR, fold->outer_fold, penalty));
    for (size_t b = 0; b < folds->n_inner; b++) {
        size_t start = rows->inner_start[b], n_b = folds_inner_size(rows, b);
        for (size_t i = 0; i < n_b; i++)
            memcpy(panel + i * r, fitted + rows->train[start + i] * r, r * sizeof *panel);
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)n_b, columns, n_o, -1,
                    operators + layout->cross + start * rows->n_test, n_o, residual, columns, 1, panel,
                    columns);
        cblas_dtrmm(CblasRowMajor, CblasLeft, CblasUpper, CblasNoTrans, CblasNonUnit, (int)n_b, columns, 1,
                    operators + layout->factor[b], (int)n_b, panel, columns);
        add_gram(panel, n_b, r, b == 0 ? 0 : 1, gram);
    }
    pack(gram, r, packed_at(sketch, PENALTY_CRITERION, fold->outer_fold, penalty));
}

const double *penalty_sketch_packed(const struct penalty_sketch *sketch, enum penalty_form form,
                                    size_t outer_fold, size_t penalty)
{
    return packed_at(sketch, form, outer_fold, penalty);
}

double penalty_sketch_trace(const struct penalty_sketch *sketch, enum penalty_form form, size_t outer_fold,
                            size_t penalty)
{
    const double *packed = packed_at(sketch, form, outer_fold, penalty);
    double trace = 0;
    for (size_t i = 0; i < sketch->n_probes; i++)
        trace += packed[i * (i + 3) / 2];
    return trace;
}

double penalty_sketch_margin(const struct penalty_sketch *sketch)
{
    double n = (double)sketch->n, r = (double)sketch->n_probes;
    return 1 / (1 - 3 * sqrt(2 / r * (1 - r / n)));
}
