#include "gram_source.h"

#include "base/memory.h"

#include <stdlib.h>

enum { CALLS_PER_BYTE = 4, MISSING = 3 };

static uint32_t next_word(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*state >> 32);
}

/* Two alleles, each the counted one when 8 random bits are under the frequency. */
static uint8_t draw_call(uint64_t *state, uint32_t frequency)
{
    uint32_t word = next_word(state);
    if ((word >> 16) % 100 == 0)
        return MISSING;
    return (uint8_t)(((word & 255) < frequency) + ((word >> 8 & 255) < frequency));
}

int gram_source_init(struct gram_source *source, size_t n, size_t n_snps, struct error *err)
{
    uint64_t state = 7;
    *source = (struct gram_source){.n = n, .n_snps = n_snps};
    source->row_bytes = (n + CALLS_PER_BYTE - 1) / CALLS_PER_BYTE;
    source->packed = memory_zeroed(n_snps * source->row_bytes, 1, "genotypes", err);
    for (size_t k = 0; source->packed != NULL && k < n_snps; k++) {
        uint32_t frequency = 13 + next_word(&state) % 116; /* of 256 */
        for (size_t i = 0; i < n; i++)
            source->packed[k * source->row_bytes + i / CALLS_PER_BYTE] |=
                (uint8_t)(draw_call(&state, frequency) << 2 * (i % CALLS_PER_BYTE));
    }
    return err->code;
}

void gram_source_free(struct gram_source *source)
{
    free(source->packed);
    *source = (struct gram_source){0};
}

int gram_source_read(const void *context, size_t first, size_t count, uint8_t *calls, struct error *err)
{
    const struct gram_source *source = context;
    (void)err;
    for (size_t k = 0; k < count; k++) {
        const uint8_t *row = source->packed + (first + k) * source->row_bytes;
        for (size_t i = 0; i < source->n; i++)
            calls[k * source->n + i] = row[i / CALLS_PER_BYTE] >> 2 * (i % CALLS_PER_BYTE) & 3;
    }
    return 0;
}
