#include "model/orbits/orbit_coefficients.h"

#include "base/larger.h"

#include <math.h>
#include <string.h>

enum { AT_ONCE = 2 * ORBIT_LANES }; /* subjects that share a transform: as its real and its imaginary part */

/* What is under way for one form. */
struct making {
    const struct orbit_engine *engine;
    const float *q;
    size_t n, length, n_blocks; /* n_blocks: of 16 frequencies l = 0 ... N/2 */
    size_t n_rows; /* of such a block: a row is 16 frequencies, real and imaginary parts, of a subject or a
                      frequency k */
    float *lines,
        *planes; /* transforms over the second index, for every subject; over both, of two sequences */
    float *in, *out, *workspace;
    float *coefficients;
    size_t form, n_forms;
    float scale;
};

static size_t blocks_of(size_t length)
{
    return (length / 2 + ORBIT_LANES) / ORBIT_LANES;
}

size_t orbit_coefficients_floats(const struct orbit_engine *engine, size_t n_forms)
{
    return 2 * n_forms * orbit_terms_before(&engine->terms, orbit_terms_frequencies(&engine->terms));
}

/* With one sequence, planes take the place of lines, block after block. */
static size_t lines_floats(size_t n, size_t length, size_t n_sequences)
{
    return blocks_of(length) * ORBIT_ROW * (n_sequences > 1 ? n : larger(n, length));
}

size_t orbit_coefficients_lines(size_t n, size_t length, size_t n_sequences)
{
    size_t planes = n_sequences > 1 ? blocks_of(length) * ORBIT_ROW * length : 0;
    return lines_floats(n, length, n_sequences) + planes;
}

size_t orbit_coefficients_workspace(const struct orbit_engine *engine)
{
    const struct orbit_terms *terms = &engine->terms;
    return orbit_coefficients_lines(engine->scheme->n, terms->length, terms->n_sequences) +
           2 * terms->length * ORBIT_ROW + orbit_transform_workspace(&engine->transform);
}

static void transform(const struct making *making, float *to)
{
    making->engine->kernel->transform(
        &making->engine->transform, (struct orbit_source){making->in, making->in + ORBIT_LANES, ORBIT_ROW},
        (struct orbit_sink){to, to + ORBIT_LANES, ORBIT_ROW, NULL}, making->workspace);
}

/* Twice the transforms of two sets of real rows that went through as one: 16 frequencies from l on, of the
 * subjects from i on. */
static void untangle(const struct making *making, size_t i, size_t l)
{
    float parts[AT_ONCE][ORBIT_ROW];
    size_t length = making->length, count = making->n - i < AT_ONCE ? making->n - i : AT_ONCE;
    memset(parts, 0, sizeof parts);
    for (size_t k = 0; k < ORBIT_LANES && l + k <= length / 2; k++) {
        const float *up = making->out + (l + k) * ORBIT_ROW,
                    *down = making->out + (length - l - k) % length * ORBIT_ROW;
        for (size_t j = 0; j < ORBIT_LANES; j++) {
            parts[j][k] = up[j] + down[j];
            parts[j][ORBIT_LANES + k] = up[ORBIT_LANES + j] - down[ORBIT_LANES + j];
            parts[ORBIT_LANES + j][k] = up[ORBIT_LANES + j] + down[ORBIT_LANES + j];
            parts[ORBIT_LANES + j][ORBIT_LANES + k] = down[j] - up[j];
        }
    }
    memcpy(making->lines + (l / ORBIT_LANES * making->n_rows + i) * ORBIT_ROW, parts, count * sizeof *parts);
}

/* Lines of sequence b: sum over its places u of Q(i, u) exp(2 pi i l u / N), for every subject i. */
static void make_lines(const struct making *making, size_t b)
{
    const uint32_t *subject = making->engine->scheme->subject + b * making->length;
    for (size_t i = 0; i < making->n; i += AT_ONCE) {
        size_t count = making->n - i < AT_ONCE ? making->n - i : AT_ONCE;
        memset(making->in, 0, making->length * ORBIT_ROW * sizeof *making->in);
        for (size_t u = 0; u < making->length; u++)
            if (subject[u] != ORBIT_NOBODY)
                memcpy(making->in + u * ORBIT_ROW, making->q + subject[u] * making->n + i,
                       count * sizeof *making->q);
        transform(making, making->out);
        for (size_t l = 0; l <= making->length / 2; l += ORBIT_LANES)
            untangle(making, i, l);
    }
}

/* Planes of sequences a and b, from the lines of b: the same sum over the places of a. */
static void make_planes(const struct making *making, size_t a)
{
    const uint32_t *subject = making->engine->scheme->subject + a * making->length;
    for (size_t block = 0; block < making->n_blocks; block++) {
        const float *lines = making->lines + block * making->n_rows * ORBIT_ROW;
        memset(making->in, 0, making->length * ORBIT_ROW * sizeof *making->in);
        for (size_t t = 0; t < making->length; t++)
            if (subject[t] != ORBIT_NOBODY)
                memcpy(making->in + t * ORBIT_ROW, lines + (size_t)subject[t] * ORBIT_ROW,
                       ORBIT_ROW * sizeof *lines);
        size_t rows = making->planes == making->lines ? making->n_rows : making->length;
        transform(making, making->planes + block * rows * ORBIT_ROW);
    }
}

