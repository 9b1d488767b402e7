#include "config/document.h"

#include "base/memory.h"
#include "config/document_file.h"
#include "config/yaml_parse.h"
#include "config/yaml_set.h"
#include "config/yaml_show.h"

#include <stdlib.h>

/* The names of all --set in messages, each on one line. */
static int name_sets(const struct text_list *sets, struct text_list *names, struct error *err)
{
    for (size_t i = 0; sets != NULL && i < sets->count; i++) {
        char shown[YAML_SHOW_BYTES];
        char *name = memory_format(err, "--set %s", yaml_show_text(sets->items[i], shown));
        if (name == NULL)
            return err->code;
        int code = text_list_add(names, name, err);
        free(name);
        if (code != 0)
            return code;
    }
    return 0;
}

/* Applies every --set, and lists the bad ones. */
static int apply_sets(struct yaml_tree *tree, const struct text_list *sets, const struct text_list *names,
                      struct error *problems)
{
    for (size_t i = 0; i < names->count; i++) {
        struct error one = {0};
        int code = yaml_set(tree, sets->items[i], names->items[i], &one);
        if (code == EXIT_CODE_FAILED)
            return error_set(problems, code, "%s", one.message);
        if (code != 0)
            error_add_line(problems, code, "%s", one.message);
    }
    return problems->code;
}

/* Reads the file, which must be a mapping. NULL and an error if that fails. */
static struct yaml_tree *read_tree(const char *path, const struct document_kind *kind, struct error *err)
{
    size_t length = 0;
    char *text = document_file_read(path, kind->name, &length, err);
    if (text == NULL)
        return NULL;
    struct yaml_tree *tree = yaml_parse(text, length, path, true, err);
    free(text);
    if (tree == NULL || tree->kind == YAML_MAPPING)
        return tree;
    char shown[YAML_SHOW_BYTES];
    if (yaml_tree_is_null(tree))
        error_set(err, EXIT_CODE_BAD_INPUT, "%s: empty; expected %s (%s)", path, kind->name, kind->page);
    else
        error_set(err, EXIT_CODE_BAD_INPUT, "%s:%zu:%zu: %s found; expected a mapping of keys (%s)", path,
                  tree->line, tree->column, yaml_show_value(tree, shown), kind->page);
    yaml_tree_free(tree);
    return NULL;
}

int document_open(struct document *document, const char *path, const struct document_kind *kind,
                  const struct text_list *sets, struct error *err)
{
    *document = (struct document){0};
    if (name_sets(sets, &document->set_names, err) == 0)
        document->tree = read_tree(path, kind, err);
    if (document->tree != NULL)
        apply_sets(document->tree, sets, &document->set_names, err);
    if (err->code != 0)
        document_close(document);
    return err->code;
}

void document_close(struct document *document)
{
    yaml_tree_free(document->tree);
    text_list_free(&document->set_names);
    *document = (struct document){0};
}
