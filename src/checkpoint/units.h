/* The lock of a campaign, shared by those who create it and those who save units. */
#ifndef ARETE_CHECKPOINT_UNITS_H
#define ARETE_CHECKPOINT_UNITS_H

#include "base/error.h"

/* Holds "campaign.lock" in the folder of the campaign file until *descriptor is closed. */
int units_lock(int *descriptor, const char *campaign_path, struct error *err);

#endif
