/* How fast a tile of columns goes through all forms under all shifts (model/orbits/orbit_tile.h), against
 * sgemm on one core, with the same products by cgemm3m beside it. Values are checked against y'Qy in double
 * first. */
#include "base/memory.h"
#include "made_study.h"
#include "measure.h"
#include "model/blas/blas_check.h"
#include "model/orbits/orbit_tile.h"

#include <cblas.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DIFFERENT_FORMS = 4, SGEMM_EACH = 3, SGEMM_COLUMNS = 1000 };

struct shape {
    size_t subjects, blocks, forms, columns, repetitions, cgemm3m;
    const char *instructions;
};

struct made_tile {
    struct permutation_scheme blocks;
    struct orbit_scheme scheme;
    struct orbit_engine engine;
    struct orbit_forms forms;
    size_t n, columns, n_groups;
    float *q, *y, *spectra, *sums, *values, *workspace;
    float *a, *b, *c; /* sgemm's */
};

struct seconds {
    double sgemm_rate, spectra, products, values, cgemm3m;
};

static float *made_floats(size_t count, struct error *err)
{
    return memory_aligned(count, sizeof(float), "a benchmark", err);
}

/* Numbers in (-1, 1), rounded. */
static void fill(float *to, size_t count, uint64_t seed)
{
    double block[1024];
    for (size_t i = 0; i < count; i += 1024) {
        size_t part = count - i < 1024 ? count - i : 1024;
        made_numbers_fill(block, part, seed + i);
        for (size_t k = 0; k < part; k++)
            to[i + k] = (float)block[k];
    }
}

/* Forms as a study has them: a diagonal about one, the rest about 1/sqrt(n). */
static void fill_forms(struct made_tile *made)
{
    size_t n = made->n;
    fill(made->q, DIFFERENT_FORMS * n * n, 3);
    for (size_t m = 0; m < DIFFERENT_FORMS; m++)
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j <= i; j++) {
                float *q = made->q + m * n * n, z = q[i * n + j] / sqrtf((float)n) / 2 + (i == j ? 1 : 0);
                q[i * n + j] = q[j * n + i] = z;
            }
}

static int make_scheme(struct made_tile *made, const struct shape *shape, struct error *err)
{
    int32_t *label = memory_zeroed(shape->subjects, sizeof *label, "a benchmark", err);
    if (label == NULL)
        return err->code;
    for (size_t i = 0; i < shape->subjects; i++)
        label[i] = (int32_t)(i * shape->blocks / shape->subjects);
    enum instructions best = instructions_best();
    for (enum instructions set = INSTRUCTIONS_PLAIN; set <= best; set++)
        if (strcmp(shape->instructions, instructions_name(set)) == 0)
            best = set;
    if (permutation_scheme_init(&made->blocks, label, shape->subjects, 1, err) == 0 &&
        orbit_scheme_init(&made->scheme, &made->blocks, err) == 0)
        orbit_engine_init(&made->engine, &made->scheme, best, err);
    free(label);
    return err->code;
}

static int make_arrays(struct made_tile *made, struct error *err)
{
    const struct orbit_engine *engine = &made->engine;
    size_t n = made->n, n_forms = made->forms.count,
           group = n_forms * made->scheme.choice.n_shifts * ORBIT_LANES;
    size_t workspace = orbit_tile_workspace(engine, n_forms, made->n_groups);
    if (workspace < orbit_coefficients_workspace(engine))
        workspace = orbit_coefficients_workspace(engine);
    made->forms.coefficients = made_floats(orbit_coefficients_floats(engine, n_forms), err);
    made->forms.scale = made_floats(n_forms, err);
    made->q = made_floats(DIFFERENT_FORMS * n * n, err);
    made->y = made_floats(n * made->columns, err);
    made->spectra = made_floats(orbit_tile_spectra_floats(engine, made->n_groups), err);
    made->sums = made_floats(orbit_tile_sums_floats(engine, n_forms, made->n_groups), err);
    made->values = made_floats(group, err);
    made->workspace = made_floats(workspace, err);
    made->a = made_floats(n * n, err);
    made->b = made_floats(n * SGEMM_COLUMNS, err);
    made->c = made_floats(n * SGEMM_COLUMNS, err);
    return err->code;
}

