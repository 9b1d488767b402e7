/* Runs src/model/ on a case written by deletion_oracle.py and writes its criteria and errors for comparison.
 *
 * In: int32 n, c, T, F, J, L; float64 K (n x n), Z (n x c), Y (n x T), lambda (L); int32 outer (n,
 * ascending), inner (F x n, -1 in the test set). Out, float64: criterion (F x L x T), error (F x L x T),
 * baseline error (F x T), in double; the same three in float32. */
#include "base/memory.h"
#include "model/blas/blas_check.h"
#include "model/ridge/baseline.h"
#include "model/ridge/covariates.h"
#include "model/ridge/folds.h"
#include "model/ridge/observed.h"
#include "model/ridge/operators.h"
#include "model/ridge/ridge.h"
#include "model/ridge/svd.h"

#include <cblas.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct deletion_case {
    size_t n, c, n_targets, n_outer, n_inner, n_penalties;
    double *gram, *design, *targets, *penalties;
    int32_t *outer, *inner;
};

/* A driver may give up at once: the oracle reports it. */
static void give_up(const char *what)
{
    fprintf(stderr, "deletion_driver: %s\n", what);
    exit(1);
}

static void *read_array(FILE *file, size_t count, size_t size)
{
    struct error err = {0};
    void *array = memory_aligned(count, size, "the case", &err);
    if (array == NULL || fread(array, size, count, file) != count)
        give_up("the case cannot be read");
    return array;
}

static void read_case(const char *path, struct deletion_case *input)
{
    FILE *file = fopen(path, "rb");
    int32_t shape[6];
    if (file == NULL || fread(shape, sizeof *shape, 6, file) != 6)
        give_up("the case cannot be read");
    *input = (struct deletion_case){.n = (size_t)shape[0],
                                    .c = (size_t)shape[1],
                                    .n_targets = (size_t)shape[2],
                                    .n_outer = (size_t)shape[3],
                                    .n_inner = (size_t)shape[4],
                                    .n_penalties = (size_t)shape[5]};
    input->gram = read_array(file, input->n * input->n, sizeof(double));
    input->design = read_array(file, input->n * input->c, sizeof(double));
    input->targets = read_array(file, input->n * input->n_targets, sizeof(double));
    input->penalties = read_array(file, input->n_penalties, sizeof(double));
    input->outer = read_array(file, input->n, sizeof(int32_t));
    input->inner = read_array(file, input->n_outer * input->n, sizeof(int32_t));
    fclose(file);
}

/* What one run over the case holds. */
struct deletion_run {
    struct covariates covariates;
    struct folds folds;
    struct baseline baseline;
    struct svd svd;
    struct observed observed;
    double *p, *w, *operators[SCORE_MAX_FOLDS];
    float *p_single, *operators_single[SCORE_MAX_FOLDS];
    struct operator_layout layouts[SCORE_MAX_FOLDS];
    double *workspace;
    float *targets_single, *workspace_single, *sums;
};

static void prepare(const struct deletion_case *input, struct deletion_run *run, struct error *err)
{
    bool *kept = memory_zeroed(input->c, sizeof *kept, "covariates", err);
    size_t n = input->n, t = input->n_targets, c = input->c;
    if (covariates_init(&run->covariates, input->design, n, c, kept, err) != 0 ||
        folds_init_known(&run->folds, input->outer, input->inner, n, input->n_outer, input->n_inner, err) !=
            0)
        give_up(err->message);
    double *workspace = memory_aligned(c * t, sizeof *workspace, "residuals", err);
    covariates_residualise(&run->covariates, input->targets, t, workspace);
    free(workspace);
    free(kept);
    if (baseline_init(&run->baseline, BASELINE_COVARIATES, &run->covariates, &run->folds, err) != 0 ||
        svd_init(&run->svd, n, run->covariates.c, err) != 0 ||
        svd_compute(&run->svd, input->gram, &run->covariates, err) != 0 ||
        observed_init(&run->observed, input->targets, t, input->n_penalties, &run->folds,
                      &(struct observed_baselines){&run->baseline, &run->baseline}, err) != 0)
        give_up(err->message);
    run->p = memory_aligned(n * n, sizeof *run->p, "P", err);
    run->w = memory_aligned(n * t, sizeof *run->w, "w", err);
    run->p_single = memory_aligned(n * n, sizeof *run->p_single, "P", err);
    run->targets_single = memory_aligned(n * t, sizeof *run->targets_single, "targets", err);
    operators_round(input->targets, n * t, run->targets_single);
    for (size_t o = 0; o < input->n_outer; o++) {
        operator_layout_init(&run->layouts[o], &run->folds.rows[o], input->n_inner, err);
        run->operators[o] = memory_aligned(run->layouts[o].count, sizeof(double), "operators", err);
        run->operators_single[o] = memory_aligned(run->layouts[o].count, sizeof(float), "operators", err);
    }
    size_t needed = observed_workspace(&run->observed, &run->folds), most = n * n > needed ? n * n : needed;
    run->workspace = memory_aligned(most, sizeof(double), "workspace", err);
    run->workspace_single =
        memory_aligned(ridge_workspace(&run->folds, c, t), sizeof(float), "workspace", err);
    run->sums = memory_aligned(2 * input->n_outer * t, sizeof(float), "sums", err);
    if (err->code != 0)
        give_up(err->message);
}

