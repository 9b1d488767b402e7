#include "planning/cost_sample.h"

#include "base/memory.h"
#include "model/ridge/fold_sizes.h"
#include "planning/cost_rates.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

enum { SEED = 1, MOST_COVARIATES = 64 };

/* The high bits of a linear congruential generator, from -1 to 1. */
static double next_number(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (double)(*state >> 40) / (double)(1 << 23) - 1;
}

void cost_sample_fill(float *values, size_t count)
{
    uint64_t state = SEED;
    for (size_t i = 0; i < count; i++)
        values[i] = (float)next_number(&state);
}

static void fill_double(double *values, size_t count)
{
    uint64_t state = SEED;
    for (size_t i = 0; i < count; i++)
        values[i] = next_number(&state);
}

void cost_sample_fill_calls(uint8_t *calls, size_t count)
{
    uint64_t state = SEED;
    for (size_t i = 0; i < count; i++) {
        double number = next_number(&state);
        calls[i] = number < -0.4 ? 0 : number < 0.4 ? 1 : number < 0.99 ? 2 : 3;
    }
}

void cost_sample_fill_positive(double *matrix, size_t n)
{
    uint64_t state = SEED;
    for (size_t i = 0; i < n; i++) {
        matrix[i * n + i] = 1;
        for (size_t j = 0; j < i; j++)
            matrix[i * n + j] = matrix[j * n + i] = 0.5 * next_number(&state) / (double)n;
    }
}

static int make_covariates(struct cost_sample *sample, size_t c, struct error *err)
{
    double *columns = memory_aligned(sample->n * c, sizeof *columns, "measuring speed", err);
    bool kept[MOST_COVARIATES];
    if (columns == NULL)
        return err->code;
    fill_double(columns, sample->n * c);
    for (size_t i = 0; i < sample->n; i++)
        columns[i * c] = 1;
    covariates_init(&sample->covariates, columns, sample->n, c, kept, err);
    free(columns);
    return err->code;
}

static int make_folds(struct cost_sample *sample, size_t n_outer, size_t n_inner, struct error *err)
{
    int32_t *outer = memory_zeroed(sample->n, sizeof *outer, "measuring speed", err);
    if (outer == NULL)
        return err->code;
    for (size_t i = 0; i < sample->n; i++)
        outer[i] = (int32_t)(i * n_outer / sample->n);
    folds_init(&sample->folds, &(struct folds_outer){outer, NULL, sample->n, n_outer}, n_inner, SEED, err);
    free(outer);
    return err->code;
}

int cost_sample_init(struct cost_sample *sample, const struct cost_shape *shape, struct error *err)
{
    double n = fmin(shape->n, COST_RATES_SUBJECTS), c = fmin(shape->n_covariates, MOST_COVARIATES);
    *sample = (struct cost_sample){.n = (size_t)n};
    sample->tiling = ridge_tiling_of((size_t)cost_tile_columns(shape));
    if (shape->n_targets < RIDGE_TILE_COLUMNS)
        sample->tiling = ridge_tiling_of((size_t)shape->n_targets);
    if (make_covariates(sample, (size_t)fmin(c, n / 4), err) != 0 ||
        make_folds(sample, (size_t)fmin(shape->n_outer, n / 2), (size_t)shape->n_inner, err) != 0 ||
        permutation_scheme_init(&sample->scheme, NULL, sample->n, SEED, err) != 0 ||
        baseline_init(&sample->baseline, BASELINE_COVARIATES, &sample->covariates, &sample->folds, err) != 0)
        return err->code;
    for (size_t o = 0; err->code == 0 && o < COST_SAMPLE_FOLDS; o++) {
        operator_layout_init(&sample->layouts[o], &sample->folds.rows[o], sample->folds.n_inner, err);
        if (err->code == 0)
            lost_directions_init(&sample->lost[o], &sample->covariates, &sample->folds, o, err);
    }
    return err->code;
}

void cost_sample_free(struct cost_sample *sample)
{
    for (size_t o = 0; o < COST_SAMPLE_FOLDS; o++) {
        lost_directions_free(&sample->lost[o], sample->folds.n_inner);
        operator_layout_free(&sample->layouts[o]);
    }
    baseline_free(&sample->baseline);
    permutation_scheme_free(&sample->scheme);
    folds_free(&sample->folds);
    covariates_free(&sample->covariates);
    *sample = (struct cost_sample){0};
}

double cost_sample_fold_flops(const struct cost_sample *sample, size_t outer_fold)
{
    struct fold_sizes sizes = fold_sizes_of(&sample->folds.rows[outer_fold], sample->folds.n_inner);
    return fold_sizes_column_flops(&sizes);
}

double cost_sample_build_flops(const struct cost_sample *sample, size_t outer_fold)
{
    struct fold_sizes sizes = fold_sizes_of(&sample->folds.rows[outer_fold], sample->folds.n_inner);
    return fold_sizes_build_flops(&sizes);
}

double cost_sample_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}
