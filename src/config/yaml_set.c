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

/* The mapping under a key; made if there is none, or the key is empty, but not to take a key away: then an
 * absent one is entered. NULL and an error if it is no mapping. */
static struct yaml_tree *enter(struct yaml_tree *mapping, const char *key, bool takes_away,
                               const char *source, struct error *err)
{
    struct yaml_tree *child = yaml_tree_find(mapping, key);
    if (takes_away && (child == NULL || yaml_tree_is_null(child)))
        return yaml_tree_add_absent(mapping, key, source, err);
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

/* A key that is not there is noted: whether there is such a key at all is known when its section is read. */
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
    return yaml_tree_add_absent(mapping, key, source, err) != NULL ? 0 : err->code;
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

/* Takes the value over. */
static int apply(struct yaml_tree *root, char *path, struct yaml_tree *value, const char *source,
                 struct error *err)
{
    struct yaml_tree *mapping = root;
    bool takes_away = yaml_tree_is_null(value);
    char *key = path;
    int depth = 0, code = 0;
    for (char *dot = strchr(key, '.'); code == 0 && dot != NULL; dot = strchr(key, '.')) {
        *dot = '\0';
        if (*key == '\0')
            break;
        if (++depth > YAML_TREE_DEPTH)
            code = fail(source, "nested too deeply", err);
        else if ((mapping = enter(mapping, key, takes_away, source, err)) == NULL)
            code = err->code;
        key = dot + 1;
    }
    if (code == 0 && *key == '\0')
        code = fail(source, "expected key.path=value", err);
    if (code == 0 && !takes_away)
        return put(mapping, key, value, err);
    yaml_tree_free(value);
    return code == 0 ? remove_key(mapping, key, source, err) : code;
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
        struct yaml_tree *value = yaml_parse(equals + 1, strlen(equals + 1), source, false, err);
        code = value != NULL ? apply(root, path, value, source, err) : err->code;
    }
    free(path);
    return code;
}
