#include "config/study_key.h"

#include "base/memory.h"
#include "config/yaml_parse.h"

#include <string.h>

/* NULL where the text is no study file, which a campaign's may be. */
static struct yaml_tree *parse(const char *yaml)
{
    struct error unreadable = {0};
    return yaml_parse(yaml, strlen(yaml), "the campaign", false, &unreadable);
}

bool study_key_is(const char *yaml, const char *section, const char *key, const char *wanted)
{
    struct yaml_tree *tree = parse(yaml);
    const struct yaml_tree *value = yaml_tree_find(yaml_tree_find(tree, section), key);
    bool is_it = value != NULL && !yaml_tree_is_null(value);
    if (is_it && wanted != NULL)
        is_it = value->kind == YAML_SCALAR && strcmp(value->text, wanted) == 0;
    yaml_tree_free(tree);
    return is_it;
}

char *study_key_text(const char *yaml, const char *key)
{
    struct error ignored = {0};
    struct yaml_tree *tree = parse(yaml);
    const struct yaml_tree *value = yaml_tree_find(tree, key);
    char *text = value != NULL && value->kind == YAML_SCALAR && !yaml_tree_is_null(value)
                     ? memory_string(value->text, &ignored)
                     : NULL;
    yaml_tree_free(tree);
    return text;
}
