/* Turns a tree back into YAML text: mappings with one key on a line, lists in [ ], quotes where they were or
 * are needed. */
#ifndef ARETE_CONFIG_YAML_DUMP_H
#define ARETE_CONFIG_YAML_DUMP_H

#include "config/yaml_tree.h"

/* The caller frees the text. The same tree always gives the same one. NULL and an error if there is no
 * memory. */
char *yaml_dump(const struct yaml_tree *tree, struct error *err);

#endif
