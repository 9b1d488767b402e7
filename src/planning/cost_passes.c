#include "planning/cost_passes.h"

#include "model/orbits/orbit_reduce.h"
#include "model/orbits/orbit_tiling.h"
#include "planning/cost_orbits.h"

#include <math.h>
#include <stdio.h>

double cost_passes_folds(const struct cost_shape *s)
{
    return s->orbits.folds > 0 ? fmin(s->orbits.folds, s->n_outer) : s->n_outer;
}

double cost_passes_count(const struct cost_shape *s)
{
    return ceil(s->n_outer / cost_passes_folds(s));
}

bool cost_passes_fit(struct cost_shape *s, double memory_bytes)
{
    int most = (int)s->n_outer;
    for (int passes = 1; passes <= most; passes++) {
        s->orbits.folds = ceil(s->n_outer / passes);
        if (cost_of(s).machine_bytes <= memory_bytes)
            return true;
    }
    return false;
}

const char *cost_passes_text(const struct cost_shape *s, double memory_bytes, char *text)
{
    char needed[COST_TEXT_BYTES], memory[COST_TEXT_BYTES];
    double bytes = cost_of(s).machine_bytes, passes = cost_passes_count(s);
    cost_bytes_text(bytes, needed);
    cost_limit_text(memory_bytes, memory);
    const char *verb = bytes <= memory_bytes ? "fit" : "do not fit";
    if (passes > 1)
        snprintf(
            text, COST_PLACEMENT_BYTES,
            "%.0f passes over the outer folds: %s with the forms of %.0f of %.0f folds at once %s into %s",
            passes, needed, cost_passes_folds(s), s->n_outer, verb, memory);
    else
        snprintf(text, COST_PLACEMENT_BYTES, "one pass: %s with all forms %s into %s", needed, verb, memory);
    return text;
}

/* Doubles of the states of so many places. */
static double state_bytes(const struct cost_shape *s, double places)
{
    return places * (double)orbit_reduce_state_doubles((size_t)s->orbits.n_shifts) * sizeof(double);
}

/* Two files, of which one is read and one is written; with pooled-r2 twice as large. */
double cost_passes_file_bytes(const struct cost_shape *s)
{
    if (cost_passes_count(s) < 2)
        return 0;
    double sums = cost_orbits_count(s) * s->n_targets * s->orbits.n_shifts * sizeof(float);
    return 2 * (sums + state_bytes(s, s->n_targets));
}

double cost_passes_block_bytes(const struct cost_shape *s, double units)
{
    struct orbit_tiling tiling = orbit_tiling_of((size_t)s->n_targets, (size_t)s->orbits.n_shifts);
    double rows = units * (double)orbit_tiling_unit_rows(&tiling),
           places = fmin(units, (double)tiling.n_slices) * (double)tiling.slice_targets;
    return cost_passes_count(s) < 2 ? 0
                                    : rows * s->orbits.n_shifts * sizeof(float) + 2 * state_bytes(s, places);
}
