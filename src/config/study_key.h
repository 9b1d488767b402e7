/* Looks a key up in the text of a study file. */
#ifndef ARETE_CONFIG_STUDY_KEY_H
#define ARETE_CONFIG_STUDY_KEY_H

#include <stdbool.h>

/* Whether a text as study->yaml has it sets section.key to `value`; NULL: to anything. */
bool study_key_is(const char *yaml, const char *section, const char *key, const char *value);

/* The text of a key at the top, such as `output`; NULL where it has none, or there is no memory for it. The
 * caller's to free. */
char *study_key_text(const char *yaml, const char *key);

#endif
