/* Orbits the slow way, in double, for tests: a small study's forms, shifts made one by one, values as y'Qy.
 */
#ifndef ARETE_TEST_ORBIT_REFERENCE_H
#define ARETE_TEST_ORBIT_REFERENCE_H

#include "model/orbits/orbit_score.h"
#include "model/stats/permutation.h"
#include "model_example.h"
#include "whole_forms.h"

#include <cblas.h>

enum { REFERENCE_MOST_FOLDS = 8, REFERENCE_MOST_NODES = 8 };

/* Forms of every fold: criterion then error of each node, then the baseline: (2 m + 1) F matrices, n x n. */
struct reference {
    size_t n, n_outer, n_nodes;
    const double *penalties; /* the caller's */
    const double *least;     /* of scores: n_outer x lanes (orbit_scale.h), the caller's; NULL: nothing */
    struct covariates covariates;
    struct folds folds;
    struct baseline baseline;
    struct svd svd;
    struct penalty_nodes nodes;
    double *forms;
};

static inline double *reference_form(const struct reference *reference, size_t outer_fold, size_t which)
{
    size_t n = reference->n;
    return reference->forms + (outer_fold * (2 * reference->n_nodes + 1) + which) * n * n;
}

/* What a test wants of a study. group: subjects who share a fold, or NULL; design: n x c, the intercept
 * first.
 */
struct reference_shape {
    size_t n, c, n_outer, n_inner, n_penalties;
    enum baseline_kind baseline;
    const double *gram, *design, *penalties;
    uint64_t seed;
};

/* P of one penalty and the operators of all folds. */
struct reference_operators {
    double *p, *folds[REFERENCE_MOST_FOLDS];
    struct operator_layout layouts[REFERENCE_MOST_FOLDS];
};

static inline void reference_operators_init(struct reference_operators *operators,
                                            const struct reference *reference, double penalty)
{
    struct error err = {0};
    size_t n = reference->n, n_inner = reference->folds.n_inner;
    double *workspace = example_doubles(n * n);
    operators->p = example_doubles(n * n);
    operators_tile(&reference->svd, penalty, &(struct operators_block){0, n, 0, n}, workspace, operators->p);
    for (size_t o = 0; o < reference->n_outer; o++) {
        struct lost_directions lost;
        operator_layout_init(&operators->layouts[o], &reference->folds.rows[o], n_inner, &err);
        lost_directions_init(&lost, &reference->covariates, &reference->folds, o, &err);
        operators->folds[o] = example_doubles(operators->layouts[o].count);
        operators_fold(operators->p, &reference->folds, o, &operators->layouts[o], &lost, operators->folds[o],
                       &err);
        lost_directions_free(&lost, n_inner);
        CU_ASSERT_EQUAL_FATAL(err.code, 0);
    }
    free(workspace);
}

static inline void reference_operators_free(struct reference_operators *operators, size_t n_outer)
{
    for (size_t o = 0; o < n_outer; o++) {
        free(operators->folds[o]);
        operator_layout_free(&operators->layouts[o]);
    }
    free(operators->p);
}

static inline void reference_widen(const float *form, size_t count, double *to)
{
    for (size_t i = 0; i < count; i++)
        to[i] = (double)form[i];
}

static inline void reference_build_forms(struct reference *reference)
{
    size_t n = reference->n;
    double *nothing = example_doubles(2 * n * n),
           *workspace = example_doubles(whole_forms_workspace(&reference->folds)),
           *of_baseline =
               example_doubles(forms_baseline_workspace(&reference->folds, reference->covariates.c));
    float *criterion = example_rounded(nothing, n * n), *error = example_rounded(nothing, n * n);
    for (size_t k = 0; k < reference->n_nodes; k++) {
        struct reference_operators operators;
        reference_operators_init(&operators, reference, reference->penalties[k]);
        for (size_t o = 0; o < reference->n_outer; o++) {
            struct forms_fold fold = {operators.p, &reference->folds, o, &operators.layouts[o],
                                      operators.folds[o]};
            whole_forms_build(&fold, workspace, criterion, error);
            reference_widen(criterion, n * n, reference_form(reference, o, k));
            reference_widen(error, n * n, reference_form(reference, o, reference->n_nodes + k));
        }
        reference_operators_free(&operators, reference->n_outer);
    }
    for (size_t o = 0; o < reference->n_outer; o++) {
        forms_build_baseline(&reference->baseline, &reference->folds, o, of_baseline, error);
        reference_widen(error, n * n, reference_form(reference, o, 2 * reference->n_nodes));
    }
    free(nothing);
    free(workspace);
    free(of_baseline);
    free(criterion);
    free(error);
}

static inline void reference_init(struct reference *reference, const struct reference_shape *shape)
{
    struct error err = {0};
    size_t n = shape->n, n_forms = (2 * shape->n_penalties + 1) * shape->n_outer;
    bool kept[16];
    int32_t outer[512];
    *reference = (struct reference){
        .n = n, .n_outer = shape->n_outer, .n_nodes = shape->n_penalties, .penalties = shape->penalties};
    blas_check_single_thread();
    for (size_t i = 0; i < n; i++)
        outer[i] = (int32_t)(i * shape->n_outer / n);
    covariates_init(&reference->covariates, shape->design, n, shape->c, kept, &err);
    folds_init(&reference->folds, &(struct folds_outer){outer, NULL, n, shape->n_outer}, shape->n_inner,
               shape->seed, &err);
    baseline_init(&reference->baseline, shape->baseline, &reference->covariates, &reference->folds, &err);
    svd_init(&reference->svd, n, reference->covariates.c, &err);
    svd_compute(&reference->svd, shape->gram, &reference->covariates, &err);
    penalty_nodes_exact(&reference->nodes, shape->n_penalties, shape->n_outer, &err);
    CU_ASSERT_EQUAL_FATAL(err.code, 0);
    reference->forms = example_doubles(n_forms * n * n);
    reference_build_forms(reference);
}

