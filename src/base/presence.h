/* Whether anything stands under a name. */
#ifndef ARETE_BASE_PRESENCE_H
#define ARETE_BASE_PRESENCE_H

#include "base/error.h"

#include <stdbool.h>

/* A link is there, wherever it leads: its file system may not be mounted. What cannot be found out, as where
 * a file server does not answer, is an error: a file that is taken to be missing would be made anew. */
int presence_of(const char *path, bool *there, struct error *err);

#endif
