/* predictions.tsv of a campaign that keeps predictions. */
#ifndef ARETE_RUN_PREDICTION_LISTS_H
#define ARETE_RUN_PREDICTION_LISTS_H

#include "base/error.h"
#include "checkpoint/campaign.h"

/* Replaces `path`; removes it where the campaign keeps no predictions, as it would be of another run. */
int prediction_lists_write(const char *path, const struct campaign *campaign, struct error *err);

#endif
