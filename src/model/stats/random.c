#include "model/stats/random.h"

#include <Random123/philox.h>
#include <string.h>

/* counter[0] counts blocks of words within a stream; the other three name the stream. */
void random_start(struct random_stream *stream, uint64_t seed, enum random_purpose purpose, uint64_t number)
{
    *stream = (struct random_stream){
        .key = {(uint32_t)seed, (uint32_t)(seed >> 32)},
        .counter = {0, (uint32_t)purpose, (uint32_t)number, (uint32_t)(number >> 32)},
    };
}

uint32_t random_word(struct random_stream *stream)
{
    if (stream->n_left == 0) {
        philox4x32_ctr_t counter;
        philox4x32_key_t key;
        memcpy(counter.v, stream->counter, sizeof stream->counter);
        memcpy(key.v, stream->key, sizeof stream->key);
        philox4x32_ctr_t drawn = philox4x32(counter, key);
        memcpy(stream->words, drawn.v, sizeof stream->words);
        stream->counter[0]++;
        stream->n_left = 4;
    }
    return stream->words[4 - stream->n_left--];
}

uint32_t random_below(struct random_stream *stream, uint32_t bound)
{
    uint64_t product = (uint64_t)random_word(stream) * bound;
    if ((uint32_t)product < bound) {
        uint32_t threshold = -bound % bound; /* 2^32 mod bound: the words that would favour small values */
        while ((uint32_t)product < threshold)
            product = (uint64_t)random_word(stream) * bound;
    }
    return (uint32_t)(product >> 32);
}

void random_shuffle(struct random_stream *stream, uint32_t *values, size_t count)
{
    for (size_t i = count; i > 1; i--) {
        uint32_t j = random_below(stream, (uint32_t)i);
        uint32_t swapped = values[i - 1];
        values[i - 1] = values[j];
        values[j] = swapped;
    }
}
