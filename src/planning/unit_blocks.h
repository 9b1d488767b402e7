/* Blocks: units of permutations that are computed and saved together. Block b is rank b % n_ranks's
 * (planning/placement.h). All ranks have as many blocks, and units, to one, in proportion to their workers,
 * so that the last blocks end together. What is done already leaves holes: a block with a hole comes in
 * parts.
 *
 * A function of what is done, of a size and of the ranks' workers alone: every rank cuts the same blocks. */
#ifndef ARETE_PLANNING_UNIT_BLOCKS_H
#define ARETE_PLANNING_UNIT_BLOCKS_H

#include <stdbool.h>
#include <stdint.h>

/* Units first ... first+count-1 of block `number`, none of them done. */
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
    int64_t number, n_wanted; /* the block being cut, and how many units it still wants */
    int64_t n_before;         /* workers of the ranks before its own */
    int64_t next;             /* the first unit that was not looked at */
};

/* A block has no more column tiles: its save takes a buffer for each. */
enum { UNIT_BLOCKS_MOST_TILES = 2047 };

/* Units a block by default, at most: about 5 s of work for the workers of a rank (two blocks are in flight
 * when a run is stopped), a quarter of what is left per worker of all ranks. At least 1. */
int64_t unit_blocks_most(double unit_flops, int64_t unit_tiles, double units_left, double workers_per_rank,
                         double n_ranks);

/* Blocks of all ranks, each with as many workers, when units_left units are cut into blocks of at most
 * `most`; some have none. */
int64_t unit_blocks_count(int64_t units_left, int64_t most, int64_t n_ranks);

/* Every u with !done[u], in blocks of at most `most`. done and workers are used by unit_blocks_next. */
void unit_blocks_begin(struct unit_blocks *blocks, const bool *done, int64_t n_units, int64_t most,
                       const int64_t *workers, int64_t n_ranks);
/* The next block, or the next part of one, in the order of the units; false when there is none. */
bool unit_blocks_next(struct unit_blocks *blocks, struct unit_block *block);

#endif
