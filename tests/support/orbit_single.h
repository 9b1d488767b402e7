/* One cycle of an even number of subjects in single precision, with sums as they are written: what rounding
 * does to an orbit, without the program's own kernels. */
#ifndef ARETE_TEST_ORBIT_SINGLE_H
#define ARETE_TEST_ORBIT_SINGLE_H

#include "orbit_reference.h"

#include <complex.h>

struct single_orbit {
    size_t n, n_forms, half;
    const uint32_t *order;       /* n: the cycle; the caller's */
    float complex *coefficients; /* forms x (half + 1) x (half + 1): of the pairs of each frequency */
    double complex *root;        /* n: exp(2 pi i k/n) */
};

/* Pair `pair` of frequency f: k + l = f modulo n, unordered. False past the last one. */
static inline bool single_orbit_pair(size_t n, size_t f, size_t pair, size_t *k, size_t *l)
{
    size_t lower = f / 2 + 1; /* k = 0 ... f/2 with l = f - k; then those with k + l = f + n */
    if (pair < lower) {
        *k = pair;
        *l = f - pair;
        return true;
    }
    *k = f + 1 + (pair - lower);
    *l = f + n - *k;
    return *k <= *l;
}

/* Qt(k, l) of one form, doubled for k != l, over n^2. half_way: n x n. */
static inline void single_orbit_coefficients(const struct single_orbit *orbit, const double *form,
                                             double complex *half_way, float complex *coefficients)
{
    size_t n = orbit->n, half = orbit->half;
    for (size_t i = 0; i < n; i++)
        for (size_t l = 0; l < n; l++) {
            double complex sum = 0;
            for (size_t j = 0; j < n; j++)
                sum += form[orbit->order[i] * n + orbit->order[j]] * orbit->root[l * j % n];
            half_way[i * n + l] = sum;
        }
    for (size_t f = 0; f <= half; f++)
        for (size_t pair = 0, k, l; pair <= half && single_orbit_pair(n, f, pair, &k, &l); pair++) {
            double complex sum = 0;
            for (size_t i = 0; i < n; i++)
                sum += half_way[i * n + l] * orbit->root[k * i % n];
            sum *= (k == l ? 1 : 2) / (double)(n * n);
            coefficients[f * (half + 1) + pair] = (float complex)sum;
        }
}

static inline void single_orbit_init(struct single_orbit *orbit, const struct reference *reference,
                                     const uint32_t *order)
{
    struct error err = {0};
    size_t n = reference->n, half = n / 2, n_forms = (2 * reference->n_nodes + 1) * reference->n_outer;
    *orbit = (struct single_orbit){.n = n, .n_forms = n_forms, .half = half, .order = order};
    orbit->coefficients =
        memory_zeroed(n_forms * (half + 1) * (half + 1), sizeof *orbit->coefficients, "a test", &err);
    orbit->root = memory_zeroed(n, sizeof *orbit->root, "a test", &err);
    double complex *half_way = memory_zeroed(n * n, sizeof *half_way, "a test", &err);
    CU_ASSERT_EQUAL_FATAL(err.code, 0);
    for (size_t k = 0; k < n; k++)
        orbit->root[k] = cexp(2 * acos(-1) * I * (double)k / (double)n);
    for (size_t q = 0; q < n_forms; q++)
        single_orbit_coefficients(orbit, reference->forms + q * n * n, half_way,
                                  orbit->coefficients + q * (half + 1) * (half + 1));
    free(half_way);
}

static inline void single_orbit_free(struct single_orbit *orbit)
{
    free(orbit->coefficients);
    free(orbit->root);
}

/* x: n, the transform of z, rounded. */
static inline void single_orbit_transform(const struct single_orbit *orbit, const double *z, float complex *x)
{
    for (size_t k = 0; k < orbit->n; k++) {
        double complex sum = 0;
        for (size_t j = 0; j < orbit->n; j++)
            sum += z[orbit->order[j]] * conj(orbit->root[k * j % orbit->n]);
        x[k] = (float complex)sum;
    }
}

/* Values of all forms under all shifts of z, forms x n; the caller frees them. */
static inline float *single_orbit_values(const struct single_orbit *orbit, const double *z)
{
    struct error err = {0};
    size_t n = orbit->n, half = orbit->half;
    float complex *x = memory_zeroed(n, sizeof *x, "a test", &err),
                  *spectrum = memory_zeroed(half + 1, sizeof *spectrum, "a test", &err);
    float *values = memory_zeroed(orbit->n_forms * n, sizeof *values, "a test", &err);
    CU_ASSERT_EQUAL_FATAL(err.code, 0);
    single_orbit_transform(orbit, z, x);
    for (size_t q = 0; q < orbit->n_forms; q++) {
        for (size_t f = 0, k, l; f <= half; f++) {
            const float complex *coefficients = orbit->coefficients + (q * (half + 1) + f) * (half + 1);
            spectrum[f] = 0;
            for (size_t pair = 0; pair <= half && single_orbit_pair(n, f, pair, &k, &l); pair++)
                spectrum[f] += coefficients[pair] * (x[k] * x[l]);
        }
        for (size_t s = 0; s < n; s++) {
            float sum = crealf(spectrum[0]);
            for (size_t f = 1; f <= half; f++)
                sum += (f < half ? 2 : 1) * crealf(spectrum[f] * (float complex)orbit->root[f * s % n]);
            values[q * n + s] = sum;
        }
    }
    free(x);
    free(spectrum);
    return values;
}

#endif
