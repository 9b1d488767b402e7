#include "model/univariate/snp_tile.h"

#include "model/univariate/pair_scan.h"
#include "model/univariate/student.h"
#include "model_example.h"

enum { N = EXAMPLE_N, C = 3, SNPS = 40, WIDTH = C + 1 };

static const struct genotype_filter every = {0, 1, GENOTYPE_SCALE_NONE};

/* Calls of about frequency .4, one in twenty missing. */
static void draw(uint8_t *calls)
{
    uint64_t state = 11;
    for (size_t k = 0; k < (size_t)SNPS * N; k++) {
        double value = example_normal(&state), absent = example_normal(&state);
        calls[k] = absent > 1.65 ? 3 : (uint8_t)((value > -0.3) + (value > 1));
    }
}

static void allocate(struct snp_tile *tile)
{
    struct error err = {0};
    tile->variant = memory_aligned(SNP_TILE, sizeof *tile->variant, "a test", &err);
    tile->exact = example_doubles((size_t)SNP_TILE * N);
    tile->rounded = memory_aligned((size_t)SNP_TILE * N, sizeof *tile->rounded, "a test", &err);
    tile->workspace = example_doubles((size_t)SNP_TILE * C);
}

static void release(struct snp_tile *tile)
{
    free(tile->variant);
    free(tile->exact);
    free(tile->rounded);
    free(tile->workspace);
}

/* Least squares of y on [g, Z] by Gaussian elimination of the normal equations in long double: the
 * coefficient of g, its standard error. */
static void least_squares(const double *g, const double *z, const double *y, double *beta, double *error)
{
    long double a[WIDTH][WIDTH + 2] = {{0}}, squares = 0;
    for (size_t i = 0; i < N; i++) {
        const long double row[WIDTH] = {g[i], z[i * C], z[i * C + 1], z[i * C + 2]};
        squares += (long double)y[i] * y[i];
        for (size_t j = 0; j < WIDTH; j++) {
            for (size_t k = 0; k < WIDTH; k++)
                a[j][k] += row[j] * row[k];
            a[j][WIDTH] += row[j] * y[i];
        }
    }
    long double right[WIDTH];
    for (size_t j = 0; j < WIDTH; j++) {
        right[j] = a[j][WIDTH];
        a[j][WIDTH + 1] = j == 0; /* the first column of the inverse */
    }
    for (size_t j = 0; j < WIDTH; j++)
        for (size_t k = 0; k < WIDTH; k++) {
            long double factor = a[k][j] / a[j][j];
            for (size_t l = 0; k != j && l < WIDTH + 2; l++)
                a[k][l] -= factor * a[j][l];
        }
    for (size_t j = 0; j < WIDTH; j++)
        squares -= a[j][WIDTH] / a[j][j] * right[j];
    *beta = (double)(a[0][WIDTH] / a[0][0]);
    *error = (double)sqrtl(squares / (N - WIDTH) * (a[0][WIDTH + 1] / a[0][0]));
}

/* beta and its standard error of every SNP, in double. */
static void least_squares_in_double(void)
{
    struct example example;
    struct snp_tile tile;
    struct snp_facts facts[SNPS];
    static uint8_t calls[SNPS * N];
    example_init(&example, false);
    allocate(&tile);
    draw(calls);
    double *y = example_normals(N, 9), workspace[C], g[N];
    double *residual = example_doubles(N);
    memcpy(residual, y, N * sizeof *y);
    covariates_residualise(&example.covariates, residual, 1, workspace);
    double length = 0;
    for (size_t i = 0; i < N; i++)
        length += residual[i] * residual[i];
    length = sqrt(length);
    for (size_t i = 0; i < N; i++)
        residual[i] /= length;
    struct pair_targets targets = {.n = N, .count = 1, .exact = residual};
    snp_tile_fill(&tile, &(struct snp_calls){calls, 100, SNPS}, &example.covariates, &every, facts);
    CU_ASSERT_EQUAL(tile.n_rows, SNPS);
    for (size_t k = 0; k < SNPS; k++) {
        double sum = 0, present = 0, beta, error;
        for (size_t i = 0; i < N; i++) {
            present += calls[k * N + i] != 3;
            sum += calls[k * N + i] != 3 ? calls[k * N + i] : 0;
        }
        for (size_t i = 0; i < N; i++)
            g[i] = calls[k * N + i] != 3 ? calls[k * N + i] : sum / present;
        least_squares(g, example.covariates.design, y, &beta, &error);
        double r = pair_scan_exact(&tile, k, &targets, 0), unit = length / facts[k].length;
        CU_ASSERT_EQUAL(tile.variant[k], 100 + k);
        CU_ASSERT_EQUAL(facts[k].n_calls, (uint32_t)present);
        ASSERT_NEAR(facts[k].mean, sum / present, 1e-15);
        ASSERT_NEAR(r * unit / error, beta / error, 1e-10);
        ASSERT_NEAR(sqrt((1 - r * r) / (N - WIDTH)) * unit / error, 1, 1e-10);
    }
    free(y);
    free(residual);
    release(&tile);
    example_free(&example);
}

/* A SNP that is a site, one that is constant, one that is rare, one without calls. */
static void snps_that_are_not_tested(void)
{
    struct example example;
    struct snp_tile tile;
    struct snp_facts facts[SNPS];
    static uint8_t calls[SNPS * N];
    const struct genotype_filter filter = {0.02, 0.5, GENOTYPE_SCALE_NONE};
    example_init(&example, false);
    allocate(&tile);
    draw(calls);
    for (size_t i = 0; i < N; i++) {
        calls[i] = example.covariates.design[i * C + 2] > 0 ? 2 : 0;
        calls[N + i] = 1;
        calls[2 * (size_t)N + i] = i == 0;
        calls[3 * (size_t)N + i] = 3;
        calls[5 * (size_t)N + i] = example.covariates.design[i * C + 2] > 0 ? 1 : 2;
    }
    snp_tile_fill(&tile, &(struct snp_calls){calls, 0, SNPS}, &example.covariates, &filter, facts);
    CU_ASSERT_EQUAL(tile.counts.n_explained, 2);
    CU_ASSERT_EQUAL(tile.counts.filtered.n_constant, 1);
    CU_ASSERT_EQUAL(tile.counts.filtered.n_rare, 1);
    CU_ASSERT_EQUAL(tile.counts.filtered.n_missing, 1);
    CU_ASSERT_EQUAL(tile.n_rows, SNPS - 5);
    CU_ASSERT_EQUAL(tile.variant[0], 4);
    CU_ASSERT_EQUAL(tile.variant[1], 6);
    for (size_t k = 0; k < tile.n_rows; k++) {
        double squares = 0;
        for (size_t i = 0; i < N; i++) {
            squares += tile.exact[k * N + i] * tile.exact[k * N + i];
            CU_ASSERT_EQUAL(tile.rounded[k * N + i], (float)tile.exact[k * N + i]);
        }
        ASSERT_NEAR(squares, 1, 1e-14);
    }
    for (size_t k = 0; k < 6; k++)
        CU_ASSERT_EQUAL(facts[k].length > 0, k == 4);
    release(&tile);
    example_free(&example);
}

int main(int argc, char **argv)
{
    const struct test_case cases[] = {
        {"least_squares_in_double", least_squares_in_double},
        {"snps_that_are_not_tested", snps_that_are_not_tested},
    };
    return testing_main(argc, argv, "snp_tile", cases, sizeof cases / sizeof *cases);
}
