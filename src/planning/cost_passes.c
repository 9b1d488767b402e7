#include "planning/cost_passes.h"

#include "model/orbits/orbit_reduce.h"
#include "model/orbits/orbit_tiling.h"
#include "planning/cost_orbits.h"
#include "planning/cost_placement.h"

#include <math.h>
#include <stdio.h>

double cost_passes_folds(const struct cost_shape *s)
{
    return s->pass_folds > 0 ? fmin(s->pass_folds, s->n_outer) : s->n_outer;
}

double cost_passes_count(const struct cost_shape *s)
{
    return ceil(s->n_outer / cost_passes_folds(s));
}

bool cost_passes_fit(struct cost_shape *s, double memory_bytes)
{
    int most = (int)s->n_outer;
    double least_bytes = INFINITY, least_folds = s->n_outer;
    for (int passes = 1; passes <= most; passes++) {
        s->pass_folds = ceil(s->n_outer / passes);
        double bytes = cost_of(s).machine_bytes;
        if (bytes <= memory_bytes)
            return true;
        if (bytes < least_bytes) {
            least_bytes = bytes;
            least_folds = s->pass_folds;
        }
    }
    s->pass_folds = least_folds;
    return false;
}

const char *cost_passes_text(const struct cost_shape *s, double memory_bytes, char *text)
{
    char needed[COST_TEXT_BYTES], memory[COST_TEXT_BYTES], passes[COST_TEXT_BYTES] = "one pass",
                                                           held[COST_TEXT_BYTES + 16];
    const char *kind = s->orbits.n_shifts > 0 ? "forms" : "operators";
    double bytes = cost_of(s).machine_bytes, count = cost_passes_count(s), folds = cost_placement_folds(s);
    cost_bytes_text(bytes, needed);
    cost_limit_text(memory_bytes, memory);
    if (count > 1)
        snprintf(passes, sizeof passes, "%.0f passes over the outer folds", count);
    if (folds < s->n_outer)
        snprintf(held, sizeof held, "the %s of %.0f of %.0f folds", kind, folds, s->n_outer);
    else
        snprintf(held, sizeof held, "all %s", kind);
    snprintf(text, COST_PLACEMENT_BYTES, "%s: %s%s with %s%s %s into %s", passes, needed,
             cost_machines(s) > 1 ? " a machine" : "", held, count > 1 ? " at once" : "",
             bytes <= memory_bytes ? "fit" : "do not fit", memory);
    return text;
}

/* Doubles of the states of so many places. */
static double state_bytes(const struct cost_shape *s, double places)
{
    return places * (double)orbit_reduce_state_doubles((size_t)s->orbits.n_shifts) * sizeof(double);
}

/* With pooled-r2 sums are twice as large. */
double cost_passes_sums_bytes(const struct cost_shape *s)
{
    if (s->orbits.n_shifts == 0)
        return s->n_permutations * s->n_targets * sizeof(double);
    double sums = cost_orbits_count(s) * s->n_targets * s->orbits.n_shifts * sizeof(float);
    return sums + state_bytes(s, s->n_targets);
}

/* Two files, of which one is read and one is written. */
double cost_passes_file_bytes(const struct cost_shape *s)
{
    return cost_passes_count(s) < 2 ? 0 : 2 * cost_passes_sums_bytes(s);
}

double cost_passes_block_bytes(const struct cost_shape *s, double units)
{
    if (cost_passes_count(s) < 2 && cost_placement_links(s) < 2)
        return 0;
    if (s->orbits.n_shifts == 0) /* before and after the pass */
        return 2 * units * cost_unit_tiles(s) * cost_tile_columns(s) * sizeof(double);
    struct orbit_tiling tiling = orbit_tiling_of((size_t)s->n_targets, (size_t)s->orbits.n_shifts);
    double rows = units * (double)orbit_tiling_unit_rows(&tiling),
           places = fmin(units, (double)tiling.n_slices) * (double)tiling.slice_targets;
    return rows * s->orbits.n_shifts * sizeof(float) + 2 * state_bytes(s, places);
}
