/* The buffers of the permutation graph and their handles. There is a fixed number of them, used in turn, so
 * memory does not grow with the number of permutations. */
#ifndef ARETE_TASKS_TILE_SLOTS_H
#define ARETE_TASKS_TILE_SLOTS_H

#include "base/error.h"
#include "model/ridge/ridge.h"

#include <starpu.h>
#include <stddef.h>

/* The buffers of one column tile, row-major without gaps. */
struct tile_slot {
    float *gathered; /* permuted targets: n x columns */
    float *baseline; /* errors of the covariates alone: F x columns */
    float **sums;    /* of each penalty: 2F x columns, as ridge_tile writes them */
    starpu_data_handle_t gathered_handle, baseline_handle, *sums_handles;
};

struct tile_slots {
    size_t n_slots, n_penalties;
    struct tile_slot *slots;
};

int tile_slots_init(struct tile_slots *tiles, size_t n_slots, size_t n, size_t n_outer, size_t n_penalties,
                    size_t columns, struct error *err);
void tile_slots_free(struct tile_slots *tiles);

/* The scores of one block of units. */
struct block_slot {
    float *rows; /* n_units x G x T: a row for each permutation */
    size_t n_tiles;
    starpu_data_handle_t *tiles; /* the scores of each column tile: unit after unit, slice after slice */
};

int block_slot_init(struct block_slot *block, const struct ridge_tiling *tiling, size_t n_units,
                    struct error *err);
void block_slot_free(struct block_slot *block);

#endif
