/* --set key.path=value on a tree. */
#ifndef ARETE_CONFIG_YAML_SET_H
#define ARETE_CONFIG_YAML_SET_H

#include "config/yaml_tree.h"

/* Sets the key of the dotted path to the YAML value, and makes mappings on the way. A null value removes the
 * key. source: the name in messages, "--set a.b=1", which must outlive the tree. Bad input is one line; the
 * tree then is unchanged, or has new empty mappings. */
int yaml_set(struct yaml_tree *root, const char *set, const char *source, struct error *err);

#endif
