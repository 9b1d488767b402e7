/* How orbits and targets make units of saving and tiles of columns. A column is one target in one orbit.
 *
 * A unit is G orbits of all targets or, where targets are many, one orbit of a slice of W targets; slices are
 * of one size, so that the last may have places without a target. Units are counted orbit after orbit, and
 * inside an orbit slice after slice. In the campaign file each place is a row of S scores.
 *
 * All of it depends on T and S alone. Scores do not even depend on that: a column's bits do not change with
 * its neighbours (orbit_tile.h). */
#ifndef ARETE_MODEL_ORBITS_ORBIT_TILING_H
#define ARETE_MODEL_ORBITS_ORBIT_TILING_H

#include "model/orbits/orbit_scheme.h"

#include <stddef.h>
#include <stdint.h>

/* Columns of a tile at most; shifts of a unit at least, where an orbit has fewer and targets are few. */
enum { ORBIT_TILING_TILE = 128, ORBIT_TILING_UNIT_SHIFTS = 1000 };

struct orbit_tiling {
    size_t n_targets;     /* T */
    size_t n_shifts;      /* S */
    size_t slice_targets; /* W; T where there is one slice */
    size_t n_slices;
    size_t unit_orbits; /* G; 1 where there are several slices */
};

struct orbit_tiling orbit_tiling_of(size_t n_targets, size_t n_shifts);

/* Rows of a unit: places, G x W. */
size_t orbit_tiling_unit_rows(const struct orbit_tiling *tiling);
/* Units that so many orbits take. */
uint64_t orbit_tiling_units(const struct orbit_tiling *tiling, uint64_t n_orbits);
/* Units that share a tile at most, so that its columns are not too few. */
size_t orbit_tiling_tile_units(const struct orbit_tiling *tiling);

/* Units first_unit ... first_unit+n_units-1, one tile. */
struct orbit_span {
    uint64_t first_unit;
    size_t n_units;
};

/* Columns of a tile: the places that have a target. They are the first of the tile's rows. */
size_t orbit_tiling_columns(const struct orbit_tiling *tiling, const struct orbit_span *span);

struct orbit_column {
    uint64_t orbit;
    size_t target;
};
struct orbit_column orbit_tiling_column(const struct orbit_tiling *tiling, const struct orbit_span *span,
                                        size_t column);

/* Gathers a tile: y(i, column) = targets(order[i], column's target), order being the arrangement of the
 * column's orbit. targets: n x T row-major; y: n x columns row-major; workspace: 2n words. */
void orbit_tiling_gather(const struct orbit_tiling *tiling, const struct orbit_scheme *scheme,
                         const struct orbit_span *span, const float *targets, float *y, uint32_t *workspace);

#endif
