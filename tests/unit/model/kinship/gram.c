#include "model/kinship/gram.h"

#include "model_example.h"

static void every_snp_stands_in_one_tile(void)
{
    static const size_t n_snps[] = {1,   2,   3,    7,    8,    9,    15,   16,   100,  511,
                                    512, 513, 4095, 4096, 4097, 4104, 4105, 8191, 8193, 10000};
    for (size_t k = 0; k < sizeof n_snps / sizeof *n_snps; k++) {
        size_t next = 0, smallest = n_snps[k], largest = 0;
        for (size_t chunk = 0; chunk < GRAM_CHUNKS; chunk++) {
            size_t start = next, n_tiles = gram_tiles_in_chunk(n_snps[k], chunk);
            for (size_t tile = 0; tile < n_tiles; tile++) {
                size_t first, count;
                gram_tile_range(n_snps[k], chunk, tile, &first, &count);
                CU_ASSERT_EQUAL(first, next);
                CU_ASSERT_TRUE(count >= 1 && count <= GRAM_SNP_TILE);
                CU_ASSERT_TRUE(tile == n_tiles - 1 || count == GRAM_SNP_TILE);
                next = first + count;
            }
            smallest = next - start < smallest ? next - start : smallest;
            largest = next - start > largest ? next - start : largest;
        }
        CU_ASSERT_EQUAL(next, n_snps[k]);
        CU_ASSERT_TRUE(largest - smallest <= 1);
    }
}

static void subjects_are_cut_into_nearly_equal_parts(void)
{
    static const size_t n[] = {1, 2, 511, 512, 513, 1023, 1024, 1025, 1197, 40000};
    for (size_t k = 0; k < sizeof n / sizeof *n; k++) {
        size_t parts = gram_parts(n[k]), smallest = n[k], largest = 0;
        CU_ASSERT_EQUAL(gram_part_start(n[k], 0), 0);
        CU_ASSERT_EQUAL(gram_part_start(n[k], parts), n[k]);
        for (size_t part = 0; part < parts; part++) {
            size_t size = gram_part_start(n[k], part + 1) - gram_part_start(n[k], part);
            smallest = size < smallest ? size : smallest;
            largest = size > largest ? size : largest;
        }
        CU_ASSERT_TRUE(largest <= GRAM_SUBJECT_TILE && largest - smallest <= 1);
    }
}

/* One SNP tile's product with every tile of K, first to last or last to first. */
static void add_tile(const double *x, size_t n_snps, size_t n, bool add, bool backwards, double *sum)
{
    size_t parts = gram_parts(n), n_tiles = parts * parts;
    for (size_t k = 0; k < n_tiles; k++) {
        size_t tile = backwards ? n_tiles - 1 - k : k, i = tile / parts, j = tile % parts;
        size_t row = gram_part_start(n, i), column = gram_part_start(n, j);
        if (j <= i)
            gram_tile(x, n_snps, n,
                      &(struct gram_block){row, gram_part_start(n, i + 1) - row, column,
                                           gram_part_start(n, j + 1) - column},
                      add, sum + row * n + column);
    }
}

/* K as the tasks make it; the upper triangle and the sums before their first tile hold NaN. */
static double *tiled_gram(const double *x, size_t n_snps, size_t n, bool backwards)
{
    double *total = example_doubles(n * n), *chunk_sum = example_doubles(n * n);
    memset(total, 0, n * n * sizeof *total);
    for (size_t chunk = 0; chunk < GRAM_CHUNKS; chunk++) {
        size_t n_tiles = gram_tiles_in_chunk(n_snps, chunk), first, count;
        for (size_t tile = 0; tile < n_tiles; tile++) {
            gram_tile_range(n_snps, chunk, tile, &first, &count);
            add_tile(x + first * n, count, n, tile > 0, backwards, chunk_sum);
        }
        for (size_t part = 0; n_tiles > 0 && part < gram_parts(n); part++) {
            size_t row = gram_part_start(n, part), rows = gram_part_start(n, part + 1) - row;
            for (size_t other = 0; other <= part; other++) {
                size_t column = gram_part_start(n, other);
                gram_add(chunk_sum + row * n + column, rows, gram_part_start(n, other + 1) - column, n,
                         total + row * n + column);
            }
        }
    }
    gram_finish(total, n, n_snps);
    free(chunk_sum);
    return total;
}

