/* From a tile's sums to scores: for a group of 16 columns, fold after fold, the values of the fold's forms
 * under all shifts, the choice of its penalty, its r2 (orbit_score.h); and for columns of the identity's
 * orbit the target's tolerance (orbit_tolerance.h).
 *
 * Folds may come in passes: what the folds before add up to is taken from the pass before, and what they add
 * up to now is handed to the next one. It is the same sums, so that scores do not depend on the passes. */
#ifndef ARETE_MODEL_ORBITS_ORBIT_REDUCE_H
#define ARETE_MODEL_ORBITS_ORBIT_REDUCE_H

#include "model/orbits/form_order.h"
#include "model/orbits/orbit_scale.h"
#include "model/orbits/orbit_score.h"
#include "model/orbits/orbit_tile.h"

#include <stdbool.h>
#include <stddef.h>

/* What all groups share. Nothing is owned. */
struct orbit_reduce {
    const struct orbit_engine *engine;
    const struct orbit_forms *forms; /* of the pass's folds, in the order of form_order.h */
    enum score_kind kind;
    const struct penalty_nodes *nodes;
    size_t first_fold, n_folds; /* the pass's outer folds */
    /* Of the data as they are, in double: |e_o|^2 at the nodes, n_outer x n_nodes x T, and of the baseline,
     * n_outer x T. */
    const double *error, *baseline;
    struct orbit_scale scale; /* of T targets */
};

/* Of orbit_reduce_floats and orbit_reduce_doubles elements, the caller's. */
struct orbit_reduce_workspace {
    float *floats;
    double *doubles;
};
size_t orbit_reduce_floats(const struct orbit_reduce *reduce);
size_t orbit_reduce_doubles(const struct orbit_reduce *reduce);

/* Whether the pass is the last one, which makes scores. */
bool orbit_reduce_is_last(const struct orbit_reduce *reduce);

/* What a column is handed: floats of its row, S scores of the last pass, else the sums of S shifts (with
 * pooled-r2 of gains, then of baselines); and, in the identity's orbit, doubles: the tolerance, else what it
 * will be made from (S + 3). */
size_t orbit_reduce_sum_floats(enum score_kind kind, size_t n_shifts);
size_t orbit_reduce_state_doubles(size_t n_shifts);

/* One group of a tile: its columns are the first `count` of 16 lanes. */
struct orbit_reduce_group {
    size_t number, count;
    const float *sums;          /* of the tile */
    size_t target[ORBIT_LANES]; /* of each column; any in the other lanes */
    bool measures[ORBIT_LANES]; /* the column is of the identity's orbit, and has a state */
    /* After the folds before; not looked at in the first pass. rows: one behind the other; state: of lanes
     * that measure. */
    const float *from_rows;
    const double *from_state[ORBIT_LANES];
    /* Written: after these folds. */
    float *rows;
    double *state[ORBIT_LANES];
};

void orbit_reduce_group(const struct orbit_reduce *reduce, const struct orbit_reduce_group *of,
                        const struct orbit_reduce_workspace *workspace);

#endif
