/* Lines of a YAML file of two levels, with comments in a column of their own. */
#ifndef ARETE_STARTER_YAML_LINES_H
#define ARETE_STARTER_YAML_LINES_H

#include "base/error.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdio.h>

/* A line, and a comment behind it; comment NULL: none. */
void yaml_lines_put(FILE *file, const char *comment, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A comment line: `  # what name`; what is no text of one line in the name is written as "?". */
void yaml_lines_remark(FILE *file, const char *comment, const char *what, const char *name);

/* Whether YAML can name it: UTF-8, and no characters that break lines or are not shown. Whoever made the
 * files chose the names. */
bool yaml_lines_can_name(const char *name);

/* A scalar, in quotes where YAML could take it for something else. The caller's to free; NULL without memory.
 */
char *yaml_lines_scalar(const char *text, struct error *err);

/* `  key: path`, in quotes where YAML could take it for something else. A path that it cannot name is
 * EXIT_CODE_BAD_INPUT. */
int yaml_lines_path(FILE *file, const char *key, const char *path, const char *comment, struct error *err);

/* `  key: [a, b{1..9}]`, numbered names folded, over several lines where it is long. */
int yaml_lines_list(FILE *file, const char *key, const struct text_list *names, const char *comment,
                    struct error *err);

#endif
