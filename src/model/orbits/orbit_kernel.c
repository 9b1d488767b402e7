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

size_t orbit_kernel_workspace(size_t n_forms, size_t n_groups)
{
    return (size_t)ORBIT_PANEL * 3 * ORBIT_STRIP + n_forms * n_groups * ORBIT_ROW;
}
