/* Whether the observed numbers of a campaign can be what it says they are. */
#ifndef ARETE_CHECKPOINT_CAMPAIGN_CHECK_OBSERVED_H
#define ARETE_CHECKPOINT_CAMPAIGN_CHECK_OBSERVED_H

#include "checkpoint/campaign.h"

/* r2 of at most 1, correlations, penalties of the grid. What is not there is not looked at. */
int campaign_check_observed(const struct campaign *campaign, const char *path, struct error *err);

#endif
