/* The lock of a campaign, which everything that writes to it takes. */
#ifndef ARETE_CHECKPOINT_CAMPAIGN_LOCK_H
#define ARETE_CHECKPOINT_CAMPAIGN_LOCK_H

#include "base/error.h"

#include <stdint.h>

/* Holds "campaign.lock" in the folder of the campaign file until *descriptor is closed. */
int campaign_lock_take(int *descriptor, const char *campaign_path, struct error *err);

/* Adds to the lock file, held by `descriptor`, that `n_done` units were done by now. */
int campaign_lock_note(int descriptor, const char *campaign_path, int64_t n_done, struct error *err);

#endif
