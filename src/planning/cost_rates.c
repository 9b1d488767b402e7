#include "planning/cost_rates.h"

#include "base/memory.h"
#include "model/kinship/genotype.h"
#include "model/kinship/gram.h"
#include "model/ridge/fold_kernel.h"
#include "planning/cost_orbit_rate.h"
#include "planning/cost_orbits.h"
#include "planning/cost_sample.h"
#include "planning/cost_svd.h"

#include <cblas.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* Each kernel is run once without counting, then at least so long and so often. */
static const double LEAST_SECONDS = 0.06;
enum { LEAST_TIMES = 2 };

/* For reading a call, and a value of a table, from files that are in memory. */
static const double USUAL_CALL_S = 0.4e-9, USUAL_VALUE_S = 2e-7;

static const char purpose[] = "measuring speed";

/* The buffers of one thread, large enough for the kernel that needs most. */
struct bench {
    const struct cost_sample *sample;
    size_t columns;
    bool gram_is_single;
    float *p, *gathered, *w, *operators[COST_SAMPLE_FOLDS], *workspace, *sums, *targets;
    double *x, *heterozygosity, *square, *positive, *fold_operators;
    uint8_t *calls;
    uint32_t *orders;
    struct genotype_counts counts;
    struct error err;
};

static int bench_init(struct bench *bench, const struct cost_sample *sample, bool gram_is_single)
{
    struct error *err = &bench->err;
    size_t n = sample->n, columns = ridge_tiling_most_columns(&sample->tiling);
    *bench = (struct bench){.sample = sample, .columns = columns, .gram_is_single = gram_is_single};
    bench->p = memory_aligned(n * n, sizeof(float), purpose, err);
    bench->gathered = memory_aligned(n * columns, sizeof(float), purpose, err);
    bench->w = memory_aligned(n * columns, sizeof(float), purpose, err);
    bench->targets = memory_aligned(n * sample->tiling.n_targets, sizeof(float), purpose, err);
    bench->workspace = memory_aligned(ridge_workspace(&sample->folds, sample->baseline.c, columns),
                                      sizeof(float), purpose, err);
    bench->sums = memory_aligned(2 * sample->folds.n_outer * columns, sizeof(float), purpose, err);
    bench->x = memory_aligned(n * GRAM_SNP_TILE, sizeof(double), purpose, err);
    bench->heterozygosity = memory_aligned(n, sizeof(double), purpose, err);
    bench->square = memory_aligned(n * n, sizeof(double), purpose, err);
    bench->positive = memory_aligned(n * n, sizeof(double), purpose, err);
    bench->fold_operators = memory_aligned(sample->layouts[0].count, sizeof(double), purpose, err);
    bench->calls = memory_aligned(n * GRAM_SNP_TILE, 1, purpose, err);
    bench->orders = memory_aligned(2 * n, sizeof(uint32_t), purpose, err);
    for (size_t o = 0; o < COST_SAMPLE_FOLDS; o++)
        bench->operators[o] = memory_aligned(sample->layouts[o].count, sizeof(float), purpose, err);
    if (err->code != 0)
        return err->code;
    cost_sample_fill(bench->p, n * n);
    cost_sample_fill(bench->targets, n * sample->tiling.n_targets);
    cost_sample_fill_positive(bench->positive, n);
    cost_sample_fill_calls(bench->calls, n * GRAM_SNP_TILE);
    for (size_t o = 0; o < COST_SAMPLE_FOLDS; o++)
        cost_sample_fill(bench->operators[o], sample->layouts[o].count);
    return 0;
}

static void bench_free(struct bench *bench)
{
    void *arrays[] = {bench->p,
                      bench->gathered,
                      bench->w,
                      bench->targets,
                      bench->workspace,
                      bench->sums,
                      bench->x,
                      bench->square,
                      bench->positive,
                      bench->fold_operators,
                      bench->calls,
                      bench->orders,
                      bench->heterozygosity};
    for (size_t a = 0; a < sizeof arrays / sizeof *arrays; a++)
        free(arrays[a]);
    for (size_t o = 0; o < COST_SAMPLE_FOLDS; o++)
        free(bench->operators[o]);
}

