#include "model/stats/random.h"

#include "testing.h"

#include <string.h>

/* Philox 4x32-10 of Random123's kat_vectors. */
static void known_answers(void)
{
    static const struct {
        uint32_t counter[4], key[2], words[4];
    } vectors[] = {
        {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
        {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
         {0xffffffff, 0xffffffff},
         {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
        {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
         {0xa4093822, 0x299f31d0},
         {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
    };
    for (size_t v = 0; v < sizeof vectors / sizeof *vectors; v++) {
        struct random_stream stream = {.n_left = 0};
        memcpy(stream.counter, vectors[v].counter, sizeof stream.counter);
        memcpy(stream.key, vectors[v].key, sizeof stream.key);
        for (size_t w = 0; w < 4; w++) /* no word is rejected at a power of two */
            CU_ASSERT_EQUAL(random_below(&stream, 1u << 31), vectors[v].words[w] >> 1);
    }
}

/* A campaign that was begun with one version must go on with the next: how a stream is named is a file
 * format. */
static void a_stream_is_named_by_seed_purpose_and_number(void)
{
    struct random_stream stream;
    random_start(&stream, 0x299f31d0a4093822u, (enum random_purpose)RANDOM_INNER_FOLDS, 0x0370734413198a2eu);
    CU_ASSERT_EQUAL(stream.key[0], 0xa4093822);
    CU_ASSERT_EQUAL(stream.key[1], 0x299f31d0);
    CU_ASSERT_EQUAL(stream.counter[0], 0);
    CU_ASSERT_EQUAL(stream.counter[1], 2);
    CU_ASSERT_EQUAL(stream.counter[2], 0x13198a2e);
    CU_ASSERT_EQUAL(stream.counter[3], 0x03707344);
    for (int i = 0; i < 5; i++)
        random_below(&stream, 1u << 31);
    CU_ASSERT_EQUAL(stream.counter[0], 2); /* a new call after four words */
}

static void streams_differ(void)
{
    static const struct {
        uint64_t seed, number;
        enum random_purpose purpose;
    } names[] = {
        {42, 7, RANDOM_PERMUTATION},
        {42, 7, RANDOM_OUTER_FOLDS},
        {42, 7, RANDOM_INNER_FOLDS},
        {42, 8, RANDOM_PERMUTATION},
        {42, 7 + (1ull << 32), RANDOM_PERMUTATION},
        {43, 7, RANDOM_PERMUTATION},
        {42 + (1ull << 32), 7, RANDOM_PERMUTATION},
    };
    enum { COUNT = sizeof names / sizeof *names, WORDS = 8 };
    uint32_t drawn[COUNT * WORDS];
    for (size_t k = 0; k < COUNT; k++) {
        struct random_stream stream;
        random_start(&stream, names[k].seed, names[k].purpose, names[k].number);
        for (size_t w = 0; w < WORDS; w++)
            drawn[k * WORDS + w] = random_below(&stream, 1u << 31);
    }
    for (size_t i = 0; i < COUNT * WORDS;
         i++) /* 56 words of 31 bits: equal ones by chance once in a million */
        for (size_t j = 0; j < i; j++)
            CU_ASSERT_NOT_EQUAL(drawn[i], drawn[j]);
}

static double chi_square(const size_t *count, size_t n_cells, size_t n_draws)
{
    double expected = (double)n_draws / (double)n_cells, sum = 0;
    for (size_t k = 0; k < n_cells; k++)
        sum += ((double)count[k] - expected) * ((double)count[k] - expected) / expected;
    return sum;
}

/* 3 * 2^30: without rejection, one value in three would come twice as often (multiplication), or the lower
 * third of them (remainder). */
static void below_has_no_bias(void)
{
    enum { DRAWS = 60000 };
    const uint32_t bound = 3u << 30;
    size_t by_remainder[3] = {0}, by_third[3] = {0}, beyond = 0;
    struct random_stream stream;
    random_start(&stream, 1, RANDOM_PERMUTATION, 1);
    for (size_t i = 0; i < DRAWS; i++) {
        uint32_t value = random_below(&stream, bound);
        beyond += value >= bound;
        by_remainder[value % 3]++;
        by_third[value / (1u << 30)]++;
    }
    CU_ASSERT_EQUAL_FATAL(beyond, 0);
    CU_ASSERT_TRUE(chi_square(by_remainder, 3, DRAWS) < 18.4); /* 2 degrees of freedom, p = 1e-4 */
    CU_ASSERT_TRUE(chi_square(by_third, 3, DRAWS) < 18.4);
}

static void below_covers_small_bounds(void)
{
    enum { DRAWS = 70000 };
    size_t count[7] = {0};
    struct random_stream stream;
    random_start(&stream, 2, RANDOM_PERMUTATION, 1);
    for (size_t i = 0; i < DRAWS; i++)
        count[random_below(&stream, 7)]++;
    CU_ASSERT_TRUE(chi_square(count, 7, DRAWS) < 27.9); /* 6 degrees of freedom, p = 1e-4 */
    for (size_t i = 0; i < 100; i++)
        CU_ASSERT_EQUAL(random_below(&stream, 1), 0);
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {
        {"known_answers", known_answers},
        {"a_stream_is_named_by_seed_purpose_and_number", a_stream_is_named_by_seed_purpose_and_number},
        {"streams_differ", streams_differ},
        {"below_has_no_bias", below_has_no_bias},
        {"below_covers_small_bounds", below_covers_small_bounds},
    };
    return testing_main(argc, argv, "random", cases, sizeof cases / sizeof *cases);
}
