/* Whether two names lead to one file: by device and inode, whatever the names. */
#ifndef ARETE_BASE_SAME_FILE_H
#define ARETE_BASE_SAME_FILE_H

#include "base/error.h"
#include "base/text.h"

/* Before anything is written: EXIT_CODE_BAD_INPUT when what stands under an output's name is one of the
 * inputs, also through a link. What is not there cannot be. */
int same_file_check(const struct text_list *inputs, const struct text_list *outputs, struct error *err);

/* first[i]: the first of the paths that leads to the same file as path i, under whatever name; i itself where
 * none before does, or nothing is there. The caller frees it; NULL without memory. */
size_t *same_file_firsts(char *const *paths, size_t count, struct error *err);

#endif
