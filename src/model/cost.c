#include "model/cost.h"

#include "base/memory.h"
#include "model/gram.h"
#include "model/ridge.h"

#include <cblas.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* Elements of one penalty's operators: P, and for each fold its inverse, its cross panel and its inner
 * factors. */
static double operator_elements(const struct cost_shape *s)
{
    double n_o = s->n / s->n_outer, n_a = s->n - n_o;
    return s->n * s->n + s->n_outer * (n_o * n_o + n_a * n_o + n_a * n_a / s->n_inner);
}

/* Flops of the permutations' kernel for one column at one penalty (model/ridge.h). */
static double column_flops(const struct cost_shape *s)
{
    double n_o = s->n / s->n_outer, n_a = s->n - n_o;
    return 2 * s->n * s->n + s->n_outer * (2 * n_o * n_o + 2 * n_a * n_o + n_a * n_a / s->n_inner);
}

/* Building one penalty's operators: P; for each fold the inverse, and for each inner fold its correction,
 * inverse and QR. */
static double penalty_flops(const struct cost_shape *s)
{
    double n_o = s->n / s->n_outer, n_a = s->n - n_o, n_b = n_a / s->n_inner;
    double inner = 2 * n_b * n_o * n_o + 2 * n_b * n_b * n_o + (2 + 4.0 / 3) * n_b * n_b * n_b;
    double outer = 2 * n_o * n_o * n_o + s->n_inner * inner;
    return s->n * s->n * s->n + s->n_outer * outer + column_flops(s) * s->n_targets;
}

/* Columns of a tile, and units (ceil). */
static double tile_columns(const struct cost_shape *s)
{
    struct ridge_grid grid = ridge_grid_of((size_t)s->n_targets);
    return (double)ridge_grid_most_columns(&grid);
}

static double peak_bytes(const struct cost_shape *s, double operators_bytes)
{
    const double d = sizeof(double), f = sizeof(float);
    double square = s->n * s->n * d, columns = tile_columns(s), n_o = s->n / s->n_outer, n_a = s->n - n_o;
    double targets = s->n * s->n_targets * (2 * d + f);
    double gram = 2 * square + s->n * GRAM_SNP_TILE * ((s->n_workers + 2) * d + s->n_workers);
    double fold_workspace = (n_o * n_o + n_a * n_o + n_a * n_a / s->n_inner) * d;
    double observed = (4 * s->n_penalties * s->n_outer + 3 * s->n) * s->n_targets * d;
    double setup = 7 * square + operators_bytes + s->n_workers * fold_workspace + observed;
    double workspace = (s->n + n_o + n_a / s->n_inner) * columns * f;
    double tile = (s->n + 2 * s->n_outer * (s->n_penalties + 1)) * columns * f;
    double block = fmin((double)(64 << 20), s->n_permutations * s->n_targets * f);
    double permutations = operators_bytes + s->n_workers * workspace + (s->n_workers + 2) * tile + 2 * block;
    return targets + fmax(gram, fmax(setup, permutations));
}

struct cost cost_of(const struct cost_shape *s)
{
    struct cost cost = {
        .gram_flops = s->n * s->n * s->n_snps,
        .svd_flops = 9 * s->n * s->n * s->n,
        .operator_flops = s->n_penalties * penalty_flops(s),
        .permutation_flops = s->n_permutations * s->n_targets * s->n_penalties * column_flops(s),
        .operators_bytes = s->n_penalties * operator_elements(s) * sizeof(float),
    };
    cost.memory_bytes = peak_bytes(s, cost.operators_bytes);
    cost.campaign_bytes = s->n * s->n * sizeof(double) + s->n * s->n_targets * sizeof(double) +
                          s->n_permutations * s->n_targets * sizeof(float);
    return cost;
}

const char *cost_bytes_text(double bytes, char *text)
{
    if (bytes < 1e9)
        snprintf(text, COST_TEXT_BYTES, "%.0f MB", ceil(bytes / 1e6));
    else
        snprintf(text, COST_TEXT_BYTES, "%.1f GB", bytes / 1e9);
    return text;
}

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

int cost_measure_speed(double *flops_a_second, struct error *err)
{
    enum { SIZE = 1024, REPETITIONS = 8 };
    float *a = memory_aligned(SIZE * SIZE, sizeof *a, "measuring speed", err);
    float *b = memory_aligned(SIZE * SIZE, sizeof *b, "measuring speed", err);
    float *c = memory_aligned(SIZE * SIZE, sizeof *c, "measuring speed", err);
    double best = INFINITY;
    for (size_t i = 0; err->code == 0 && i < SIZE * SIZE; i++) {
        a[i] = (float)(i % 97) / 97;
        b[i] = (float)(i % 89) / 89;
    }
    for (int r = 0; err->code == 0 && r < REPETITIONS; r++) {
        double start = seconds_now();
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, SIZE, SIZE, SIZE, 1, a, SIZE, b, SIZE, 0, c,
                    SIZE);
        best = fmin(best, seconds_now() - start);
    }
    *flops_a_second = 2.0 * SIZE * SIZE * SIZE / best;
    free(a);
    free(b);
    free(c);
    return err->code;
}

struct cost_seconds cost_seconds_of(const struct cost *cost, const struct cost_shape *shape,
                                    double flops_a_second)
{
    const double decode_s = 1.5e-9; /* a call: read, counted, standardised */
    double double_speed = flops_a_second / 2, workers = shape->n_workers;
    struct cost_seconds seconds = {
        .gram = (cost->gram_flops / double_speed + shape->n * shape->n_snps * decode_s) / workers,
        .setup = cost->svd_flops / double_speed + cost->operator_flops / double_speed / workers,
        .permutations = cost->permutation_flops / (0.92 * flops_a_second) / workers,
    };
    seconds.total = seconds.gram + seconds.setup + seconds.permutations;
    return seconds;
}
