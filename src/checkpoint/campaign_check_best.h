/* Whether what a campaign of a univariate model keeps for its report can be what it says it is. */
#ifndef ARETE_CHECKPOINT_CAMPAIGN_CHECK_BEST_H
#define ARETE_CHECKPOINT_CAMPAIGN_CHECK_BEST_H

#include "checkpoint/campaign.h"

/* Numbers of each target's best SNP, places inside the plots. What is not there is not looked at, but one of
 * its datasets is not there without the others. */
int campaign_check_best(const struct campaign *campaign, const char *path, struct error *err);

#endif
