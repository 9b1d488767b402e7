#include "checkpoint/layout/cursor.h"

struct cursor cursor_take(struct cursor *cursor, uint64_t count)
{
    if (cursor->failed || count > cursor->left) {
        *cursor = (struct cursor){.at = cursor->at, .failed = true};
        return *cursor;
    }
    struct cursor taken = {.at = cursor->at, .left = count};
    cursor->at += count;
    cursor->left -= count;
    return taken;
}

uint64_t cursor_number(struct cursor *cursor, size_t bytes)
{
    struct cursor taken = cursor_take(cursor, bytes);
    uint64_t number = 0;
    for (size_t k = taken.left; k-- > 0;)
        number = number << 8 | taken.at[k];
    return number;
}
