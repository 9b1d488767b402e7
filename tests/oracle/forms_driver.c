/* Builds the quadratic forms of a case written by forms_oracle.py and scores its columns with them.
 *
 * In: int32 n, c, T, F, J, L, baseline (0 covariates, 1 test mean), score (0 mean, 1 pooled); float64 K
 * (n x n), Z (n x c), Y (n x T), lambda (L), tolerance (0: every penalty is a node); int32 outer (n,
 * ascending), inner (F x n, -1 in the test set). Out, float64: n_nodes, bound of the criterion, bound of the
 * error, amplification; nodes (n_nodes); forms (F x (2 n_nodes + 1) x n x n: criteria, errors, baseline);
 * scores of Y (T), its columns taken as the shifts of one orbit. */
#include "base/larger.h"
#include "base/memory.h"
#include "model/blas/blas_check.h"
#include "model/orbits/forms.h"
#include "model/orbits/orbit_score.h"
#include "model/ridge/svd.h"
#include "whole_forms.h"

#include <cblas.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

enum { N, C, T, F, J, L, BASELINE, SCORE, SHAPE };

struct forms_case {
    int32_t shape[SHAPE];
    size_t n, c, n_targets, n_outer, n_penalties;
    double *gram, *design, *targets, *penalties, *tolerance;
    int32_t *outer, *inner;
};

struct forms_run {
    struct covariates covariates;
    struct folds folds;
    struct baseline baseline, covariates_only;
    struct svd svd;
    struct penalty_sketch sketch;
    struct penalty_nodes nodes;
    double *p, *workspace, *operators, *forms_workspace;
    struct operator_layout *layouts;
    float *forms; /* F x (2 m + 1) x n x n */
};

/* A driver may give up at once: the oracle reports it. */
static void give_up(const char *what)
{
    fprintf(stderr, "forms_driver: %s\n", what);
    exit(1);
}

static void *new_array(size_t count, size_t size)
{
    struct error err = {0};
    void *array = memory_zeroed(count, size, "the case", &err);
    if (array == NULL)
        give_up(err.message);
    return array;
}

static void *read_array(FILE *file, size_t count, size_t size)
{
    void *array = new_array(count, size);
    if (fread(array, size, count, file) != count)
        give_up("the case cannot be read");
    return array;
}

static void read_case(const char *path, struct forms_case *input)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL || fread(input->shape, sizeof *input->shape, SHAPE, file) != SHAPE)
        give_up("the case cannot be read");
    input->n = (size_t)input->shape[N];
    input->c = (size_t)input->shape[C];
    input->n_targets = (size_t)input->shape[T];
    input->n_outer = (size_t)input->shape[F];
    input->n_penalties = (size_t)input->shape[L];
    input->gram = read_array(file, input->n * input->n, sizeof(double));
    input->design = read_array(file, input->n * input->c, sizeof(double));
    input->targets = read_array(file, input->n * input->n_targets, sizeof(double));
    input->penalties = read_array(file, input->n_penalties, sizeof(double));
    input->tolerance = read_array(file, 1, sizeof(double));
    input->outer = read_array(file, input->n, sizeof(int32_t));
    input->inner = read_array(file, input->n_outer * input->n, sizeof(int32_t));
    fclose(file);
}

static void prepare(const struct forms_case *input, struct forms_run *run, struct error *err)
{
    size_t n = input->n, n_inner = (size_t)input->shape[J], largest = 0;
    enum baseline_kind kind = input->shape[BASELINE] == 0 ? BASELINE_COVARIATES : BASELINE_TEST_MEAN;
    bool *kept = new_array(input->c, sizeof *kept);
    if (covariates_init(&run->covariates, input->design, n, input->c, kept, err) != 0 ||
        folds_init_known(&run->folds, input->outer, input->inner, n, input->n_outer, n_inner, err) != 0 ||
        baseline_init(&run->baseline, kind, &run->covariates, &run->folds, err) != 0 ||
        svd_init(&run->svd, n, run->covariates.c, err) != 0 ||
        svd_compute(&run->svd, input->gram, &run->covariates, err) != 0 ||
        penalty_sketch_init(&run->sketch, &run->folds, input->n_penalties,
                            kind == BASELINE_COVARIATES ? &run->baseline : NULL, err) != 0)
        give_up(err->message);
    free(kept);
    run->layouts = new_array(input->n_outer, sizeof *run->layouts);
    for (size_t o = 0; o < input->n_outer; o++) {
        if (operator_layout_init(&run->layouts[o], &run->folds.rows[o], n_inner, err) != 0)
            give_up(err->message);
        largest = larger(largest, run->layouts[o].count);
    }
    run->p = new_array(n * n, sizeof *run->p);
    run->operators = new_array(largest, sizeof *run->operators);
    run->workspace =
        new_array(larger(n * n, penalty_sketch_workspace(&run->sketch, &run->folds)), sizeof *run->workspace);
    size_t for_forms =
        larger(whole_forms_workspace(&run->folds), forms_baseline_workspace(&run->folds, input->c));
    run->forms_workspace = new_array(for_forms, sizeof *run->forms_workspace);
}

/* The operators of one fold, P being that of the penalty. */
static void fold_operators(struct forms_run *run, size_t o, struct error *err)
{
    struct lost_directions lost;
    if (lost_directions_init(&lost, &run->covariates, &run->folds, o, err) != 0 ||
        operators_fold(run->p, &run->folds, o, &run->layouts[o], &lost, run->operators, err) != 0)
        give_up(err->message);
    lost_directions_free(&lost, run->folds.n_inner);
}

