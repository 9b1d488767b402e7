#include "model/unit_blocks.h"

#include <math.h>

int64_t unit_blocks_most(double unit_flops, double unit_bytes, double units_left, double workers_a_rank,
                         double n_ranks)
{
    /* a core with AVX2 or more: a block's size need not be exact */
    const double block_seconds = 5, block_bytes = 64 << 20, worker_flops_a_second = 1e11;
    double by_time = block_seconds * worker_flops_a_second * workers_a_rank / unit_flops;
    double by_size = block_bytes / unit_bytes;
    double by_share = units_left / (4 * workers_a_rank * n_ranks);
    return (int64_t)fmax(floor(fmin(by_share, fmin(by_time, by_size))), 1);
}

static int64_t divide_up(int64_t a, int64_t b)
{
    return (a + b - 1) / b;
}

int64_t unit_blocks_count(int64_t units_left, int64_t most, int64_t n_ranks)
{
    return divide_up(divide_up(units_left, most), n_ranks) * n_ranks;
}

/* Piece k of `count` things cut into n_pieces of one size or one more. */
static int64_t piece(int64_t count, int64_t k, int64_t n_pieces)
{
    return count * (k + 1) / n_pieces - count * k / n_pieces;
}

/* A rank's share of the units, cut into its blocks. */
static int64_t wanted(const struct unit_blocks *blocks, int64_t number)
{
    int64_t share = piece(blocks->n_left, number % blocks->n_ranks, blocks->n_ranks);
    return piece(share, number / blocks->n_ranks, blocks->n_rounds);
}

void unit_blocks_begin(struct unit_blocks *blocks, const bool *done, int64_t n_units, int64_t most,
                       int64_t n_ranks)
{
    *blocks = (struct unit_blocks){.done = done, .n_units = n_units, .n_ranks = n_ranks, .number = -1};
    for (int64_t u = 0; u < n_units; u++)
        blocks->n_left += !done[u];
    blocks->n_rounds = unit_blocks_count(blocks->n_left, most, n_ranks) / n_ranks;
}

int64_t unit_blocks_largest(const struct unit_blocks *blocks)
{
    return blocks->n_left == 0 ? 0 : divide_up(blocks->n_left, blocks->n_rounds * blocks->n_ranks);
}

bool unit_blocks_next(struct unit_blocks *blocks, struct unit_block *block)
{
    while (blocks->next < blocks->n_units && blocks->done[blocks->next])
        blocks->next++;
    if (blocks->next == blocks->n_units)
        return false;
    while (blocks->n_wanted == 0)
        blocks->n_wanted = wanted(blocks, ++blocks->number);
    *block = (struct unit_block){.number = blocks->number, .first = blocks->next};
    while (block->count < blocks->n_wanted && blocks->next < blocks->n_units && !blocks->done[blocks->next]) {
        block->count++;
        blocks->next++;
    }
    blocks->n_wanted -= block->count;
    return true;
}
