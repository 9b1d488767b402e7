#include "base/instructions.h"

bool instructions_run_here(enum instructions instructions)
{
#ifdef __x86_64__
    if (instructions == INSTRUCTIONS_AVX512)
        return __builtin_cpu_supports("avx512f");
    if (instructions == INSTRUCTIONS_AVX2)
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#endif
    return instructions == INSTRUCTIONS_PLAIN;
}

enum instructions instructions_best(void)
{
    if (instructions_run_here(INSTRUCTIONS_AVX512))
        return INSTRUCTIONS_AVX512;
    return instructions_run_here(INSTRUCTIONS_AVX2) ? INSTRUCTIONS_AVX2 : INSTRUCTIONS_PLAIN;
}

const char *instructions_name(enum instructions instructions)
{
    static const char *const names[INSTRUCTIONS_COUNT] = {"plain", "AVX2", "AVX-512"};
    return names[instructions];
}
