#include "model/orbits/orbit_kernel.h"

#ifdef __x86_64__
#include <immintrin.h>
#include <string.h>

#define KERNEL(name) avx2_##name
#define KERNEL_TARGET __attribute__((target("avx2,fma")))
#define VECTOR __m256
#define LANES 8
#define VECTORS 1
#define ROWS 4
#define LOAD _mm256_loadu_ps
#define STORE _mm256_storeu_ps
#define BROADCAST _mm256_set1_ps
#define ADD _mm256_add_ps
#define SUB _mm256_sub_ps
#define MUL _mm256_mul_ps
#define FMADD _mm256_fmadd_ps
#define FNMADD _mm256_fnmadd_ps
#define ABS(a) _mm256_andnot_ps(_mm256_set1_ps(-0.0F), a)
#define MAX _mm256_max_ps
#define KEEP(value) __asm__("" : "+x"(value))
#include "model/orbits/orbit_kernel_body.h"

const struct orbit_kernel orbit_kernel_avx2 = {avx2_transform, avx2_products, avx2_weigh, avx2_largest};
#endif
