/* How long K and the operators take: K against the time of its dsyrk flops alone; setup in seconds. */
#include "model/kinship/gram.h"
#include "base/clock.h"
#include "base/memory.h"
#include "gram_source.h"
#include "input/genotypes/genotypes.h"
#include "made_study.h"
#include "measure.h"
#include "model/blas/blas_check.h"
#include "tasks/gram_graph.h"

#include <cblas.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_THREADS = 2, N_PENALTIES = 5 };
#define GOAL 1.5

static void no_progress(void *context, int64_t done, int64_t total)
{
    (void)context, (void)done, (void)total;
}

static const struct progress_sink silent = {.update = no_progress};

/* One thread's share of the bare products. */
struct dsyrk_share {
    size_t n, n_tiles;
    double *x, *k; /* GRAM_SNP_TILE x n; n x n */
    pthread_t thread;
};

static void *multiply(void *argument)
{
    struct dsyrk_share *share = argument;
    for (size_t t = 0; t < share->n_tiles; t++)
        cblas_dsyrk(CblasRowMajor, CblasLower, CblasTrans, (int)share->n, GRAM_SNP_TILE, 1, share->x,
                    (int)share->n, t == 0 ? 0 : 1, share->k, (int)share->n);
    return NULL;
}

/* Wall seconds of the dsyrk flops of n_snps SNPs on bare threads. */
static int dsyrk_seconds(size_t n, size_t n_snps, size_t n_threads, double *seconds, struct error *err)
{
    struct dsyrk_share shares[MOST_THREADS] = {0};
    size_t n_tiles = (n_snps + GRAM_SNP_TILE - 1) / GRAM_SNP_TILE, n_started = 0;
    for (size_t i = 0; i < n_threads && err->code == 0; i++) {
        shares[i].n = n;
        shares[i].n_tiles = (i + 1) * n_tiles / n_threads - i * n_tiles / n_threads;
        shares[i].x = memory_aligned(n * GRAM_SNP_TILE, sizeof(double), "an SNP tile", err);
        shares[i].k = memory_zeroed(n * n, sizeof(double), "K", err);
        if (shares[i].x != NULL)
            made_numbers_fill(shares[i].x, n * GRAM_SNP_TILE, i + 1);
    }
    double start = clock_seconds();
    for (size_t i = 0; i < n_threads && err->code == 0; i++) {
        int code = pthread_create(&shares[i].thread, NULL, multiply, &shares[i]);
        if (code != 0)
            error_set(err, EXIT_CODE_FAILED, "cannot start a thread: %s", strerror(code));
        else
            n_started++;
    }
    for (size_t i = 0; i < n_started; i++)
        pthread_join(shares[i].thread, NULL);
    *seconds = clock_seconds() - start;
    for (size_t i = 0; i < n_threads; i++) {
        free(shares[i].x);
        free(shares[i].k);
    }
    return err->code;
}

/* A B A B on the same number of threads. sums receive K and H. */
static int measure_gram(struct runtime *runtime, const struct snp_source *source, size_t n, size_t n_snps,
                        size_t repetitions, const struct gram_graph_sums *sums, struct error *err)
{
    const struct genotype_filter filter = {
        .min_allele_frequency = 0.01, .max_missing = 0.05, .scale = GENOTYPE_SCALE_ALLELE_FREQUENCY};
    struct genotype_counts counts = {0};
    bool is_single = gram_is_large(n, n_snps);
    double *ratios = memory_zeroed(repetitions, sizeof *ratios, "times", err);
    double bare = 0, best_bare = 0, best = 0;
    for (size_t i = 0; err->code == 0 && i < repetitions; i++) {
        runtime_pause(runtime);
        dsyrk_seconds(n, n_snps, (size_t)runtime->n_workers, &bare, err);
        runtime_resume(runtime);
        double start = clock_seconds();
        if (err->code == 0)
            gram_graph_run(runtime, &(struct gram_graph_input){source, n, n_snps, &filter, is_single}, sums,
                           &counts, &silent, err);
        double seconds = clock_seconds() - start;
        bare *= (double)counts.n_kept / (double)n_snps; /* filtered SNPs are never multiplied */
        ratios[i] = seconds / bare;
        best_bare = i == 0 || bare < best_bare ? bare : best_bare;
        best = i == 0 || seconds < best ? seconds : best;
    }
    if (err->code == 0) {
        double flops = (double)n * (double)(n + 1) * (double)counts.n_kept;
        printf(
            "%d worker(s), %zu SNPs (%zu kept): K in %s precision %.2f s, dsyrk alone %.2f s (%.1f Gflop/s) at best\n",
            runtime->n_workers, n_snps, counts.n_kept, is_single ? "single" : "double", best, best_bare,
            flops / best_bare / 1e9);
        printf("gram / dsyrk = %.2f (goal at most %.1f)\n", measure_median(ratios, repetitions), GOAL);
    }
    free(ratios);
    return err->code;
}

