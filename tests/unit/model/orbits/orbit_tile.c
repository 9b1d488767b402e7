#include "model/orbits/orbit_tile.h"
#include "model/orbits/orbit_kernel.h"

#include "base/memory.h"

#include "testing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static float *floats(size_t count)
{
    struct error err = {0};
    float *values = memory_aligned(count, sizeof *values, "a test", &err);
    if (values == NULL)
        abort();
    for (size_t i = 0; i < count; i++)
        values[i] = NAN; /* nobody may rely on what stands there */
    return values;
}

/* Numbers in (-1, 1). */
static double number(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (double)(*state >> 11) * 0x1p-52 - 1;
}

enum { MOST_BLOCKS = 7, N_FORMS = 7 };

struct layout {
    size_t n_blocks, size[MOST_BLOCKS];
};

/* A study of a layout: forms as a study has them, of two very different scales, and targets. */
struct made {
    struct permutation_scheme blocks;
    struct orbit_scheme scheme;
    struct orbit_engine engine;
    struct orbit_forms forms;
    size_t n, columns;
    float *q; /* N_FORMS x n x n */
    float *y; /* n x columns */
};

static void make_targets(struct made *made)
{
    uint64_t state = 5;
    made->y = floats(made->n * made->columns);
    for (size_t i = 0; i < made->n; i++)
        for (size_t j = 0; j < made->columns; j++) {
            double z = number(&state) + number(&state) + number(&state);
            if (j % 4 == 1) /* one case in fifty, and an outlier */
                z = number(&state) > 0.96 || i == 3 ? 7 : -0.14;
            if (j % 4 == 2)
                z = i == 5 ? 20 : z / 2;
            made->y[i * made->columns + j] = (float)z;
        }
}

/* Positive definite with a diagonal that differs; every other one 150 times smaller. */
static void make_forms(struct made *made)
{
    uint64_t state = 9;
    size_t n = made->n;
    made->q = floats(N_FORMS * n * n);
    for (size_t m = 0; m < N_FORMS; m++)
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j <= i; j++) {
                double z = number(&state) / sqrt((double)n) / 2 + (i == j ? 1.5 + number(&state) : 0);
                made->q[(m * n + i) * n + j] = made->q[(m * n + j) * n + i] =
                    (float)(m % 2 == 0 ? z : z / 150);
            }
}

static void made_init(struct made *made, const struct layout *layout, size_t columns,
                      enum instructions instructions)
{
    struct error err = {0};
    int32_t label[512];
    size_t n = 0;
    for (size_t round = 0; round < 512; round++)
        for (size_t b = 0; b < layout->n_blocks; b++)
            if (round < layout->size[b])
                label[n++] = (int32_t)b;
    *made = (struct made){.n = n, .columns = columns, .forms = {.count = N_FORMS}};
    CU_ASSERT_EQUAL_FATAL(permutation_scheme_init(&made->blocks, label, n, n, &err), 0);
    CU_ASSERT_EQUAL_FATAL(orbit_scheme_init(&made->scheme, &made->blocks, &err), 0);
    CU_ASSERT_EQUAL_FATAL(orbit_engine_init(&made->engine, &made->scheme, instructions, &err), 0);
    make_targets(made);
    make_forms(made);
    made->forms.coefficients = floats(orbit_coefficients_floats(&made->engine, N_FORMS));
    made->forms.scale = floats(N_FORMS);
    float *workspace = floats(orbit_coefficients_workspace(&made->engine));
    for (size_t m = 0; m < N_FORMS; m++)
        orbit_coefficients_make(&made->engine, made->q + m * n * n, &made->forms, m, workspace);
    free(workspace);
}

static void made_free(struct made *made)
{
    free(made->q);
    free(made->y);
    free(made->forms.coefficients);
    free(made->forms.scale);
    orbit_engine_free(&made->engine);
    orbit_scheme_free(&made->scheme);
    permutation_scheme_free(&made->blocks);
}

/* All values of `columns` columns from `first_column` on, in bands of `band` frequencies: groups x forms x S
 * x 16. */
static float *values_of(const struct made *made, size_t first_column, size_t columns, size_t band)
{
    const struct orbit_engine *engine = &made->engine;
    size_t n_groups = orbit_tile_groups(columns), all = orbit_terms_frequencies(&engine->terms);
    size_t group_floats = N_FORMS * made->scheme.choice.n_shifts * ORBIT_LANES;
    float *spectra = floats(orbit_tile_spectra_floats(engine, n_groups));
    float *sums = floats(orbit_tile_sums_floats(engine, N_FORMS, n_groups));
    float *workspace = floats(orbit_tile_workspace(engine, N_FORMS, n_groups));
    float *values = floats(n_groups * group_floats);
    orbit_tile_spectra(engine, made->y + first_column, columns, made->columns, workspace, spectra);
    for (size_t f = 0; f < all; f += band)
        orbit_tile_products(engine, &made->forms, (struct orbit_band){f, all - f < band ? all - f : band},
                            spectra, n_groups, workspace, sums);
    for (size_t g = 0; g < n_groups; g++)
        orbit_tile_values(engine, &made->forms, sums, (struct orbit_values){g, 0, N_FORMS}, workspace,
                          values + g * group_floats);
    free(spectra);
    free(sums);
    free(workspace);
    return values;
}

