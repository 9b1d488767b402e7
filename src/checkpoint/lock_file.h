/* A file whose lock keeps a second run away. */
#ifndef ARETE_CHECKPOINT_LOCK_FILE_H
#define ARETE_CHECKPOINT_LOCK_FILE_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

/* Holds `path` (made if need be) until *descriptor is closed, and writes host, pid and time into it. An
 * open-file-description lock: it ends with the process and holds against other openers in the same process
 * too. Held elsewhere: an error that says by whom. */
int lock_file_take(int *descriptor, const char *path, struct error *err);
/* Whether someone holds it, this process too, and what the holder wrote there (cut to `bytes`); "" and false
 * when nobody does, also where the file system has no locks. Takes and makes nothing. */
int lock_file_holder(const char *path, bool *held, char *text, size_t bytes, struct error *err);

#endif
