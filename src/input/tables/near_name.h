/* A name that was misspelt: which of those that are there was meant. */
#ifndef ARETE_INPUT_TABLES_NEAR_NAME_H
#define ARETE_INPUT_TABLES_NEAR_NAME_H

#include "base/text.h"

/* The first of `names` that is `wanted` but for small and capital letters, blanks and punctuation, else the
 * first in which one letter is another, too many or missing besides. Numbers in it must be the same: T12 is
 * no misspelt T11. NULL: none. It is one of names' own. */
const char *near_name_find(const struct text_list *names, const char *wanted);

#endif
