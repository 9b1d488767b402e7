/* load_snps, gram_tile and gram_add on plain arrays. */
#include "codelets/gram_add.h"
#include "codelets/gram_tile.h"
#include "codelets/load_snps.h"

#include "model/kinship/gram.h"
#include "model_example.h"
#include "task_buffers.h"

enum { N = 9, SNPS = 6, FIRST = 40 };

static struct run_status status;
static const struct genotype_filter every_snp = {0, 1, GENOTYPE_SCALE_ALLELE_FREQUENCY};

/* SNP FIRST + k of subject i; the last SNP does not vary. */
static uint8_t call_of(size_t k, size_t i)
{
    return k == SNPS - 1 ? 2 : (uint8_t)((k + i * i + i * k + i / 2) % 4);
}

static int read_calls(const void *context, size_t first, size_t count, uint8_t *calls, struct error *err)
{
    if (context != NULL)
        return error_set(err, EXIT_CODE_BAD_INPUT, "%s", (const char *)context);
    CU_ASSERT_EQUAL(first, FIRST);
    for (size_t k = 0; k < count; k++)
        for (size_t i = 0; i < N; i++)
            calls[k * N + i] = call_of(k, i);
    return 0;
}

struct tile {
    uint8_t calls[SNPS * N];
    double x[SNPS * N], heterozygosity[N];
    struct genotype_counts counts;
};

static void load(struct tile *tile, const char *problem)
{
    struct snp_source source = {problem, read_calls};
    struct load_snps_args args = {&status, &source, &every_snp, N, FIRST, SNPS, &tile->counts, false};
    struct task_buffers buffers = {.count = 0};
    task_buffers_vector(&buffers, tile->calls, sizeof tile->calls, 1);
    task_buffers_matrix(&buffers, tile->x, SNPS, N, N, sizeof *tile->x);
    task_buffers_matrix(&buffers, tile->heterozygosity, 1, N, N, sizeof *tile->heterozygosity);
    task_buffers_call(&buffers, load_snps_cpu, &args, sizeof args);
}

static void begin(void)
{
    struct error err = {0};
    CU_ASSERT_EQUAL_FATAL(run_status_init(&status, &err), 0);
}

static void snps_are_read_and_standardised(void)
{
    begin();
    struct tile tile, expected;
    memset(&tile, 0, sizeof tile);
    memset(&expected, 0, sizeof expected);
    for (size_t i = 0; i < SNPS * N; i++)
        expected.calls[i] = call_of(i / N, i % N);
    genotype_standardise(expected.calls, SNPS, N, &every_snp, expected.x, expected.heterozygosity,
                         &expected.counts);
    load(&tile, NULL);
    CU_ASSERT_EQUAL(memcmp(&tile, &expected, sizeof tile), 0);
    CU_ASSERT_EQUAL(tile.counts.n_constant, 1);
    CU_ASSERT_TRUE(tile.counts.n_kept > 3);
    CU_ASSERT_FALSE(run_status_failed(&status));
    run_status_free(&status);
}

static void what_cannot_be_read_fails_the_run(void)
{
    begin();
    struct error err = {0};
    struct tile tile = {.x[0] = 7};
    load(&tile, "chr1.bed: it ends too early");
    CU_ASSERT_EQUAL(run_status_result(&status, &err), EXIT_CODE_BAD_INPUT);
    CU_ASSERT_STRING_EQUAL(err.message, "chr1.bed: it ends too early");
    CU_ASSERT_EQUAL(tile.x[0], 7);
    load(&tile, NULL); /* the run has failed: nothing more is read */
    CU_ASSERT_EQUAL(tile.counts.n_kept, 0);
    run_status_free(&status);
}

/* Rows 4 ... 8, columns 1 ... 3 of K of the example's SNPs. */
enum { ROW = 4, ROWS = 5, COLUMN = 1, COLUMNS = 3 };

static void add_tile(double *x, const struct genotype_counts *counts, bool add, double *sum)
{
    struct gram_tile_args args = {&status, counts, N, ROW, ROWS, COLUMN, COLUMNS, add, false};
    struct task_buffers buffers = {.count = 0};
    task_buffers_matrix(&buffers, x, SNPS, N, N, sizeof *x);
    task_buffers_matrix(&buffers, sum + ROW * N + COLUMN, ROWS, COLUMNS, N, sizeof *sum);
    task_buffers_call(&buffers, gram_tile_cpu, &args, sizeof args);
}

static void add_chunk(double *chunk, double *total)
{
    struct run_status *args = &status;
    struct task_buffers buffers = {.count = 0};
    task_buffers_matrix(&buffers, chunk + ROW * N + COLUMN, ROWS, COLUMNS, N, sizeof *chunk);
    task_buffers_matrix(&buffers, total + ROW * N + COLUMN, ROWS, COLUMNS, N, sizeof *total);
    task_buffers_call(&buffers, gram_add_cpu, &args, sizeof args);
}

/* What stands outside the tile stays. */
static void assert_only_tile(const double *found, const double *tile, double outside)
{
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < N; j++) {
            bool inside = i >= ROW && i < ROW + ROWS && j >= COLUMN && j < COLUMN + COLUMNS;
            ASSERT_NEAR(found[i * N + j], inside ? tile[i * N + j] : outside, 1e-12);
        }
}

static void tiles_are_summed(void)
{
    begin();
    struct tile tile;
    load(&tile, NULL);
    double *once = example_product(tile.x, tile.x, N, tile.counts.n_kept, N, true);
    double chunk[N * N], total[N * N], twice[N * N];
    for (size_t i = 0; i < N * N; i++) {
        chunk[i] = total[i] = 5;
        twice[i] = 2 * once[i];
    }
    add_tile(tile.x, &tile.counts, false, chunk); /* what stood there does not count */
    assert_only_tile(chunk, once, 5);
    add_tile(tile.x, &tile.counts, true, chunk);
    assert_only_tile(chunk, twice, 5);
    add_chunk(chunk, total);
    for (size_t i = 0; i < N * N; i++)
        twice[i] += 5;
    assert_only_tile(total, twice, 5);
    free(once);
    run_status_free(&status);
}

static void a_failed_run_sums_nothing(void)
{
    begin();
    struct tile tile;
    load(&tile, NULL);
    run_status_stop(&status, "while this is tested");
    double chunk[N * N] = {0}, total[N * N] = {0}, ones[N * N];
    for (size_t i = 0; i < N * N; i++)
        ones[i] = 1;
    add_tile(tile.x, &tile.counts, false, chunk);
    add_chunk(ones, total);
    assert_only_tile(chunk, total, 0);
    assert_only_tile(total, chunk, 0);
    CU_ASSERT_EQUAL(total[ROW * N + COLUMN], 0);
    run_status_free(&status);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"snps_are_read_and_standardised", snps_are_read_and_standardised},
        {"what_cannot_be_read_fails_the_run", what_cannot_be_read_fails_the_run},
        {"tiles_are_summed", tiles_are_summed},
        {"a_failed_run_sums_nothing", a_failed_run_sums_nothing},
    };
    return testing_main(argc, argv, "codelets/gram_tasks", cases, sizeof cases / sizeof *cases);
}
