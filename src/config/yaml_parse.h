/* YAML text to a tree. */
#ifndef ARETE_CONFIG_YAML_PARSE_H
#define ARETE_CONFIG_YAML_PARSE_H

#include "config/yaml_tree.h"

#include <stdbool.h>

/* Parses one document. `source` names it in messages and must outlive the tree; `lines` says whether line
 * numbers mean anything to the user (not with --set). An empty text is a null scalar. Refused, with one line:
 * syntax errors, several documents, a key that is there twice or is not text, aliases, zero bytes, more than
 * YAML_TREE_DEPTH levels. NULL and an error then. */
struct yaml_tree *yaml_parse(const char *text, size_t length, const char *source, bool lines,
                             struct error *err);

#endif
