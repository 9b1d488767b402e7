/* The output folder. */
#ifndef ARETE_BASE_FOLDER_H
#define ARETE_BASE_FOLDER_H

#include "base/error.h"

/* Makes a folder and those above it; fine when it is there. A folder that cannot be made or written to is
 * EXIT_CODE_BAD_INPUT. */
int folder_make(const char *path, struct error *err);

/* "<folder>/<name>", the caller's to free. */
char *folder_path(const char *folder, const char *name, struct error *err);

#endif
