/* Chooses penalty nodes for a case written by penalty_nodes_oracle.py and scores its targets with them and
 * exactly.
 *
 * In: int32 n, c, T, F, J, L; float64 K (n x n), Z (n x c), Y (n x T), lambda (L), tolerance; int32 outer (n,
 * ascending), inner (F x n, -1 in the test set). Out, float64: n_nodes, bound of the criterion, bound of the
 * error, amplification, largest error on Y, seconds of sketches, seconds of the search; nodes (n_nodes);
 * weights (2 x F x L x (n_nodes + 1)); scores of Y in float32: with nodes (T), exact (T). */
#include "base/memory.h"
#include "model/blas/blas_check.h"
#include "model/ridge/baseline.h"
#include "model/ridge/covariates.h"
#include "model/ridge/folds.h"
#include "model/ridge/observed.h"
#include "model/ridge/operators.h"
#include "model/ridge/penalty_nodes.h"
#include "model/ridge/ridge.h"
#include "model/ridge/score_nodes.h"
#include "model/ridge/svd.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct nodes_case {
    size_t n, c, n_targets, n_outer, n_inner, n_penalties;
    double *gram, *design, *targets, *penalties, *tolerance;
    int32_t *outer, *inner;
};

struct nodes_run {
    struct covariates covariates;
    struct folds folds;
    struct baseline baseline;
    struct svd svd;
    struct observed observed;
    struct penalty_sketch sketch;
    struct penalty_nodes nodes;
    double *p, *w, *fitted, *workspace, sketch_seconds, search_seconds;
    float *p_single, *targets_single, *workspace_single, **sums;
    struct operator_layout layouts[SCORE_MAX_FOLDS];
    double *operators;
    float *operators_single[SCORE_MAX_FOLDS];
};

