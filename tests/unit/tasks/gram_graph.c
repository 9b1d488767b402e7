/* K by tasks on one worker, and in two ranks (mpi/unit_gram_graph), against plain calls and plain loops. */
#include "tasks/gram_graph.h"

#include "base/memory.h"
#include "graph_testing.h"
#include "model/blas/blas_check.h"
#include "model/kinship/gram.h"

#include <stdlib.h>
#include <string.h>

/* Two parts of the subject axis; chunks of two SNP tiles, but for the last ones. */
enum { N = 520, SNPS = 7 * 600 + 100 };

static const struct genotype_filter filter = {0.05, 0.3, GENOTYPE_SCALE_ALLELE_FREQUENCY};

/* Copies of allele 1; every 50th SNP is rare, every 60th has many missing calls. */
static uint8_t call_of(size_t snp, size_t subject)
{
    uint64_t z = (snp * N + subject + 1) * 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    unsigned dice = (unsigned)(z >> 33) % 100;
    if (snp % 50 == 0)
        return dice < 2;
    if (dice < (snp % 60 == 1 ? 50 : 3))
        return 3;
    return (uint8_t)((dice > 40) + (dice > 75));
}

static int read_calls(const void *context, size_t first, size_t count, uint8_t *calls, struct error *err)
{
    const char *problem = context;
    if (problem != NULL && first > SNPS / 2)
        return error_set(err, EXIT_CODE_BAD_INPUT, "%s", problem);
    for (size_t k = 0; k < count; k++)
        for (size_t i = 0; i < N; i++)
            calls[k * N + i] = call_of(first + k, i);
    return 0;
}

