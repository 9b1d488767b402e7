/* Reading lists from a section. Where a list is expected, a single value may be without brackets. */
#ifndef ARETE_CONFIG_LISTS_H
#define ARETE_CONFIG_LISTS_H

#include "base/text.h"
#include "config/section.h"

/* Adds the texts of the list, with ranges written out; all must differ. Adds nothing if the key is not
 * there. */
void lists_names(const struct section *section, const char *key, const char *expected,
                 struct text_list *names);
/* The same for paths: "~/..." begins at the user's home. */
void lists_paths(const struct section *section, const char *key, const char *expected,
                 struct text_list *paths);

/* Adds the texts exactly as they are in the file, also numbers and empty texts. */
void lists_codes(const struct section *section, const char *key, const char *expected,
                 struct text_list *codes);

/* Reads at least one and at most `most` numbers, all different and in range, and sorts them, smallest first.
 * *values is the caller's to free; NULL, and *count 0, if the key is not there or wrong. */
void lists_numbers(const struct section *section, const char *key, const struct section_range *range,
                   size_t most, double **values, size_t *count);

#endif
