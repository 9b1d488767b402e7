/* Discrete Fourier transforms of any length, float32, of ORBIT_LANES sequences at once:
 *
 *     out[k] = sum over t = 0 ... L-1 of in[t] exp(+2 pi i k t / L)         nothing is scaled
 *
 * A row is one element of all lanes: ORBIT_LANES real parts, then ORBIT_LANES imaginary parts.
 *
 * Lengths whose prime factors are at most ORBIT_LARGEST_DIRECT are taken as first x second, each so short
 * that its passes stay in the first cache; a pass is a butterfly of radix 2, 3, 4, 5, 7, 8, 11, 13, or a
 * plain sum over a larger prime. Other lengths go through a convolution of a smooth length of at least 2L - 1
 * (Bluestein 1970). Twiddles are made in double and rounded once. Every element is made by the same additions
 * and fused multiply-adds in the same order on every processor (orbit_kernel.h).
 *
 * Error, of the root mean square of the output (tests/unit/model/orbits/orbit_transform.c): 2e-7; 4e-7 with
 * a large prime or through the convolution. */
#ifndef ARETE_MODEL_ORBITS_ORBIT_TRANSFORM_H
#define ARETE_MODEL_ORBITS_ORBIT_TRANSFORM_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

enum { ORBIT_LANES = 16, ORBIT_ROW = 2 * ORBIT_LANES, ORBIT_LARGEST_DIRECT = 199, ORBIT_MOST_PASSES = 40 };

/* One pass: `groups` x `run` butterflies of `radix` rows. */
struct orbit_pass {
    size_t radix, groups, run;
    const float *twiddles; /* groups x radix complex: exp(2 pi i j b / (groups radix)); of butterfly group j,
                              output b */
    const float *roots; /* an odd radix (of 6 and 10: 3 and 5): h x h of (cos, sin)(2 pi a b / radix), a, b =
                           1 ... h = (radix-1)/2 */
};

struct orbit_passes {
    size_t length, count;
    struct orbit_pass pass[ORBIT_MOST_PASSES];
};

struct orbit_transform {
    size_t length; /* L */
    size_t inner;  /* first.length x second.length: L, or the convolution's */
    struct orbit_passes first, second;
    const float *between;         /* second.length x first.length complex: exp(2 pi i b a / inner) */
    const float *chirp;           /* L complex: exp(+ pi i t^2 / L); NULL where there is no convolution */
    const float *chirp_transform; /* inner complex: of the chirp's conjugate, over inner */
    float *memory;                /* all of the above */
};

int orbit_transform_init(struct orbit_transform *transform, size_t length, struct error *err);
void orbit_transform_free(struct orbit_transform *transform);

/* Floats of workspace that one transform needs; any alignment of 64 bytes. */
size_t orbit_transform_workspace(const struct orbit_transform *transform);

/* About how many cycles one transform takes with AVX-512: a fixed measure by which lengths are compared. */
double orbit_transform_cost(size_t length);

/* The smallest length >= `length` with no prime factor over 7. */
size_t orbit_transform_smooth(size_t length);

#endif