static void gather(struct bench *bench)
{
    ridge_gather(&bench->sample->scheme, 1, &bench->sample->tiling, 0, bench->targets, bench->gathered,
                 bench->orders);
    ridge_baseline(&bench->sample->folds, folds_all(&bench->sample->folds), &bench->sample->baseline,
                   bench->gathered, bench->columns, bench->workspace, bench->sums);
}

static void product(struct bench *bench)
{
    int n = (int)bench->sample->n, t = (int)bench->columns;
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, t, n, 1, bench->p, n, bench->gathered, t, 0,
                bench->w, t);
}

static void folds(struct bench *bench)
{
    for (size_t o = 0; o < COST_SAMPLE_FOLDS; o++)
        fold_kernel_run(
            instructions_best(),
            &(struct fold_kernel_fold){&bench->sample->folds.rows[o], bench->sample->folds.n_inner,
                                       bench->operators[o], &bench->sample->layouts[o]},
            bench->w, bench->columns, bench->workspace, bench->sums, bench->sums + bench->columns);
}

static void standardise(struct bench *bench)
{
    const struct genotype_filter filter = {0, 1, GENOTYPE_SCALE_ALLELE_FREQUENCY};
    if (bench->gram_is_single)
        genotype_standardise_single(bench->calls, GRAM_SNP_TILE, bench->sample->n, &filter, (float *)bench->x,
                                    bench->heterozygosity, &bench->counts);
    else
        genotype_standardise(bench->calls, GRAM_SNP_TILE, bench->sample->n, &filter, bench->x,
                             bench->heterozygosity, &bench->counts);
}

static void gram(struct bench *bench)
{
    size_t n = bench->sample->n, parts = gram_parts(n);
    for (size_t i = 0; i < parts; i++)
        for (size_t j = 0; j <= i; j++) {
            size_t row = gram_part_start(n, i), column = gram_part_start(n, j);
            const struct gram_block block = {row, gram_part_start(n, i + 1) - row, column,
                                             gram_part_start(n, j + 1) - column};
            double *sum = bench->square + row * n + column;
            if (bench->gram_is_single)
                gram_tile_single((const float *)bench->x, bench->counts.n_kept, n, &block, true,
                                 bench->workspace, sum);
            else
                gram_tile(bench->x, bench->counts.n_kept, n, &block, false, sum);
        }
}

/* A tile of P: up to 512 rows and columns, n long. */
static void product_double(struct bench *bench)
{
    int n = (int)bench->sample->n, rows = n < 512 ? n : 512;
    cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, rows, rows, n, 1, bench->positive, n,
                bench->positive + n - rows, n, 0, bench->square, n);
}

static void fold_operators(struct bench *bench)
{
    const struct cost_sample *sample = bench->sample;
    operators_fold(bench->positive, &sample->folds, 0, &sample->layouts[0], &sample->lost[0],
                   bench->fold_operators, &bench->err);
}

/* Seconds of one run. */
static double time_of(void (*kernel)(struct bench *bench), struct bench *bench)
{
    kernel(bench);
    double start = cost_sample_seconds(), spent = 0;
    int times = 0;
    while (times < LEAST_TIMES || spent < LEAST_SECONDS) {
        kernel(bench);
        times++;
        spent = cost_sample_seconds() - start;
    }
    return spent / times;
}

