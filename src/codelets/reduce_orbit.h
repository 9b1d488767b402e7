/* Task: from a tile's sums to scores, for a group of 16 of its columns: values of all forms under all shifts,
 * each fold's penalty and r2, their mean over folds; tolerances of targets in the identity's orbit. Where it
 * has not the last of the folds: what its folds add to the sums of the folds before. */
#ifndef ARETE_CODELETS_REDUCE_ORBIT_H
#define ARETE_CODELETS_REDUCE_ORBIT_H

#include "codelets/run_status.h"
#include "model/orbits/orbit_reduce.h"
#include "model/orbits/orbit_tiling.h"

#include <starpu.h>
#include <stdatomic.h>
#include <stddef.h>

struct reduce_orbit_args {
    struct run_status *status;
    const struct orbit_reduce *reduce;
    const struct orbit_tiling *tiling;
    struct orbit_span span; /* the tile */
    size_t group;
    const float *sums; /* of the tile */
    /* The group's rows, of as many floats as orbit_reduce.h says: one for each of its columns, and NaN in
     * those that are left of the tile after its last column. from_rows: of the folds before, NULL in the
     * first; where they are poisoned, and when the run has failed, rows are. */
    const float *from_rows;
    float *rows;
    size_t n_rows;
    /* Of the places of the identity's orbit that the block's units have, from that of first_state on: states
     * of the folds before; states, or tolerances at the last fold. NaN at a place without a target. */
    const double *from_state;
    double *state;
    size_t first_state;
    atomic_llong *n_reduced; /* counts finished rows, for progress */
};

/* Floats of workspace. */
size_t reduce_orbit_workspace(const struct orbit_reduce *reduce);

/* What the task reads and writes. */
struct reduce_orbit_data {
    const starpu_data_handle_t *bands; /* that guard the tile's sums */
    size_t n_bands;
    /* guard what is taken from the folds before: both, or the rows and the states; NULL where there are none
     */
    starpu_data_handle_t from, from_state;
    starpu_data_handle_t floats, doubles; /* scratch; doubles: orbit_reduce_doubles */
    starpu_data_handle_t rows, state; /* guard args->rows and states, written; state NULL: rows guards both */
};

int reduce_orbit_submit(const struct reduce_orbit_args *args, const struct reduce_orbit_data *data,
                        int priority, struct error *err);

#endif