/* A driver may give up at once: the oracle reports it. */
static void give_up(const char *what)
{
    fprintf(stderr, "penalty_nodes_driver: %s\n", what);
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

static void read_case(const char *path, struct nodes_case *input)
{
    FILE *file = fopen(path, "rb");
    int32_t shape[6];
    if (file == NULL || fread(shape, sizeof *shape, 6, file) != 6)
        give_up("the case cannot be read");
    *input = (struct nodes_case){.n = (size_t)shape[0],
                                 .c = (size_t)shape[1],
                                 .n_targets = (size_t)shape[2],
                                 .n_outer = (size_t)shape[3],
                                 .n_inner = (size_t)shape[4],
                                 .n_penalties = (size_t)shape[5]};
    if (input->n_outer > SCORE_MAX_FOLDS)
        give_up("too many outer folds");
    input->gram = read_array(file, input->n * input->n, sizeof(double));
    input->design = read_array(file, input->n * input->c, sizeof(double));
    input->targets = read_array(file, input->n * input->n_targets, sizeof(double));
    input->penalties = read_array(file, input->n_penalties, sizeof(double));
    input->tolerance = read_array(file, 1, sizeof(double));
    input->outer = read_array(file, input->n, sizeof(int32_t));
    input->inner = read_array(file, input->n_outer * input->n, sizeof(int32_t));
    fclose(file);
}

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void prepare_model(const struct nodes_case *input, struct nodes_run *run, struct error *err)
{
    size_t n = input->n, t = input->n_targets, c = input->c;
    bool *kept = new_array(c, sizeof *kept);
    double *workspace = new_array(c * t, sizeof *workspace);
    if (covariates_init(&run->covariates, input->design, n, c, kept, err) != 0 ||
        folds_init_known(&run->folds, input->outer, input->inner, n, input->n_outer, input->n_inner, err) !=
            0)
        give_up(err->message);
    covariates_residualise(&run->covariates, input->targets, t, workspace);
    if (baseline_init(&run->baseline, BASELINE_COVARIATES, &run->covariates, &run->folds, err) != 0 ||
        svd_init(&run->svd, n, run->covariates.c, err) != 0 ||
        svd_compute(&run->svd, input->gram, &run->covariates, err) != 0 ||
        observed_init(&run->observed, input->targets, t, input->n_penalties, &run->folds,
                      &(struct observed_baselines){&run->baseline, &run->baseline}, err) != 0 ||
        penalty_sketch_init(&run->sketch, &run->folds, input->n_penalties, &run->baseline, err) != 0)
        give_up(err->message);
    free(kept);
    free(workspace);
}

static void prepare_arrays(const struct nodes_case *input, struct nodes_run *run, struct error *err)
{
    size_t n = input->n, t = input->n_targets, largest = 0;
    run->p = new_array(n * n, sizeof *run->p);
    run->w = new_array(n * t, sizeof *run->w);
    run->fitted = new_array(n * run->sketch.n_probes, sizeof *run->fitted);
    size_t needed = observed_workspace(&run->observed, &run->folds),
           probes = penalty_sketch_workspace(&run->sketch, &run->folds);
    needed = probes > needed ? probes : needed;
    run->workspace = new_array(n * n > needed ? n * n : needed, sizeof(double));
    run->p_single = new_array(n * n, sizeof *run->p_single);
    run->targets_single = new_array(n * t, sizeof *run->targets_single);
    operators_round(input->targets, n * t, run->targets_single);
    run->workspace_single = new_array(ridge_workspace(&run->folds, input->c, t), sizeof(float));
    run->sums = new_array(input->n_penalties + 1, sizeof *run->sums);
    for (size_t k = 0; k <= input->n_penalties; k++)
        run->sums[k] = new_array(2 * input->n_outer * t, sizeof(float));
    for (size_t o = 0; o < input->n_outer; o++) {
        operator_layout_init(&run->layouts[o], &run->folds.rows[o], input->n_inner, err);
        run->operators_single[o] = new_array(run->layouts[o].count, sizeof(float));
        largest = run->layouts[o].count > largest ? run->layouts[o].count : largest;
    }
    run->operators = new_array(largest, sizeof *run->operators);
    if (err->code != 0)
        give_up(err->message);
}

/* Everything of one penalty: observed sums, sketches, and the targets' sums in float32. */
static void one_penalty(const struct nodes_case *input, struct nodes_run *run, size_t k, struct error *err)
{
    size_t n = input->n, t = input->n_targets;
    operators_tile(&run->svd, input->penalties[k], &(struct operators_block){0, n, 0, n}, run->workspace,
                   run->p);
    operators_round(run->p, n * n, run->p_single);
    operators_apply(run->p, n, input->targets, t, t, run->w);
    double start = seconds_now();
    operators_apply(run->p, n, run->sketch.probes, run->sketch.n_probes, run->sketch.n_probes, run->fitted);
    run->sketch_seconds += seconds_now() - start;
    for (size_t o = 0; o < input->n_outer; o++) {
        struct lost_directions lost;
        const struct operator_layout *layout = &run->layouts[o];
        if (lost_directions_init(&lost, &run->covariates, &run->folds, o, err) != 0 ||
            operators_fold(run->p, &run->folds, o, layout, &lost, run->operators, err) != 0)
            give_up(err->message);
        lost_directions_free(&lost, input->n_inner);
        operators_round(run->operators, layout->count, run->operators_single[o]);
        observed_fold(&run->observed, &(struct operators_of_fold){&run->folds, o, layout, run->operators}, k,
                      run->w, run->workspace);
        start = seconds_now();
        penalty_sketch_fold(&run->sketch, &(struct operators_of_fold){&run->folds, o, layout, run->operators},
                            k, run->fitted, run->workspace);
        run->sketch_seconds += seconds_now() - start;
    }
    struct ridge_operators operators = {folds_all(&run->folds), run->p_single,
                                        (const float *const *)run->operators_single, run->layouts};
    ridge_tile(&run->folds, &operators, run->targets_single, t, run->workspace_single, run->sums[k]);
}

/* exact: from every penalty's sums; combined: from the nodes'. */
static void score(const struct nodes_case *input, struct nodes_run *run, float *combined, float *exact)
{
    size_t n_test[SCORE_MAX_FOLDS], t = input->n_targets;
    for (size_t o = 0; o < input->n_outer; o++)
        n_test[o] = run->folds.rows[o].n_test;
    float *baseline = run->sums[input->n_penalties];
    ridge_baseline(&run->folds, folds_all(&run->folds), &run->baseline, run->targets_single, t,
                   run->workspace_single, baseline);
    const float **of_node = new_array(run->nodes.n_nodes, sizeof *of_node);
    for (size_t i = 0; i < run->nodes.n_nodes; i++)
        of_node[i] = run->sums[run->nodes.node[i]];
    struct penalty_nodes every;
    struct error err = {0};
    if (penalty_nodes_exact(&every, input->n_penalties, input->n_outer, &err) != 0)
        give_up(err.message);
    struct score_tile tile = {SCORE_MEAN_R2, &run->nodes, n_test, folds_all(&run->folds),
                              of_node,       baseline,    t};
    score_nodes_columns(&tile, NULL, NULL, combined);
    tile.nodes = &every;
    tile.sums = (const float *const *)run->sums;
    score_nodes_columns(&tile, NULL, NULL, exact);
    penalty_nodes_free(&every);
    free(of_node);
}

static void write_doubles(FILE *file, const double *values, size_t count)
{
    if (fwrite(values, sizeof *values, count, file) != count)
        give_up("the result cannot be written");
}

static void write_floats(FILE *file, const float *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        write_doubles(file, &(double){(double)values[i]}, 1);
}

static void write_result(const char *path, const struct nodes_case *input, struct nodes_run *run)
{
    const struct penalty_nodes *nodes = &run->nodes;
    FILE *file = fopen(path, "wb");
    if (file == NULL)
        give_up("the result cannot be written");
    double head[] = {(double)nodes->n_nodes,
                     nodes->bound[PENALTY_CRITERION],
                     nodes->bound[PENALTY_ERROR],
                     nodes->amplification,
                     penalty_nodes_observed_error(nodes, &run->sketch, &run->observed),
                     run->sketch_seconds,
                     run->search_seconds};
    write_doubles(file, head, sizeof head / sizeof *head);
    for (size_t i = 0; i < nodes->n_nodes; i++)
        write_doubles(file, &(double){(double)nodes->node[i]}, 1);
    if (nodes->weights != NULL)
        write_doubles(file, nodes->weights,
                      N_PENALTY_FORMS * nodes->n_outer * nodes->n_penalties * (nodes->n_nodes + 1));
    float *combined = new_array(input->n_targets, sizeof *combined),
          *exact = new_array(input->n_targets, sizeof *exact);
    score(input, run, combined, exact);
    write_floats(file, combined, input->n_targets);
    write_floats(file, exact, input->n_targets);
    free(combined);
    free(exact);
    if (fclose(file) != 0)
        give_up("the result cannot be written");
}

int main(int argc, char **argv)
{
    static struct error err;
    static struct nodes_run run;
    struct nodes_case input;
    if (argc != 3)
        give_up("usage: penalty_nodes_driver CASE RESULT");
    blas_check_single_thread();
    read_case(argv[1], &input);
    prepare_model(&input, &run, &err);
    prepare_arrays(&input, &run, &err);
    for (size_t k = 0; k < input.n_penalties; k++)
        one_penalty(&input, &run, k, &err);
    double start = seconds_now();
    if (penalty_nodes_choose(&run.nodes, &run.sketch, *input.tolerance, &err) != 0)
        give_up(err.message);
    run.search_seconds = seconds_now() - start;
    write_result(argv[2], &input, &run);
    return 0;
}
