#include "checkpoint/crc32c.h"

#include <string.h>

#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

enum { SLICES = 8 };

static const uint32_t reversed_polynomial = 0x82F63B78U;

/* table[k][b]: what byte b adds to the CRC when k more bytes follow it. */
static void make_tables(uint32_t table[SLICES][256])
{
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t crc = byte;
        for (int bit = 0; bit < 8; bit++)
            crc = (crc >> 1) ^ ((crc & 1U) != 0 ? reversed_polynomial : 0);
        table[0][byte] = crc;
    }
    for (int slice = 1; slice < SLICES; slice++)
        for (uint32_t byte = 0; byte < 256; byte++) {
            uint32_t crc = table[slice - 1][byte];
            table[slice][byte] = (crc >> 8) ^ table[0][crc & 0xFFU];
        }
}

uint32_t crc32c_portable(const void *bytes, size_t count)
{
    uint32_t table[SLICES][256]; /* made anew each time: 4 us, and no state that threads share */
    make_tables(table);
    const unsigned char *at = bytes;
    uint32_t crc = 0xFFFFFFFFU;
    for (; count >= SLICES; count -= SLICES, at += SLICES) {
        uint32_t next = 0;
        for (unsigned k = 0; k < SLICES; k++) {
            uint32_t byte = at[k] ^ (k < 4 ? (crc >> (8 * k)) & 0xFFU : 0);
            next ^= table[SLICES - 1 - k][byte];
        }
        crc = next;
    }
    for (; count > 0; count--, at++)
        crc = (crc >> 8) ^ table[0][(crc ^ *at) & 0xFFU];
    return ~crc;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) static uint32_t crc32c_sse42(const void *bytes, size_t count)
{
    const unsigned char *at = bytes;
    uint64_t crc = 0xFFFFFFFFU;
    for (; count >= sizeof(uint64_t); count -= sizeof(uint64_t), at += sizeof(uint64_t)) {
        uint64_t word;
        memcpy(&word, at, sizeof word); /* rows need not be aligned */
        crc = _mm_crc32_u64(crc, word);
    }
    uint32_t rest = (uint32_t)crc;
    for (; count > 0; count--, at++)
        rest = _mm_crc32_u8(rest, *at);
    return ~rest;
}
#endif

uint32_t crc32c_of(const void *bytes, size_t count)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("sse4.2"))
        return crc32c_sse42(bytes, count);
#endif
    return crc32c_portable(bytes, count);
}

bool crc32c_is(const void *bytes, size_t count, uint32_t expected)
{
    return crc32c_of(bytes, count) == expected;
}