/* One penalty in double (into run->observed) and in float32 (into the two outputs, F x L x T). */
static void one_penalty(const struct deletion_case *input, struct deletion_run *run, size_t k,
                        double *criterion, double *error, struct error *err)
{
    size_t n = input->n, t = input->n_targets, half = n / 2;
    operators_tile(&run->svd, input->penalties[k], &(struct operators_block){0, half, 0, half},
                   run->workspace, run->p);
    operators_tile(&run->svd, input->penalties[k], &(struct operators_block){half, n - half, 0, half},
                   run->workspace, run->p);
    operators_tile(&run->svd, input->penalties[k], &(struct operators_block){half, n - half, half, n - half},
                   run->workspace, run->p);
    operators_round(run->p, n * n, run->p_single);
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)n, (int)t, (int)n, 1, run->p, (int)n,
                input->targets, (int)t, 0, run->w, (int)t);
    for (size_t o = 0; o < input->n_outer; o++) {
        struct lost_directions lost;
        if (lost_directions_init(&lost, &run->covariates, &run->folds, o, err) != 0 ||
            operators_fold(run->p, &run->folds, o, &run->layouts[o], &lost, run->operators[o], err) != 0)
            give_up(err->message);
        lost_directions_free(&lost, input->n_inner);
        operators_round(run->operators[o], run->layouts[o].count, run->operators_single[o]);
        observed_fold(&run->observed,
                      &(struct operators_of_fold){&run->folds, o, &run->layouts[o], run->operators[o]}, k,
                      run->w, run->workspace);
    }
    struct ridge_operators operators = {folds_all(&run->folds), run->p_single,
                                        (const float *const *)run->operators_single, run->layouts};
    ridge_tile(&run->folds, &operators, run->targets_single, t, run->workspace_single, run->sums);
    for (size_t o = 0; o < input->n_outer; o++)
        for (size_t j = 0; j < t; j++) {
            size_t cell = (o * input->n_penalties + k) * t + j;
            criterion[cell] = (double)run->sums[o * t + j];
            error[cell] = (double)run->sums[(input->n_outer + o) * t + j];
        }
}

/* observed stores penalties outermost; the protocol wants folds outermost. */
static void write_by_fold(FILE *file, const double *values, const struct deletion_case *input)
{
    for (size_t o = 0; o < input->n_outer; o++)
        for (size_t k = 0; k < input->n_penalties; k++)
            if (fwrite(values + (k * input->n_outer + o) * input->n_targets, sizeof *values, input->n_targets,
                       file) != input->n_targets)
                give_up("the result cannot be written");
}

int main(int argc, char **argv)
{
    static struct error err;
    static struct deletion_run run;
    struct deletion_case input;
    if (argc != 3)
        give_up("usage: deletion_driver CASE RESULT");
    blas_check_single_thread();
    read_case(argv[1], &input);
    if (input.n_outer > SCORE_MAX_FOLDS)
        give_up("too many outer folds");
    prepare(&input, &run, &err);
    size_t cells = input.n_outer * input.n_penalties * input.n_targets,
           folds = input.n_outer * input.n_targets;
    double *criterion = memory_zeroed(cells, sizeof *criterion, "criteria", &err);
    double *error = memory_zeroed(cells, sizeof *error, "errors", &err);
    for (size_t k = 0; k < input.n_penalties; k++)
        one_penalty(&input, &run, k, criterion, error, &err);
    ridge_baseline(&run.folds, folds_all(&run.folds), &run.baseline, run.targets_single, input.n_targets,
                   run.workspace_single, run.sums);
    FILE *file = fopen(argv[2], "wb");
    if (file == NULL)
        give_up("the result cannot be written");
    write_by_fold(file, run.observed.criterion, &input);
    write_by_fold(file, run.observed.error, &input);
    size_t written = fwrite(run.observed.baseline_error, sizeof(double), folds, file);
    written += fwrite(criterion, sizeof(double), cells, file) + fwrite(error, sizeof(double), cells, file);
    for (size_t i = 0; i < folds; i++) {
        double value = (double)run.sums[i];
        written += fwrite(&value, sizeof value, 1, file);
    }
    if (written != 2 * folds + 2 * cells || fclose(file) != 0)
        give_up("the result cannot be written");
    return 0;
}
