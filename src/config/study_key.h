/* Looks a key up in the text of a study file. */
#ifndef ARETE_CONFIG_STUDY_KEY_H
#define ARETE_CONFIG_STUDY_KEY_H

#include <stdbool.h>

/* Whether a text as study->yaml has it sets section.key to something. */
bool study_key_is_set(const char *yaml, const char *section, const char *key);

#endif