static double *doubles(size_t count)
{
    struct error err = {0};
    double *values = memory_zeroed(count, sizeof *values, "a test", &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(values);
    return values;
}

/* One SNP tile into every tile of the lower triangle. */
static void add_snp_tile(const double *x, size_t n_kept, bool add, double *sum)
{
    for (size_t i = 0; i < gram_parts(N); i++)
        for (size_t j = 0; j <= i; j++) {
            size_t row = gram_part_start(N, i), column = gram_part_start(N, j);
            gram_tile(x, n_kept, N,
                      &(struct gram_block){row, gram_part_start(N, i + 1) - row, column,
                                           gram_part_start(N, j + 1) - column},
                      add, sum + row * N + column);
        }
}

static struct gram_graph_sums sums_make(bool is_first)
{
    return is_first ? (struct gram_graph_sums){doubles(N * N), doubles(N)} : (struct gram_graph_sums){0};
}

static void sums_free(struct gram_graph_sums *sums)
{
    free(sums->gram);
    free(sums->heterozygosity);
}

/* K and H by the same calls, one after the other. */
static struct gram_graph_sums expected_sums(struct genotype_counts *counts)
{
    struct error err = {0};
    double *x = doubles((size_t)GRAM_SNP_TILE * N), *chunk_sum = doubles(N * N), row[N];
    struct gram_graph_sums sums = sums_make(true);
    uint8_t *calls = memory_zeroed((size_t)GRAM_SNP_TILE * N, 1, "a test", &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(calls);
    *counts = (struct genotype_counts){0};
    for (size_t chunk = 0; chunk < GRAM_CHUNKS; chunk++) {
        double row_sum[N] = {0};
        for (size_t tile = 0; tile < gram_tiles_in_chunk(SNPS, chunk); tile++) {
            size_t first, count;
            struct genotype_counts found;
            gram_tile_range(SNPS, chunk, tile, &first, &count);
            read_calls(NULL, first, count, calls, &err);
            genotype_standardise(calls, count, N, &filter, x, row, &found);
            gram_add(row, 1, N, N, row_sum);
            add_snp_tile(x, found.n_kept, tile > 0, chunk_sum);
            counts->n_kept += found.n_kept;
            counts->n_missing += found.n_missing;
            counts->n_constant += found.n_constant;
            counts->n_rare += found.n_rare;
        }
        gram_add(chunk_sum, N, N, N, sums.gram);
        gram_add(row_sum, 1, N, N, sums.heterozygosity);
    }
    gram_finish(sums.gram, N, counts->n_kept);
    for (size_t i = 0; i < N; i++)
        sums.heterozygosity[i] /= (double)counts->n_kept;
    free(x);
    free(chunk_sum);
    free(calls);
    return sums;
}

/* An entry of K by its definition, and H of subject a; the SNPs kept are counted by the way. */
static double entry_of_k(size_t a, size_t b, size_t *n_kept, double *heterozygosity)
{
    double sum = 0;
    *n_kept = 0;
    *heterozygosity = 0;
    for (size_t k = 0; k < SNPS; k++) {
        double copies = 0, present = 0;
        for (size_t i = 0; i < N; i++) {
            uint8_t call = call_of(k, i);
            copies += call < 3 ? call : 0;
            present += call < 3;
        }
        double f = copies / present / 2, rarer = f < 0.5 ? f : 1 - f;
        if (N - present > 0.3 * N || rarer < 0.05)
            continue;
        ++*n_kept;
        double x = call_of(k, a) < 3 ? call_of(k, a) - 2 * f : 0,
               y = call_of(k, b) < 3 ? call_of(k, b) - 2 * f : 0;
        sum += x * y / (2 * f * (1 - f));
        *heterozygosity += call_of(k, a) == 1 ? 1 / (2 * f * (1 - f)) : 0;
    }
    *heterozygosity /= (double)*n_kept;
    return sum / (double)*n_kept;
}

static bool is_single; /* of the next runs */

static int run(const struct gram_graph_sums *sums, const char *problem, const struct progress_sink *progress,
               struct genotype_counts *counts, struct error *err)
{
    struct snp_source source = {problem, read_calls};
    return gram_graph_run(&runtime, &(struct gram_graph_input){&source, N, SNPS, &filter, is_single}, sums,
                          counts, progress, err);
}

/* Off by what single precision rounds, the diagonal and H by less. */
static void k_in_single_precision(void)
{
    struct error err = {0};
    struct genotype_counts found = {0}, expected;
    bool is_first = ranks.rank == 0, differs = false;
    struct gram_graph_sums sums = sums_make(is_first), by_calls = expected_sums(&expected);
    is_single = true;
    CU_ASSERT_EQUAL_FATAL(run(&sums, NULL, &never_stopped, &found, &err), 0);
    is_single = false;
    CU_ASSERT_EQUAL(memcmp(&found, &expected, sizeof found), 0);
    for (size_t i = 0; is_first && i < N * N; i++) {
        ASSERT_NEAR(sums.gram[i], by_calls.gram[i % N > i / N ? i % N * N + i / N : i],
                    i / N == i % N ? 3e-8 * by_calls.gram[i] : 1e-7);
        differs |= i / N > i % N && sums.gram[i] != by_calls.gram[i];
    }
    CU_ASSERT_EQUAL(differs, is_first);
    if (is_first)
        CU_ASSERT_EQUAL(memcmp(sums.heterozygosity, by_calls.heterozygosity, N * sizeof(double)), 0);
    sums_free(&sums);
    sums_free(&by_calls);
}

static void k_has_the_bits_of_plain_calls(void)
{
    struct error err = {0};
    struct genotype_counts found = {0}, expected;
    bool is_first = ranks.rank == 0;
    struct gram_graph_sums sums = sums_make(is_first), by_calls = expected_sums(&expected);
    CU_ASSERT_EQUAL_FATAL(run(&sums, NULL, &never_stopped, &found, &err), 0);
    CU_ASSERT_EQUAL(memcmp(&found, &expected, sizeof found), 0);
    CU_ASSERT_TRUE(found.n_missing > 10 && found.n_rare > 10);
    if (is_first) {
        CU_ASSERT_EQUAL(memcmp(sums.gram, by_calls.gram, N * N * sizeof *sums.gram), 0);
        CU_ASSERT_EQUAL(memcmp(sums.heterozygosity, by_calls.heterozygosity, N * sizeof(double)), 0);
    }
    sums_free(&sums);
    sums_free(&by_calls);
}

static void k_is_what_it_says(void)
{
    static const size_t pairs[][2] = {{0, 0}, {3, 519}, {519, 3}, {260, 261}, {511, 512}, {519, 519}};
    struct error err = {0};
    struct genotype_counts counts;
    struct gram_graph_sums sums = sums_make(ranks.rank == 0);
    CU_ASSERT_EQUAL_FATAL(run(&sums, NULL, &never_stopped, &counts, &err), 0);
    for (size_t k = 0; sums.gram != NULL && k < sizeof pairs / sizeof *pairs; k++) {
        size_t n_kept;
        double heterozygosity, expected = entry_of_k(pairs[k][0], pairs[k][1], &n_kept, &heterozygosity);
        CU_ASSERT_EQUAL(counts.n_kept, n_kept);
        ASSERT_NEAR(sums.gram[pairs[k][0] * N + pairs[k][1]], expected, 1e-12);
        ASSERT_NEAR(sums.heterozygosity[pairs[k][0]], heterozygosity, 1e-12);
    }
    sums_free(&sums);
}

static void a_file_that_cannot_be_read_ends_it(void)
{
    if (ranks.size > 1)
        return;
    struct error err = {0};
    struct genotype_counts counts;
    struct gram_graph_sums sums = sums_make(true);
    graph_testing_start();
    CU_ASSERT_EQUAL(run(&sums, "chr2.bed: it ends too early", &never_stopped, &counts, &err),
                    EXIT_CODE_BAD_INPUT);
    CU_ASSERT_STRING_EQUAL(err.message, "chr2.bed: it ends too early");
    sums_free(&sums);
}

static void it_stops_when_asked(void)
{
    if (ranks.size > 1)
        return;
    struct error err = {0};
    struct genotype_counts counts;
    struct gram_graph_sums sums = sums_make(true);
    graph_testing_start();
    CU_ASSERT_EQUAL(run(&sums, NULL, &stopped_at_once, &counts, &err), EXIT_CODE_STOPPED);
    ASSERT_CONTAINS(err.message, "stopped on request");
    sums_free(&sums);
}

static int read_no_variation(const void *context, size_t first, size_t count, uint8_t *calls,
                             struct error *err)
{
    (void)context, (void)first, (void)err;
    memset(calls, 2, count * N);
    return 0;
}

static void no_snp_left_is_said_with_counts(void)
{
    if (ranks.size > 1)
        return;
    struct error err = {0};
    struct genotype_counts counts;
    struct snp_source source = {NULL, read_no_variation};
    struct gram_graph_sums sums = sums_make(true);
    graph_testing_start();
    CU_ASSERT_EQUAL(gram_graph_run(&runtime, &(struct gram_graph_input){&source, N, 10, &filter, false},
                                   &sums, &counts, &never_stopped, &err),
                    EXIT_CODE_BAD_INPUT);
    ASSERT_CONTAINS(err.message, "no SNP is left of 10 (0 over max_missing_per_snp, 10 do not vary, 0 under");
    sums_free(&sums);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"k_has_the_bits_of_plain_calls", k_has_the_bits_of_plain_calls},
        {"k_in_single_precision", k_in_single_precision},
        {"k_is_what_it_says", k_is_what_it_says},
        {"a_file_that_cannot_be_read_ends_it", a_file_that_cannot_be_read_ends_it},
        {"it_stops_when_asked", it_stops_when_asked},
        {"no_snp_left_is_said_with_counts", no_snp_left_is_said_with_counts},
    };
    blas_check_single_thread();
    return graph_testing_main(argc, argv, "tasks/gram_graph", cases, sizeof cases / sizeof *cases);
}
