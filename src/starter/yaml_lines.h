/* Lines of a YAML file of two levels, with comments in a column of their own. */
#ifndef ARETE_STARTER_YAML_LINES_H
#define ARETE_STARTER_YAML_LINES_H

#include "base/error.h"
#include "base/text.h"

#include <stdio.h>

/* A line, and a comment behind it; comment NULL: none. */
void yaml_lines_put(FILE *file, const char *comment, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* `  key: path`, in quotes where YAML could take it for something else. */
int yaml_lines_path(FILE *file, const char *key, const char *path, const char *comment, struct error *err);

/* `  key: [a, b{1..9}]`, numbered names folded, over several lines where it is long. */
int yaml_lines_list(FILE *file, const char *key, const struct text_list *names, const char *comment,
                    struct error *err);

#endif
