/* Numbered names: PC{1..10}, data/chr{1..22}, T{001..360}. */
#ifndef ARETE_CONFIG_RANGES_H
#define ARETE_CONFIG_RANGES_H

#include "base/error.h"
#include "base/text.h"

enum { RANGES_MOST_NAMES = 100000 }; /* in one list */

/* Adds every name that `text` stands for to the list, in order; the last range runs fastest. A text without a
 * brace stands for itself. If the first number has leading zeros, all numbers are padded to its width.
 *
 * On bad input it returns EXIT_CODE_BAD_INPUT and *expected says in words what should be there; err is not
 * set, and the list may have grown. Without memory, err is set and *expected is NULL. */
int ranges_write_out(const char *text, struct text_list *list, const char **expected, struct error *err);

#endif
