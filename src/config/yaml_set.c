#include "config/yaml_set.h"

#include "base/memory.h"
#include "config/yaml_parse.h"
#include "config/yaml_show.h"

#include <stdlib.h>
#include <string.h>

static int fail(const char *source, const char *what, struct error *err)
{
    return error_set(err, EXIT_CODE_BAD_INPUT, "%s: %s", source, what);
}

/* The mapping under a key; made if there is none, or the key is empty. NULL and an error if it is no
 * mapping. */
static struct yaml_tree *enter(struct yaml_tree *mapping, const char *key, const char *source,
                               struct error *err)
{
    struct yaml_tree *child = yaml_tree_find(mapping, key);
    if (child == NULL) {
        child = yaml_tree_new(YAML_MAPPING, source, err);
        if (child == NULL)
            return NULL;
        child->key = memory_string(key, err);
        if (child->key == NULL) {
            yaml_tree_free(child);
            return NULL;
        }
        return yaml_tree_add(mapping, child, err) == 0 ? child : NULL;
    }
    if (yaml_tree_is_null(child))
        child->kind = YAML_MAPPING;
    if (child->kind != YAML_MAPPING) {
        char shown[YAML_SHOW_BYTES], name[YAML_SHOW_BYTES];
        error_set(err, EXIT_CODE_BAD_INPUT, "%s: %s: %s found; expected a mapping", source,
                  yaml_show_text(key, name), yaml_show_value(child, shown));
        return NULL;
    }
    return child;
}

static int remove_key(struct yaml_tree *mapping, const char *key, const char *source, struct error *err)
{
    for (size_t i = 0; i < mapping->n_children; i++) {
        if (strcmp(mapping->children[i]->key, key) != 0)
            continue;
        yaml_tree_free(mapping->children[i]);
        mapping->n_children--;
        memmove(mapping->children + i, mapping->children + i + 1,
                (mapping->n_children - i) * sizeof(struct yaml_tree *));
        return 0;
    }
    return fail(source, "no such key in the study file; nothing to take away", err);
}

/* The mapping owns `value` from now on, also on error. */
static int put(struct yaml_tree *mapping, const char *key, struct yaml_tree *value, struct error *err)
{
    value->key = memory_string(key, err);
    if (value->key == NULL) {
        yaml_tree_free(value);
        return err->code;
    }
    for (size_t i = 0; i < mapping->n_children; i++) {
        if (strcmp(mapping->children[i]->key, key) == 0) {
            yaml_tree_free(mapping->children[i]);
            mapping->children[i] = value;
            return 0;
        }
    }
    return yaml_tree_add(mapping, value, err);
}

static int apply(struct yaml_tree *root, char *path, const char *text, const char *source, struct error *err)
{
    struct yaml_tree *mapping = root;
    char *key = path;
    int depth = 0;
    for (char *dot = strchr(key, '.'); dot != NULL; dot = strchr(key, '.')) {
        *dot = '\0';
        if (*key == '\0')
            return fail(source, "expected key.path=value", err);
        if (++depth > YAML_TREE_DEPTH)
            return fail(source, "nested too deeply", err);
        mapping = enter(mapping, key, source, err);
        if (mapping == NULL)
            return err->code;
        key = dot + 1;
    }
    if (*key == '\0')
        return fail(source, "expected key.path=value", err);
    struct yaml_tree *value = yaml_parse(text, strlen(text), source, false, err);
    if (value == NULL)
        return err->code;
    if (!yaml_tree_is_null(value))
        return put(mapping, key, value, err);
    yaml_tree_free(value);
    return remove_key(mapping, key, source, err);
}

int yaml_set(struct yaml_tree *root, const char *set, const char *source, struct error *err)
{
    char *path = memory_string(set, err);
    if (path == NULL)
        return err->code;
    char *equals = strchr(path, '=');
    int code;
    if (equals == NULL) {
        code = fail(source, "expected key.path=value", err);
    } else {
        *equals = '\0';
        code = apply(root, path, equals + 1, source, err);
    }
    free(path);
    return code;
}
