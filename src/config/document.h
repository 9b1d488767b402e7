/* A file of settings as a YAML mapping, with every --set applied. */
#ifndef ARETE_CONFIG_DOCUMENT_H
#define ARETE_CONFIG_DOCUMENT_H

#include "base/text.h"
#include "config/yaml_tree.h"

struct document {
    struct yaml_tree *tree;
    struct text_list set_names; /* what messages call each --set; the tree points into it */
};

/* What messages say is expected: "a study file", and the page that tells about it. */
struct document_kind {
    const char *name, *page;
};

/* `path` must outlive the document. `sets` holds the "key.path=value" of every --set, in order, or is NULL.
 * Bad input: EXIT_CODE_BAD_INPUT, a line for each bad --set; the document is empty then. */
int document_open(struct document *document, const char *path, const struct document_kind *kind,
                  const struct text_list *sets, struct error *err);
void document_close(struct document *document);

#endif
