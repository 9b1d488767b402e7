/* How fast the permutations' tile is: against sgemm on one core, and StarPU against bare threads on two. */
#include "base/memory.h"
#include "made_tiles.h"
#include "measure.h"
#include "model/blas/blas_check.h"
#include "model/ridge/fold_kernel.h"
#include "tile_graph.h"

#include <cblas.h>
#include <stdio.h>
#include <stdlib.h>

enum { N_THREADS = 2, SGEMM_EACH = 5 };
#define GOAL_SGEMM 0.96
#define GOAL_STARPU 0.97

/* What one repetition measured, per second and in seconds of the computing thread. */
struct repetition {
    double sgemm_rate, tile_rate, ratio, baseline_in_double;
    struct tile_seconds parts;
};

/* Seconds of the baseline of a tile where a fold nearly loses a direction. */
static double baseline_in_double(const struct made_study *study, struct tile_buffers *buffers, size_t columns)
{
    struct baseline baseline = study->baseline;
    baseline.needs_double = true;
    double start = measure_thread_seconds();
    ridge_baseline(&study->folds, study->operators.span, &baseline, buffers->gathered, columns,
                   buffers->workspace, buffers->baseline);
    return measure_thread_seconds() - start;
}

/* Flops a second of the product that the tile is compared with, the median of a few. */
static double sgemm_rate(const struct made_study *study, struct tile_buffers *buffers, size_t columns)
{
    int n = (int)study->n, t = (int)columns;
    double rates[SGEMM_EACH];
    for (size_t i = 0; i < SGEMM_EACH; i++) {
        double start = measure_thread_seconds();
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, t, n, 1,
                    study->operators.p[i % study->n_penalties], n, buffers->gathered, t, 0,
                    buffers->workspace, t);
        rates[i] = 2 * (double)n * (double)n * (double)t / (measure_thread_seconds() - start);
    }
    return measure_median(rates, SGEMM_EACH);
}

static double median_of(const struct repetition *repetitions, size_t count, size_t offset, double *values)
{
    for (size_t i = 0; i < count; i++)
        values[i] = *(const double *)((const char *)&repetitions[i] + offset);
    return measure_median(values, count);
}

static void print_one_core(const struct made_study *study, const struct repetition *repetitions, size_t count,
                           size_t columns, double *values)
{
#define MEDIAN(field) median_of(repetitions, count, offsetof(struct repetition, field), values)
    double gather = MEDIAN(parts.gather), ridge = MEDIAN(parts.ridge), baseline = MEDIAN(parts.baseline);
    double score = MEDIAN(parts.score), total = gather + ridge + baseline + score;
    double rate = MEDIAN(sgemm_rate), n = (double)study->n;
    double p_flops = 2 * n * n * (double)(columns * study->n_penalties);
    double fold_flops =
        ridge_flops(&study->folds, study->operators.span) * (double)(columns * study->n_penalties) - p_flops;
    double product = p_flops / rate, folds = ridge - product;
    printf("one core, %zu x %zu, %zu penalties, kernels: OpenBLAS %s, folds %s\n", study->n, columns,
           study->n_penalties, blas_check_core(), instructions_name(instructions_best()));
    printf("  sgemm %.1f Gflop/s; whole tile %.1f Gflop/s, %.0f ms\n", rate / 1e9, MEDIAN(tile_rate) / 1e9,
           total * 1e3);
    printf("  share of the tile's time: gather %.1f %%, products with P %.1f %%, folds (residuals, "
           "corrections, triangles, norms) %.1f %% at %.1f Gflop/s, baseline %.2f %% (in double %.2f %%), "
           "scores %.1f %%\n",
           100 * gather / total, 100 * product / total, 100 * folds / total, fold_flops / folds / 1e9,
           100 * baseline / total, 100 * MEDIAN(baseline_in_double) / total, 100 * score / total);
    printf("ridge_batch / sgemm = %.3f (goal %.2f)\n", MEDIAN(ratio), GOAL_SGEMM);
#undef MEDIAN
}

