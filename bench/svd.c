/* The steps of the SVD on one core, and the genetic components: LAPACK's dsyevr on one core beside tasks on
 * all workers. CPU seconds, and seconds by the clock. */
#include "model/ridge/svd.h"
#include "base/clock.h"
#include "base/memory.h"
#include "made_study.h"
#include "measure.h"
#include "model/blas/blas_check.h"
#include "model/eigen/leading_vectors.h"
#include "model/eigen/tridiagonal.h"
#include "tasks/tridiagonal_graph.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void no_progress(void *context, int64_t done, int64_t total)
{
    (void)context, (void)done, (void)total;
}

static const struct progress_sink silent = {.update = no_progress};

struct options {
    size_t people, components, workers;
    const char *part;
};

/* Of all threads. */
static double process_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* K of people who have nothing in common, twice as many SNPs. */
static double *make_gram(size_t n, struct error *err)
{
    double *gram = memory_aligned(n * n, sizeof *gram, "K", err);
    double *x = memory_aligned(2 * n * n, sizeof *x, "SNPs", err);
    if (gram != NULL && x != NULL) {
        made_numbers_fill(x, 2 * n * n, 1);
        cblas_dsyrk(CblasColMajor, CblasLower, CblasTrans, (int)n, (int)(2 * n), .5 / (double)n, x,
                    (int)(2 * n), 0, gram, (int)n);
        for (size_t j = 0; j < n; j++)
            for (size_t i = j + 1; i < n; i++)
                gram[i * n + j] = gram[j * n + i];
    }
    free(x);
    return gram;
}

/* Prints what a step took, and begins the next. */
static void say(const char *step, double *start)
{
    double now = measure_thread_seconds();
    printf("    %-50s %8.2f s\n", step, now - *start);
    fflush(stdout);
    *start = measure_thread_seconds();
}

static int measure_svd(const double *gram, size_t n, struct error *err)
{
    struct covariates covariates = {0};
    struct svd svd = {0};
    struct svd_reduction reduction = {0};
    bool kept;
    double *ones = memory_aligned(n, sizeof *ones, "the intercept", err);
    for (size_t i = 0; ones != NULL && i < n; i++)
        ones[i] = 1;
    printf("SVD, one thread, CPU seconds:\n");
    double start = measure_thread_seconds();
    if (ones != NULL && covariates_init(&covariates, ones, n, 1, &kept, err) == 0 &&
        svd_init(&svd, n, 1, err) == 0 && svd_begin(&svd, gram, &covariates, &reduction, err) == 0) {
        say("K beyond the intercept", &start);
        reduction_steps(&reduction.tridiagonal);
        say("to a tridiagonal matrix", &start);
        svd_solve(&svd, &reduction, err);
        say("its vectors (dstedc or dstemr)", &start);
        for (size_t slab = 0; err->code == 0 && slab < svd_slabs(svd.rank); slab++)
            svd_finish_slab(&svd, &reduction, slab, err);
        say("vectors turned back", &start);
    }
    svd_reduction_free(&reduction);
    svd_free(&svd);
    covariates_free(&covariates);
    free(ones);
    return err->code;
}

/* vectors: count x n, the largest eigenvalue last. */
static int by_dsyevr(const double *gram, size_t n, size_t count, double *vectors, struct error *err)
{
    double *copy = memory_aligned(n * n, sizeof *copy, "dsyevr", err);
    double *values = memory_aligned(n, sizeof *values, "dsyevr", err);
    lapack_int found = 0, *support = memory_zeroed(2 * n, sizeof *support, "dsyevr", err);
    double start = measure_thread_seconds();
    if (err->code == 0) {
        memcpy(copy, gram, n * n * sizeof *copy);
        lapack_int info =
            LAPACKE_dsyevr(LAPACK_COL_MAJOR, 'V', 'I', 'L', (int)n, copy, (int)n, 0, 0, (int)(n - count + 1),
                           (int)n, 0, &found, values, vectors, (int)n, support);
        if (info != 0)
            error_set(err, EXIT_CODE_FAILED, "dsyevr: info = %d", (int)info);
        say("dsyevr, one thread, CPU seconds", &start);
    }
    free(copy);
    free(values);
    free(support);
    return err->code;
}

