#include "planning/unit_blocks.h"

#include <math.h>

int64_t unit_blocks_most(double unit_flops, int64_t unit_tiles, double units_left, double workers_per_rank,
                         double n_ranks)
{
    /* roughly a core with AVX2: a block's size need not be exact */
    const double block_seconds = 5, worker_flops_a_second = 1e11;
    double by_time = block_seconds * worker_flops_a_second * workers_per_rank / unit_flops;
    double by_tiles = UNIT_BLOCKS_MOST_TILES / (double)unit_tiles;
    double by_share = units_left / (4 * workers_per_rank * n_ranks);
    return (int64_t)fmax(floor(fmin(by_share, fmin(by_time, by_tiles))), 1);
}

int64_t unit_blocks_asked(int64_t asked, double unit_permutations, int64_t unit_tiles, int64_t by_default)
{
    if (asked <= 0)
        return by_default;
    int64_t units = (int64_t)ceil((double)asked / unit_permutations),
            limit = UNIT_BLOCKS_MOST_TILES / unit_tiles;
    return units < limit ? units : limit;
}

static int64_t divide_up(int64_t a, int64_t b)
{
    return (a + b - 1) / b;
}

int64_t unit_blocks_count(int64_t units_left, int64_t most, int64_t n_ranks)
{
    return divide_up(divide_up(units_left, most), n_ranks) * n_ranks;
}

/* How many of `count` things piece k of n_pieces gets; pieces differ by one at most. */
static int64_t piece(int64_t count, int64_t k, int64_t n_pieces)
{
    return count * (k + 1) / n_pieces - count * k / n_pieces;
}

/* How many units a rank with n_workers workers gets; the ranks before it have n_before workers. */
static int64_t share(const struct unit_blocks *blocks, int64_t n_before, int64_t n_workers)
{
    return blocks->n_left * (n_before + n_workers) / blocks->n_workers -
           blocks->n_left * n_before / blocks->n_workers;
}

void unit_blocks_begin(struct unit_blocks *blocks, const bool *done, int64_t n_units, int64_t most,
                       const int64_t *workers, int64_t n_ranks)
{
    int64_t largest_share = 0;
    *blocks = (struct unit_blocks){
        .done = done, .workers = workers, .n_units = n_units, .n_ranks = n_ranks, .number = -1};
    for (int64_t u = 0; u < n_units; u++)
        blocks->n_left += !done[u];
    for (int64_t r = 0; r < n_ranks; r++)
        blocks->n_workers += workers[r];
    for (int64_t r = 0, before = 0; r < n_ranks; before += workers[r++])
        if (share(blocks, before, workers[r]) > largest_share)
            largest_share = share(blocks, before, workers[r]);
    blocks->n_rounds = divide_up(largest_share, most);
    blocks->largest = blocks->n_left == 0 ? 0 : divide_up(largest_share, blocks->n_rounds);
}

/* Turns to the next block, and sets how many units it needs. */
static void begin_next_block(struct unit_blocks *blocks)
{
    int64_t rank = ++blocks->number % blocks->n_ranks;
    blocks->n_before = rank == 0 ? 0 : blocks->n_before + blocks->workers[rank - 1];
    blocks->n_wanted = piece(share(blocks, blocks->n_before, blocks->workers[rank]),
                             blocks->number / blocks->n_ranks, blocks->n_rounds);
}

bool unit_blocks_next(struct unit_blocks *blocks, struct unit_block *block)
{
    while (blocks->next < blocks->n_units && blocks->done[blocks->next])
        blocks->next++;
    if (blocks->next == blocks->n_units)
        return false;
    while (blocks->n_wanted == 0)
        begin_next_block(blocks);
    *block = (struct unit_block){.number = blocks->number, .first = blocks->next};
    while (block->count < blocks->n_wanted && blocks->next < blocks->n_units && !blocks->done[blocks->next]) {
        block->count++;
        blocks->next++;
    }
    blocks->n_wanted -= block->count;
    return true;
}
