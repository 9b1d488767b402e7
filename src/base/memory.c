#include "base/memory.h"

#include <malloc.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MEMORY_ALIGNMENT = 64 };

static void *out_of_memory(const char *what, size_t count, size_t size, struct error *err)
{
    error_set(err, EXIT_CODE_FAILED, "out of memory for %s (%.1f MB)", what,
              (double)count * (double)size / 1e6);
    return NULL;
}

void memory_return_large(void)
{
    enum { LARGE_BYTES = 1 << 20 };
    mallopt(M_MMAP_THRESHOLD, LARGE_BYTES); /* 0 = refused: memory is kept longer, no harm */
}

void *memory_zeroed(size_t count, size_t size, const char *what, struct error *err)
{
    void *memory = calloc(count > 0 ? count : 1, size); /* calloc checks the product itself */
    return memory != NULL ? memory : out_of_memory(what, count, size, err);
}

void *memory_aligned(size_t count, size_t size, const char *what, struct error *err)
{
    if (size > 0 && count > (SIZE_MAX - MEMORY_ALIGNMENT) / size)
        return out_of_memory(what, count, size, err);
    size_t bytes = (count * size + MEMORY_ALIGNMENT - 1) / MEMORY_ALIGNMENT * MEMORY_ALIGNMENT;
    void *memory = aligned_alloc(MEMORY_ALIGNMENT, bytes > 0 ? bytes : MEMORY_ALIGNMENT);
    return memory != NULL ? memory : out_of_memory(what, count, size, err);
}

void *memory_grow(void *array, size_t *capacity, size_t needed, size_t size, const char *what,
                  struct error *err)
{
    if (needed <= *capacity && array != NULL)
        return array;
    size_t larger = *capacity > 0 ? *capacity : 16;
    while (larger < needed && larger <= SIZE_MAX / 2)
        larger *= 2;
    if (larger < needed || larger > SIZE_MAX / size)
        return out_of_memory(what, needed, size, err);
    void *moved = realloc(array, larger * size);
    if (moved == NULL)
        return out_of_memory(what, larger, size, err);
    *capacity = larger;
    return moved;
}

char *memory_string(const char *text, struct error *err)
{
    size_t bytes = strlen(text) + 1;
    char *copy = malloc(bytes);
    if (copy == NULL)
        return out_of_memory("a string", bytes, 1, err);
    memcpy(copy, text, bytes);
    return copy;
}

char *memory_format(struct error *err, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = NULL;
    int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    return length >= 0 ? text : out_of_memory("a message", strlen(format), 1, err);
}
