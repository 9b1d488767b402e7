/* The coefficients of a form's terms (orbit_terms.h), complex float32: frequency after frequency, form after
 * form, term after term, real and imaginary parts alternating. Of frequency f they begin at complex element
 * n_forms orbit_terms_before(f), form m's at m orbit_terms_count(f) after that.
 *
 * Forms are scaled to a mean eigenvalue in [1, 2) by a power of two, so that two of them can share one
 * complex transform; values are scaled back.
 *
 * Made in float32: an error e of a coefficient does to y'Qy what a random matrix with elements of that size
 * does, which is 1e-7/sqrt(n) of y'Qy; the terms x(k) x(-k), whose errors do not cancel, are off by 1e-7
 * (tests/unit/model/orbits/orbit_tile.c has all of it). */
#ifndef ARETE_MODEL_ORBITS_ORBIT_COEFFICIENTS_H
#define ARETE_MODEL_ORBITS_ORBIT_COEFFICIENTS_H

#include "model/orbits/orbit_engine.h"

#include <stddef.h>

/* The forms that are computed together. The caller's arrays. */
struct orbit_forms {
    size_t count;
    float *coefficients; /* orbit_coefficients_floats */
    float *scale;        /* count: what values are multiplied by */
};

size_t orbit_coefficients_floats(const struct orbit_engine *engine, size_t n_forms);

/* Floats of workspace for one form at a time, on a 64-byte boundary. */
size_t orbit_coefficients_workspace(const struct orbit_engine *engine);
/* Nearly all of them, of n subjects: a form's transformed rows; about n^2. */
size_t orbit_coefficients_lines(size_t n, size_t length, size_t n_sequences);

/* q: n x n, symmetric, both triangles, in the order of subjects. Writes form `form`'s coefficients and scale.
 * Different forms may be made at the same time. */
void orbit_coefficients_make(const struct orbit_engine *engine, const float *q,
                             const struct orbit_forms *forms, size_t form, float *workspace);

#endif
