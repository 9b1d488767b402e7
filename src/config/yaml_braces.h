/* Ranges such as PC{1..10} inside [ ].
 *
 * YAML reads a brace inside [ ] as the start of a mapping, so `columns: [age, PC{1..10}]` would need quotes
 * that nobody writes. Before parsing, the braces of a range, or of anything glued to a name, become two
 * characters of the private use area, which mean nothing to YAML and keep every column number; after parsing
 * they become braces again. */
#ifndef ARETE_CONFIG_YAML_BRACES_H
#define ARETE_CONFIG_YAML_BRACES_H

#include "base/error.h"

#include <stddef.h>

/* A copy of `text` with such braces hidden; *length is updated. The caller frees it. NULL and an error
 * without memory. */
char *yaml_braces_hide(const char *text, size_t *length, struct error *err);

/* Puts them back, in place. */
void yaml_braces_restore(char *text);

#endif
