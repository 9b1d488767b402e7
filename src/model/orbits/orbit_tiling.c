#include "model/orbits/orbit_tiling.h"

#include <string.h>

static size_t divide_up(size_t a, size_t b)
{
    return (a + b - 1) / b;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

struct orbit_tiling orbit_tiling_of(size_t n_targets, size_t n_shifts)
{
    struct orbit_tiling tiling = {
        .n_targets = n_targets, .n_shifts = n_shifts, .n_slices = divide_up(n_targets, ORBIT_TILING_TILE)};
    tiling.slice_targets = divide_up(n_targets, tiling.n_slices);
    size_t orbits = smaller(ORBIT_TILING_UNIT_SHIFTS / n_shifts, ORBIT_TILING_TILE / tiling.slice_targets);
    tiling.unit_orbits = tiling.n_slices == 1 && orbits > 1 ? orbits : 1;
    return tiling;
}

size_t orbit_tiling_unit_rows(const struct orbit_tiling *tiling)
{
    return tiling->unit_orbits * tiling->slice_targets;
}

uint64_t orbit_tiling_units(const struct orbit_tiling *tiling, uint64_t n_orbits)
{
    return (n_orbits + tiling->unit_orbits - 1) / tiling->unit_orbits * tiling->n_slices;
}

size_t orbit_tiling_tile_units(const struct orbit_tiling *tiling)
{
    size_t units = ORBIT_TILING_TILE / orbit_tiling_unit_rows(tiling);
    return tiling->n_slices == 1 && units > 1 ? units : 1;
}

/* Targets of a unit's slice. */
static size_t slice_count(const struct orbit_tiling *tiling, uint64_t unit)
{
    size_t first = unit % tiling->n_slices * tiling->slice_targets;
    return smaller(tiling->slice_targets, tiling->n_targets - first);
}

size_t orbit_tiling_columns(const struct orbit_tiling *tiling, const struct orbit_span *span)
{
    return span->n_units * tiling->unit_orbits * slice_count(tiling, span->first_unit);
}

struct orbit_column orbit_tiling_column(const struct orbit_tiling *tiling, const struct orbit_span *span,
                                        size_t column)
{
    size_t rows = orbit_tiling_unit_rows(tiling), row = column % rows;
    uint64_t unit = span->first_unit + column / rows;
    return (struct orbit_column){
        .orbit = unit / tiling->n_slices * tiling->unit_orbits + row / tiling->slice_targets,
        .target = unit % tiling->n_slices * tiling->slice_targets + row % tiling->slice_targets};
}

void orbit_tiling_gather(const struct orbit_tiling *tiling, const struct orbit_scheme *scheme,
                         const struct orbit_span *span, const float *targets, float *y, uint32_t *workspace)
{
    size_t columns = orbit_tiling_columns(tiling, span), together = slice_count(tiling, span->first_unit);
    uint32_t *order = workspace;
    for (size_t column = 0; column < columns; column += together) {
        struct orbit_column at = orbit_tiling_column(tiling, span, column);
        orbit_scheme_arrangement(scheme, at.orbit, order, workspace + scheme->n);
        for (size_t i = 0; i < scheme->n; i++)
            memcpy(y + i * columns + column, targets + order[i] * tiling->n_targets + at.target,
                   together * sizeof *y);
    }
}
