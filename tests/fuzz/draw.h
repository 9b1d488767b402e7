/* Numbers from 0 to end - 1, in each file that includes this from a state of its own, which must not be 0. */
#ifndef ARETE_FUZZ_DRAW_H
#define ARETE_FUZZ_DRAW_H

#include <stdint.h>

static uint64_t state;

static uint64_t draw(uint64_t end)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state % end;
}

#endif
