#include "model/univariate/orbit_maxima.h"

#include "model/stats/significance.h"

#include <cblas.h>
#include <float.h>
#include <math.h>
#include <string.h>

size_t orbit_maxima_pairs(size_t n_rows)
{
    return (n_rows + 1) / 2;
}

/* Complex numbers of a pair: its frequencies, sequence after sequence, then who stands still. */
static size_t pair_numbers(const struct orbit_engine *engine)
{
    return engine->terms.n_sequences * engine->terms.length + engine->terms.n_fixed;
}

size_t orbit_maxima_spectra_floats(const struct orbit_engine *engine, size_t n_pairs)
{
    return 2 * n_pairs * pair_numbers(engine);
}

/* Nobody moves: every orbit is one permutation. */
static bool is_single(const struct orbit_engine *engine)
{
    return engine->terms.n_sequences == 0;
}

enum { ROWS_TOGETHER = 512 }; /* of a product: its shape must not depend on how many there are */

/* Besides the transform's own: what goes in and what comes out. */
size_t orbit_maxima_workspace(const struct orbit_engine *engine)
{
    if (is_single(engine))
        return (size_t)ROWS_TOGETHER * ORBIT_LANES;
    return orbit_transform_workspace(&engine->transform) + 2 * engine->terms.length * ORBIT_ROW;
}

/* The value of row `row` at `subject`; 0 where there is none. */
static float value_of(const float *rows, size_t n_rows, size_t row, uint32_t subject, size_t n)
{
    return row < n_rows && subject != ORBIT_NOBODY ? rows[row * n + subject] : 0;
}

/* Sequence a of up to 16 pairs, a lane each. */
static void gather(const struct orbit_engine *engine, const float *rows, size_t n_rows, size_t a, float *to)
{
    const struct orbit_scheme *scheme = engine->scheme;
    const uint32_t *subject = scheme->subject + a * engine->terms.length;
    for (size_t t = 0; t < engine->terms.length; t++, to += ORBIT_ROW)
        for (size_t lane = 0; lane < ORBIT_LANES; lane++) {
            to[lane] = value_of(rows, n_rows, 2 * lane, subject[t], scheme->n);
            to[ORBIT_LANES + lane] = value_of(rows, n_rows, 2 * lane + 1, subject[t], scheme->n);
        }
}

/* Those who stand still, times N as all else is divided by it. */
static void gather_fixed(const struct orbit_engine *engine, const float *rows, size_t n_rows, size_t pair,
                         float *to)
{
    const struct orbit_scheme *scheme = engine->scheme;
    float length = (float)engine->terms.length;
    for (size_t j = 0; j < engine->terms.n_fixed; j++) {
        to[2 * j] = length * value_of(rows, n_rows, 2 * pair, scheme->fixed[j], scheme->n);
        to[2 * j + 1] = length * value_of(rows, n_rows, 2 * pair + 1, scheme->fixed[j], scheme->n);
    }
}

/* Up to 16 pairs. */
static void group_spectra(const struct orbit_engine *engine, const float *rows, size_t n_rows,
                          float *workspace, float *spectra)
{
    size_t length = engine->terms.length, r = engine->terms.n_sequences, numbers = pair_numbers(engine);
    size_t n_pairs = orbit_maxima_pairs(n_rows);
    float *in = workspace, *out = in + length * ORBIT_ROW, *rest = out + length * ORBIT_ROW;
    for (size_t a = 0; a < r; a++) {
        gather(engine, rows, n_rows, a, in);
        engine->kernel->transform(&engine->transform, (struct orbit_source){in, in + ORBIT_LANES, ORBIT_ROW},
                                  (struct orbit_sink){out, out + ORBIT_LANES, ORBIT_ROW, NULL}, rest);
        for (size_t pair = 0; pair < n_pairs; pair++) {
            float *to = spectra + 2 * (pair * numbers + a * length);
            for (size_t f = 0; f < length; f++) {
                to[2 * f] = out[f * ORBIT_ROW + pair];
                to[2 * f + 1] = out[f * ORBIT_ROW + ORBIT_LANES + pair];
            }
        }
    }
    for (size_t pair = 0; pair < n_pairs; pair++)
        gather_fixed(engine, rows, n_rows, pair, spectra + 2 * (pair * numbers + r * length));
}

/* Without a transform: rows, in the order of those who stand still. */
static void copy_rows(const struct orbit_engine *engine, const float *rows, size_t n_rows, float *to)
{
    const struct orbit_scheme *scheme = engine->scheme;
    size_t n = scheme->n;
    for (size_t k = 0; k < 2 * orbit_maxima_pairs(n_rows); k++)
        for (size_t j = 0; j < n; j++)
            to[k * n + j] = value_of(rows, n_rows, k, scheme->fixed[j], n);
}

void orbit_maxima_spectra(const struct orbit_engine *engine, const float *rows, size_t n_rows,
                          float *workspace, float *spectra)
{
    enum { TOGETHER = 2 * ORBIT_LANES };
    if (is_single(engine)) {
        copy_rows(engine, rows, n_rows, spectra);
        return;
    }
    for (size_t first = 0; first < n_rows; first += TOGETHER)
        group_spectra(engine, rows + first * engine->scheme->n,
                      n_rows - first < TOGETHER ? n_rows - first : TOGETHER, workspace,
                      spectra + orbit_maxima_spectra_floats(engine, first / 2));
}

