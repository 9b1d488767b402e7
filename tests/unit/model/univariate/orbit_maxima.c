#include "model/univariate/orbit_maxima.h"

#include "model/orbits/orbit_tile.h"
#include "model/stats/significance.h"
#include "model_example.h"

enum { SNPS = 37, COLUMNS = 18, C = 3, MOST_BLOCKS = 4 };

struct layout {
    size_t n_blocks, size[MOST_BLOCKS];
};

/* People in blocks; SNPs, covariates' basis and targets that need not be residuals here. */
struct made {
    struct permutation_scheme blocks;
    struct orbit_scheme scheme;
    size_t n;
    float *x, *basis, *y; /* SNPS x n, C x n, n x COLUMNS */
};

static void unit_rows(float *rows, size_t count, size_t n, uint64_t seed)
{
    for (size_t k = 0; k < count; k++) {
        double squares = 0;
        for (size_t i = 0; i < n; i++) {
            rows[k * n + i] = (float)example_normal(&seed);
            squares += (double)rows[k * n + i] * (double)rows[k * n + i];
        }
        for (size_t i = 0; i < n; i++)
            rows[k * n + i] = (float)((double)rows[k * n + i] / sqrt(squares));
    }
}

static void made_init(struct made *made, const struct layout *layout, bool single)
{
    struct error err = {0};
    int32_t block[300];
    made->n = 0;
    for (size_t b = 0; b < layout->n_blocks; b++)
        for (size_t k = 0; k < layout->size[b]; k++)
            block[made->n++] = (int32_t)b;
    made->x = memory_aligned(SNPS * made->n, sizeof(float), "a test", &err);
    made->basis = memory_aligned(C * made->n, sizeof(float), "a test", &err);
    made->y = memory_aligned(COLUMNS * made->n, sizeof(float), "a test", &err);
    unit_rows(made->x, SNPS, made->n, 1);
    unit_rows(made->basis, C, made->n, 2);
    float *rows = memory_aligned(COLUMNS * made->n, sizeof(float), "a test", &err);
    unit_rows(rows, COLUMNS, made->n, 3);
    for (size_t i = 0; i < made->n; i++)
        for (size_t t = 0; t < COLUMNS; t++)
            made->y[i * COLUMNS + t] = rows[t * made->n + i];
    free(rows);
    CU_ASSERT_EQUAL_FATAL(permutation_scheme_init(&made->blocks, block, made->n, 7, &err), 0);
    if (single)
        CU_ASSERT_EQUAL_FATAL(orbit_scheme_init_single(&made->scheme, &made->blocks, &err), 0);
    if (!single)
        CU_ASSERT_EQUAL_FATAL(orbit_scheme_init(&made->scheme, &made->blocks, &err), 0);
    CU_ASSERT_EQUAL_FATAL(made->scheme.choice.n_shifts > 1, !single);
}

static void made_free(struct made *made)
{
    free(made->x);
    free(made->basis);
    free(made->y);
    orbit_scheme_free(&made->scheme);
    permutation_scheme_free(&made->blocks);
}

/* r^2 of every shift and column: S x COLUMNS, from the data arranged as orbit 1 has them. */
static float *compute(const struct made *made, enum instructions instructions)
{
    struct error err = {0};
    struct orbit_engine engine;
    uint32_t order[300], workspace_words[600];
    size_t n = made->n, shifts = made->scheme.choice.n_shifts, groups = orbit_tile_groups(COLUMNS);
    CU_ASSERT_EQUAL_FATAL(orbit_engine_init(&engine, &made->scheme, instructions, &err), 0);
    size_t pairs = orbit_maxima_pairs(SNPS), basis_pairs = orbit_maxima_pairs(C);
    size_t room = orbit_tile_workspace(&engine, 0, 1), more = orbit_maxima_workspace(&engine);
    float *workspace = memory_aligned(room > more ? room : more, sizeof(float), "a test", &err);
    float *snps = memory_aligned(orbit_maxima_spectra_floats(&engine, pairs), sizeof(float), "a test", &err);
    float *basis =
        memory_aligned(orbit_maxima_spectra_floats(&engine, basis_pairs), sizeof(float), "a test", &err);
    float *columns =
        memory_aligned(orbit_tile_spectra_floats(&engine, groups), sizeof(float), "a test", &err);
    float *arranged = memory_aligned(n * COLUMNS, sizeof(float), "a test", &err);
    float *largest = memory_zeroed(shifts * ORBIT_LANES, sizeof(float), "a test", &err);
    float *length = memory_aligned(shifts * ORBIT_LANES, sizeof(float), "a test", &err);
    float *found = memory_aligned(shifts * COLUMNS, sizeof(float), "a test", &err);
    orbit_scheme_arrangement(&made->scheme, 1, order, workspace_words);
    for (size_t i = 0; i < n; i++)
        memcpy(arranged + i * COLUMNS, made->y + (size_t)order[i] * COLUMNS, COLUMNS * sizeof(float));
    orbit_tile_spectra(&engine, arranged, COLUMNS, COLUMNS, workspace, columns);
    orbit_maxima_spectra(&engine, made->x, SNPS, workspace, snps);
    orbit_maxima_spectra(&engine, made->basis, C, workspace, basis);
    for (size_t t = 0; t < COLUMNS; t++) {
        const float *group = columns + orbit_tile_spectra_floats(&engine, t / ORBIT_LANES);
        if (t % ORBIT_LANES == 0) {
            memset(largest, 0, shifts * ORBIT_LANES * sizeof(float));
            orbit_maxima_take(&engine, snps, pairs / 2, group, workspace, largest);
            orbit_maxima_take(&engine, snps + orbit_maxima_spectra_floats(&engine, pairs / 2),
                              pairs - pairs / 2, group, workspace, largest);
            orbit_maxima_lengths(&engine, basis, basis_pairs, group, workspace, length);
        }
        orbit_maxima_finish(shifts, largest, length, t % ORBIT_LANES, found + t * shifts);
    }
    free(workspace);
    free(snps);
    free(basis);
    free(columns);
    free(arranged);
    free(largest);
    free(length);
    orbit_engine_free(&engine);
    return found;
}

