/* The output folder. */
#ifndef ARETE_BASE_FOLDER_H
#define ARETE_BASE_FOLDER_H

#include "base/error.h"

#include <stdbool.h>

/* Makes a folder and those above it, unless they are there; the names of new ones are on the disk when it
 * returns, as far as this user may bring them there. A folder that cannot be made, or in which files cannot
 * be made, is EXIT_CODE_BAD_INPUT; one whose name cannot be brought to the disk EXIT_CODE_FAILED. */
int folder_make(const char *path, struct error *err);

/* The same of one that may not be there yet: EXIT_CODE_BAD_INPUT where something else stands there, also a
 * link that leads nowhere. */
int folder_check(const char *path, struct error *err);

/* "<folder>/<name>", the caller's to free. NULL and an error if there is no memory. */
char *folder_path(const char *folder, const char *name, struct error *err);

/* Whether a path begins at a home that nobody knows: "~" or "~/..." where HOME is not set. */
bool folder_lacks_home(const char *path);
/* A path as a shell would read it: "~" and "~/..." begin at $HOME. Anything else, "~name" too, and everything
 * where HOME is not set, stays as it is. The caller's to free. */
char *folder_expand_home(const char *path, struct error *err);

#endif