static void measure(struct bench *bench, struct cost_rates *rates)
{
    const struct cost_sample *sample = bench->sample;
    double n = (double)sample->n, columns = (double)bench->columns, rows = fmin(n, 512), fold_flops = 0;
    for (size_t o = 0; o < COST_SAMPLE_FOLDS; o++)
        fold_flops += cost_sample_fold_flops(sample, o);
    rates->tile_s = time_of(gather, bench) / n;
    rates->product = 2 * n * n * columns / time_of(product, bench);
    rates->folds = fold_flops * columns / time_of(folds, bench);
    rates->standardise_s = time_of(standardise, bench) / (n * GRAM_SNP_TILE);
    rates->gram = n * n * GRAM_SNP_TILE / time_of(gram, bench);
    rates->product_double = 2 * rows * rows * n / time_of(product_double, bench);
    rates->fold_operators = cost_sample_build_flops(sample, 0) / time_of(fold_operators, bench);
}

struct thread {
    pthread_t id;
    const struct cost_sample *sample;
    bool gram_is_single;
    size_t n_forms; /* of orbits; 0 without them */
    struct cost_rates rates;
    struct error err;
};

static void *run_thread(void *argument)
{
    struct thread *thread = argument;
    struct bench bench;
    if (bench_init(&bench, thread->sample, thread->gram_is_single) == 0)
        measure(&bench, &thread->rates);
    bench_free(&bench);
    if (bench.err.code == 0 && thread->n_forms > 0)
        cost_orbit_rate_measure(thread->sample, thread->n_forms, &thread->rates.orbits, &bench.err);
    thread->err = bench.err;
    return NULL;
}

static void add_rates(struct cost_rates *sum, const struct cost_rates *one, double share)
{
    sum->product += share * one->product;
    sum->folds += share * one->folds;
    sum->orbits += share * one->orbits;
    sum->gram += share * one->gram;
    sum->product_double += share * one->product_double;
    sum->fold_operators += share * one->fold_operators;
    sum->tile_s += share * one->tile_s;
    sum->standardise_s += share * one->standardise_s;
}

/* Measures on all cores at the same time, and takes the mean. */
static int measure_together(struct cost_rates *rates, const struct cost_sample *sample,
                            const struct cost_shape *shape, int n_cores, struct error *err)
{
    struct thread *threads = memory_zeroed((size_t)n_cores, sizeof *threads, purpose, err);
    int started = 0;
    for (; err->code == 0 && started < n_cores; started++) {
        threads[started].sample = sample;
        threads[started].gram_is_single = shape->gram_is_single;
        threads[started].n_forms = shape->orbits.n_shifts > 0 ? (size_t)cost_orbits_pass_forms(shape) : 0;
        int code = pthread_create(&threads[started].id, NULL, run_thread, &threads[started]);
        if (code != 0) {
            error_set(err, EXIT_CODE_FAILED, "cannot start a thread for measuring speed: %s", strerror(code));
            break;
        }
    }
    for (int t = 0; t < started; t++) {
        pthread_join(threads[t].id, NULL);
        if (threads[t].err.code != 0 && err->code == 0)
            *err = threads[t].err;
        add_rates(rates, &threads[t].rates, 1.0 / n_cores);
    }
    free(threads);
    return err->code;
}

void cost_rates_per_worker(struct cost_rates *rates, double n_workers, double n_cores)
{
    double share = fmin(n_cores / n_workers, 1);
    rates->product *= share;
    rates->folds *= share;
    rates->orbits *= share;
    rates->gram *= share;
    rates->product_double *= share;
    rates->fold_operators *= share;
    rates->tile_s /= share;
    rates->standardise_s /= share;
    rates->call_s /= share;
}

int cost_rates_measure(struct cost_rates *rates, const struct cost_shape *shape, int n_cores,
                       struct error *err)
{
    *rates =
        (struct cost_rates){.call_s = USUAL_CALL_S, .tables_s = shape->n * shape->n_targets * USUAL_VALUE_S};
    struct cost_sample sample;
    if (cost_sample_init(&sample, shape, err) == 0 &&
        measure_together(rates, &sample, shape, n_cores, err) == 0)
        cost_svd_measure(rates, shape, err);
    cost_sample_free(&sample);
    return err->code;
}
