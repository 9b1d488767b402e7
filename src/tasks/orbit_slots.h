/* Buffers of the orbit graph and their handles: a fixed set, used in turn, so that memory does not grow with
 * the number of orbits. */
#ifndef ARETE_TASKS_ORBIT_SLOTS_H
#define ARETE_TASKS_ORBIT_SLOTS_H

#include "base/error.h"
#include "model/orbits/orbit_tiling.h"
#include "tasks/study_forms.h"

#include <starpu.h>
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
 * doubles (model/orbits/orbit_reduce.h). from_row, from_state: of the pass before; 0 in the first one. */
struct orbit_block_shape {
    const struct orbit_tiling *tiling;
    size_t n_units, row, state, from_row, from_state;
};

/* Arrays of one block, n_units x places each. The rows of a tile are cut into groups of ORBIT_LANES, each
 * with a handle; `from` guards what is taken from the pass before, NULL in the first one. */
struct orbit_block_slot {
    float *rows, *from_rows;
    double *state, *from_state;
    size_t n_handles;
    starpu_data_handle_t *handles, from;
};

int orbit_block_slot_init(struct orbit_block_slot *block, const struct orbit_block_shape *shape,
                          struct error *err);
void orbit_block_slot_free(struct orbit_block_slot *block);

/* How a block's rows are cut: rows of a full tile, groups of a tile of so many rows. */
size_t orbit_slots_tile_rows(const struct orbit_tiling *tiling);
size_t orbit_slots_groups(size_t n_rows);

#endif