/* Correlations of a pair with 16 columns under all N shifts, in rows. */
static const float *correlate(const struct orbit_engine *engine, const float *pair, const float *columns,
                              float *workspace)
{
    size_t length = engine->terms.length, r = engine->terms.n_sequences;
    float *in = workspace, *out = in + length * ORBIT_ROW, *rest = out + length * ORBIT_ROW;
    const float scale[2] = {1 / (float)length, 1 / (float)length};
    for (size_t a = 0; a < r; a++)
        engine->kernel->weigh(&(struct orbit_weighing){.weights = pair + 2 * a * length,
                                                       .rows = columns + a * length * ORBIT_ROW,
                                                       .count = length,
                                                       .add = a > 0},
                              in);
    for (size_t j = 0; j < engine->terms.n_fixed; j++)
        engine->kernel->weigh(&(struct orbit_weighing){.weights = pair + 2 * (r * length + j),
                                                       .rows = columns + (r * length + j) * ORBIT_ROW,
                                                       .count = 1,
                                                       .add = r > 0 || j > 0},
                              in);
    engine->kernel->transform(&engine->transform, (struct orbit_source){in, in + ORBIT_LANES, ORBIT_ROW},
                              (struct orbit_sink){out, out + ORBIT_LANES, ORBIT_ROW, scale}, rest);
    return out;
}

/* Products of rows and 16 columns; rows are at most ROWS_TOGETHER. */
static void multiply(const struct orbit_engine *engine, const float *rows, size_t n_rows,
                     const float *columns, float *products)
{
    int n = (int)engine->scheme->n;
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (int)n_rows, ORBIT_LANES, n, 1, rows, n, columns,
                ORBIT_ROW, 0, products, ORBIT_LANES);
}

static void take_single(const struct orbit_engine *engine, const float *rows, size_t n_rows,
                        const float *columns, float *products, float *largest)
{
    for (size_t first = 0; first < n_rows; first += ROWS_TOGETHER) {
        size_t count = n_rows - first < ROWS_TOGETHER ? n_rows - first : ROWS_TOGETHER;
        multiply(engine, rows + first * engine->scheme->n, count, columns, products);
        for (size_t k = 0; k < count; k++)
            for (size_t lane = 0; lane < ORBIT_LANES; lane++) {
                float size = fabsf(products[k * ORBIT_LANES + lane]);
                largest[lane] = size > largest[lane] ? size : largest[lane];
            }
    }
}

void orbit_maxima_take(const struct orbit_engine *engine, const float *spectra, size_t n_pairs,
                       const float *columns, float *workspace, float *largest)
{
    if (is_single(engine)) {
        take_single(engine, spectra, 2 * n_pairs, columns, workspace, largest);
        return;
    }
    for (size_t pair = 0; pair < n_pairs; pair++)
        engine->kernel->largest(
            correlate(engine, spectra + orbit_maxima_spectra_floats(engine, pair), columns, workspace),
            engine->scheme->choice.n_shifts, largest);
}

static void subtract_single(const struct orbit_engine *engine, const float *rows, size_t n_rows,
                            const float *columns, float *products, float *length)
{
    for (size_t first = 0; first < n_rows; first += ROWS_TOGETHER) {
        size_t count = n_rows - first < ROWS_TOGETHER ? n_rows - first : ROWS_TOGETHER;
        multiply(engine, rows + first * engine->scheme->n, count, columns, products);
        for (size_t k = 0; k < count * ORBIT_LANES; k++)
            length[k % ORBIT_LANES] -= products[k] * products[k];
    }
}

void orbit_maxima_lengths(const struct orbit_engine *engine, const float *spectra, size_t n_pairs,
                          const float *columns, float *workspace, float *length)
{
    size_t n_shifts = engine->scheme->choice.n_shifts;
    for (size_t k = 0; k < n_shifts * ORBIT_LANES; k++)
        length[k] = 1;
    if (is_single(engine)) {
        subtract_single(engine, spectra, 2 * n_pairs, columns, workspace, length);
        return;
    }
    for (size_t pair = 0; pair < n_pairs; pair++) {
        const float *row =
            correlate(engine, spectra + orbit_maxima_spectra_floats(engine, pair), columns, workspace);
        for (size_t s = 0; s < n_shifts; s++, row += ORBIT_ROW)
            for (size_t lane = 0; lane < ORBIT_LANES; lane++)
                length[s * ORBIT_LANES + lane] -=
                    row[lane] * row[lane] + row[ORBIT_LANES + lane] * row[ORBIT_LANES + lane];
    }
}

void orbit_maxima_finish(size_t n_shifts, const float *largest, const float *length, size_t lane,
                         float *r_squared)
{
    const float least = 1e-5F; /* rounding */
    for (size_t s = 0; s < n_shifts; s++) {
        float r = largest[s * ORBIT_LANES + lane], left = length[s * ORBIT_LANES + lane];
        float value = left > least ? r * r / left : 0;
        r_squared[s] = value < 1 ? value : 1;
    }
}

double orbit_maxima_tie(const struct orbit_engine *engine, double r_squared)
{
    const double times = 8, u = FLT_EPSILON / 2;
    if (!is_single(engine) || isnan(r_squared))
        return SIGNIFICANCE_TIE;
    return fmax(SIGNIFICANCE_TIE, times * 2 * r_squared * sqrt((double)engine->scheme->n) * u);
}
