#include "config/yaml_tree.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

struct yaml_tree *yaml_tree_new(enum yaml_kind kind, const char *source, struct error *err)
{
    struct yaml_tree *tree = memory_zeroed(1, sizeof *tree, "the study file", err);
    if (tree == NULL)
        return NULL;
    tree->kind = kind;
    tree->source = source;
    return tree;
}

void yaml_tree_free(struct yaml_tree *tree)
{
    if (tree == NULL)
        return;
    for (size_t i = 0; i < tree->n_children; i++)
        yaml_tree_free(tree->children[i]);
    free(tree->children);
    free(tree->key);
    free(tree->text);
    free(tree);
}

int yaml_tree_add(struct yaml_tree *parent, struct yaml_tree *child, struct error *err)
{
    struct yaml_tree **grown = memory_grow(parent->children, &parent->capacity, parent->n_children + 1,
                                           sizeof(struct yaml_tree *), "the study file", err);
    if (grown == NULL) {
        yaml_tree_free(child);
        return err->code;
    }
    parent->children = grown;
    parent->children[parent->n_children++] = child;
    return 0;
}

struct yaml_tree *yaml_tree_find(const struct yaml_tree *mapping, const char *key)
{
    if (mapping == NULL || mapping->kind != YAML_MAPPING)
        return NULL;
    for (size_t i = 0; i < mapping->n_children; i++)
        if (strcmp(mapping->children[i]->key, key) == 0)
            return mapping->children[i];
    return NULL;
}

bool yaml_tree_is_null(const struct yaml_tree *tree)
{
    return tree->kind == YAML_SCALAR && tree->plain &&
           (tree->text[0] == '\0' || strcmp(tree->text, "~") == 0 || strcmp(tree->text, "null") == 0);
}
