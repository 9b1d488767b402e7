#include "model/ridge/penalty_span.h"

#include "base/memory.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LAPACK_BLOCK = 64 };

/* Traces are near 1 (criterion) and n_o (error). A smaller one than this is rounding: the fold has nothing to
 * score. */
static const double ZERO_TRACE = 1e-10;

/* Directions in which every form is shorter than this, in weight costs, are left out of the vectors. A grid
 * of hundreds of penalties has a few dozen that matter. */
static const double SHORTEST = 1e-3;

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

/* Copies the sketches of one form and fold to columns, relative to their mean eigenvalues, which it keeps. */
static void set_columns(struct penalty_span *span, enum penalty_form form, size_t outer_fold, double *columns)
{
    const struct penalty_sketch *sketch = span->sketch;
    for (size_t k = 0; k <= sketch->n_penalties; k++) {
        double *column = columns + k * sketch->n_packed;
        memcpy(column, penalty_sketch_packed(sketch, form, outer_fold, k), sketch->n_packed * sizeof *column);
        double trace = penalty_sketch_trace(sketch, form, outer_fold, k);
        double mean = trace > ZERO_TRACE ? trace / (double)sketch->n : 0;
        span->mean[fold_index(span, form, outer_fold, k)] = mean;
        for (size_t i = 0; i < sketch->n_packed; i++)
            column[i] = mean > 0 ? column[i] / mean : 0;
    }
}

/* Computes the vectors of one form and fold: the columns of R in a QR of its sketches. A second QR with
 * pivoting, of the small R, puts the directions that matter least last. columns: n_packed x (n_penalties +
 * 1), column-major; tau: depth; order: n_penalties + 1. */
static int compress(struct penalty_span *span, enum penalty_form form, size_t outer_fold, double *columns,
                    double *tau, lapack_int *order, struct error *err)
{
    size_t n_columns = span->sketch->n_penalties + 1, n_rows = span->sketch->n_packed, depth = span->depth;
    double *r = vector_of(span, form, outer_fold, 0);
    set_columns(span, form, outer_fold, columns);
    lapack_int info =
        LAPACKE_dgeqrf(LAPACK_COL_MAJOR, (int)n_rows, (int)n_columns, columns, (int)n_rows, tau);
    for (size_t k = 0; k < n_columns; k++)
        for (size_t i = 0; i < depth; i++)
            r[k * depth + i] = i <= k ? columns[k * n_rows + i] : 0;
    memset(order, 0, n_columns * sizeof *order);
    if (info == 0)
        info = LAPACKE_dgeqp3(LAPACK_COL_MAJOR, (int)depth, (int)n_columns, r, (int)depth, order, tau);
    if (info != 0)
        return error_set(err, EXIT_CODE_FAILED, "QR of the penalties' sketches: info = %d", (int)info);
    size_t rank = 1;
    while (rank < depth && fabs(r[rank * depth + rank]) > SHORTEST * span->weight_cost)
        rank++;
    span->rank[(size_t)form * span->sketch->n_outer + outer_fold] = rank;
    memcpy(columns, r, n_columns * depth * sizeof *r);
    for (size_t k = 0; k < n_columns; k++)
        for (size_t i = 0; i < depth; i++)
            r[(size_t)(order[k] - 1) * depth + i] = i <= k ? columns[k * depth + i] : 0;
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
    span->rank = memory_zeroed(N_PENALTY_FORMS * sketch->n_outer, sizeof *span->rank,
                               "the span of the penalties", err);
    span->mean = memory_aligned(n_forms, sizeof *span->mean, "the span of the penalties", err);
    span->vectors = memory_aligned(n_forms * depth, sizeof *span->vectors, "the span of the penalties", err);
    span->system = memory_aligned(n_rows * n_columns, sizeof *span->system, "the span of the penalties", err);
    span->right = memory_aligned(n_rows * n_columns, sizeof *span->right, "the span of the penalties", err);
    span->work = memory_aligned(span->work_count, sizeof *span->work, "the span of the penalties", err);
    double *columns =
        memory_aligned(sketch->n_packed * n_columns, sizeof *columns, "the span of the penalties", err);
    double *tau = memory_aligned(n_columns, sizeof *tau, "the span of the penalties", err);
    lapack_int *order = memory_zeroed(n_columns, sizeof *order, "the span of the penalties", err);
    for (size_t i = 0; err->code == 0 && i < N_PENALTY_FORMS * sketch->n_outer; i++)
        compress(span, (enum penalty_form)(i / sketch->n_outer), i % sketch->n_outer, columns, tau, order,
                 err);
    free(columns);
    free(tau);
    free(order);
    if (err->code != 0)
        penalty_span_free(span);
    return err->code;
}

void penalty_span_free(struct penalty_span *span)
{
    free(span->rank);
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

/* Sets a column of the system: the vector, and below it the price of its weight. */
static void set_term(struct penalty_span *span, const double *vector, size_t rank, size_t term,
                     size_t n_terms)
{
    double *column = span->system + term * (rank + n_terms);
    memcpy(column, vector, rank * sizeof *column);
    memset(column + rank, 0, n_terms * sizeof *column);
    column[rank + term] = span->weight_cost;
}

int penalty_span_combine(struct penalty_span *span, const struct penalty_span_form *of, const size_t *nodes,
                         size_t n_nodes, double *residual, double *weights, struct error *err)
{
    enum penalty_form form = of->form;
    size_t outer_fold = of->outer_fold;

    size_t n_penalties = span->sketch->n_penalties, n_terms = penalty_span_terms(span, form, n_nodes);
    size_t rank = span->rank[(size_t)form * span->sketch->n_outer + outer_fold], n_rows = rank + n_terms;
    for (size_t j = 0; j < n_nodes; j++)
        set_term(span, vector_of(span, form, outer_fold, nodes[j]), rank, j, n_terms);
    if (n_terms > n_nodes)
        set_term(span, vector_of(span, form, outer_fold, n_penalties), rank, n_nodes, n_terms);
    for (size_t k = 0; k < n_penalties; k++) {
        memcpy(span->right + k * n_rows, vector_of(span, form, outer_fold, k), rank * sizeof *span->right);
        memset(span->right + k * n_rows + rank, 0, n_terms * sizeof *span->right);
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
