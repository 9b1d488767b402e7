/* What the room itself needs of reading, beside what campaign.h offers. */
#ifndef ARETE_CHECKPOINT_CAMPAIGN_READ_H
#define ARETE_CHECKPOINT_CAMPAIGN_READ_H

#include "base/error.h"
#include "checkpoint/layout.h"

/* Whose study a file of either kind belongs to: the fingerprints, and what stands in attributes. Released by
 * campaign_free. */
int campaign_read_study(struct campaign *campaign, const char *path, enum layout_kind kind,
                        struct error *err);

#endif