static float value_at(const struct made *made, const float *values, size_t column, size_t form, size_t shift)
{
    size_t shifts = made->scheme.choice.n_shifts, group = column / ORBIT_LANES;
    return values[((group * N_FORMS + form) * shifts + shift) * ORBIT_LANES + column % ORBIT_LANES];
}

/* y'Qy of orbit 0 under a shift, in double. */
static double expected(const struct made *made, const uint32_t *order, size_t column, size_t form)
{
    double sum = 0;
    for (size_t i = 0; i < made->n; i++) {
        double row = 0;
        for (size_t j = 0; j < made->n; j++)
            row += (double)made->q[(form * made->n + i) * made->n + j] *
                   (double)made->y[order[j] * made->columns + column];
        sum += row * (double)made->y[order[i] * made->columns + column];
    }
    return sum;
}

/* The largest error of a form over all shifts, of its root mean square. */
static double worst_error(const struct made *made, const float *values, size_t column, size_t form)
{
    size_t shifts = made->scheme.choice.n_shifts;
    uint32_t *order = malloc(3 * made->n * sizeof *order);
    if (order == NULL)
        abort();
    double squares = 0, worst = 0;
    for (size_t s = 0; s < shifts; s++) {
        orbit_scheme_order(&made->scheme, 0, s, order, order + made->n);
        double exact = expected(made, order, column, form);
        worst = fmax(worst, fabs((double)value_at(made, values, column, form, s) - exact));
        squares += exact * exact;
    }
    free(order);
    return worst / sqrt(squares / (double)shifts);
}

/* Smooth, odd, even; a large prime factor; one, and five, who stand still; a convolution (both 227 and 226
 * have a prime over 100, 454 and 453 one over 150: the largest direct one is 199). */
static const struct layout layouts[] = {
    {1, {120}},        {1, {75}},         {1, {90}},         {1, {202}},    {1, {227}},
    {3, {40, 40, 40}}, {3, {41, 40, 41}}, {3, {61, 48, 41}}, {2, {97, 35}}, {7, {50, 1, 30, 1, 1, 1, 1}},
    {4, {2, 2, 2, 2}}, {1, {2}},          {2, {1, 1}},       {1, {5}},      {1, {467}},
};
enum { N_LAYOUTS = sizeof layouts / sizeof *layouts };

static void every_shift_is_the_form(void)
{
    for (size_t k = 0; k < N_LAYOUTS; k++) {
        struct made made;
        made_init(&made, &layouts[k], 5, instructions_best());
        float *values = values_of(&made, 0, 5, 1000);
        for (size_t column = 0; column < 4; column++)
            for (size_t form = 0; form < N_FORMS; form += made.n < 200 ? 1 : 3)
                ASSERT_NEAR(worst_error(&made, values, column, form), 0, 2e-6);
        free(values);
        made_free(&made);
    }
}

/* Values of one column from a tile of its own. */
static void is_the_same_alone(const struct made *made, const float *values, size_t column, size_t band)
{
    float *alone = values_of(made, column, 1, band);
    for (size_t form = 0; form < N_FORMS; form++)
        for (size_t s = 0; s < made->scheme.choice.n_shifts; s++)
            CU_ASSERT_EQUAL(value_at(made, alone, 0, form, s), value_at(made, values, column, form, s));
    free(alone);
}

/* Whatever a tile's width and wherever frequencies are cut into bands. */
static void a_column_does_not_see_its_neighbours(void)
{
    static const size_t widths[] = {1, 15, 16, 17, 32, 33, 49, 80};
    for (size_t w = 0; w < sizeof widths / sizeof *widths; w++) {
        struct made made;
        made_init(&made, &layouts[w % 2 == 0 ? 1 : 6], 80, instructions_best());
        float *values = values_of(&made, 0, widths[w], 1 + 5 * w);
        is_the_same_alone(&made, values, 0, 1000);
        is_the_same_alone(&made, values, widths[w] - 1, 3);
        free(values);
        made_free(&made);
    }
}

