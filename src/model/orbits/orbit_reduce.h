/* From a tile's sums to scores: for a group of 16 columns, fold after fold, the values of the fold's forms
 * under all shifts, the choice of its penalty, its r2 (orbit_score.h); and for columns of the identity's
 * orbit the target's tolerance (orbit_tolerance.h). */
#ifndef ARETE_MODEL_ORBITS_ORBIT_REDUCE_H
#define ARETE_MODEL_ORBITS_ORBIT_REDUCE_H

#include "model/orbits/form_order.h"
#include "model/orbits/orbit_score.h"
#include "model/orbits/orbit_tile.h"

#include <stddef.h>

/* What all groups share. Nothing is owned. */
struct orbit_reduce {
    const struct orbit_engine *engine;
    const struct orbit_forms *forms; /* in the order of form_order.h */
    enum score_kind kind;
    const struct penalty_nodes *nodes;
    /* Of the data as they are, in double: |e_o|^2 at the nodes, n_outer x n_nodes x T, and of the baseline,
     * n_outer x T. */
    const double *error, *baseline;
    size_t n_targets; /* T */
};

#define ORBIT_REDUCE_NO_TARGET SIZE_MAX

/* Of orbit_reduce_floats and orbit_reduce_doubles elements, the caller's. */
struct orbit_reduce_workspace {
    float *floats;
    double *doubles;
};
size_t orbit_reduce_floats(const struct orbit_reduce *reduce);
size_t orbit_reduce_doubles(const struct orbit_reduce *reduce);

/* One group of a tile. target[16]: which target a lane is in the identity's orbit, else
 * ORBIT_REDUCE_NO_TARGET. sums: of the tile. scores: S x 16, written, NaN where a fold has no r2. tolerance:
 * T, written for the lanes' targets. */
void orbit_reduce_group(const struct orbit_reduce *reduce, const float *sums, size_t group,
                        const size_t *target, const struct orbit_reduce_workspace *workspace, float *scores,
                        double *tolerance);

#endif
