/* Words of commands that a message suggests. */
#ifndef ARETE_BASE_SHELL_H
#define ARETE_BASE_SHELL_H

#include "base/error.h"

/* A word as a shell takes it: in single quotes where it holds anything but letters, digits and the usual
 * characters of paths. The caller frees it. NULL and an error if there is no memory. */
char *shell_word(const char *text, struct error *err);

#endif