static void equals_a_plain_double_loop(size_t n, size_t n_snps)
{
    double *x = example_normals(n_snps * n, 5), *gram = tiled_gram(x, n_snps, n, false);
    double *reordered = tiled_gram(x, n_snps, n, true), worst = 0;
    for (size_t i = 0; i<n; i += n> 100 ? 23 : 1)
        for (size_t j = 0; j < n; j++) {
            double sum = 0;
            for (size_t k = 0; k < n_snps; k++)
                sum += x[k * n + i] * x[k * n + j];
            double distance = fabs(gram[i * n + j] - sum / (double)n_snps);
            worst = distance > worst || isnan(distance) ? distance : worst;
        }
    ASSERT_NEAR(worst, 0, 1e-13);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++)
            CU_ASSERT_EQUAL(gram[i * n + j], gram[j * n + i]);
    CU_ASSERT_EQUAL(memcmp(gram, reordered, n * n * sizeof *gram), 0); /* to the bit */
    free(x);
    free(gram);
    free(reordered);
}

static void k_from_tiles(void)
{
    blas_check_single_thread();
    equals_a_plain_double_loop(521, 4200); /* 2 subject parts; chunks of 525 SNPs, so two tiles each */
    equals_a_plain_double_loop(30, 5);     /* chunks without a SNP */
    equals_a_plain_double_loop(1, 1);
}

/* A tile of an x of which float32 holds all bits is right but for the products' rounding, on the diagonal in
 * full; what stands above the diagonal and beside the tile stays. */
static void a_tile_in_single_precision(void)
{
    enum { N = 40, SNPS = 300 };
    double *x = example_normals((size_t)SNPS * N, 3), *exact = example_doubles((size_t)N * N),
           *sum = example_doubles((size_t)N * N);
    static const struct gram_block blocks[] = {{3, 20, 3, 20}, {25, 15, 0, 25}};
    float rounded[SNPS * N], workspace[N * N];
    for (size_t i = 0; i < (size_t)SNPS * N; i++)
        x[i] = rounded[i] = (float)x[i];
    for (size_t b = 0; b < 2; b++) {
        const struct gram_block *block = &blocks[b];
        size_t at = block->first_row * N + block->first_column;
        for (int add = 0; add < 2; add++) {
            gram_tile(x, SNPS, N, block, add, exact + at);
            gram_tile_single(rounded, SNPS, N, block, add, workspace, sum + at);
        }
    }
    double worst = 0;
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < N; j++) {
            CU_ASSERT_EQUAL(isnan(sum[i * N + j]), isnan(exact[i * N + j]));
            if (isnan(exact[i * N + j]))
                continue;
            ASSERT_NEAR(sum[i * N + j], exact[i * N + j], i == j ? 1e-11 : 1e-3);
            worst = fmax(worst, fabs(sum[i * N + j] - exact[i * N + j]));
        }
    CU_ASSERT_TRUE(worst > 1e-7);
    free(x);
    free(exact);
    free(sum);
}

static void large_is_what_takes_seconds(void)
{
    CU_ASSERT_TRUE(gram_is_large(1500, 500000) && gram_is_large(100000, 1000000));
    CU_ASSERT_FALSE(gram_is_large(1197, 10867) || gram_is_large(120, 600) || gram_is_large(10000, 30000));
}

/* All SNPs of a tile may have been dropped; the sum must start from zero all the same. */
static void a_tile_without_snps_is_zero(void)
{
    enum { N = 6 };
    double *x = example_normals(N, 1), *sum = example_doubles(N * N);
    gram_tile(x, 0, N, &(struct gram_block){0, N, 0, N}, false, sum);
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < N; j++)
            CU_ASSERT_TRUE(j <= i ? sum[i * N + j] == 0 : isnan(sum[i * N + j]));
    gram_tile(x, 0, N, &(struct gram_block){3, 3, 0, 3}, false, sum + 3 * N);
    gram_tile(x, 1, N, &(struct gram_block){3, 3, 0, 3}, true, sum + 3 * N);
    gram_tile(x, 0, N, &(struct gram_block){3, 3, 0, 3}, true, sum + 3 * N);
    for (size_t i = 3; i < N; i++)
        for (size_t j = 0; j < 3; j++)
            ASSERT_NEAR(sum[i * N + j], x[i] * x[j], 1e-15);
    free(x);
    free(sum);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"every_snp_stands_in_one_tile", every_snp_stands_in_one_tile},
        {"subjects_are_cut_into_nearly_equal_parts", subjects_are_cut_into_nearly_equal_parts},
        {"k_from_tiles", k_from_tiles},
        {"a_tile_in_single_precision", a_tile_in_single_precision},
        {"large_is_what_takes_seconds", large_is_what_takes_seconds},
        {"a_tile_without_snps_is_zero", a_tile_without_snps_is_zero},
    };
    return testing_main(argc, argv, "gram", cases, sizeof cases / sizeof *cases);
}