static int made_tile_init(struct made_tile *made, const struct shape *shape, struct error *err)
{
    *made = (struct made_tile){.n = shape->subjects,
                               .columns = shape->columns,
                               .n_groups = orbit_tile_groups(shape->columns),
                               .forms = {.count = shape->forms}};
    if (make_scheme(made, shape, err) != 0 || make_arrays(made, err) != 0)
        return err->code;
    fill(made->y, made->n * made->columns, 1);
    fill(made->a, made->n * made->n, 2);
    fill(made->b, made->n * SGEMM_COLUMNS, 4);
    fill_forms(made);
    double start = measure_thread_seconds();
    for (size_t m = 0; m < shape->forms; m++)
        orbit_coefficients_make(&made->engine, made->q + m % DIFFERENT_FORMS * made->n * made->n,
                                &made->forms, m, made->workspace);
    printf("coefficients: %.1f ms a form, %.0f MB in all\n",
           1e3 * (measure_thread_seconds() - start) / (double)shape->forms,
           4e-6 * (double)orbit_coefficients_floats(&made->engine, shape->forms));
    return 0;
}

static void made_tile_free(struct made_tile *made)
{
    float *arrays[] = {made->forms.coefficients,
                       made->forms.scale,
                       made->q,
                       made->y,
                       made->spectra,
                       made->sums,
                       made->values,
                       made->workspace,
                       made->a,
                       made->b,
                       made->c};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        free(arrays[i]);
    orbit_engine_free(&made->engine);
    orbit_scheme_free(&made->scheme);
    permutation_scheme_free(&made->blocks);
}

/* Flops a second, the median of a few. */
static double sgemm_rate(struct made_tile *made)
{
    int n = (int)made->n;
    double rates[SGEMM_EACH];
    for (size_t i = 0; i < SGEMM_EACH; i++) {
        double start = measure_thread_seconds();
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, SGEMM_COLUMNS, n, 1, made->a, n, made->b,
                    SGEMM_COLUMNS, 0, made->c, SGEMM_COLUMNS);
        rates[i] = 2. * n * n * SGEMM_COLUMNS / (measure_thread_seconds() - start);
    }
    return measure_median(rates, SGEMM_EACH);
}

static void compute(struct made_tile *made, struct seconds *seconds)
{
    const struct orbit_engine *engine = &made->engine;
    double start = measure_thread_seconds();
    orbit_tile_spectra(engine, made->y, made->columns, made->columns, made->workspace, made->spectra);
    double transformed = measure_thread_seconds();
    orbit_tile_products(engine, &made->forms, (struct orbit_band){0, orbit_terms_frequencies(&engine->terms)},
                        made->spectra, made->n_groups, made->workspace, made->sums);
    double multiplied = measure_thread_seconds();
    for (size_t g = 0; g < made->n_groups; g++)
        orbit_tile_values(engine, &made->forms, made->sums, (struct orbit_values){g, 0, made->forms.count},
                          made->workspace, made->values);
    seconds->spectra = transformed - start;
    seconds->products = multiplied - transformed;
    seconds->values = measure_thread_seconds() - multiplied;
}

/* One frequency's products of pairs as a matrix: terms x columns, complex. */
static void pair_matrix(const struct made_tile *made, size_t f, size_t n_terms, struct orbit_pair *pairs,
                        float *to)
{
    size_t stride = orbit_tile_spectra_floats(&made->engine, 1), columns = made->n_groups * ORBIT_LANES;
    orbit_terms_pairs(&made->engine.terms, f, 0, n_terms, pairs);
    for (size_t p = 0; p < n_terms; p++)
        for (size_t j = 0; j < columns; j++, to += 2) {
            const float *group = made->spectra + j / ORBIT_LANES * stride + j % ORBIT_LANES;
            const float *a = group + (size_t)pairs[p].a * ORBIT_ROW,
                        *b = group + (size_t)pairs[p].b * ORBIT_ROW;
            to[0] = a[0] * b[0] - a[ORBIT_LANES] * b[ORBIT_LANES];
            to[1] = a[0] * b[ORBIT_LANES] + a[ORBIT_LANES] * b[0];
        }
}

