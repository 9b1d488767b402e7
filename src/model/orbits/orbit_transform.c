#include "model/orbits/orbit_transform.h"

#include "base/memory.h"

#include <complex.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Up to this length one set of passes does; a longer one is taken as first x second. */
enum { LONGEST_SINGLE = 32, LARGEST_SMOOTH_PRIME = 7 };

static size_t largest_prime_factor(size_t length)
{
    size_t largest = 1;
    for (size_t p = 2; p * p <= length; p++)
        for (; length % p == 0; length /= p)
            largest = p;
    return length > 1 ? length : largest;
}

size_t orbit_transform_smooth(size_t length)
{
    while (largest_prime_factor(length) > LARGEST_SMOOTH_PRIME)
        length++;
    return length;
}

static size_t inner_length(size_t length)
{
    return largest_prime_factor(length) <= ORBIT_LARGEST_DIRECT ? length
                                                                : orbit_transform_smooth(2 * length - 1);
}

/* The divisor of `inner` nearest to its square root from below; 1 up to LONGEST_SINGLE. */
static size_t second_length(size_t inner)
{
    size_t second = 1;
    for (size_t d = 2; inner > LONGEST_SINGLE && d * d <= inner; d++)
        if (inner % d == 0)
            second = d;
    return second;
}

/* What a pass takes for a row, loads and stores included: about cycles with AVX-512. */
static double radix_cost(size_t radix)
{
    static const struct {
        size_t radix;
        double cost;
    } unrolled[] = {{2, 7},  {3, 9},    {4, 8.5},   {5, 10},  {6, 10},
                    {7, 12}, {8, 10.5}, {10, 11.5}, {11, 18}, {13, 20}};
    for (size_t k = 0; k < sizeof unrolled / sizeof *unrolled; k++)
        if (unrolled[k].radix == radix)
            return unrolled[k].cost;
    return 14 + 0.8 * (double)radix;
}

static bool is_radix(size_t radix)
{
    static const size_t composite[] = {4, 6, 8, 10};
    for (size_t k = 0; k < sizeof composite / sizeof *composite; k++)
        if (composite[k] == radix)
            return true;
    return largest_prime_factor(radix) == radix;
}

/* The cheapest radices whose product is `length`, in ascending order; what they cost a row. count: in and
 * out. */
static double cheapest(size_t length, size_t smallest, size_t *radices, size_t *count)
{
    double best = INFINITY;
    size_t best_radices[ORBIT_MOST_PASSES], best_count = 0, before = *count;
    if (length == 1)
        return 0;
    for (size_t radix = smallest; radix <= length; radix++) {
        if (length % radix != 0 || !is_radix(radix))
            continue;
        *count = before;
        radices[(*count)++] = radix;
        double cost = radix_cost(radix) + cheapest(length / radix, radix, radices, count);
        if (cost < best) {
            best = cost;
            best_count = *count;
            memcpy(best_radices, radices, best_count * sizeof *radices);
        }
    }
    memcpy(radices, best_radices, best_count * sizeof *radices);
    *count = best_count;
    return best;
}

static void plan_passes(struct orbit_passes *passes, size_t length)
{
    size_t radices[ORBIT_MOST_PASSES], run = 1;
    passes->length = length;
    passes->count = 0;
    cheapest(length, 2, radices, &passes->count);
    for (size_t i = 0; i < passes->count; i++) {
        size_t radix = radices[passes->count - 1 - i];
        passes->pass[i] = (struct orbit_pass){radix, length / run / radix, run, NULL, NULL};
        run *= radix;
    }
}

static size_t twiddle_floats(const struct orbit_pass *pass)
{
    return 2 * pass->groups * pass->radix;
}

/* The odd radix whose roots a pass needs: 6 and 10 are 3 and 5 by 2. */
static size_t odd_part(size_t radix)
{
    return radix == 6 || radix == 10 ? radix / 2 : radix % 2 == 1 ? radix : 1;
}

static size_t root_floats(const struct orbit_pass *pass)
{
    size_t half = (odd_part(pass->radix) - 1) / 2;
    return 2 * half * half;
}

static size_t passes_floats(const struct orbit_passes *passes)
{
    size_t count = 0;
    for (size_t i = 0; i < passes->count; i++)
        count += twiddle_floats(&passes->pass[i]) + root_floats(&passes->pass[i]);
    return count;
}

/* exp(2 pi i numerator / denominator), rounded once. */
static void put_root(float *to, size_t numerator, size_t denominator)
{
    double angle = 2 * M_PI * (double)(numerator % denominator) / (double)denominator;
    to[0] = (float)cos(angle);
    to[1] = (float)sin(angle);
}

