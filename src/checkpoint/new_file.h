/* A whole campaign file, or a part file, put in the place of an older one, or of none. */
#ifndef ARETE_CHECKPOINT_NEW_FILE_H
#define ARETE_CHECKPOINT_NEW_FILE_H

#include "base/error.h"
#include "checkpoint/layout.h"

/* Written under a temporary name, brought to the disk, then renamed to `path`. The caller holds the
 * campaign's lock, or is the only one to write this part. Units of `done` (NULL for none) that are done are
 * copied; it has no more units than the new file, of the same shape. */
int new_file_write(const char *path, const struct campaign *campaign, enum layout_kind kind,
                   const struct campaign_units *done, struct error *err);

/* Removes the temporary file of a run that was killed while it wrote one. The caller holds the lock. */
int new_file_clear(const char *path, struct error *err);

#endif