static int one_core(const struct made_study *study, const struct measure_tiles *shape, struct error *err)
{
    struct ridge_tiling tiling = ridge_tiling_of(study->n_targets);
    size_t columns = ridge_tiling_columns(&tiling, 0), count = shape->repetitions;
    double flops = ridge_flops(&study->folds, study->operators.span) * (double)(columns * study->n_penalties);
    struct tile_buffers buffers;
    struct repetition *repetitions = memory_zeroed(count, sizeof *repetitions, "times", err);
    double *values = memory_zeroed(count, sizeof *values, "times", err);
    if (tile_buffers_init(&buffers, study, err) == 0) {
        struct tile_seconds parts;
        made_tile_compute(study, 1, &buffers, &parts); /* the first touch of everything */
        double before = sgemm_rate(study, &buffers, columns);
        for (size_t i = 0; i < count; i++) {
            made_tile_compute(study, i + 1, &buffers, &parts);
            double rate = flops / (parts.gather + parts.ridge + parts.baseline + parts.score);
            double in_double = baseline_in_double(study, &buffers, columns);
            double after = sgemm_rate(study, &buffers, columns);
            double sgemm = (before + after) / 2;
            repetitions[i] = (struct repetition){sgemm, rate, rate / sgemm, in_double, parts};
            before = after;
        }
        print_one_core(study, repetitions, count, columns, values);
    }
    tile_buffers_free(&buffers);
    free(values);
    free(repetitions);
    return err->code;
}

/* A B A B, and the median of the ratios of neighbours. */
static int alternate(struct made_study *study, struct runtime *runtime, const struct measure_tiles *shape,
                     double *ratios, struct error *err)
{
    struct tile_graph graph;
    double bare = 0, tasks = 0, least_bare = 0, least_tasks = 0;
    if (tile_graph_init(&graph, runtime, study, err) == 0)
        tile_graph_run(&graph, N_THREADS, &tasks, err); /* the first touch of everything */
    for (size_t i = 0; err->code == 0 && i < shape->repetitions; i++) {
        runtime_pause(runtime);
        made_tiles_on_threads(study, shape->tiles, N_THREADS, &bare, err);
        runtime_resume(runtime);
        if (err->code == 0)
            tile_graph_run(&graph, shape->tiles, &tasks, err);
        ratios[i] = bare / tasks;
        least_bare = i == 0 || bare < least_bare ? bare : least_bare;
        least_tasks = i == 0 || tasks < least_tasks ? tasks : least_tasks;
    }
    tile_graph_free(&graph);
    if (err->code == 0) {
        printf("%d threads, %zu tiles: bare %.2f s, StarPU %.2f s at best\n", N_THREADS, shape->tiles,
               least_bare, least_tasks);
        printf("StarPU 2 workers / 2 bare threads = %.3f (goal %.2f)\n",
               measure_median(ratios, shape->repetitions), GOAL_STARPU);
    }
    return err->code;
}

static int two_workers(struct made_study *study, const struct measure_tiles *shape, struct error *err)
{
    struct runtime runtime;
    struct ranks alone;
    if (ranks_open(&alone, err) != 0)
        return err->code;
    double *ratios = memory_zeroed(shape->repetitions, sizeof *ratios, "times", err);
    if (ratios != NULL && runtime_start(&runtime, &alone, N_THREADS, err) == 0) {
        alternate(study, &runtime, shape, ratios, err);
        runtime_stop(&runtime);
    }
    free(ratios);
    ranks_close(&alone, err->code);
    return err->code;
}

int main(int argc, char **argv)
{
    struct measure_tiles shape = {
        .subjects = 1500, .targets = 1000, .penalties = 5, .repetitions = 7, .tiles = 8};
    measure_tiles_options(argc, argv, "Rate of the permutations' column tiles, 10 outer x 5 inner folds.",
                          &shape);
    struct made_study study;
    struct error err = {0};
    blas_check_single_thread();
    if (made_study_init(&study, shape.subjects, shape.targets, shape.penalties, &err) == 0) {
        if (one_core(&study, &shape, &err) == 0)
            two_workers(&study, &shape, &err);
        made_study_free(&study);
    }
    if (err.code != 0)
        fprintf(stderr, "bench_ridge_batch: %s\n", err.message);
    return err.code;
}
