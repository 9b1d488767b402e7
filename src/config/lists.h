/* Lists in a section: where a list is expected, one value may stand without brackets. */
#ifndef ARETE_CONFIG_LISTS_H
#define ARETE_CONFIG_LISTS_H

#include "base/text.h"
#include "config/section.h"

/* Texts, ranges written out, all different. Adds nothing when the key is not there. */
void lists_names(const struct section *section, const char *key, const char *expected,
                 struct text_list *names);

/* Texts exactly as they stand; numbers and empty texts are taken too. */
void lists_codes(const struct section *section, const char *key, const char *expected,
                 struct text_list *codes);

/* At least one and at most `most` numbers, all in range, sorted upwards, all different. *values is the
 * caller's to free; NULL and 0 when the key is not there or wrong. */
void lists_numbers(const struct section *section, const char *key, const struct section_range *range,
                   size_t most, double **values, size_t *count);

#endif
