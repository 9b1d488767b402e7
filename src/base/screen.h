/* The terminal that a stream goes to. */
#ifndef ARETE_BASE_SCREEN_H
#define ARETE_BASE_SCREEN_H

#include <stdio.h>

/* Its width in characters as it is now: a window may change between two calls. 0 = `out` is no terminal. */
int screen_columns(FILE *out);

/* Text of a file that may be a stranger's, which is more than `bytes` bytes or ends with a zero: what a
 * terminal would take for an order is written as "?". */
void screen_write(FILE *out, const char *text, size_t bytes);

/* As fprintf, of texts that may be a stranger's. */
void screen_print(FILE *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* "PREFIX TEXT" and a newline, for prose: on a terminal broken between words where the line is full, what
 * goes on being indented. Elsewhere one line. */
void screen_say(FILE *out, const char *prefix, const char *text);

#endif
