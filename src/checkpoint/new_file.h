/* A whole campaign file, or a part file, put in the place of an older one, or of none. */
#ifndef ARETE_CHECKPOINT_NEW_FILE_H
#define ARETE_CHECKPOINT_NEW_FILE_H

#include "base/error.h"
#include "checkpoint/layout.h"

/* As base/replace.h says: the old file or the new one stands there. The caller holds the
 * campaign's lock, or is the only one to write this part. Units of `done` (NULL for none) that are done are
 * copied; it has no more units than the new file, of the same shape. */
int new_file_write(const char *path, const struct campaign *campaign, enum layout_kind kind,
                   const struct campaign_units *done, struct error *err);

#endif
