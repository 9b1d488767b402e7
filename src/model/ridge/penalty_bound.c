#include "model/ridge/penalty_bound.h"

#include "base/memory.h"

#include <lapacke.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

int penalty_bound_init(struct penalty_bound *bound, const struct penalty_sketch *sketch, struct error *err)
{
    const char *what = "the penalty nodes' bound";
    size_t n_penalties = sketch->n_penalties, r = sketch->n_probes;
    *bound = (struct penalty_bound){0};
    bound->differences = memory_zeroed(sketch->n_outer * n_penalties, sizeof *bound->differences, what, err);
    bound->residual = memory_aligned(n_penalties, sizeof *bound->residual, what, err);
    bound->weights = memory_aligned(n_penalties * (n_penalties + 1), sizeof *bound->weights, what, err);
    bound->difference = memory_aligned(r * r, sizeof *bound->difference, what, err);
    bound->shifted = memory_aligned(r * r, sizeof *bound->shifted, what, err);
    bound->values = memory_aligned(r, sizeof *bound->values, what, err);
    if (err->code != 0)
        penalty_bound_free(bound);
    return err->code;
}

void penalty_bound_free(struct penalty_bound *bound)
{
    free(bound->differences);
    free(bound->residual);
    free(bound->weights);
    free(bound->difference);
    free(bound->shifted);
    free(bound->values);
    *bound = (struct penalty_bound){0};
}

static int combine(struct penalty_bound *bound, struct penalty_span *span, enum penalty_form form,
                   size_t outer_fold, const struct penalty_bound_nodes *nodes, struct error *err)
{
    return penalty_span_combine(span, &(struct penalty_span_form){form, outer_fold}, nodes->nodes,
                                nodes->count, bound->residual, bound->weights, err);
}

/* The longest first; else in the order of folds and penalties. */
static int compare_differences(const void *a, const void *b)
{
    const struct penalty_bound_difference *left = a, *right = b;
    if (left->residual != right->residual)
        return left->residual < right->residual ? 1 : -1;
    if (left->outer_fold != right->outer_fold)
        return left->outer_fold > right->outer_fold ? 1 : -1;
    return (left->penalty > right->penalty) - (left->penalty < right->penalty);
}

static int list_differences(struct penalty_bound *bound, struct penalty_span *span, enum penalty_form form,
                            const struct penalty_bound_nodes *nodes, size_t *count, struct error *err)
{
    const struct penalty_sketch *sketch = span->sketch;
    *count = 0;
    for (size_t o = 0; o < sketch->n_outer; o++) {
        if (combine(bound, span, form, o, nodes, err) != 0)
            return err->code;
        for (size_t k = 0; k < sketch->n_penalties; k++)
            if (!nodes->is_node[k])
                bound->differences[(*count)++] = (struct penalty_bound_difference){bound->residual[k], o, k};
    }
    qsort(bound->differences, *count, sizeof *bound->differences, compare_differences);
    return 0;
}

/* D, relative to the form's mean eigenvalue: its lower triangle. bound->weights are those of its fold. */
static void make_difference(struct penalty_bound *bound, const struct penalty_span *span,
                            enum penalty_form form, const struct penalty_bound_nodes *nodes,
                            const struct penalty_bound_difference *of)
{
    const struct penalty_sketch *sketch = span->sketch;
    size_t n_terms = penalty_span_terms(span, form, nodes->count), r = sketch->n_probes;
    const double *weights = bound->weights + of->penalty * n_terms;
    memset(bound->difference, 0, r * r * sizeof *bound->difference);
    for (size_t term = 0; term <= n_terms; term++) {
        size_t k = term == n_terms       ? of->penalty
                   : term < nodes->count ? nodes->nodes[term]
                                         : sketch->n_penalties;
        double mean = penalty_span_mean(span, form, of->outer_fold, k);
        double factor = mean > 0 ? (term == n_terms ? 1 : -weights[term]) / mean : 0;
        const double *packed = penalty_sketch_packed(sketch, form, of->outer_fold, k);
        for (size_t i = 0; i < r; i++) {
            for (size_t j = 0; j < i; j++)
                bound->difference[i * r + j] += factor * sqrt(.5) * *packed++;
            bound->difference[i * r + i] += factor * *packed++;
        }
    }
}

/* Whether |D| < limit: then limit I - D and limit I + D have Cholesky factors. */
static bool is_shorter(struct penalty_bound *bound, size_t r, double limit)
{
    for (int sign = -1; sign <= 1; sign += 2) {
        for (size_t i = 0; i < r * r; i++)
            bound->shifted[i] = sign * bound->difference[i];
        for (size_t i = 0; i < r; i++)
            bound->shifted[i * r + i] += limit;
        /* The lower triangle of a row-major matrix is LAPACK's upper one. */
        if (LAPACKE_dpotrf_work(LAPACK_COL_MAJOR, 'U', (int)r, bound->shifted, (int)r) != 0)
            return false;
    }
    return true;
}

static int spectral_norm(struct penalty_bound *bound, size_t r, double *norm, struct error *err)
{
    lapack_int info =
        LAPACKE_dsyev(LAPACK_COL_MAJOR, 'N', 'U', (int)r, bound->difference, (int)r, bound->values);
    if (info != 0)
        return error_set(err, EXIT_CODE_FAILED, "dsyev of the penalty nodes' bound: info = %d", (int)info);
    bound->n_eigenproblems++;
    *norm = fmax(fabs(bound->values[0]), fabs(bound->values[r - 1]));
    return 0;
}

int penalty_bound_compute(struct penalty_bound *bound, struct penalty_span *span, enum penalty_form form,
                          const struct penalty_bound_nodes *nodes, double *largest, double *longest,
                          struct error *err)
{
    size_t count = 0, r = span->sketch->n_probes, combined = span->sketch->n_outer;
    double margin = penalty_sketch_margin(span->sketch);
    *largest = 0;
    if (list_differences(bound, span, form, nodes, &count, err) != 0)
        return err->code;
    *longest = count > 0 ? bound->differences[0].residual : 0;
    for (size_t i = 0; i < count && margin * bound->differences[i].residual > *largest; i++) {
        const struct penalty_bound_difference *of = &bound->differences[i];
        double norm = 0;
        if (of->outer_fold != combined && combine(bound, span, form, of->outer_fold, nodes, err) != 0)
            return err->code;
        combined = of->outer_fold;
        make_difference(bound, span, form, nodes, of);
        if (is_shorter(bound, r, *largest / margin))
            continue;
        if (spectral_norm(bound, r, &norm, err) != 0)
            return err->code;
        *largest = fmax(*largest, margin * norm);
    }
    return 0;
}
