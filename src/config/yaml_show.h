/* Places and values of a study file as text for messages: on one line, and not too long. */
#ifndef ARETE_CONFIG_YAML_SHOW_H
#define ARETE_CONFIG_YAML_SHOW_H

#include "config/yaml_tree.h"

#include <stddef.h>

enum { YAML_SHOW_BYTES = 160 };

/* The text without line breaks and control characters, cut to about 100 bytes with "..." at the end. */
const char *yaml_show_text(const char *text, char shown[YAML_SHOW_BYTES]);

/* What was found: `1`, `text "abc"`, `a list`, `an empty list`, `a mapping`, `nothing`. Quoted numbers are
 * text. */
const char *yaml_show_value(const struct yaml_tree *value, char shown[YAML_SHOW_BYTES]);

/* "study.yaml:14:3", or the --set. The caller frees it. NULL and an error if there is no memory. */
char *yaml_show_place(const char *source, size_t line, size_t column, struct error *err);

#endif