/* Coefficients, spectra, sums and values. */
static void every_instruction_set_gives_the_same_bits(void)
{
    static const size_t some[] = {1, 4, 7, 8, 13};
    for (size_t k = 0; k < sizeof some / sizeof *some; k++) {
        struct made plain, other;
        made_init(&plain, &layouts[some[k]], 37, INSTRUCTIONS_PLAIN);
        float *expected_values = values_of(&plain, 0, 37, 1000);
        size_t count = orbit_coefficients_floats(&plain.engine, N_FORMS);
        for (enum instructions set = INSTRUCTIONS_AVX2; set < INSTRUCTIONS_COUNT; set++) {
            if (!instructions_run_here(set))
                continue;
            made_init(&other, &layouts[some[k]], 37, set);
            float *values = values_of(&other, 0, 37, 20);
            CU_ASSERT_EQUAL(
                memcmp(plain.forms.coefficients, other.forms.coefficients, count * sizeof *values), 0);
            for (size_t column = 0; column < 37; column++)
                for (size_t form = 0; form < N_FORMS; form++)
                    for (size_t s = 0; s < plain.scheme.choice.n_shifts; s++)
                        CU_ASSERT_EQUAL(value_at(&plain, expected_values, column, form, s),
                                        value_at(&other, values, column, form, s));
            free(values);
            made_free(&other);
        }
        free(expected_values);
        made_free(&plain);
    }
}

/* What a band does not hold stays as it is. */
static void bands_touch_their_own_frequencies(void)
{
    struct made made;
    made_init(&made, &layouts[0], 17, instructions_best());
    const struct orbit_engine *engine = &made.engine;
    size_t frequencies = orbit_terms_frequencies(&engine->terms),
           count = orbit_tile_sums_floats(engine, N_FORMS, 2);
    float *spectra = floats(orbit_tile_spectra_floats(engine, 2)), *sums = floats(count);
    float *workspace = floats(orbit_tile_workspace(engine, N_FORMS, 2));
    orbit_tile_spectra(engine, made.y, 17, 17, workspace, spectra);
    orbit_tile_products(engine, &made.forms, (struct orbit_band){20, 11}, spectra, 2, workspace, sums);
    for (size_t i = 0; i < count; i++) {
        size_t f = i / ORBIT_ROW % frequencies;
        CU_ASSERT_EQUAL(isnan(sums[i]) != 0, f < 20 || f >= 31);
    }
    free(spectra);
    free(sums);
    free(workspace);
    made_free(&made);
}

/* A later orbit's column is its arrangement, made before. */
static void an_arrangement_comes_first(void)
{
    struct made made;
    made_init(&made, &layouts[7], 4, instructions_best());
    size_t n = made.n, shifts = made.scheme.choice.n_shifts;
    uint32_t *order = malloc(3 * n * sizeof *order);
    float *arranged = floats(n * 4), *data = made.y;
    if (order == NULL)
        abort();
    orbit_scheme_arrangement(&made.scheme, 6, order, order + n);
    for (size_t i = 0; i < n; i++)
        memcpy(arranged + i * 4, data + order[i] * 4, 4 * sizeof *data);
    made.y = arranged;
    float *values = values_of(&made, 0, 4, 1000);
    made.y = data;
    for (size_t s = 0; s < shifts; s += 4) {
        orbit_scheme_order(&made.scheme, 6, s, order, order + n);
        double exact = expected(&made, order, 0, 2);
        ASSERT_NEAR((double)value_at(&made, values, 0, 2, s) / exact, 1, 2e-6);
    }
    free(values);
    free(arranged);
    free(order);
    made_free(&made);
}

/* The last tile of a block may have fewer groups than the others, whose workspace it uses. */
static void a_workspace_does_for_fewer_groups(void)
{
    for (size_t n_forms = 1; n_forms < 300; n_forms += 3)
        for (size_t most = 1; most <= 16; most++)
            for (size_t groups = 1; groups <= most; groups++) {
                size_t sums = n_forms * groups * ORBIT_ROW * orbit_kernel_frequencies(n_forms, groups);
                CU_ASSERT_TRUE_FATAL((size_t)ORBIT_PANEL * 2 * ORBIT_STRIP + sums <=
                                     orbit_kernel_workspace(n_forms, most));
            }
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"a_workspace_does_for_fewer_groups", a_workspace_does_for_fewer_groups},
        {"every_shift_is_the_form", every_shift_is_the_form},
        {"a_column_does_not_see_its_neighbours", a_column_does_not_see_its_neighbours},
        {"every_instruction_set_gives_the_same_bits", every_instruction_set_gives_the_same_bits},
        {"bands_touch_their_own_frequencies", bands_touch_their_own_frequencies},
        {"an_arrangement_comes_first", an_arrangement_comes_first},
    };
    return testing_main(argc, argv, "orbit_tile", cases, sizeof cases / sizeof *cases);
}
