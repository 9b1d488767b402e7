/* Numbered names written as a study file takes them: chr1, chr2 ... chr22 as chr{1..22}. */
#ifndef ARETE_STARTER_NAME_RANGES_H
#define ARETE_STARTER_NAME_RANGES_H

#include "base/error.h"
#include "base/text.h"

/* Adds the names to `folded`, in their order; neighbours that count on by one, written alike, become one name
 * with a range. config/ranges.h writes them out again. The names hold no braces. */
int name_ranges_fold(char *const *names, size_t count, struct text_list *folded, struct error *err);

#endif
