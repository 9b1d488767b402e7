#include "model/penalty_span.h"

#include "base/memory.h"

#include <cblas.h>
#include <lapacke.h>
#include <stdlib.h>
#include <string.h>

enum { LAPACK_BLOCK = 64 };

/* Forms have traces near 1 (criterion) and n_o (error); under this everything of the fold is lost. */
static const double ZERO_TRACE = 1e-10;

static size_t fold_index(const struct penalty_span *span, enum penalty_form form, size_t outer_fold,
                         size_t penalty)
{
    const struct penalty_sketch *sketch = span->sketch;
    return ((size_t)form * sketch->n_outer + outer_fold) * (sketch->n_penalties + 1) + penalty;
}

double penalty_span_mean(const struct penalty_span *span, enum penalty_form form, size_t outer_fold,
                         size_t penalty)
{
    return span->mean[fold_index(span, form, outer_fold, penalty)];
}

static double *vector_of(const struct penalty_span *span, enum penalty_form form, size_t outer_fold,
                         size_t penalty)
{
    return span->vectors + fold_index(span, form, outer_fold, penalty) * span->depth;
}

/* QR of the sketches of one form and fold, relative to their means: the columns of R are the vectors.
 * columns: n_packed x (n_penalties + 1), column-major; tau: depth. */
static int compress(struct penalty_span *span, enum penalty_form form, size_t outer_fold, double *columns,
                    double *tau, struct error *err)
{
    const struct penalty_sketch *sketch = span->sketch;
    size_t n_columns = sketch->n_penalties + 1, n_rows = sketch->n_packed;
    for (size_t k = 0; k < n_columns; k++) {
        const double *packed = penalty_sketch_packed(sketch, form, outer_fold, k);
        double trace = penalty_sketch_trace(sketch, form, outer_fold, k);
        double mean = trace > ZERO_TRACE ? trace / (double)sketch->n : 0;
        span->mean[fold_index(span, form, outer_fold, k)] = mean;
        for (size_t i = 0; i < n_rows; i++)
            columns[k * n_rows + i] = mean > 0 ? packed[i] / mean : 0;
    }
    lapack_int info =
        LAPACKE_dgeqrf(LAPACK_COL_MAJOR, (int)n_rows, (int)n_columns, columns, (int)n_rows, tau);
    if (info != 0)
        return error_set(err, EXIT_CODE_FAILED, "dgeqrf of the penalties' sketches: info = %d", (int)info);
    for (size_t k = 0; k < n_columns; k++) {
        double *vector = vector_of(span, form, outer_fold, k);
        for (size_t i = 0; i < span->depth; i++)
            vector[i] = i <= k ? columns[k * n_rows + i] : 0;
    }
    return 0;
}

int penalty_span_init(struct penalty_span *span, const struct penalty_sketch *sketch, double weight_cost,
                      struct error *err)
{
    size_t n_columns = sketch->n_penalties + 1, n_forms = N_PENALTY_FORMS * sketch->n_outer * n_columns;
    size_t depth = n_columns < sketch->n_packed ? n_columns : sketch->n_packed, n_rows = depth + n_columns;
    *span = (struct penalty_span){.sketch = sketch,
                                  .weight_cost = weight_cost,
                                  .depth = depth,
                                  .work_count = (n_columns + n_columns) * LAPACK_BLOCK};
    span->mean = memory_aligned(n_forms, sizeof *span->mean, "the span of the penalties", err);
    span->vectors = memory_aligned(n_forms * depth, sizeof *span->vectors, "the span of the penalties", err);
    span->system = memory_aligned(n_rows * n_columns, sizeof *span->system, "the span of the penalties", err);
    span->right = memory_aligned(n_rows * n_columns, sizeof *span->right, "the span of the penalties", err);
    span->work = memory_aligned(span->work_count, sizeof *span->work, "the span of the penalties", err);
    double *columns =
        memory_aligned(sketch->n_packed * n_columns, sizeof *columns, "the span of the penalties", err);
    double *tau = memory_aligned(depth, sizeof *tau, "the span of the penalties", err);
    for (size_t i = 0; err->code == 0 && i < N_PENALTY_FORMS * sketch->n_outer; i++)
        compress(span, (enum penalty_form)(i / sketch->n_outer), i % sketch->n_outer, columns, tau, err);
    free(columns);
    free(tau);
    if (err->code != 0)
        penalty_span_free(span);
    return err->code;
}

void penalty_span_free(struct penalty_span *span)
{
    free(span->mean);
    free(span->vectors);
    free(span->system);
    free(span->right);
    free(span->work);
    *span = (struct penalty_span){0};
}

size_t penalty_span_terms(const struct penalty_span *span, enum penalty_form form, size_t n_nodes)
{
    return n_nodes + (form == PENALTY_ERROR && span->sketch->has_infinity);
}

/* One column of the system: the vector, and below it the cost of its weight. */
static void set_term(struct penalty_span *span, const double *vector, size_t term, size_t n_terms)
{
    size_t depth = span->depth;
    double *column = span->system + term * (depth + n_terms);
    memcpy(column, vector, depth * sizeof *column);
    memset(column + depth, 0, n_terms * sizeof *column);
    column[depth + term] = span->weight_cost;
}

int penalty_span_combine(struct penalty_span *span, enum penalty_form form, size_t outer_fold,
                         const size_t *nodes, size_t n_nodes, double *residual, double *weights,
                         struct error *err)
{
    size_t n_penalties = span->sketch->n_penalties, depth = span->depth;
    size_t n_terms = penalty_span_terms(span, form, n_nodes), n_rows = depth + n_terms;
    for (size_t j = 0; j < n_nodes; j++)
        set_term(span, vector_of(span, form, outer_fold, nodes[j]), j, n_terms);
    if (n_terms > n_nodes)
        set_term(span, vector_of(span, form, outer_fold, n_penalties), n_nodes, n_terms);
    for (size_t k = 0; k < n_penalties; k++) {
        memcpy(span->right + k * n_rows, vector_of(span, form, outer_fold, k), depth * sizeof *span->right);
        memset(span->right + k * n_rows + depth, 0, n_terms * sizeof *span->right);
    }
    lapack_int info = 0;
    if (n_terms > 0)
        info = LAPACKE_dgels_work(LAPACK_COL_MAJOR, 'N', (int)n_rows, (int)n_terms, (int)n_penalties,
                                  span->system, (int)n_rows, span->right, (int)n_rows, span->work,
                                  (int)span->work_count);
    if (info != 0)
        return error_set(err, EXIT_CODE_FAILED, "dgels of the penalty nodes' weights: info = %d", (int)info);
    for (size_t k = 0; k < n_penalties; k++) {
        const double *solved = span->right + k * n_rows;
        residual[k] = cblas_dnrm2((int)(n_rows - n_terms), solved + n_terms, 1);
        if (weights != NULL)
            memcpy(weights + k * n_terms, solved, n_terms * sizeof *weights);
    }
    return 0;
}
