/* One SNP at a time, on one core: a tile of SNPs by many targets (pair_scan.h) beside sgemm alone, and their
 * maxima under all shifts of an orbit (orbit_maxima.h) beside sgemm for as many permutations. */
#include "measure.h"

#include "base/memory.h"
#include "model/blas/blas_check.h"
#include "model/orbits/orbit_tile.h"
#include "model/univariate/orbit_maxima.h"
#include "model/univariate/pair_scan.h"
#include "model/univariate/student.h"

#include <cblas.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static float *floats(size_t count, struct error *err)
{
    uint64_t state = count;
    float *values = memory_aligned(count, sizeof *values, "a benchmark", err);
    for (size_t i = 0; values != NULL && i < count; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        values[i] = (float)((double)(state >> 11) * 0x1p-52 - 1);
    }
    return values;
}

static double *widened(const float *values, size_t count, struct error *err)
{
    double *wide = memory_aligned(count, sizeof *wide, "a benchmark", err);
    for (size_t i = 0; wide != NULL && i < count; i++)
        wide[i] = (double)values[i];
    return wide;
}

/* Rows of length 1. */
static float *unit_rows(size_t count, size_t n, struct error *err)
{
    float *rows = floats(count * n, err);
    for (size_t k = 0; rows != NULL && k < count; k++)
        cblas_sscal((int)n, 1 / cblas_snrm2((int)n, rows + k * n, 1), rows + k * n, 1);
    return rows;
}

static double multiply_seconds(const float *x, const float *y, size_t n, size_t n_targets, float *products)
{
    double start = measure_thread_seconds();
    for (size_t first = 0; first < n_targets; first += PAIR_STRIP) {
        size_t count = n_targets - first < PAIR_STRIP ? n_targets - first : PAIR_STRIP;
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, SNP_TILE, (int)count, (int)n, 1, x, (int)n,
                    y + first * n, (int)n, 0, products, PAIR_STRIP);
    }
    return measure_thread_seconds() - start;
}

static void measure_scan(size_t n, size_t n_targets, size_t repetitions, size_t sample, struct error *err)
{
    float *x = unit_rows(SNP_TILE, n, err), *y = unit_rows(n_targets, n, err);
    float *products = floats((size_t)SNP_TILE * PAIR_STRIP, err);
    double *exact_x = widened(x, SNP_TILE * n, err), *exact_y = widened(y, n_targets * n, err);
    uint32_t variant[SNP_TILE];
    double alone[64], whole[64], share[64];
    struct associations associations = {0};
    if (err->code != 0 ||
        associations_init(&associations, n_targets, repetitions * SNP_TILE, 1000000, err) != 0)
        return;
    double log_p = log(1e-5), d = (double)n - 6;
    for (size_t t = 0; t < n_targets; t++)
        associations.best[t] = (struct association_best){0, 0.5}; /* as late in a study: records are rare */
    struct snp_tile tile = {.n_rows = SNP_TILE, .variant = variant, .exact = exact_x, .rounded = x};
    struct pair_targets targets = {n,     n_targets, y, exact_y, d, log_p, sqrt(student_r_squared(log_p, d)),
                                   sample};
    multiply_seconds(x, y, n, n_targets, products);
    for (size_t i = 0; i < repetitions; i++) {
        for (uint32_t k = 0; k < SNP_TILE; k++)
            variant[k] = (uint32_t)i * SNP_TILE + k;
        alone[i] = multiply_seconds(x, y, n, n_targets, products);
        double start = measure_thread_seconds();
        for (size_t first = 0; first < n_targets; first += PAIR_STRIP) {
            size_t left = n_targets - first;
            struct pair_strip strip = {first, left < PAIR_STRIP ? left : PAIR_STRIP, products};
            pair_scan_strip(&tile, &targets, &strip, &associations, err);
        }
        whole[i] = measure_thread_seconds() - start;
        share[i] = alone[i] / whole[i];
    }
    double seconds = measure_median(whole, repetitions), pairs = (double)SNP_TILE * (double)n_targets;
    printf(
        "observed: n %zu, %zu targets: %.2f ns a pair; sgemm alone %.1f Gflop/s, with the scan %.1f; sgemm's share %.3f\n",
        n, n_targets, 1e9 * seconds / pairs, 2e-9 * (double)n * pairs / measure_median(alone, repetitions),
        2e-9 * (double)n * pairs / seconds, measure_median(share, repetitions));
    free(x);
    free(y);
    free(products);
    free(exact_x);
    free(exact_y);
    associations_free(&associations);
}

