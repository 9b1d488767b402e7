#include "checkpoint/crc32c.h"

#include "testing.h"

#include <stdint.h>

static void known_values(void)
{
    static const unsigned char zeros[32] = {0}; /* RFC 3720, B.4 */
    CU_ASSERT_EQUAL(crc32c_of("123456789", 9), 0xE3069283U);
    CU_ASSERT_EQUAL(crc32c_portable("123456789", 9), 0xE3069283U);
    CU_ASSERT_EQUAL(crc32c_of(zeros, 32), 0x8A9136AAU);
    CU_ASSERT_EQUAL(crc32c_portable(zeros, 32), 0x8A9136AAU);
    CU_ASSERT_EQUAL(crc32c_of("", 0), 0U);
    CU_ASSERT_EQUAL(crc32c_portable("", 0), 0U);
}

/* Every length and every alignment within a word: the processor's instruction and the tables agree. */
static void both_ways_agree(void)
{
    unsigned char bytes[96];
    uint32_t state = 1;
    for (size_t i = 0; i < sizeof bytes; i++) {
        state = state * 1664525U + 1013904223U;
        bytes[i] = (unsigned char)(state >> 24);
    }
    for (size_t start = 0; start < 8; start++)
        for (size_t count = 0; start + count <= sizeof bytes; count++)
            CU_ASSERT_EQUAL(crc32c_of(bytes + start, count), crc32c_portable(bytes + start, count));
}

int main(int argc, char **argv)
{
    static const struct test_case cases[] = {{"known_values", known_values},
                                             {"both_ways_agree", both_ways_agree}};
    return testing_main(argc, argv, "crc32c", cases, sizeof cases / sizeof *cases);
}
