#include "model/orbits/orbit_tile.h"

#include "base/larger.h"

#include <string.h>

/* Besides the transform's own: two arrays of N rows. */
size_t orbit_tile_workspace(const struct orbit_engine *engine, size_t n_forms, size_t n_groups)
{
    size_t transforms = orbit_transform_workspace(&engine->transform) + 2 * engine->terms.length * ORBIT_ROW;
    return larger(transforms, orbit_kernel_workspace(n_forms, n_groups));
}

size_t orbit_tile_groups(size_t columns)
{
    return (columns + ORBIT_LANES - 1) / ORBIT_LANES;
}

size_t orbit_tile_spectra_floats(const struct orbit_engine *engine, size_t n_groups)
{
    return n_groups * orbit_terms_rows(&engine->terms) * ORBIT_ROW;
}

size_t orbit_tile_sums_floats(const struct orbit_engine *engine, size_t n_forms, size_t n_groups)
{
    return n_groups * n_forms * orbit_terms_frequencies(&engine->terms) * ORBIT_ROW;
}

/* Row `row` is subject's data, real; or zero. */
static void put_data(float *to, const float *y, uint32_t subject, size_t ld, size_t width)
{
    memset(to, 0, ORBIT_ROW * sizeof *to);
    if (subject != ORBIT_NOBODY)
        memcpy(to, y + subject * ld, width * sizeof *to);
}

/* y: the group's first column. */
static void group_spectra(const struct orbit_engine *engine, const float *y, size_t width, size_t ld,
                          float *workspace, float *spectra)
{
    const struct orbit_scheme *scheme = engine->scheme;
    size_t length = engine->terms.length, r = engine->terms.n_sequences;
    float *in = workspace, *rest = in + length * ORBIT_ROW;
    for (size_t a = 0; a < r; a++) {
        float *to = spectra + a * length * ORBIT_ROW;
        for (size_t t = 0; t < length; t++)
            put_data(in + t * ORBIT_ROW, y, scheme->source[a * length + t], ld, width);
        /* real and imaginary parts exchanged on both sides: the sign is minus */
        engine->kernel->transform(&engine->transform, (struct orbit_source){in + ORBIT_LANES, in, ORBIT_ROW},
                                  (struct orbit_sink){to + ORBIT_LANES, to, ORBIT_ROW, NULL}, rest);
    }
    for (size_t j = 0; j < engine->terms.n_fixed; j++)
        put_data(spectra + (r * length + j) * ORBIT_ROW, y, scheme->fixed[j], ld, width);
}

void orbit_tile_spectra(const struct orbit_engine *engine, const float *y, size_t columns, size_t ld,
                        float *workspace, float *spectra)
{
    for (size_t j = 0; j < columns; j += ORBIT_LANES)
        group_spectra(engine, y + j, columns - j < ORBIT_LANES ? columns - j : ORBIT_LANES, ld, workspace,
                      spectra + orbit_tile_spectra_floats(engine, j / ORBIT_LANES));
}

void orbit_tile_products(const struct orbit_engine *engine, const struct orbit_forms *forms,
                         struct orbit_band band, const float *spectra, size_t n_groups, float *workspace,
                         float *sums)
{
    const struct orbit_products products = {
        .terms = &engine->terms,
        .n_forms = forms->count,
        .n_groups = n_groups,
        .first = band.first,
        .count = band.count,
        .coefficients = forms->coefficients,
        .spectra = spectra,
        .sums = sums,
        .workspace = workspace,
    };
    engine->kernel->products(&products);
}

/* The row at frequency f, and that at N - f, of a + i b: of two forms' sums (b may be NULL). Where f = N - f,
 * the sums are real but for rounding. */
static void join(const float *a, const float *b, bool real, float *up, float *down)
{
    static const float zero[ORBIT_ROW];
    b = b != NULL ? b : zero;
    for (size_t j = 0; j < ORBIT_LANES; j++) {
        float ai = real ? 0 : a[ORBIT_LANES + j], bi = real ? 0 : b[ORBIT_LANES + j];
        down[j] = a[j] + bi;
        down[ORBIT_LANES + j] = b[j] - ai;
        up[j] = a[j] - bi;
        up[ORBIT_LANES + j] = b[j] + ai;
    }
}

/* Sums of two forms (or of one: b is NULL) to their values. */
static void pair_values(const struct orbit_engine *engine, const float *a, const float *b,
                        const float scale[2], float *workspace, float *values)
{
    size_t length = engine->terms.length, shifts = engine->scheme->choice.n_shifts;
    float *in = workspace, *out = in + length * ORBIT_ROW, *rest = out + length * ORBIT_ROW;
    for (size_t f = 0; f <= length / 2; f++) {
        bool real = f == 0 || 2 * f == length;
        join(a + f * ORBIT_ROW, b != NULL ? b + f * ORBIT_ROW : NULL, real, in + f * ORBIT_ROW,
             in + (length - f) % length * ORBIT_ROW);
    }
    /* all N shifts: to their places at once. With one form, what is imaginary is of no use. */
    bool direct = shifts == length && b != NULL;
    struct orbit_sink places = {values, values + shifts * ORBIT_LANES, ORBIT_LANES, scale};
    struct orbit_sink rows = {out, out + ORBIT_LANES, ORBIT_ROW, scale};
    engine->kernel->transform(&engine->transform, (struct orbit_source){in, in + ORBIT_LANES, ORBIT_ROW},
                              direct ? places : rows, rest);
    for (size_t s = 0; s < shifts && !direct; s++)
        for (size_t part = 0; part < (b != NULL ? 2 : 1); part++)
            memcpy(values + (part * shifts + s) * ORBIT_LANES, out + s * ORBIT_ROW + part * ORBIT_LANES,
                   ORBIT_LANES * sizeof *values);
}

void orbit_tile_values(const struct orbit_engine *engine, const struct orbit_forms *forms, const float *sums,
                       struct orbit_values which, float *workspace, float *values)
{
    size_t form_floats = orbit_terms_frequencies(&engine->terms) * ORBIT_ROW;
    const float *from = sums + (which.group * forms->count + which.first) * form_floats;
    for (size_t m = 0; m < which.count; m += 2) {
        bool single = m + 1 == which.count;
        const float scale[2] = {forms->scale[which.first + m],
                                single ? 1 : forms->scale[which.first + m + 1]};
        pair_values(engine, from + m * form_floats, single ? NULL : from + (m + 1) * form_floats, scale,
                    workspace, values + m * engine->scheme->choice.n_shifts * ORBIT_LANES);
    }
}

double orbit_tile_flops(const struct orbit_terms *terms, size_t n_forms)
{
    return 8 * (double)n_forms * (double)orbit_terms_before(terms, orbit_terms_frequencies(terms));
}
