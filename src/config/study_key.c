#include "config/study_key.h"

#include "config/yaml_parse.h"

#include <string.h>

bool study_key_is(const char *yaml, const char *section, const char *key, const char *wanted)
{
    struct error unreadable = {0};
    struct yaml_tree *tree = yaml_parse(yaml, strlen(yaml), "the campaign", false, &unreadable);
    const struct yaml_tree *mapping =
        tree != NULL && tree->kind == YAML_MAPPING ? yaml_tree_find(tree, section) : NULL;
    const struct yaml_tree *value =
        mapping != NULL && mapping->kind == YAML_MAPPING ? yaml_tree_find(mapping, key) : NULL;
    bool is_it = value != NULL && !yaml_tree_is_null(value);
    if (is_it && wanted != NULL)
        is_it = value->kind == YAML_SCALAR && strcmp(value->text, wanted) == 0;
    yaml_tree_free(tree);
    return is_it;
}