/* The same products by BLAS: seconds of all frequencies, from a few of them. Their matrices are not counted.
 */
static int cgemm3m_seconds(struct made_tile *made, double *seconds, struct error *err)
{
    enum { FREQUENCIES = 40 };
    const struct orbit_terms *terms = &made->engine.terms;
    size_t all = orbit_terms_frequencies(terms), step = all > FREQUENCIES ? all / FREQUENCIES : 1;
    size_t most = orbit_terms_count(terms, 0) + 1, columns = made->n_groups * ORBIT_LANES;
    struct orbit_pair *pairs = memory_zeroed(most, sizeof *pairs, "a benchmark", err);
    float *x = made_floats(2 * most * columns, err), *to = made_floats(2 * made->forms.count * columns, err);
    const float one[2] = {1, 0}, zero[2] = {0, 0};
    double spent = 0, done = 0, total = (double)orbit_terms_before(terms, all);
    for (size_t f = 0; err->code == 0 && f < all; f += step) {
        size_t count = orbit_terms_count(terms, f);
        pair_matrix(made, f, count, pairs, x);
        double start = measure_thread_seconds();
        cblas_cgemm3m(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)made->forms.count, (int)columns,
                      (int)count, one,
                      made->forms.coefficients + 2 * made->forms.count * orbit_terms_before(terms, f),
                      (int)count, x, (int)columns, zero, to, (int)columns);
        spent += measure_thread_seconds() - start;
        done += (double)count;
    }
    *seconds = spent * total / done;
    free(pairs);
    free(x);
    free(to);
    return err->code;
}

/* The largest error of the last group's first column under a few shifts, of the root mean square. */
static double worst_error(const struct made_tile *made)
{
    size_t n = made->n, shifts = made->scheme.choice.n_shifts, column = (made->n_groups - 1) * ORBIT_LANES;
    uint32_t *order = malloc(3 * n * sizeof *order);
    double worst = 0, squares = 0;
    size_t count = 0;
    for (size_t s = 0; order != NULL && s < shifts; s += shifts / 5 + 1)
        for (size_t m = 0; m < made->forms.count && m < DIFFERENT_FORMS; m++, count++) {
            double exact = 0;
            orbit_scheme_order(&made->scheme, 0, s, order, order + n);
            for (size_t i = 0; i < n; i++) {
                double row = 0;
                for (size_t j = 0; j < n; j++)
                    row += (double)made->q[(m * n + i) * n + j] *
                           (double)made->y[order[j] * made->columns + column];
                exact += row * (double)made->y[order[i] * made->columns + column];
            }
            worst = fmax(worst, fabs((double)made->values[(m * shifts + s) * ORBIT_LANES] - exact));
            squares += exact * exact;
        }
    free(order);
    return worst / sqrt(squares / (double)count);
}

static double median_of(const struct seconds *seconds, size_t count, size_t offset, double *values)
{
    for (size_t i = 0; i < count; i++)
        values[i] = *(const double *)((const char *)&seconds[i] + offset);
    return measure_median(values, count);
}

