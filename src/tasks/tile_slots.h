/* Buffers of the permutation graph and their handles: a fixed set, used in turn, so that memory does not grow
 * with the number of permutations. */
#ifndef ARETE_TASKS_TILE_SLOTS_H
#define ARETE_TASKS_TILE_SLOTS_H

#include "base/error.h"
#include "model/ridge/ridge.h"

#include <starpu.h>
#include <stddef.h>

/* Of one column tile. */
struct tile_slot {
    float *gathered, *baseline, **sums; /* n x columns; F x columns; n_penalties arrays 2F x columns */
    starpu_data_handle_t gathered_handle, baseline_handle, *sums_handles;
};

struct tile_slots {
    size_t n_slots, n_penalties;
    struct tile_slot *slots;
};

int tile_slots_init(struct tile_slots *tiles, size_t n_slots, size_t n, size_t n_outer, size_t n_penalties,
                    size_t columns, struct error *err);
void tile_slots_free(struct tile_slots *tiles);

/* Scores of one block. */
struct block_slot {
    float *rows; /* n_units x G x T */
    size_t n_tiles;
    starpu_data_handle_t *tiles; /* of each unit's slices, in order */
};

int block_slot_init(struct block_slot *block, const struct ridge_grid *grid, size_t n_units,
                    struct error *err);
void block_slot_free(struct block_slot *block);

#endif
