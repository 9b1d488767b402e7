#include "model/orbits/orbit_kernel.h"

#ifdef __x86_64__
#include <immintrin.h>
#include <string.h>

#define KERNEL(name) avx512_##name
#define KERNEL_TARGET __attribute__((target("avx512f")))
#define VECTOR __m512
#define LANES 16
#define VECTORS 2
#define ROWS 4
#define LOAD _mm512_loadu_ps
#define STORE _mm512_storeu_ps
#define BROADCAST _mm512_set1_ps
#define ADD _mm512_add_ps
#define SUB _mm512_sub_ps
#define MUL _mm512_mul_ps
#define FMADD _mm512_fmadd_ps
#define FNMADD _mm512_fnmadd_ps
#define ABS _mm512_abs_ps
#define MAX _mm512_max_ps
#define KEEP(value) __asm__("" : "+v"(value))
#include "model/orbits/orbit_kernel_body.h"

const struct orbit_kernel orbit_kernel_avx512 = {avx512_transform, avx512_products, avx512_weigh,
                                                 avx512_largest};
#endif
