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
    for (size_t i = 0; i < tree->n_absent; i++)
        yaml_tree_free(tree->absent[i]);
    free(tree->children);
    free(tree->absent);
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

struct yaml_tree *yaml_tree_find_absent(const struct yaml_tree *mapping, const char *key)
{
    for (size_t i = 0; mapping != NULL && i < mapping->n_absent; i++)
        if (strcmp(mapping->absent[i]->key, key) == 0)
            return mapping->absent[i];
    return NULL;
}

struct yaml_tree *yaml_tree_add_absent(struct yaml_tree *mapping, const char *key, const char *source,
                                       struct error *err)
{
    struct yaml_tree *absent = yaml_tree_find_absent(mapping, key);
    if (absent != NULL)
        return absent;
    struct yaml_tree **grown = memory_grow(mapping->absent, &mapping->absent_capacity, mapping->n_absent + 1,
                                           sizeof(struct yaml_tree *), "the study file", err);
    if (grown == NULL)
        return NULL;
    mapping->absent = grown;
    absent = yaml_tree_new(YAML_MAPPING, source, err);
    if (absent == NULL || (absent->key = memory_string(key, err)) == NULL) {
        yaml_tree_free(absent);
        return NULL;
    }
    return mapping->absent[mapping->n_absent++] = absent;
}

bool yaml_tree_is_null(const struct yaml_tree *tree)
{
    return tree->kind == YAML_SCALAR && tree->plain &&
           (tree->text[0] == '\0' || strcmp(tree->text, "~") == 0 || strcmp(tree->text, "null") == 0);
}
