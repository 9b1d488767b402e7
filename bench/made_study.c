#include "made_study.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>

enum { N_OUTER = 10, N_INNER = 5, N_COVARIATES = 6, SEED = 42 };

/* The high bits of a linear congruential generator. */
static double next_number(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (double)(*state >> 40) / (double)(1 << 23) - 1;
}

void made_numbers_fill(double *values, size_t count, uint64_t seed)
{
    for (size_t i = 0; i < count; i++)
        values[i] = next_number(&seed);
}

static void fill(float *values, size_t count, double scale, uint64_t *state)
{
    for (size_t i = 0; i < count; i++)
        values[i] = (float)(scale * next_number(state));
}

static int make_covariates(struct made_study *study, struct error *err)
{
    double *columns = memory_aligned(study->n * N_COVARIATES, sizeof *columns, "covariates", err);
    bool kept[N_COVARIATES];
    if (columns == NULL)
        return err->code;
    made_numbers_fill(columns, study->n * N_COVARIATES, SEED);
    for (size_t i = 0; i < study->n; i++)
        columns[i * N_COVARIATES] = 1;
    covariates_init(&study->covariates, columns, study->n, N_COVARIATES, kept, err);
    free(columns);
    return err->code;
}

static int make_folds(struct made_study *study, struct error *err)
{
    int32_t *outer = memory_zeroed(study->n, sizeof *outer, "folds", err);
    study->n_test = memory_zeroed(N_OUTER, sizeof *study->n_test, "folds", err);
    if (outer != NULL && study->n_test != NULL) {
        for (size_t i = 0; i < study->n; i++)
            outer[i] = (int32_t)(i * N_OUTER / study->n);
        folds_init(&study->folds, &(struct folds_outer){outer, NULL, study->n, N_OUTER}, N_INNER, SEED, err);
    }
    for (size_t o = 0; err->code == 0 && o < N_OUTER; o++)
        study->n_test[o] = study->folds.rows[o].n_test;
    free(outer);
    return err->code;
}

/* Each block times a vector keeps that vector's size; R_b has zeros below its diagonal, as a real one. */
static void fill_fold(float *operators, const struct operator_layout *layout, const struct fold_rows *rows,
                      uint64_t *state)
{
    double scale = 1 / sqrt((double)rows->n_test);
    fill(operators, layout->count, scale, state);
    for (size_t b = 0; b < N_INNER; b++) {
        size_t n_b = rows->inner_start[b + 1] - rows->inner_start[b];
        for (size_t i = 0; i < n_b; i++)
            for (size_t j = 0; j < i; j++)
                operators[layout->factor[b] + i * n_b + j] = 0;
    }
}

static int make_operators(struct made_study *study, struct error *err)
{
    size_t n = study->n, m = study->n_penalties;
    struct shared_operators *shared = &study->operators;
    uint64_t state = SEED;
    *shared = (struct shared_operators){.n = n, .n_penalties = m, .span = {0, N_OUTER}};
    shared->layouts = memory_zeroed(N_OUTER, sizeof *shared->layouts, "operators", err);
    shared->p = memory_zeroed(m, sizeof *shared->p, "operators", err);
    shared->folds = memory_zeroed(m * N_OUTER, sizeof *shared->folds, "operators", err);
    shared->p_handles = memory_zeroed(m, sizeof *shared->p_handles, "operators", err);
    shared->fold_handles = memory_zeroed(m * N_OUTER, sizeof *shared->fold_handles, "operators", err);
    for (size_t o = 0; err->code == 0 && o < N_OUTER; o++)
        operator_layout_init(&shared->layouts[o], &study->folds.rows[o], N_INNER, err);
    for (size_t k = 0; err->code == 0 && k < m; k++) {
        shared->p[k] = memory_aligned(n * n, sizeof(float), "operators", err);
        if (shared->p[k] != NULL)
            fill(shared->p[k], n * n, 1 / sqrt((double)n), &state);
        for (size_t o = 0; err->code == 0 && o < N_OUTER; o++) {
            float *operators = memory_aligned(shared->layouts[o].count, sizeof(float), "operators", err);
            shared->folds[k * N_OUTER + o] = operators;
            if (operators != NULL)
                fill_fold(operators, &shared->layouts[o], &study->folds.rows[o], &state);
        }
    }
    return err->code;
}

int made_study_init(struct made_study *study, size_t n, size_t n_targets, size_t n_penalties,
                    struct error *err)
{
    uint64_t state = SEED + 1;
    *study = (struct made_study){.n = n, .n_targets = n_targets, .n_penalties = n_penalties};
    study->targets = memory_aligned(n * n_targets, sizeof *study->targets, "targets", err);
    if (study->targets == NULL)
        return err->code;
    fill(study->targets, n * n_targets, 1, &state);
    if (make_covariates(study, err) == 0 && make_folds(study, err) == 0 &&
        permutation_scheme_init(&study->scheme, NULL, n, SEED, err) == 0 &&
        baseline_init(&study->baseline, BASELINE_COVARIATES, &study->covariates, &study->folds, err) == 0 &&
        penalty_nodes_exact(&study->nodes, n_penalties, N_OUTER, err) == 0)
        make_operators(study, err);
    if (err->code != 0)
        made_study_free(study);
    return err->code;
}

static void free_operators(struct shared_operators *shared)
{
    struct ranks alone = {.size = 1};
    for (size_t k = 0; shared->p != NULL && k < shared->n_penalties; k++)
        free(shared->p[k]);
    for (size_t i = 0; shared->folds != NULL && i < shared->n_penalties * shared->span.count; i++)
        free(shared->folds[i]);
    shared_operators_free(shared, &alone);
}

void made_study_free(struct made_study *study)
{
    free_operators(&study->operators);
    penalty_nodes_free(&study->nodes);
    baseline_free(&study->baseline);
    permutation_scheme_free(&study->scheme);
    covariates_free(&study->covariates);
    folds_free(&study->folds);
    free(study->n_test);
    free(study->targets);
    *study = (struct made_study){0};
}
