/* The orbits that a campaign was begun with, as the model has them. */
#ifndef ARETE_STUDY_CAMPAIGN_ORBITS_H
#define ARETE_STUDY_CAMPAIGN_ORBITS_H

#include "base/error.h"
#include "checkpoint/campaign.h"
#include "model/orbits/orbit_scheme.h"

/* Of a campaign that has orbits. blocks: its exchangeability blocks; they must stay. */
int campaign_orbits_scheme(struct orbit_scheme *scheme, const struct campaign *campaign,
                           const struct permutation_scheme *blocks, struct error *err);

#endif
