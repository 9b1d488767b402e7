/* A tree back to YAML text: mappings a key a line, lists in [ ], quotes where they were or are needed. */
#ifndef ARETE_CONFIG_YAML_DUMP_H
#define ARETE_CONFIG_YAML_DUMP_H

#include "config/yaml_tree.h"

/* The same tree always gives the same text. The caller frees it. NULL and an error without memory. */
char *yaml_dump(const struct yaml_tree *tree, struct error *err);

#endif
