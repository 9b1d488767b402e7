/* The output folder. */
#ifndef ARETE_BASE_FOLDER_H
#define ARETE_BASE_FOLDER_H

#include "base/error.h"

/* Makes a folder and those above it, unless they are there. A folder that cannot be made, or in which files
 * cannot be made, is EXIT_CODE_BAD_INPUT. */
int folder_make(const char *path, struct error *err);

/* "<folder>/<name>", the caller's to free. NULL and an error if there is no memory. */
char *folder_path(const char *folder, const char *name, struct error *err);

#endif
