/* The inner loops of orbits, once for each set of vector instructions: transforms of 16 lanes, and products
 * of pairs summed with a form's coefficients. All give the same bits: what happens in a lane is the same
 * chain of additions and fused multiply-adds everywhere. */
#ifndef ARETE_MODEL_ORBITS_ORBIT_KERNEL_H
#define ARETE_MODEL_ORBITS_ORBIT_KERNEL_H

#include "base/instructions.h"
#include "model/orbits/orbit_terms.h"
#include "model/orbits/orbit_transform.h"

/* Rows that are read and written: row i's real parts at re + i stride, its imaginary parts at im + i stride.
 * Exchanging re and im on both sides turns the transform's sign. */
struct orbit_source {
    const float *re, *im;
    size_t stride;
};

struct orbit_sink {
    float *re, *im;
    size_t stride;
    const float *scale; /* NULL, or two numbers by which the real and the imaginary parts are multiplied */
};

/* Terms that are summed in one go; forms and columns whose sums are in registers together; the widest strip.
 */
enum { ORBIT_PANEL = 64, ORBIT_STRIP = 32 };

/* Sums of a band of frequencies. */
struct orbit_products {
    const struct orbit_terms *terms;
    size_t n_forms, n_groups, first,
        count;                 /* groups of ORBIT_LANES columns; frequencies first ... first+count-1 */
    const float *coefficients; /* orbit_coefficients.h */
    const float *spectra;      /* n_groups x orbit_terms_rows rows */
    float *sums;               /* n_groups x n_forms x (N/2 + 1) rows */
    float *workspace;          /* orbit_kernel_workspace floats */
};

/* Frequencies whose sums are under way together: they read the same rows of spectra. */
size_t orbit_kernel_frequencies(size_t n_forms, size_t n_groups);
/* Floats for as many groups or fewer. */
size_t orbit_kernel_workspace(size_t n_forms, size_t n_groups);

/* Some terms of one frequency; what the kernel's loops share. */
struct orbit_panel {
    const struct orbit_pair *pairs;
    size_t count;
    bool first;                /* of the frequency: sums are set, not added to */
    const float *coefficients; /* of the first form; stride floats to the next one's */
    size_t stride, n_forms;
    const float *spectra; /* of the first group; group_stride floats to the next one's */
    size_t group_stride;
};

/* Terms at ... of frequency f; none past its last. pairs: room for ORBIT_PANEL, filled. */
struct orbit_panel orbit_kernel_panel(const struct orbit_products *products, size_t f, size_t at,
                                      struct orbit_pair *pairs);

/* Rows times complex weights, for correlations. */
struct orbit_weighing {
    const float *weights; /* count complex numbers */
    const float *rows;    /* count */
    size_t count;
    bool add; /* to what stands there; else in its place */
};

struct orbit_kernel {
    void (*transform)(const struct orbit_transform *transform, struct orbit_source in, struct orbit_sink out,
                      float *workspace);
    void (*products)(const struct orbit_products *products);
    void (*weigh)(const struct orbit_weighing *weighing, float *out); /* out: count rows */
    /* largest: count x ORBIT_LANES: the largest magnitude of a row's real and imaginary parts is taken in. */
    void (*largest)(const float *rows, size_t count, float *largest);
};

/* Of instructions that run here. */
const struct orbit_kernel *orbit_kernel_of(enum instructions instructions);

extern const struct orbit_kernel orbit_kernel_plain, orbit_kernel_avx2, orbit_kernel_avx512;

#endif
