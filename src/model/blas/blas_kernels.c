#include "model/blas/blas_kernels.h"

#include "base/start_again.h"
#include "model/blas/blas_check.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static const char variable[] = "OPENBLAS_CORETYPE";

/* Kernels without fused multiply-adds, by the names that OpenBLAS gives them. */
static bool is_old(const char *core)
{
    static const char *const old[] = {"Katmai", "Coppermine", "Northwood", "Prescott",     "Banias",
                                      "Atom",   "Core2",      "Penryn",    "Dunnington",   "Nehalem",
                                      "Athlon", "Opteron",    "Barcelona", "Opteron_SSE3", "Bobcat",
                                      "Nano",   "Sandybridge"};
    for (size_t k = 0; k < sizeof old / sizeof *old; k++)
        if (strcmp(core, old[k]) == 0)
            return true;
    return false;
}

const char *blas_kernels_instead(const char *core, enum instructions best)
{
    if (best == INSTRUCTIONS_PLAIN || !is_old(core))
        return NULL;
    return best == INSTRUCTIONS_AVX512 ? "SkylakeX" : "Haswell";
}

/* OpenBLAS's kernels for AVX-512 need more of it than the foundation. */
static enum instructions best_for_blas(void)
{
    enum instructions best = instructions_best();
#ifdef __x86_64__
    if (best == INSTRUCTIONS_AVX512 &&
        !(__builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") &&
          __builtin_cpu_supports("avx512dq")))
        return INSTRUCTIONS_AVX2;
#endif
    return best;
}

int blas_kernels_choose(struct error *err)
{
    const char *kernels = blas_kernels_instead(blas_check_core(), best_for_blas());
    if (kernels == NULL || getenv(variable) != NULL || setenv(variable, kernels, 1) != 0)
        return 0;
    start_again();
    unsetenv(variable);
    return error_set(
        err, EXIT_CODE_FAILED,
        "OpenBLAS does not know this processor and takes its %s kernels, several times slower than its %s: "
        "set %s=%s",
        blas_check_core(), kernels, variable, kernels);
}
