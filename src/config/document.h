/* A file of settings as a YAML mapping, with every --set applied. */
#ifndef ARETE_CONFIG_DOCUMENT_H
#define ARETE_CONFIG_DOCUMENT_H

#include "base/text.h"
#include "config/yaml_tree.h"

struct document {
    struct yaml_tree *tree;
    struct text_list set_names; /* the name of each --set in messages; the tree points to them */
};

/* For messages: "a study file", and the page that describes it. */
struct document_kind {
    const char *name, *page;
};

/* Reads the file and applies every --set. path must outlive the document. sets: the "key.path=value" of each
 * --set, in order, or NULL. Bad input is EXIT_CODE_BAD_INPUT with a line for each bad --set; the document is
 * then empty. */
int document_open(struct document *document, const char *path, const struct document_kind *kind,
                  const struct text_list *sets, struct error *err);
void document_close(struct document *document);

#endif