static double product(const float *row, const struct made *made, const uint32_t *order, size_t t)
{
    double sum = 0;
    for (size_t i = 0; i < made->n; i++)
        sum += (double)row[i] * (double)made->y[(size_t)order[i] * COLUMNS + t];
    return sum;
}

/* The same permutations made one by one, in double. */
static double expected(const struct made *made, const uint32_t *order, size_t t)
{
    double largest = 0, length = 1;
    for (size_t k = 0; k < SNPS; k++)
        largest = fmax(largest, fabs(product(made->x + k * made->n, made, order, t)));
    for (size_t k = 0; k < C; k++)
        length -= pow(product(made->basis + k * made->n, made, order, t), 2);
    return largest * largest / length;
}

static void check(const struct layout *layout, bool windows, bool single)
{
    struct made made;
    made_init(&made, layout, single);
    CU_ASSERT_EQUAL(made.scheme.choice.windows, windows);
    float *found = compute(&made, INSTRUCTIONS_PLAIN);
    size_t shifts = made.scheme.choice.n_shifts;
    for (size_t s = 0; s < shifts; s++) {
        uint32_t order[300], workspace[600];
        orbit_scheme_order(&made.scheme, 1, s, order, workspace);
        for (size_t t = 0; t < COLUMNS; t++)
            ASSERT_NEAR((double)found[t * shifts + s], expected(&made, order, t), 1e-6);
    }
    for (int k = INSTRUCTIONS_AVX2; k < INSTRUCTIONS_COUNT; k++) {
        if (!instructions_run_here((enum instructions)k))
            continue;
        float *other = compute(&made, (enum instructions)k);
        CU_ASSERT_EQUAL(memcmp(found, other, shifts * COLUMNS * sizeof *found), 0);
        free(other);
    }
    free(found);
    made_free(&made);
}

/* One ring; lengths with small factors, and a prime. */
static void free_exchange(void)
{
    check(&(struct layout){1, {60}}, false, false);
    check(&(struct layout){1, {61}}, false, false);
}

/* Several rings of one length. */
static void equal_sites(void)
{
    check(&(struct layout){3, {40, 40, 40}}, false, false);
}

/* Rings of their own size; and one who is alone. */
static void unequal_sites(void)
{
    check(&(struct layout){4, {47, 71, 35, 1}}, true, false);
}

/* Orbits of one shift: permutations one by one. */
static void one_by_one(void)
{
    check(&(struct layout){3, {31, 2, 8}}, false, true);
}

/* `count` people have 1, the others 0: centred, of length 1. to: n, `step` apart. */
static void mark(float *to, size_t step, size_t n, size_t count, uint64_t *seed)
{
    double mean = (double)count / (double)n, length = sqrt((double)count * (1 - mean));
    for (size_t i = 0; i < n; i++)
        to[i * step] = (float)(-mean / length);
    for (size_t k = 0; k < count;) {
        *seed = *seed * 6364136223846793005u + 1442695040888963407u;
        float *one = to + step * ((*seed >> 33) % n);
        k += *one < 0;
        *one = (float)((1 - mean) / length);
    }
}

/* Few carriers and few cases: r^2 has few values, and permutations find the same ones again and again. Off by
 * half of what counts as a tie, two that are equal are still tied; the tie of all other scores is too narrow.
 */
