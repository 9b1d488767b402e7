/* Memory whose shortage is an error with a message. Everything here is released with free(). A size is count
 * x size bytes; if that overflows, it is an error like any other. `what` names the thing in the message: "out
 * of memory for the Gram matrix (18 MB)". */
#ifndef ARETE_BASE_MEMORY_H
#define ARETE_BASE_MEMORY_H

#include "base/error.h"

#include <stddef.h>

/* Makes large arrays go back to the system when they are freed, where the C library would keep them for
 * later: phases of a run need arrays of different sizes. To be called once, at the start of a command. */
void memory_return_large(void);

/* Zeroed memory. NULL and an error if there is none; a count of 0 gives memory too. */
void *memory_zeroed(size_t count, size_t size, const char *what, struct error *err);

/* Uninitialised memory on a 64-byte boundary (a cache line, the widest vector), for arrays of numbers. */
void *memory_aligned(size_t count, size_t size, const char *what, struct error *err);

/* Makes room for `needed` elements in a growing array, and doubles *capacity as often as it takes. Returns
 * the array, which may have moved. NULL and an error: the old array is still valid, and still the
 * caller's. */
void *memory_grow(void *array, size_t *capacity, size_t needed, size_t size, const char *what,
                  struct error *err);

/* A copy of a string. */
char *memory_string(const char *text, struct error *err);

/* A formatted string. */
char *memory_format(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
