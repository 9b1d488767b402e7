#include "planning/unit_blocks.h"

#include "testing.h"

#include <math.h>

enum { MOST_UNITS = 400, MOST_RANKS = 17 };

/* What `check` is told of all blocks that were cut. */
struct cut {
    int64_t n_left, most, n_ranks, n_workers, n_rounds, largest;
    int64_t workers[MOST_RANKS];
    int64_t block[4 * (MOST_UNITS + MOST_RANKS)]; /* units of each block, all its parts together */
    int64_t share[MOST_RANKS];                    /* units of each rank */
    int64_t n_blocks, n_parts;
};

/* Cuts what is not done and checks that its units come once, in their order, none of them done. Rank r has 1
 * + r % n_kinds workers. */
static struct cut cut_all(const bool *done, int64_t n_units, int64_t most, int64_t n_ranks, int64_t n_kinds)
{
    struct unit_blocks blocks;
    struct unit_block block;
    struct cut cut = {.most = most, .n_ranks = n_ranks};
    for (int64_t r = 0; r < n_ranks; r++)
        cut.workers[r] = 1 + r % n_kinds;
    unit_blocks_begin(&blocks, done, n_units, most, cut.workers, n_ranks);
    int64_t next = 0, wrong = 0;
    while (unit_blocks_next(&blocks, &block)) {
        for (; next < block.first; next++)
            wrong += !done[next];
        for (; next < block.first + block.count; next++)
            wrong += done[next];
        wrong += block.count < 1 || block.number + 1 < cut.n_blocks;
        cut.block[block.number] += block.count;
        cut.share[block.number % n_ranks] += block.count;
        cut.n_blocks = block.number + 1;
        cut.n_parts++;
    }
    for (; next < n_units; next++)
        wrong += !done[next];
    CU_ASSERT_EQUAL(wrong, 0);
    cut.n_left = blocks.n_left;
    cut.n_workers = blocks.n_workers;
    cut.n_rounds = blocks.n_rounds;
    cut.largest = blocks.largest;
    return cut;
}

/* Shares to a unit in proportion to workers; a rank's blocks to a unit of one size, none too large. */
static void check_sizes(const struct cut *cut)
{
    int64_t wrong = 0, largest = 0;
    for (int64_t r = 0; r < cut->n_ranks; r++) {
        double exact = (double)(cut->n_left * cut->workers[r]) / (double)cut->n_workers;
        wrong += fabs((double)cut->share[r] - exact) >= 1;
        for (int64_t b = r; b < cut->n_rounds * cut->n_ranks; b += cut->n_ranks) {
            wrong += fabs((double)cut->block[b] - (double)cut->share[r] / (double)cut->n_rounds) >= 1;
            largest = cut->block[b] > largest ? cut->block[b] : largest;
        }
    }
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT_EQUAL(largest, cut->largest);
    CU_ASSERT_TRUE(cut->largest <= cut->most);
    CU_ASSERT_TRUE(cut->n_blocks <= cut->n_rounds * cut->n_ranks);
}

static void test_equal_shares(void)
{
    static const bool nothing[MOST_UNITS];
    for (int64_t n_ranks = 1; n_ranks <= MOST_RANKS; n_ranks++)
        for (int64_t n_units = 1; n_units <= MOST_UNITS; n_units += 1 + n_units / 8)
            for (int64_t most = 1; most <= n_units; most += 1 + most / 3) {
                struct cut cut = cut_all(nothing, n_units, most, n_ranks, 1);
                check_sizes(&cut);
                CU_ASSERT_EQUAL(cut.n_left, n_units);
                CU_ASSERT_EQUAL(cut.n_rounds * n_ranks, unit_blocks_count(n_units, most, n_ranks));
            }
}

static void test_uneven_ranks(void)
{
    static const bool nothing[MOST_UNITS];
    for (int64_t n_ranks = 2; n_ranks <= MOST_RANKS; n_ranks++)
        for (int64_t n_kinds = 2; n_kinds <= 4; n_kinds++)
            for (int64_t most = 1; most <= 100; most += 1 + most / 3) {
                struct cut cut = cut_all(nothing, MOST_UNITS, most, n_ranks, n_kinds);
                check_sizes(&cut);
            }
}