static void print_seconds(const struct made_tile *made, const struct seconds *seconds, size_t count,
                          double *values)
{
#define MEDIAN(field) median_of(seconds, count, offsetof(struct seconds, field), values)
    double spectra = MEDIAN(spectra), products = MEDIAN(products), inverse = MEDIAN(values);
    double all = spectra + products + inverse,
           flops = orbit_tile_flops(&made->engine.terms, made->forms.count) * (double)made->columns;
    double shifts = (double)made->scheme.choice.n_shifts, columns = (double)made->columns;
    printf("%.3f us a target-permutation = %.2f ms a column; spectra %.1f %%, products %.1f %%, values %.1f "
           "%%\n",
           1e6 * all / columns / shifts, 1e3 * all / columns, 100 * spectra / all, 100 * products / all,
           100 * inverse / all);
    printf("sgemm %.1f Gflop/s, products %.1f, all %.1f nominal\n", MEDIAN(sgemm_rate) / 1e9,
           flops / products / 1e9, flops / all / 1e9);
    for (size_t i = 0; i < count; i++)
        values[i] = flops / seconds[i].products / seconds[i].sgemm_rate;
    printf("products / sgemm = %.3f", measure_median(values, count));
    for (size_t i = 0; i < count; i++)
        values[i] =
            flops / (seconds[i].spectra + seconds[i].products + seconds[i].values) / seconds[i].sgemm_rate;
    printf(", orbit_batch (all) / sgemm = %.3f", measure_median(values, count));
    for (size_t i = 0; i < count; i++)
        values[i] = flops / seconds[i].cgemm3m / seconds[i].sgemm_rate;
    if (seconds[0].cgemm3m > 0)
        printf(", cgemm3m alone / sgemm = %.3f", measure_median(values, count));
    printf("\n");
#undef MEDIAN
}

static int measure(struct made_tile *made, const struct shape *shape, struct error *err)
{
    size_t count = shape->repetitions;
    struct seconds *seconds = memory_zeroed(count, sizeof *seconds, "times", err), first;
    double *values = memory_zeroed(count, sizeof *values, "times", err);
    if (err->code == 0) {
        compute(made, &first); /* the first touch of everything */
        printf("largest error against y'Qy in double: %.1e of the root mean square\n", worst_error(made));
        double before = sgemm_rate(made);
        for (size_t i = 0; i < count; i++) {
            compute(made, &seconds[i]);
            double after = sgemm_rate(made);
            seconds[i].sgemm_rate = (before + after) / 2;
            before = after;
            if (shape->cgemm3m > 1)
                cgemm3m_seconds(made, &seconds[i].cgemm3m, err);
        }
        print_seconds(made, seconds, count, values);
    }
    free(seconds);
    free(values);
    return err->code;
}

int main(int argc, char **argv)
{
    struct shape shape = {.subjects = 1500,
                          .blocks = 1,
                          .forms = 110,
                          .columns = 128,
                          .repetitions = 5,
                          .cgemm3m = 2,
                          .instructions = "best"};
    const struct measure_option options[] = {
        {"subjects", "n", &shape.subjects, NULL},
        {"blocks", "exchangeability blocks, of nearly equal size", &shape.blocks, NULL},
        {"forms", "how many", &shape.forms, NULL},
        {"columns", "of a tile", &shape.columns, NULL},
        {"repetitions", "of each measurement; the median counts", &shape.repetitions, NULL},
        {"cgemm3m", "2: measure BLAS's product too; 1: do not", &shape.cgemm3m, NULL},
        {"instructions", "plain, AVX2 or AVX-512 (default: the best that run here)", NULL,
         &shape.instructions},
    };
    measure_options(argc, argv, "Rate of a tile of columns under all shifts of an orbit, on one core.",
                    options, sizeof options / sizeof *options);
    struct made_tile made;
    struct error err = {0};
    blas_check_single_thread();
    if (made_tile_init(&made, &shape, &err) == 0) {
        const struct orbit_choice *choice = &made.scheme.choice;
        printf("n %zu: %s, N %zu, %zu sequences, %zu shifts, %zu still; %zu forms, %zu columns; BLAS %s\n",
               made.n, choice->windows ? "windows" : "cycles", choice->length, choice->n_sequences,
               choice->n_shifts, choice->n_fixed, shape.forms, shape.columns, blas_check_core());
        measure(&made, &shape, &err);
    }
    made_tile_free(&made);
    if (err.code != 0)
        fprintf(stderr, "bench_orbit_batch: %s\n", err.message);
    return err.code;
}
