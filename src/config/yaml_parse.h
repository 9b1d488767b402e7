/* YAML text to a tree. */
#ifndef ARETE_CONFIG_YAML_PARSE_H
#define ARETE_CONFIG_YAML_PARSE_H

#include "config/yaml_tree.h"

#include <stdbool.h>

/* Parses one document. source: its name in messages, which must outlive the tree. lines: whether messages
 * give line numbers (not for --set). An empty text is a null scalar.
 *
 * Refused with one line are syntax errors, several documents, keys that occur twice or are not text, aliases,
 * zero bytes, and more than YAML_TREE_DEPTH levels. NULL and an error then. */
struct yaml_tree *yaml_parse(const char *text, size_t length, const char *source, bool lines,
                             struct error *err);

#endif