static int by_tasks(struct runtime *runtime, const double *gram, size_t n, size_t count, double *vectors,
                    struct error *err)
{
    struct leading_vectors leading = {0};
    double start = clock_seconds(), used = process_seconds();
    if (leading_vectors_begin(&leading, gram, n, count, "components", err) == 0) {
        runtime_resume(runtime);
        tridiagonal_graph_run(runtime, &leading.tridiagonal, &silent, "", err);
        runtime_pause(runtime);
        double reduced = clock_seconds();
        if (err->code == 0)
            leading_vectors_solve(&leading, vectors, err);
        double end = clock_seconds();
        printf("    tasks, %d worker(s): %.2f CPU s, %.2f s by the clock, of it %.2f s after the reduction\n",
               runtime->n_workers, process_seconds() - used, end - start, end - reduced);
        fflush(stdout);
    }
    leading_vectors_free(&leading);
    return err->code;
}

/* The largest difference of a vector's numbers, signs aside. */
static double difference(const double *vectors, const double *ascending, size_t n, size_t count)
{
    double worst = 0;
    for (size_t k = 0; k < count; k++) {
        const double *a = vectors + k * n, *b = ascending + (count - 1 - k) * n;
        double sign = cblas_ddot((int)n, a, 1, b, 1) < 0 ? -1 : 1;
        for (size_t i = 0; i < n; i++)
            worst = fmax(worst, fabs(a[i] - sign * b[i]));
    }
    return worst;
}

static int measure_components(const double *gram, const struct options *options, struct error *err)
{
    size_t n = options->people, count = options->components;
    struct ranks ranks = {0};
    double *first = memory_aligned(n * count, sizeof *first, "components", err);
    double *vectors = memory_aligned(n * count, sizeof *vectors, "components", err);
    double *expected = memory_aligned(n * count, sizeof *expected, "components", err);
    printf("%zu genetic components:\n", count);
    if (err->code == 0 && ranks_open(&ranks, err) == 0 && by_dsyevr(gram, n, count, expected, err) == 0)
        for (size_t workers = 1; err->code == 0 && workers <= options->workers; workers++) {
            struct runtime runtime = {0};
            if (runtime_start(&runtime, &ranks, (int)workers, err) != 0)
                break;
            runtime_pause(&runtime);
            by_tasks(&runtime, gram, n, count, vectors, err);
            runtime_resume(&runtime);
            runtime_stop(&runtime);
            if (err->code != 0)
                break;
            if (workers == 1)
                memcpy(first, vectors, n * count * sizeof *first);
            printf("    off dsyevr's by %.1e; %s as with one worker\n",
                   difference(vectors, expected, n, count),
                   memcmp(first, vectors, n * count * sizeof *first) == 0 ? "the same bits" : "other bits");
        }
    if (err->code == 0)
        ranks_close(&ranks, err->code);
    free(first);
    free(vectors);
    free(expected);
    return err->code;
}

int main(int argc, char **argv)
{
    struct options options = {.people = 2000, .components = 10, .workers = 2, .part = "both"};
    const struct measure_option known[] = {
        {"people", "people: n", &options.people, NULL},
        {"components", "genetic components", &options.components, NULL},
        {"workers", "up to so many workers", &options.workers, NULL},
        {"part", "svd, components or both", NULL, &options.part},
    };
    measure_options(argc, argv, "the SVD's steps and the genetic components", known,
                    sizeof known / sizeof *known);
    struct error err = {0};
    blas_check_single_thread();
    double *gram = make_gram(options.people, &err);
    printf("%zu people\n", options.people);
    if (gram != NULL && strcmp(options.part, "components") != 0)
        measure_svd(gram, options.people, &err);
    if (err.code == 0 && strcmp(options.part, "svd") != 0)
        measure_components(gram, &options, &err);
    free(gram);
    if (err.code != 0)
        fprintf(stderr, "bench_svd: %s\n", err.message);
    return err.code;
}