static void choose_nodes(const struct forms_case *input, struct forms_run *run, struct error *err)
{
    size_t n = input->n, r = run->sketch.n_probes;
    double *fitted = new_array(n * r, sizeof *fitted);
    for (size_t k = 0; k<input->n_penalties && * input->tolerance> 0; k++) {
        operators_tile(&run->svd, input->penalties[k], &(struct operators_block){0, n, 0, n}, run->workspace,
                       run->p);
        operators_apply(run->p, n, run->sketch.probes, r, r, fitted);
        for (size_t o = 0; o < input->n_outer; o++) {
            fold_operators(run, o, err);
            penalty_sketch_fold(&run->sketch,
                                &(struct operators_of_fold){&run->folds, o, &run->layouts[o], run->operators},
                                k, fitted, run->workspace);
        }
    }
    free(fitted);
    if (*input->tolerance > 0)
        penalty_nodes_choose(&run->nodes, &run->sketch, *input->tolerance, err);
    else
        penalty_nodes_exact(&run->nodes, input->n_penalties, input->n_outer, err);
    if (err->code != 0)
        give_up(err->message);
}

static float *form_of(const struct forms_run *run, size_t o, size_t which)
{
    size_t n = run->folds.n;
    return run->forms + (o * (2 * run->nodes.n_nodes + 1) + which) * n * n;
}

static void build_forms(const struct forms_case *input, struct forms_run *run, struct error *err)
{
    size_t n = input->n, m = run->nodes.n_nodes;
    run->forms = new_array(input->n_outer * (2 * m + 1) * n * n, sizeof *run->forms);
    for (size_t k = 0; k < m; k++) {
        operators_tile(&run->svd, input->penalties[run->nodes.node[k]], &(struct operators_block){0, n, 0, n},
                       run->workspace, run->p);
        for (size_t o = 0; o < input->n_outer; o++) {
            fold_operators(run, o, err);
            struct forms_fold fold = {run->p, &run->folds, o, &run->layouts[o], run->operators};
            whole_forms_build(&fold, run->forms_workspace, form_of(run, o, k), form_of(run, o, m + k));
        }
    }
    for (size_t o = 0; o < input->n_outer; o++)
        forms_build_baseline(&run->baseline, &run->folds, o, run->forms_workspace, form_of(run, o, 2 * m));
}

/* row[j] = y'Qy of column j. */
static void form_values(const struct forms_case *input, const float *form, double *work, float *row)
{
    size_t n = input->n, t = input->n_targets;
    double *wide = work, *product = work + n * n;
    for (size_t i = 0; i < n * n; i++)
        wide[i] = (double)form[i];
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)n, (int)t, (int)n, 1, wide, (int)n,
                input->targets, (int)t, 0, product, (int)t);
    for (size_t j = 0; j < t; j++)
        row[j] = (float)cblas_ddot((int)n, input->targets + j, (int)t, product + j, (int)t);
}

static void score(const struct forms_case *input, struct forms_run *run, float *scores)
{
    size_t t = input->n_targets, m = run->nodes.n_nodes;
    const struct orbit_score orbit = {input->shape[SCORE] == 0 ? SCORE_MEAN_R2 : SCORE_POOLED_R2, &run->nodes,
                                      t, 1};
    double *work = new_array(input->n * (input->n + t), sizeof *work), rms;
    float *values = new_array((2 * m + 1) * t, sizeof *values), *sums_of = new_array(2 * t, sizeof *sums_of);
    const float **rows_of = new_array(2 * m, sizeof *rows_of);
    const struct orbit_sums sums = {sums_of, sums_of + t};
    for (size_t k = 0; k < 2 * m; k++)
        rows_of[k] = values + k * t;
    orbit_score_begin(&orbit, &sums);
    for (size_t o = 0; o < input->n_outer; o++) {
        for (size_t k = 0; k <= 2 * m; k++)
            form_values(input, form_of(run, o, k), work, values + k * t);
        const struct score_nodes_rows rows = {rows_of, rows_of + m, values + 2 * m * t};
        orbit_score_rms(&orbit, rows.baseline, &rms);
        orbit_score_add(&orbit, o, &rows, &rms, work, &sums, &sums);
    }
    orbit_score_finish(&orbit, &sums, scores);
    free(work);
    free(values);
    free(sums_of);
    free(rows_of);
}

static void write_floats(FILE *file, const float *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (fwrite(&(double){(double)values[i]}, sizeof(double), 1, file) != 1)
            give_up("the result cannot be written");
}

int main(int argc, char **argv)
{
    static struct error err;
    static struct forms_run run;
    struct forms_case input;
    if (argc != 3)
        give_up("usage: forms_driver CASE RESULT");
    blas_check_single_thread();
    read_case(argv[1], &input);
    prepare(&input, &run, &err);
    choose_nodes(&input, &run, &err);
    build_forms(&input, &run, &err);
    float *scores = new_array(input.n_targets, sizeof *scores);
    score(&input, &run, scores);
    FILE *file = fopen(argv[2], "wb");
    if (file == NULL)
        give_up("the result cannot be written");
    const float head[] = {(float)run.nodes.n_nodes, (float)run.nodes.bound[PENALTY_CRITERION],
                          (float)run.nodes.bound[PENALTY_ERROR], (float)run.nodes.amplification};
    write_floats(file, head, sizeof head / sizeof *head);
    for (size_t k = 0; k < run.nodes.n_nodes; k++)
        write_floats(file, &(float){(float)run.nodes.node[k]}, 1);
    write_floats(file, run.forms, input.n_outer * (2 * run.nodes.n_nodes + 1) * input.n * input.n);
    write_floats(file, scores, input.n_targets);
    if (fclose(file) != 0)
        give_up("the result cannot be written");
    return 0;
}
