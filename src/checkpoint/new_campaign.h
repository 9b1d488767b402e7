/* Makes the file of a campaign, or of a part, in place of an older one if there is one. */
#ifndef ARETE_CHECKPOINT_NEW_CAMPAIGN_H
#define ARETE_CHECKPOINT_NEW_CAMPAIGN_H

#include "base/error.h"
#include "checkpoint/campaign.h"
#include "checkpoint/schema.h"
#include "checkpoint/units.h"

/* As schema_write.h says. The caller holds the campaign's lock, or is the only one to write this part. Units
 * of `done` (NULL for none) that are done are copied; it has no more units than the new file, of the same
 * shape, and what stands under its name is replaced only while that is the file that it has open. */
int new_campaign_write(const char *path, const struct schema *schema, const struct campaign *campaign,
                       const struct campaign_units *done, struct error *err);

#endif
