/* The inner loops of orbits, once for each set of vector instructions: transforms of 16 lanes, and products
 * of pairs summed with a form's coefficients. All give the same bits: what happens in a lane is the same
 * chain of additions and fused multiply-adds everywhere. */
#ifndef ARETE_MODEL_ORBITS_ORBIT_KERNEL_H
#define ARETE_MODEL_ORBITS_ORBIT_KERNEL_H

#include "base/instructions.h"
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

struct orbit_kernel {
    void (*transform)(const struct orbit_transform *transform, struct orbit_source in, struct orbit_sink out,
                      float *workspace);
};

/* Of instructions that run here. */
const struct orbit_kernel *orbit_kernel_of(enum instructions instructions);

extern const struct orbit_kernel orbit_kernel_plain, orbit_kernel_avx2, orbit_kernel_avx512;

#endif
