/* The terminal that a stream goes to. */
#ifndef ARETE_BASE_SCREEN_H
#define ARETE_BASE_SCREEN_H

#include <stdio.h>

/* Its width in characters as it is now: a window may change between two calls. 0 = `out` is no terminal. */
int screen_columns(FILE *out);

#endif
