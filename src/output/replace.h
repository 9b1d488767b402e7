/* Writing a file so that its name always holds a whole one: the old or the new. */
#ifndef ARETE_OUTPUT_REPLACE_H
#define ARETE_OUTPUT_REPLACE_H

#include "base/error.h"

#include <stdio.h>

struct replace {
    FILE *file; /* write here */
    char *path, *temporary;
};

/* Opens "<path>.tmp". */
int replace_open(struct replace *replace, const char *path, struct error *err);

/* Brings what is written so far to the disk. */
int replace_sync(const struct replace *replace, struct error *err);

/* Brings it to the disk, renames it to `path` and brings the folder to the disk. On failure the temporary
 * file is removed and what stood under `path` is still there. Releases everything either way. */
int replace_finish(struct replace *replace, struct error *err);

/* Removes the temporary file instead, and releases everything. Safe after replace_finish. */
void replace_abandon(struct replace *replace);

#endif
