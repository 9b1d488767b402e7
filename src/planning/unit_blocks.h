/* Blocks: units of permutations that are computed and saved together. Block b belongs to rank b % n_ranks
 * (planning/placement.h). All ranks get the same number of blocks, and units in proportion to their workers,
 * equal to one unit, so that their last blocks end at the same time. Units that are done already leave holes;
 * a block with holes comes in pieces.
 *
 * Blocks follow from what is done, a size and the ranks' workers, so every rank cuts the same ones. */
#ifndef ARETE_PLANNING_UNIT_BLOCKS_H
#define ARETE_PLANNING_UNIT_BLOCKS_H

#include <stdbool.h>
#include <stdint.h>

/* A block, or a piece of one: units first ... first+count-1 of block `number`, none of them done. */
struct unit_block {
    int64_t number, first, count;
};

struct unit_blocks {
    const bool *done;       /* n_units; not owned */
    const int64_t *workers; /* n_ranks; not owned */
    int64_t n_units, n_left, n_ranks;
    int64_t n_workers;        /* of all ranks */
    int64_t n_rounds;         /* blocks of each rank */
    int64_t largest;          /* units of the largest block */
    int64_t number, n_wanted; /* the block being cut, and how many units it still needs */
    int64_t n_before;         /* workers of the ranks before the block's own */
    int64_t next;             /* the first unit that is not yet dealt with */
};

/* A block has no more column tiles than this: save_block takes a buffer for each. */
enum { UNIT_BLOCKS_MOST_TILES = 2047 };

/* The largest number of units of a block, if the study file does not say: about 5 s of work for the workers
 * of a rank (when a run is stopped, two blocks are still finished), and no more than a quarter of what is
 * left for each worker. At least 1. */
int64_t unit_blocks_most(double unit_flops, int64_t unit_tiles, double units_left, double workers_per_rank,
                         double n_ranks);

/* The same of what the study file says: units that hold the permutations asked for or, where none are (0),
 * by_default; not more than a block's save has room for (UNIT_BLOCKS_MOST_TILES, unit_tiles a unit). */
int64_t unit_blocks_asked(int64_t asked, double unit_permutations, int64_t unit_tiles, int64_t by_default);

/* How many blocks all ranks together get when units_left units are cut into blocks of at most `most` units.
 * All ranks have the same number of workers. Some blocks may be empty. */
int64_t unit_blocks_count(int64_t units_left, int64_t most, int64_t n_ranks);

/* Begins to cut every unit u with !done[u] into blocks of at most `most` units. workers: of each rank.
 * unit_blocks_next uses done and workers, which stay the caller's. */
void unit_blocks_begin(struct unit_blocks *blocks, const bool *done, int64_t n_units, int64_t most,
                       const int64_t *workers, int64_t n_ranks);
/* The next block, or the next piece of one, in the order of the units; false when there is none left. */
bool unit_blocks_next(struct unit_blocks *blocks, struct unit_block *block);

#endif
