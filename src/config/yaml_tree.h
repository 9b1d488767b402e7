/* A YAML document as a tree that keeps the place of everything in the file. */
#ifndef ARETE_CONFIG_YAML_TREE_H
#define ARETE_CONFIG_YAML_TREE_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

enum yaml_kind { YAML_SCALAR, YAML_LIST, YAML_MAPPING };

enum { YAML_TREE_DEPTH = 32 }; /* the most levels; it bounds recursion */

struct yaml_tree {
    enum yaml_kind kind;
    char *key;                   /* in a mapping; else NULL */
    char *text;                  /* of a scalar */
    bool plain;                  /* a scalar without quotes, which may be a number or null */
    struct yaml_tree **children; /* of a list or mapping, in the file's order */
    size_t n_children, capacity;
    /* of a mapping: keys that a --set took away and that were not there. They are no children: all that is
     * asked of them is whether there are such keys at all. They may have absent keys themselves */
    struct yaml_tree **absent;
    size_t n_absent, absent_capacity;
    const char *source;  /* "study.yaml", or the --set it came from; not owned */
    size_t line, column; /* from 1, of the key where there is one; line 0 with --set */
};

/* NULL is fine. */
void yaml_tree_free(struct yaml_tree *tree);

/* An empty node of a kind, with neither key nor text. NULL and an error if there is no memory. */
struct yaml_tree *yaml_tree_new(enum yaml_kind kind, const char *source, struct error *err);

/* Adds a child, which the parent owns from now on, also on error. */
int yaml_tree_add(struct yaml_tree *parent, struct yaml_tree *child, struct error *err);

/* The value of a key, or NULL. A NULL mapping has none. */
struct yaml_tree *yaml_tree_find(const struct yaml_tree *mapping, const char *key);

/* The absent key of that name, or NULL. */
struct yaml_tree *yaml_tree_find_absent(const struct yaml_tree *mapping, const char *key);
/* The same, added if there is none. NULL and an error if there is no memory. */
struct yaml_tree *yaml_tree_add_absent(struct yaml_tree *mapping, const char *key, const char *source,
                                       struct error *err);

/* Nothing after the colon, `~` or `null`. */
bool yaml_tree_is_null(const struct yaml_tree *tree);

#endif
