/* Buffers of the orbit graph and their handles: a fixed set, used in turn, so that memory does not grow with
 * the number of orbits. */
#ifndef ARETE_TASKS_ORBIT_SLOTS_H
#define ARETE_TASKS_ORBIT_SLOTS_H

#include "base/error.h"
#include "model/orbits/orbit_tiling.h"
#include "tasks/study_forms.h"

#include <starpu.h>
#include <stdbool.h>
#include <stddef.h>

/* Of one tile: spectra of its columns, sums of all forms. bands: n_bands handles that guard the sums. */
struct orbit_tile_slot {
    float *spectra, *sums;
    starpu_data_handle_t spectra_handle, *bands;
};

struct orbit_tile_slots {
    const struct study_forms *forms;
    size_t count;
    struct orbit_tile_slot *slots;
};

/* Room for tiles of n_groups groups of columns. */
int orbit_tile_slots_init(struct orbit_tile_slots *tiles, const struct study_forms *forms, size_t count,
                          size_t n_groups, struct error *err);
void orbit_tile_slots_free(struct orbit_tile_slots *tiles);

/* What a block has for each place of its units: a row of floats, and in the identity's orbit a state of
 * doubles (model/orbits/orbit_reduce.h). from_row, from_state: of the folds before; 0 where there are none.
 */
struct orbit_block_shape {
    const struct orbit_tiling *tiling;
    size_t n_units, row, state, from_row, from_state;
    bool travels, from_travels; /* to and from another rank: states have handles of their own */
};

/* Rows and states of a block, n_units x places. The rows of a tile are cut into groups of ORBIT_LANES, each
 * with a handle. Those of states are NULL where rows guard both, and for groups that have no state. */
struct orbit_block_part {
    float *rows;
    double *state;
    starpu_data_handle_t *row_handles, *state_handles; /* n_handles, NULL: none */
};

/* Arrays of one block. from: of the folds before; without handles where `loaded` guards all of it. */
struct orbit_block_slot {
    size_t n_handles;
    struct orbit_block_part own, from;
    starpu_data_handle_t loaded; /* NULL where nothing is read from a file */
};

int orbit_block_slot_init(struct orbit_block_slot *block, const struct orbit_block_shape *shape,
                          struct error *err);
void orbit_block_slot_free(struct orbit_block_slot *block);

/* How a block's rows are cut: rows of a full tile, groups of a tile of so many rows. */
size_t orbit_slots_tile_rows(const struct orbit_tiling *tiling);
size_t orbit_slots_groups(size_t n_rows);

#endif