static inline void reference_free(struct reference *reference)
{
    covariates_free(&reference->covariates);
    folds_free(&reference->folds);
    baseline_free(&reference->baseline);
    svd_free(&reference->svd);
    penalty_nodes_free(&reference->nodes);
    free(reference->forms);
}

/* In place: n x n_targets to residuals of unit variance. */
static inline void reference_residualise(const struct reference *reference, double *y, size_t n_targets)
{
    double *workspace = example_doubles(reference->covariates.c * n_targets);
    covariates_residualise(&reference->covariates, y, n_targets, workspace);
    for (size_t t = 0; t < n_targets; t++) {
        double squares = 0;
        for (size_t i = 0; i < reference->n; i++)
            squares += y[i * n_targets + t] * y[i * n_targets + t];
        for (size_t i = 0; i < reference->n; i++)
            y[i * n_targets + t] *= sqrt((double)reference->n / squares);
    }
    free(workspace);
}

/* c as next[i] = c(i): r cycles of L positions, one after the other in `order`; what is left stands still. */
static inline void reference_cycles(const uint32_t *order, size_t n, size_t length, size_t n_cycles,
                                    uint32_t *next)
{
    for (size_t i = 0; i < n; i++)
        next[i] = (uint32_t)i;
    for (size_t k = 0; k < n_cycles * length; k++)
        next[order[k]] = order[k % length == length - 1 ? k + 1 - length : k + 1];
}

/* values: forms x columns, in the order of forms. y: n x columns. */
static inline void reference_values(const struct reference *reference, const double *y, size_t columns,
                                    double *values)
{
    size_t n = reference->n, n_forms = (2 * reference->n_nodes + 1) * reference->n_outer;
    double *product = example_doubles(n * columns);
    for (size_t q = 0; q < n_forms; q++) {
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)n, (int)columns, (int)n, 1,
                    reference->forms + q * n * n, (int)n, y, (int)columns, 0, product, (int)columns);
        double *row = values + q * columns;
        for (size_t j = 0; j < columns; j++)
            row[j] = 0;
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < columns; j++)
                row[j] += y[i * columns + j] * product[i * columns + j];
    }
    free(product);
}

/* Rows of one fold in `values` (forms x columns, rounded). criterion, error: n_nodes pointers. */
static inline struct score_nodes_rows reference_rows(const struct reference *reference, const float *values,
                                                     size_t columns, size_t outer_fold,
                                                     const float **criterion, const float **error)
{
    const float *first = values + outer_fold * (2 * reference->n_nodes + 1) * columns;
    for (size_t k = 0; k < reference->n_nodes; k++) {
        criterion[k] = first + k * columns;
        error[k] = first + (reference->n_nodes + k) * columns;
    }
    return (struct score_nodes_rows){criterion, error, first + 2 * reference->n_nodes * columns};
}

/* Scores of columns that are shift x lanes + lane; values: forms x columns. */
static inline void reference_scores(const struct reference *reference, enum score_kind kind,
                                    const float *values, size_t n_shifts, size_t lanes, float *scores)
{
    size_t columns = n_shifts * lanes;
    const struct orbit_score score = {kind, &reference->nodes, n_shifts, lanes};
    double *workspace = example_doubles(columns), *rms = example_doubles(lanes);
    float *gain = example_rounded(workspace, columns), *baseline = example_rounded(workspace, columns);
    struct orbit_sums sums = {gain, baseline};
    orbit_score_begin(&score, &sums);
    for (size_t o = 0; o < reference->n_outer; o++) {
        const float *criterion[REFERENCE_MOST_NODES], *error[REFERENCE_MOST_NODES];
        struct score_nodes_rows rows = reference_rows(reference, values, columns, o, criterion, error);
        orbit_score_rms(&score, rows.baseline, rms);
        if (reference->least != NULL)
            orbit_score_scale(&score, rms, reference->least + o * lanes, rms);
        orbit_score_add(&score, o, &rows, rms, workspace, &sums, &sums);
    }
    orbit_score_finish(&score, &sums, scores);
    free(workspace);
    free(rms);
    free(gain);
    free(baseline);
}

/* Scores of columns y (n x n_shifts*lanes) from values in double, rounded. */
static inline void reference_score_columns(const struct reference *reference, const double *y,
                                           size_t n_shifts, size_t lanes, float *scores)
{
    size_t columns = n_shifts * lanes, n_forms = (2 * reference->n_nodes + 1) * reference->n_outer;
    double *values = example_doubles(n_forms * columns);
    reference_values(reference, y, columns, values);
    float *rounded = example_rounded(values, n_forms * columns);
    reference_scores(reference, SCORE_MEAN_R2, rounded, n_shifts, lanes, scores);
    free(values);
    free(rounded);
}

#endif
