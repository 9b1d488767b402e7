/* Checked memory. Everything here is released with free(). Sizes are counted as count x size and an overflow
 * is an error like any other. `what` names the thing in the message: "out of memory for the Gram matrix (18
 * MB)". */
#ifndef ARETE_BASE_MEMORY_H
#define ARETE_BASE_MEMORY_H

#include "base/error.h"

#include <stddef.h>

/* From here on large arrays go back to the system when they are freed, not into the C library's own store:
 * the phases of a run have different ones. Once, at the start of a command. */
void memory_return_large(void);

/* Zeroed memory; never NULL for a count of 0. NULL and an error when there is none. */
void *memory_zeroed(size_t count, size_t size, const char *what, struct error *err);

/* Uninitialised memory on a 64-byte boundary (a cache line; the widest vector), for numeric arrays. */
void *memory_aligned(size_t count, size_t size, const char *what, struct error *err);

/* Makes room for `needed` elements in a growing array: *capacity doubles as needed. Returns the (moved)
 * array, or NULL and an error, in which case the old array is still valid and still owned by the caller. */
void *memory_grow(void *array, size_t *capacity, size_t needed, size_t size, const char *what,
                  struct error *err);

/* A copy of a string. */
char *memory_string(const char *text, struct error *err);

/* A formatted string. */
char *memory_format(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
