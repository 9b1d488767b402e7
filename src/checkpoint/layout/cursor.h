/* Little-endian numbers out of bytes that may end at any place. What is asked for beyond the end gives zeros
 * and marks the cursor as failed, for good: one look at `failed` after a few numbers is enough. */
#ifndef ARETE_CHECKPOINT_CURSOR_H
#define ARETE_CHECKPOINT_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cursor {
    const uint8_t *at;
    size_t left; /* bytes */
    bool failed;
};

/* A number of 1 to 8 bytes. */
uint64_t cursor_number(struct cursor *cursor, size_t bytes);

/* The next `count` bytes, which are then behind the cursor. Empty and failed when there are fewer. */
struct cursor cursor_take(struct cursor *cursor, uint64_t count);

#endif
