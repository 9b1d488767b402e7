#include "model/orbits/orbit_kernel.h"

const struct orbit_kernel *orbit_kernel_of(enum instructions instructions)
{
#ifdef __x86_64__
    if (instructions == INSTRUCTIONS_AVX512)
        return &orbit_kernel_avx512;
    if (instructions == INSTRUCTIONS_AVX2)
        return &orbit_kernel_avx2;
#endif
    (void)instructions;
    return &orbit_kernel_plain;
}
