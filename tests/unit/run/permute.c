#include "run/permute.h"

#include "planning/unit_blocks.h"
#include "testing.h"

/* Blocks of what a study file asks for: whole units that hold so many permutations. */
static void asked_for(void)
{
    CU_ASSERT_EQUAL(permute_units_per_block(1, 100, 1, 7), 1);
    CU_ASSERT_EQUAL(permute_units_per_block(100, 100, 1, 7), 1);
    CU_ASSERT_EQUAL(permute_units_per_block(101, 100, 1, 7), 2);
    CU_ASSERT_EQUAL(permute_units_per_block(5, 1, 3, 7), 5);
}

static void by_default(void)
{
    CU_ASSERT_EQUAL(permute_units_per_block(0, 100, 1, 7), 7);
    CU_ASSERT_EQUAL(permute_units_per_block(0, 1, 40, 1), 1);
}

/* A save takes a buffer for each column tile of its block. */
static void no_more_than_a_save_can_take(void)
{
    for (int64_t tiles = 1; tiles <= UNIT_BLOCKS_MOST_TILES; tiles++) {
        int64_t units = permute_units_per_block(1000000000, 1, tiles, 7);
        CU_ASSERT_TRUE_FATAL(units * tiles <= UNIT_BLOCKS_MOST_TILES);
        CU_ASSERT_TRUE_FATAL((units + 1) * tiles > UNIT_BLOCKS_MOST_TILES);
    }
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"asked_for", asked_for},
        {"by_default", by_default},
        {"no_more_than_a_save_can_take", no_more_than_a_save_can_take},
    };
    return testing_main(argc, argv, "run/permute", cases, sizeof cases / sizeof *cases);
}
