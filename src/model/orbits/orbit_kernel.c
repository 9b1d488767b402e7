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

enum { FLOATS_AT_ONCE = 1 << 16 };

/* So many that their sums stay in the second cache beside everything else. */
size_t orbit_kernel_frequencies(size_t n_forms, size_t n_groups)
{
    size_t at_once = FLOATS_AT_ONCE / (n_forms * n_groups * ORBIT_ROW + 1);
    return at_once < 1 ? 1 : at_once > 8 ? 8 : at_once;
}

size_t orbit_kernel_workspace(size_t n_forms, size_t n_groups)
{
    size_t most = 0; /* of fewer groups more frequencies are computed together */
    for (size_t groups = 1; groups <= n_groups; groups++) {
        size_t sums = n_forms * groups * ORBIT_ROW * orbit_kernel_frequencies(n_forms, groups);
        most = sums > most ? sums : most;
    }
    return (size_t)ORBIT_PANEL * 2 * ORBIT_STRIP + most;
}

struct orbit_panel orbit_kernel_panel(const struct orbit_products *products, size_t f, size_t at,
                                      struct orbit_pair *pairs)
{
    const struct orbit_terms *terms = products->terms;
    size_t n_terms = orbit_terms_count(terms, f), left = n_terms > at ? n_terms - at : 0;
    struct orbit_panel panel = {
        .pairs = pairs,
        .count = left < ORBIT_PANEL ? left : ORBIT_PANEL,
        .first = at == 0,
        .coefficients = products->coefficients + 2 * (products->n_forms * orbit_terms_before(terms, f) + at),
        .stride = 2 * n_terms,
        .n_forms = products->n_forms,
        .spectra = products->spectra,
        .group_stride = orbit_terms_rows(terms) * ORBIT_ROW,
    };
    orbit_terms_pairs(terms, f, at, panel.count, pairs);
    return panel;
}
