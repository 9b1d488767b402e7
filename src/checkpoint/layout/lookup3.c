#include "checkpoint/layout/lookup3.h"

static uint32_t rotated(uint32_t word, int bits)
{
    return word << bits | word >> (32 - bits);
}

/* Four bytes, of which only `left` are there. */
static uint32_t word_of(const uint8_t *bytes, size_t left)
{
    uint32_t word = 0;
    for (size_t k = 0; k < 4 && k < left; k++)
        word |= (uint32_t)bytes[k] << (8 * k);
    return word;
}

/* w[x] takes part with w[(x + 2) % 3] and w[(x + 1) % 3], round after round. */
static void mix(uint32_t w[3])
{
    static const int shifts[6] = {4, 6, 8, 16, 19, 4};
    for (int round = 0; round < 6; round++) {
        uint32_t *a = &w[round % 3], *b = &w[(round + 1) % 3], *c = &w[(round + 2) % 3];
        *a -= *c;
        *a ^= rotated(*c, shifts[round]);
        *c += *b;
    }
}

static uint32_t finish(uint32_t w[3])
{
    static const int shifts[7] = {14, 11, 25, 16, 4, 14, 24};
    for (int round = 0; round < 7; round++) {
        uint32_t *to = &w[(round + 2) % 3], *from = &w[(round + 1) % 3];
        *to ^= *from;
        *to -= rotated(*from, shifts[round]);
    }
    return w[2];
}

uint32_t lookup3_of(const uint8_t *bytes, size_t count)
{
    uint32_t start = 0xdeadbeefU + (uint32_t)count, w[3] = {start, start, start};
    for (; count > 0; bytes += 12, count -= 12) {
        for (size_t k = 0; k < 3; k++)
            w[k] += word_of(bytes + 4 * k, count > 4 * k ? count - 4 * k : 0);
        if (count <= 12)
            return finish(w);
        mix(w);
    }
    return w[2];
}

bool lookup3_is(const uint8_t *bytes, size_t count, uint32_t expected)
{
    return lookup3_of(bytes, count) == expected;
}
