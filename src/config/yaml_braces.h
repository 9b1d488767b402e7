/* Ranges such as PC{1..10} inside [ ].
 *
 * YAML takes a brace inside [ ] for the start of a mapping, so `columns: [age, PC{1..10}]` would need quotes.
 * Nobody writes these. So, before parsing, braces of ranges and braces that touch a name are replaced by two
 * characters of the private use area. They mean nothing to YAML, and column numbers stay right. After parsing
 * they become braces again. */
#ifndef ARETE_CONFIG_YAML_BRACES_H
#define ARETE_CONFIG_YAML_BRACES_H

#include "base/error.h"

#include <stddef.h>

/* A copy of `text` with such braces replaced, the caller's to free; *length is updated. NULL and an error if
 * there is no memory. */
char *yaml_braces_hide(const char *text, size_t *length, struct error *err);

/* Puts the braces back, in place. */
void yaml_braces_restore(char *text);

#endif