static void measure_maxima(size_t n, size_t repetitions, struct error *err)
{
    struct permutation_scheme blocks;
    struct orbit_scheme scheme;
    struct orbit_engine engine;
    if (permutation_scheme_init(&blocks, NULL, n, 1, err) != 0 ||
        orbit_scheme_init(&scheme, &blocks, err) != 0 ||
        orbit_engine_init(&engine, &scheme, instructions_best(), err) != 0)
        return;
    size_t pairs = orbit_maxima_pairs(SNP_TILE), shifts = scheme.choice.n_shifts;
    size_t room = orbit_maxima_workspace(&engine), more = orbit_tile_workspace(&engine, 0, 1);
    float *x = unit_rows(SNP_TILE, n, err), *y = floats(n * ORBIT_LANES, err);
    float *snps = floats(orbit_maxima_spectra_floats(&engine, pairs), err);
    float *columns = floats(orbit_tile_spectra_floats(&engine, 1), err);
    float *workspace = floats(room > more ? room : more, err), *largest = floats(shifts * ORBIT_LANES, err);
    float *y_rows = unit_rows(1000, n, err), *products = floats((size_t)SNP_TILE * 1000, err);
    double maxima[64], spectra[64], rate[64], ratio[64];
    for (size_t i = 0; err->code == 0 && i < repetitions; i++) {
        double start = measure_thread_seconds();
        orbit_maxima_spectra(&engine, x, SNP_TILE, workspace, snps);
        spectra[i] = (measure_thread_seconds() - start) / SNP_TILE;
        orbit_tile_spectra(&engine, y, ORBIT_LANES, ORBIT_LANES, workspace, columns);
        memset(largest, 0, shifts * ORBIT_LANES * sizeof *largest);
        start = measure_thread_seconds();
        orbit_maxima_take(&engine, snps, pairs, columns, workspace, largest);
        maxima[i] = (measure_thread_seconds() - start) / SNP_TILE / ORBIT_LANES / (double)shifts;
        start = measure_thread_seconds();
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, SNP_TILE, 1000, (int)n, 1, x, (int)n, y_rows,
                    (int)n, 0, products, 1000);
        rate[i] = (measure_thread_seconds() - start) / SNP_TILE / 1000;
        ratio[i] = rate[i] / maxima[i];
    }
    if (err->code == 0)
        printf(
            "maxima: n %zu, %zu shifts: %.3f ns a SNP, target and permutation; sgemm %.2f ns (%.1f Gflop/s), %.1f times as much; spectra %.1f us a SNP\n",
            n, shifts, 1e9 * measure_median(maxima, repetitions), 1e9 * measure_median(rate, repetitions),
            2e-9 * (double)n / measure_median(rate, repetitions), measure_median(ratio, repetitions),
            1e6 * measure_median(spectra, repetitions));
    free(x);
    free(y);
    free(snps);
    free(columns);
    free(workspace);
    free(largest);
    free(y_rows);
    free(products);
    orbit_engine_free(&engine);
    orbit_scheme_free(&scheme);
    permutation_scheme_free(&blocks);
}

int main(int argc, char **argv)
{
    size_t subjects = 740, targets = 4096, repetitions = 9, sample = 7, orbit = 1500;
    const struct measure_option options[] = {
        {"subjects", "of the observed statistics", &subjects, NULL},
        {"targets", "of the observed statistics", &targets, NULL},
        {"sample", "every so many-th SNP counts for lambda_GC", &sample, NULL},
        {"orbit", "subjects of the permutations", &orbit, NULL},
        {"repetitions", "of each measurement, up to 64; the median counts", &repetitions, NULL},
    };
    struct error err = {0};
    measure_options(argc, argv, "Correlations of a tile of SNPs, on one core.", options,
                    sizeof options / sizeof *options);
    blas_check_single_thread();
    printf("BLAS %s\n", blas_check_core());
    measure_scan(subjects, targets, repetitions < 64 ? repetitions : 64, sample, &err);
    if (err.code == 0)
        measure_maxima(orbit, repetitions < 64 ? repetitions : 64, &err);
    if (err.code != 0)
        fprintf(stderr, "bench_association: %s\n", err.message);
    return err.code;
}