static void ties_one_by_one(void)
{
    enum { PEOPLE = 300 };
    struct error err = {0};
    struct made made;
    struct orbit_engine engine;
    uint64_t seed = 9;
    uint32_t order[PEOPLE], workspace[2 * PEOPLE];
    double most = 0;
    made_init(&made, &(struct layout){1, {PEOPLE}}, true);
    for (size_t k = 0; k < SNPS; k++)
        mark(made.x + k * PEOPLE, 1, PEOPLE, 1 + k % 3, &seed);
    for (size_t t = 0; t < COLUMNS; t++)
        mark(made.y + t, COLUMNS, PEOPLE, 1 + t % 3, &seed);
    memset(made.basis, 0, C * PEOPLE * sizeof(float));
    CU_ASSERT_EQUAL_FATAL(orbit_engine_init(&engine, &made.scheme, INSTRUCTIONS_PLAIN, &err), 0);
    float *found = compute(&made, INSTRUCTIONS_PLAIN);
    orbit_scheme_order(&made.scheme, 1, 0, order, workspace);
    for (size_t t = 0; t < COLUMNS; t++) {
        double r_squared = expected(&made, order, t), off = fabs((double)found[t] - r_squared);
        CU_ASSERT_TRUE(off < orbit_maxima_tie(&engine, r_squared) / 2);
        most = fmax(most, off);
    }
    CU_ASSERT_TRUE(most > SIGNIFICANCE_TIE / 2);
    free(found);
    orbit_engine_free(&engine);
    made_free(&made);
}

/* More covariates than rows of one product: the workspace is not left. */
static void many_covariates_one_by_one(void)
{
    enum { PEOPLE = 290, ROWS = 1100, SPARE = 20000 };
    const float untouched = 7;
    struct error err = {0};
    struct made made;
    struct orbit_engine engine;
    made_init(&made, &(struct layout){2, {PEOPLE / 2, PEOPLE / 2}}, true);
    CU_ASSERT_EQUAL_FATAL(orbit_engine_init(&engine, &made.scheme, INSTRUCTIONS_PLAIN, &err), 0);
    size_t room = orbit_maxima_workspace(&engine), pairs = orbit_maxima_pairs(ROWS);
    CU_ASSERT_TRUE_FATAL(orbit_tile_workspace(&engine, 0, 1) < room + SPARE);
    float *rows = memory_aligned(ROWS * PEOPLE, sizeof(float), "a test", &err);
    float *spectra =
        memory_aligned(orbit_maxima_spectra_floats(&engine, pairs), sizeof(float), "a test", &err);
    float *workspace = memory_aligned(room + SPARE, sizeof(float), "a test", &err);
    float *columns = memory_aligned(orbit_tile_spectra_floats(&engine, 1), sizeof(float), "a test", &err);
    float length[ORBIT_LANES];
    unit_rows(rows, ROWS, PEOPLE, 5);
    orbit_tile_spectra(&engine, made.y, ORBIT_LANES, COLUMNS, workspace, columns);
    for (size_t k = 0; k < SPARE; k++)
        workspace[room + k] = untouched;
    orbit_maxima_spectra(&engine, rows, ROWS, workspace, spectra);
    orbit_maxima_lengths(&engine, spectra, pairs, columns, workspace, length);
    for (size_t k = 0; k < SPARE; k++)
        CU_ASSERT_EQUAL(workspace[room + k], untouched);
    for (size_t t = 0; t < ORBIT_LANES; t++) {
        uint32_t order[PEOPLE];
        double left = 1;
        for (uint32_t i = 0; i < PEOPLE; i++)
            order[i] = i;
        for (size_t k = 0; k < ROWS; k++)
            left -= pow(product(rows + k * PEOPLE, &made, order, t), 2);
        ASSERT_NEAR((double)length[t], left, 1e-4);
    }
    free(rows);
    free(spectra);
    free(workspace);
    free(columns);
    orbit_engine_free(&engine);
    made_free(&made);
}

/* Rounding makes no r^2 over 1, nor one where the covariates leave nothing. */
static void at_most_1(void)
{
    enum { SHIFTS = 3, LANE = 5 };
    float largest[SHIFTS * ORBIT_LANES] = {0}, length[SHIFTS * ORBIT_LANES] = {0}, found[SHIFTS];
    for (size_t s = 0; s < SHIFTS; s++)
        largest[s * ORBIT_LANES + LANE] = .5F;
    length[LANE] = .24999F;
    length[ORBIT_LANES + LANE] = .5F;
    length[2 * ORBIT_LANES + LANE] = 9e-6F;
    orbit_maxima_finish(SHIFTS, largest, length, LANE, found);
    CU_ASSERT_TRUE(found[0] == 1 && found[1] == .5F && found[2] == 0);
}

int main(int argc, char **argv)
{
    const struct test_case cases[] = {
        {"free_exchange", free_exchange},
        {"equal_sites", equal_sites},
        {"unequal_sites", unequal_sites},
        {"one_by_one", one_by_one},
        {"ties_one_by_one", ties_one_by_one},
        {"many_covariates_one_by_one", many_covariates_one_by_one},
        {"at_most_1", at_most_1},
    };
    return testing_main(argc, argv, "orbit_maxima", cases, sizeof cases / sizeof *cases);
}
