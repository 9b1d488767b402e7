/* Problems of one kind, listed at once in an error: the first ones a line each, then how many more there are.
 */
#ifndef ARETE_INPUT_TABLES_PROBLEMS_H
#define ARETE_INPUT_TABLES_PROBLEMS_H

#include "base/error.h"

#include <stddef.h>

enum { PROBLEMS_LISTED = 10 };

/* All zeros is none. */
struct problems {
    size_t count;
};

void problems_add(struct problems *problems, struct error *err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Says how many were not listed. Returns 0 when there was no problem, or EXIT_CODE_BAD_INPUT. */
int problems_end(const struct problems *problems, struct error *err);

#endif
