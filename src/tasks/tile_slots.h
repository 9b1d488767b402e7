/* The buffers of the permutation graph and their handles. There is a fixed number of them, used in turn, so
 * memory does not grow with the number of permutations. */
#ifndef ARETE_TASKS_TILE_SLOTS_H
#define ARETE_TASKS_TILE_SLOTS_H

#include "base/error.h"
#include "model/ridge/ridge.h"

#include <starpu.h>
#include <stdbool.h>
#include <stddef.h>

/* The buffers of one column tile, row-major without gaps. */
struct tile_slot {
    float *gathered; /* permuted targets: n x columns */
    float *baseline; /* errors of the covariates alone: F x columns, F being the folds computed */
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

/* What a block of units has of each column: a score or, where there are folds to come, its sums in double
 * (score_sum_doubles of them). from: the sums over the folds before, if there are any. */
struct block_shape {
    const struct ridge_tiling *tiling;
    size_t n_units, sums; /* sums: doubles of a column; 0: it has a score */
    size_t from;          /* likewise, of the folds before; 0: there are none */
    bool from_travels;    /* from another rank: tiles have handles of their own */
};

/* n_units x G x T columns: unit after unit, of each slice after slice. A handle for each column tile. */
struct block_slot {
    size_t n_tiles;
    float *rows;                              /* scores; NULL where there are sums */
    double *sums, *from;                      /* NULL where there are none */
    starpu_data_handle_t *tiles;              /* of rows or sums */
    starpu_data_handle_t *from_tiles, loaded; /* that guard `from`: by tiles, or all of it; NULL: none */
};

int block_slot_init(struct block_slot *block, const struct block_shape *shape, struct error *err);
void block_slot_free(struct block_slot *block);

/* Where a tile of a block begins: its columns, of those of the block. */
size_t block_slot_first_column(const struct ridge_tiling *tiling, size_t tile);

#endif
