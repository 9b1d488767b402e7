/* --set key.path=value on a tree. */
#ifndef ARETE_CONFIG_YAML_SET_H
#define ARETE_CONFIG_YAML_SET_H

#include "config/yaml_tree.h"

/* Puts the YAML value at the dotted path, making mappings on the way; a null value takes the key away.
 * `source` is what messages call it ("--set a.b=1") and must outlive the tree. Bad input: one line, and the
 * tree is as it was or has new empty mappings. */
int yaml_set(struct yaml_tree *root, const char *set, const char *source, struct error *err);

#endif