/* Seconds of SVD, operators and observed scores. */
static int measure_setup(struct runtime *runtime, const struct made_study *study, const double *gram,
                         const double *targets, struct error *err)
{
    static const double penalties[N_PENALTIES] = {0.01, 0.1, 1, 10, 100};
    struct observed observed;
    struct placement placement = {0};
    if (placement_init(&placement, PLACEMENT_REPLICATE, N_PENALTIES, runtime->ranks->machine_of, 1, 1, err) !=
        0)
        return err->code;
    if (observed_init(&observed, targets, study->n_targets, N_PENALTIES, &study->folds,
                      &(struct observed_baselines){&study->baseline, &study->baseline}, err) != 0) {
        placement_free(&placement);
        return err->code;
    }
    struct shared_operators shared = {0};
    struct shared_svd svd = {0};
    struct operator_graph_input input = {.svd = &svd,
                                         .covariates = &study->covariates,
                                         .folds = &study->folds,
                                         .placement = &placement,
                                         .penalties = penalties,
                                         .operators = &shared,
                                         .targets = targets,
                                         .observed = &observed};
    double start = clock_seconds();
    if (shared_svd_compute(
            &svd, runtime,
            &(struct shared_svd_input){gram, &study->covariates, penalties[0], penalties[N_PENALTIES - 1]},
            &placement, &silent, err) == 0 &&
        shared_operators_init(&shared, runtime->ranks, N_PENALTIES, &study->folds, folds_all(&study->folds),
                              err) == 0 &&
        operator_graph_run(runtime, &input, &silent, err) == 0)
        printf("%d worker(s): SVD, operators of %d penalties and observed scores of %zu targets: %.1f s\n",
               runtime->n_workers, N_PENALTIES, study->n_targets, clock_seconds() - start);
    shared_operators_free(&shared, runtime->ranks);
    shared_svd_free(&svd, runtime->ranks);
    observed_free(&observed);
    placement_free(&placement);
    return err->code;
}

struct shape {
    size_t subjects, snps, targets, repetitions;
};

static int measure_with(const struct snp_source *source, const struct shape *shape, struct ranks *ranks,
                        struct error *err)
{
    size_t n = shape->subjects;
    struct made_study study;
    if (made_study_init(&study, n, shape->targets, 0, err) != 0)
        return err->code;
    double *gram = memory_aligned(n * n, sizeof *gram, "K", err);
    double *heterozygosity = memory_aligned(n, sizeof *heterozygosity, "H", err);
    double *targets = memory_aligned(n * shape->targets, sizeof *targets, "targets", err);
    if (err->code == 0) {
        made_numbers_fill(targets, n * shape->targets, 1);
        printf("%zu subjects, OpenBLAS kernels %s\n", n, blas_check_core());
    }
    for (int workers = 1; workers <= MOST_THREADS && err->code == 0; workers++) {
        struct runtime runtime;
        if (runtime_start(&runtime, ranks, workers, err) != 0)
            break;
        if (measure_gram(&runtime, source, n, shape->snps, shape->repetitions,
                         &(struct gram_graph_sums){gram, heterozygosity}, err) == 0)
            measure_setup(&runtime, &study, gram, targets, err);
        runtime_stop(&runtime);
    }
    free(gram);
    free(heterozygosity);
    free(targets);
    made_study_free(&study);
    return err->code;
}

static int measure_all(const struct snp_source *source, const struct shape *shape, struct error *err)
{
    struct ranks alone;
    if (ranks_open(&alone, err) != 0)
        return err->code;
    measure_with(source, shape, &alone, err);
    ranks_close(&alone, err->code);
    return err->code;
}

static int read_plink(const void *context, size_t first, size_t count, uint8_t *calls, struct error *err)
{
    return genotypes_read_calls(context, first, count, calls, err);
}

static int measure_plink(const char *prefix, struct shape *shape, struct error *err)
{
    struct text_list prefixes = {0};
    const struct genotype_selection everything = {.all_chromosomes = true};
    struct genotypes genotypes = {0};
    if (text_list_add(&prefixes, prefix, err) == 0 &&
        genotypes_open(&genotypes, &prefixes, &everything, err) == 0) {
        const struct snp_source source = {&genotypes, read_plink};
        shape->subjects = genotypes.n_subjects;
        shape->snps = genotypes.variants.count;
        measure_all(&source, shape, err);
        genotypes_close(&genotypes);
    }
    text_list_free(&prefixes);
    return err->code;
}

static int measure_made(const struct shape *shape, struct error *err)
{
    struct gram_source made;
    if (gram_source_init(&made, shape->subjects, shape->snps, err) == 0) {
        const struct snp_source source = {&made, gram_source_read};
        measure_all(&source, shape, err);
    }
    gram_source_free(&made);
    return err->code;
}

int main(int argc, char **argv)
{
    struct shape shape = {.subjects = 1500, .snps = 50000, .targets = 1000, .repetitions = 3};
    const char *prefix = NULL;
    const struct measure_option options[] = {
        {"subjects", "n", &shape.subjects, NULL},
        {"snps", "p", &shape.snps, NULL},
        {"targets", "T, for the observed scores", &shape.targets, NULL},
        {"repetitions", "of K; the median counts", &shape.repetitions, NULL},
        {"plink", "prefix of a fileset to read instead of made genotypes (n and p are its own)", NULL,
         &prefix},
    };
    measure_options(argc, argv, "Time of the Gram matrix and of the operators, 1 and 2 workers.", options,
                    sizeof options / sizeof *options);
    struct error err = {0};
    blas_check_single_thread();
    if (prefix != NULL)
        measure_plink(prefix, &shape, &err);
    else
        measure_made(&shape, &err);
    if (err.code != 0)
        fprintf(stderr, "bench_gram: %s\n", err.message);
    return err.code;
}
