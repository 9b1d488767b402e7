#include "model/orbits/orbit_significance.h"

#include "base/memory.h"
#include "model/stats/significance.h"

#include <math.h>
#include <stdlib.h>

enum { ARRAYS = 6 };

int orbit_significance_init(struct orbit_significance *significance, const float *observed,
                            const double *tolerance, size_t n_targets, size_t n_shifts, struct error *err)
{
    double *memory = memory_zeroed(ARRAYS * n_targets, sizeof *memory, "the p-values", err);
    *significance = (struct orbit_significance){n_targets, n_shifts, observed, tolerance, .memory = memory};
    if (memory == NULL)
        return err->code;
    significance->own = (struct orbit_counts){memory, memory + n_targets, memory + 2 * n_targets};
    memory += 3 * n_targets;
    significance->family = (struct orbit_counts){memory, memory + n_targets, memory + 2 * n_targets};
    return 0;
}

void orbit_significance_free(struct orbit_significance *significance)
{
    free(significance->memory);
    *significance = (struct orbit_significance){0};
}

static double threshold(const struct orbit_significance *significance, size_t target)
{
    return (double)significance->observed[target] - significance->tolerance[target];
}

static void add_count(struct orbit_counts *counts, size_t target, double count)
{
    counts->orbits[target] += 1;
    counts->extreme[target] += count;
    counts->squares[target] += count * count;
}

void orbit_significance_add(struct orbit_significance *significance, size_t first, size_t count,
                            const float *scores)
{
    size_t n_shifts = significance->n_shifts;
    for (size_t t = first; t < first + count; t++) {
        const float *row = scores + (t - first) * n_shifts;
        double extreme = 0, least = threshold(significance, t);
        for (size_t s = 0; s < n_shifts; s++)
            extreme += !((double)row[s] < least);
        add_count(&significance->own, t, extreme);
    }
}

void orbit_significance_maximum(const struct orbit_significance *significance, size_t first, size_t count,
                                const float *scores, float *maximum)
{
    size_t n_shifts = significance->n_shifts;
    for (size_t t = first; t < first + count; t++) {
        const float *row = scores + (t - first) * n_shifts;
        if (isnan(significance->observed[t]))
            continue;
        for (size_t s = 0; s < n_shifts; s++)
            maximum[s] = row[s] > maximum[s] ? row[s] : maximum[s];
    }
}

void orbit_significance_add_family(struct orbit_significance *significance, size_t first, size_t count,
                                   const float *scores, const float *maximum)
{
    size_t n_shifts = significance->n_shifts;
    for (size_t t = first; t < first + count; t++) {
        const float *row = scores + (t - first) * n_shifts;
        double extreme = 0, least = threshold(significance, t);
        for (size_t s = 0; s < n_shifts; s++)
            extreme += (double)maximum[s] >= least || isnan(row[s]);
        add_count(&significance->family, t, extreme);
    }
}

/* p and its standard error from one kind of counts. Rounding can leave a little less than no variance. */
static void share(const struct orbit_significance *significance, const struct orbit_counts *counts,
                  size_t target, double *p, double *error)
{
    double orbits = counts->orbits[target], shifts = (double)significance->n_shifts;
    *p = *error = NAN;
    if (isnan(significance->observed[target]) || orbits == 0)
        return;
    double mean = counts->extreme[target] / orbits, left = counts->squares[target] - orbits * mean * mean;
    *p = mean / shifts;
    double independent = significance_error(*p, orbits * shifts);
    double between = orbits > 1 ? sqrt(fmax(left, 0) / (orbits - 1) / orbits) / shifts : 0;
    *error = fmax(between, independent);
}

int orbit_significance_finish(const struct orbit_significance *significance, const struct orbit_p *p,
                              struct error *err)
{
    for (size_t t = 0; t < significance->n_targets; t++) {
        share(significance, &significance->own, t, &p->p[t], &p->error[t]);
        share(significance, &significance->family, t, &p->p_fwer[t], &p->error_fwer[t]);
    }
    return significance_false_discovery(p->p, significance->n_targets, p->q, err);
}