/* 168 units of two ranks, at most 21 a block: 4 blocks of 21 for each. */
static void test_example(void)
{
    static const bool nothing[168];
    struct unit_blocks blocks;
    struct unit_block block;
    unit_blocks_begin(&blocks, nothing, 168, 21, (const int64_t[]){2, 2}, 2);
    for (int64_t b = 0; b < 8; b++) {
        CU_ASSERT_FATAL(unit_blocks_next(&blocks, &block));
        CU_ASSERT_EQUAL(block.number, b);
        CU_ASSERT_EQUAL(block.first, 21 * b);
        CU_ASSERT_EQUAL(block.count, 21);
    }
    CU_ASSERT_FALSE(unit_blocks_next(&blocks, &block));
}

/* Shares stay equal however what is done is scattered. */
static void test_holes(void)
{
    for (int64_t stride = 2; stride < 40; stride++)
        for (int64_t n_ranks = 1; n_ranks <= 5; n_ranks++) {
            bool done[MOST_UNITS];
            for (int64_t u = 0; u < MOST_UNITS; u++)
                done[u] = u < 50 || u % stride == 0 || u > 390;
            struct cut cut = cut_all(done, MOST_UNITS, 9, n_ranks, 2);
            check_sizes(&cut);
            CU_ASSERT_TRUE(stride > 4 || cut.n_parts > cut.n_rounds * n_ranks);
        }
}

static void test_all_done(void)
{
    const bool done[] = {true, true, true};
    struct cut cut = cut_all(done, 3, 2, 2, 1);
    CU_ASSERT_EQUAL(cut.n_parts, 0);
    CU_ASSERT_EQUAL(cut.largest, 0);
}

/* By time 5 s x 1e11 flops a worker; by share a quarter of what is left per worker; by tiles 2047. */
static void test_default_size(void)
{
    CU_ASSERT_EQUAL(unit_blocks_most(1e10, 1, 1e6, 1, 1), 50);
    CU_ASSERT_EQUAL(unit_blocks_most(1e10, 1, 1e6, 4, 1), 200);
    CU_ASSERT_EQUAL(unit_blocks_most(1e10, 1, 1000, 4, 10), 6);
    CU_ASSERT_EQUAL(unit_blocks_most(1, 50, 1e6, 1, 1), 40);
    CU_ASSERT_EQUAL(unit_blocks_most(1e15, 1, 1e6, 1, 1), 1);
    CU_ASSERT_EQUAL(unit_blocks_most(1, 1, 3, 4, 4), 1);
}

/* Blocks of what a study file asks for: whole units that hold so many permutations. */
static void asked_for(void)
{
    CU_ASSERT_EQUAL(unit_blocks_asked(1, 100, 1, 7), 1);
    CU_ASSERT_EQUAL(unit_blocks_asked(100, 100, 1, 7), 1);
    CU_ASSERT_EQUAL(unit_blocks_asked(101, 100, 1, 7), 2);
    CU_ASSERT_EQUAL(unit_blocks_asked(5, 1, 3, 7), 5);
}

static void by_default(void)
{
    CU_ASSERT_EQUAL(unit_blocks_asked(0, 100, 1, 7), 7);
    CU_ASSERT_EQUAL(unit_blocks_asked(0, 1, 40, 1), 1);
}

/* A save takes a buffer for each column tile of its block. */
static void no_more_than_a_save_can_take(void)
{
    for (int64_t tiles = 1; tiles <= UNIT_BLOCKS_MOST_TILES; tiles++) {
        int64_t units = unit_blocks_asked(1000000000, 1, tiles, 7);
        CU_ASSERT_TRUE_FATAL(units * tiles <= UNIT_BLOCKS_MOST_TILES);
        CU_ASSERT_TRUE_FATAL((units + 1) * tiles > UNIT_BLOCKS_MOST_TILES);
    }
}

int main(int argc, char **argv)
{
    const struct test_case cases[] = {
        {"equal shares", test_equal_shares},
        {"uneven ranks", test_uneven_ranks},
        {"example", test_example},
        {"holes", test_holes},
        {"all done", test_all_done},
        {"default size", test_default_size},
        {"asked for", asked_for},
        {"by default", by_default},
        {"no more than a save can take", no_more_than_a_save_can_take},
    };
    return testing_main(argc, argv, "planning/unit_blocks", cases, sizeof cases / sizeof *cases);
}