static float *fill_passes(struct orbit_passes *passes, float *to)
{
    for (size_t i = 0; i < passes->count; i++) {
        struct orbit_pass *pass = &passes->pass[i];
        pass->twiddles = to;
        for (size_t j = 0; j < pass->groups; j++)
            for (size_t b = 0; b < pass->radix; b++, to += 2)
                put_root(to, j * b, pass->groups * pass->radix);
        pass->roots = to;
        size_t odd = odd_part(pass->radix), half = (odd - 1) / 2;
        for (size_t a = 1; a <= half; a++)
            for (size_t b = 1; b <= half; b++, to += 2)
                put_root(to, a * b, odd);
    }
    return to;
}

/* out[k] = sum over t of in[t * stride] root[k t mod n]: by the smallest prime of n at a time. root: of all
 * the `whole` elements. */
static void transform_in_double(size_t n, size_t stride, const double complex *in, double complex *out,
                                const double complex *root, size_t whole)
{
    if (n == 1) {
        out[0] = in[0];
        return;
    }
    size_t p = 2;
    while (n % p != 0)
        p++;
    size_t m = n / p;
    for (size_t r = 0; r < p; r++)
        transform_in_double(m, stride * p, in + r * stride, out + r * m, root, whole);
    for (size_t k = 0; k < m; k++) {
        double complex part[LARGEST_SMOOTH_PRIME];
        for (size_t r = 0; r < p; r++)
            part[r] = out[r * m + k];
        for (size_t q = 0; q < p; q++) {
            out[q * m + k] = 0;
            for (size_t r = 0; r < p; r++)
                out[q * m + k] += part[r] * root[(q * m + k) * r % n * (whole / n)];
        }
    }
}

/* exp(+ pi i t^2 / L) */
static double complex chirp_of(size_t t, size_t length)
{
    uint64_t square = (uint64_t)t * t % (2 * (uint64_t)length);
    return cexp(I * M_PI * (double)square / (double)length);
}

/* The convolution's own factor, its 1/inner included. */
static int fill_chirp(const struct orbit_transform *transform, float *chirp, float *chirp_transform,
                      struct error *err)
{
    size_t length = transform->length, inner = transform->inner;
    double complex *work = memory_zeroed(3 * inner, sizeof *work, "a transform", err);
    if (work == NULL)
        return err->code;
    double complex *conjugate = work, *out = work + inner, *root = work + 2 * inner;
    for (size_t t = 0; t < length; t++) {
        double complex c = chirp_of(t, length);
        conjugate[t] = conj(c);
        conjugate[(inner - t) % inner] = conj(c);
        chirp[2 * t] = (float)creal(c);
        chirp[2 * t + 1] = (float)cimag(c);
    }
    for (size_t k = 0; k < inner; k++)
        root[k] = cexp(2 * M_PI * I * (double)k / (double)inner);
    transform_in_double(inner, 1, conjugate, out, root, inner);
    for (size_t k = 0; k < inner; k++) {
        chirp_transform[2 * k] = (float)(creal(out[k]) / (double)inner);
        chirp_transform[2 * k + 1] = (float)(cimag(out[k]) / (double)inner);
    }
    free(work);
    return 0;
}

int orbit_transform_init(struct orbit_transform *transform, size_t length, struct error *err)
{
    size_t inner = inner_length(length), second = second_length(inner), first = inner / second;
    bool convolves = inner != length;
    *transform = (struct orbit_transform){.length = length, .inner = inner};
    plan_passes(&transform->first, first);
    plan_passes(&transform->second, second);
    size_t count = passes_floats(&transform->first) + passes_floats(&transform->second) + 2 * inner +
                   (convolves ? 2 * length + 2 * inner : 0);
    float *to = transform->memory = memory_aligned(count, sizeof *to, "a transform", err);
    if (to == NULL)
        return err->code;
    to = fill_passes(&transform->first, to);
    to = fill_passes(&transform->second, to);
    transform->between = to;
    for (size_t b = 0; b < second; b++)
        for (size_t a = 0; a < first; a++, to += 2)
            put_root(to, b * a, inner);
    if (!convolves)
        return 0;
    transform->chirp = to;
    transform->chirp_transform = to + 2 * length;
    if (fill_chirp(transform, to, to + 2 * length, err) != 0)
        orbit_transform_free(transform);
    return err->code;
}

void orbit_transform_free(struct orbit_transform *transform)
{
    free(transform->memory);
    *transform = (struct orbit_transform){0};
}

/* What stands between first and second; two rows of passes in turn; the convolution's two arrays. */
size_t orbit_transform_workspace(const struct orbit_transform *transform)
{
    size_t longest = transform->first.length > transform->second.length ? transform->first.length
                                                                        : transform->second.length;
    return ORBIT_ROW *
           (transform->inner + 2 * longest + (transform->chirp != NULL ? 2 * transform->inner : 0));
}

static double cost_of(size_t length)
{
    size_t radices[ORBIT_MOST_PASSES], count = 0;
    return cheapest(length, 2, radices, &count);
}

double orbit_transform_cost(size_t length)
{
    size_t inner = inner_length(length), second = second_length(inner);
    double once = (double)inner * (cost_of(second) + cost_of(inner / second));
    return inner == length ? once : 2 * once + 10 * (double)inner;
}
