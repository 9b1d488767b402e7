/* Numbered names: PC{1..10}, data/chr{1..22}, T{001..360}. */
#ifndef ARETE_CONFIG_RANGES_H
#define ARETE_CONFIG_RANGES_H

#include "base/error.h"
#include "base/text.h"

enum { RANGES_MOST_NAMES = 100000 }; /* in one list */

/* Adds to the list every name that `text` stands for, in order (the last range runs fastest); text without a
 * brace stands for itself. A first number with leading zeros pads all to its width. Bad input (*expected says
 * in words what should be there, err is untouched, the list may have grown): EXIT_CODE_BAD_INPUT. Out of
 * memory: *expected is NULL and err is set. */
int ranges_write_out(const char *text, struct text_list *list, const char **expected, struct error *err);

#endif
