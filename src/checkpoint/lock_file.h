/* A file whose lock keeps a second run away. */
#ifndef ARETE_CHECKPOINT_LOCK_FILE_H
#define ARETE_CHECKPOINT_LOCK_FILE_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

/* Holds `path` (made if need be) until *descriptor is closed, and writes host, pid and time into it. An
 * open-file-description lock: it ends with the process and holds against other openers in the same process
 * too. Held elsewhere: an error that says by whom. Where locks do not work (lock_file_trouble) only a process
 * of this machine that the file names, and that still runs, counts as the holder. */
int lock_file_take(int *descriptor, const char *path, struct error *err);
/* Why a descriptor that lock_file_take gave holds no lock: errno of taking it again; 0 = it does hold it. */
int lock_file_trouble(int descriptor);

enum lock_state { LOCK_FREE, LOCK_HELD, LOCK_UNKNOWN };
/* Whether someone holds it, this process too, and what the (last) holder wrote there (cut to `bytes`; "" when
 * nobody does). LOCK_UNKNOWN: locks do not work there and the holder's machine is another one, or the file
 * cannot be read. Takes and makes nothing. */
int lock_file_holder(const char *path, enum lock_state *state, char *text, size_t bytes, struct error *err);

#endif
