/* The lock of a campaign, and of the folder that it is in: held by whoever writes there. */
#ifndef ARETE_CHECKPOINT_CAMPAIGN_LOCK_H
#define ARETE_CHECKPOINT_CAMPAIGN_LOCK_H

#include "base/error.h"

#include <stdint.h>

/* Holds "campaign.lock" in the folder of the campaign file until *descriptor is closed, or the process ends
 * (lock_file.h; the file says host, pid and since when). A lock held elsewhere is an error that says by whom.
 * -1 on failure. */
int campaign_lock_take(int *descriptor, const char *campaign_path, struct error *err);

/* Adds to the lock file, held by `descriptor`, that `n_done` units were done when this run's permutations
 * began, so that others can tell its rate. */
int campaign_lock_note(int descriptor, const char *campaign_path, int64_t n_done, struct error *err);

#endif