/* Where the form's terms of frequency f begin, from term `at` on. */
static float *terms_of(const struct making *making, size_t f, size_t at)
{
    const struct orbit_terms *terms = &making->engine->terms;
    return making->coefficients + 2 * (making->n_forms * orbit_terms_before(terms, f) +
                                       making->form * orbit_terms_count(terms, f) + at);
}

/* Half of sequence a's and b's part: Qt(k, l) stands in the planes for l <= N/2; beyond it is the conjugate
 * of Qt(-k, -l). */
static void gather_moving(const struct making *making, size_t f, size_t a, size_t b, size_t at, size_t count)
{
    size_t length = making->length, k = f - f / 2, l = f / 2;
    size_t rows = making->planes == making->lines ? making->n_rows : length;
    float *to = terms_of(making, f, at), weight = making->scale / (float)length / (float)length;
    for (size_t j = 0; j < count; j++, to += 2) {
        bool turned = l > length / 2;
        size_t row = turned ? (length - k) % length : k, lane = turned ? length - l : l;
        const float *from =
            making->planes + (lane / ORBIT_LANES * rows + row) * ORBIT_ROW + lane % ORBIT_LANES;
        float w = a == b && k == l ? weight / 2 : weight;
        to[0] = w * from[0];
        to[1] = turned ? -w * from[ORBIT_LANES] : w * from[ORBIT_LANES];
        k = k + 1 < length ? k + 1 : 0;
        l = l > 0 ? l - 1 : length - 1;
    }
}

/* Terms of sequence b and who stands still, from the lines of b. */
static void gather_still(const struct making *making, size_t b)
{
    const struct orbit_scheme *scheme = making->engine->scheme;
    const struct orbit_terms *terms = &making->engine->terms;
    float weight = making->scale / (float)making->length;
    for (size_t f = 0; f <= making->length / 2; f++) {
        size_t couples = terms->n_sequences * (terms->n_sequences - 1) / 2 * making->length;
        size_t at = terms->n_sequences * orbit_terms_inside(terms, f) + couples + b * terms->n_fixed;
        float *to = terms_of(making, f, at);
        for (size_t j = 0; j < terms->n_fixed; j++, to += 2) {
            const float *from = making->lines +
                                (f / ORBIT_LANES * making->n_rows + scheme->fixed[j]) * ORBIT_ROW +
                                f % ORBIT_LANES;
            to[0] = weight * from[0];
            to[1] = weight * from[ORBIT_LANES];
        }
    }
}

/* Terms of two who stand still. */
static void gather_constant(const struct making *making)
{
    const struct orbit_scheme *scheme = making->engine->scheme;
    size_t n_fixed = scheme->choice.n_fixed, count = n_fixed * (n_fixed + 1) / 2;
    float *to = terms_of(making, 0, orbit_terms_count(&making->engine->terms, 0) - count);
    for (size_t j = 0; j < n_fixed; j++)
        for (size_t i = 0; i <= j; i++, to += 2) {
            to[0] =
                (i == j ? 1 : 2) * making->scale * making->q[scheme->fixed[i] * making->n + scheme->fixed[j]];
            to[1] = 0;
        }
}

/* Terms of sequences a <= b. */
static void gather_pairs(const struct making *making, size_t a, size_t b)
{
    const struct orbit_terms *terms = &making->engine->terms;
    for (size_t f = 0; f <= making->length / 2; f++) {
        size_t inside = orbit_terms_inside(terms, f), couples = (b > 0 ? b * (b - 1) / 2 : 0) + a;
        if (a == b)
            gather_moving(making, f, a, b, a * inside, inside);
        else
            gather_moving(making, f, a, b, terms->n_sequences * inside + couples * making->length,
                          making->length);
    }
}

/* The power of two that brings the mean eigenvalue to [1, 2). */
static int exponent_of(const float *q, size_t n)
{
    double trace = 0;
    for (size_t i = 0; i < n; i++)
        trace += (double)q[i * n + i];
    return trace > 0 && isfinite(trace) ? -ilogb(trace / (double)n) : 0;
}

void orbit_coefficients_make(const struct orbit_engine *engine, const float *q,
                             const struct orbit_forms *forms, size_t form, float *workspace)
{
    size_t length = engine->terms.length, n = engine->scheme->n, n_sequences = engine->terms.n_sequences;
    size_t lines = lines_floats(n, length, n_sequences),
           all = orbit_coefficients_lines(n, length, n_sequences);
    int exponent = exponent_of(q, n);
    struct making making = {
        .engine = engine,
        .q = q,
        .n = n,
        .length = length,
        .n_blocks = blocks_of(length),
        .n_rows = lines / blocks_of(length) / ORBIT_ROW,
        .lines = workspace,
        .planes = workspace + (all > lines ? lines : 0),
        .coefficients = forms->coefficients,
        .form = form,
        .n_forms = forms->count,
        .scale = ldexpf(1, exponent),
    };
    making.in = workspace + all;
    making.out = making.in + length * ORBIT_ROW;
    making.workspace = making.out + length * ORBIT_ROW;
    forms->scale[form] = ldexpf(1, -exponent);
    for (size_t b = 0; b < engine->terms.n_sequences; b++) {
        make_lines(&making, b);
        gather_still(&making, b);
        for (size_t a = 0; a <= b; a++) {
            make_planes(&making, a);
            gather_pairs(&making, a, b);
        }
    }
    gather_constant(&making);
}
