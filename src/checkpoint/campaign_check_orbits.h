/* Of permutations in orbits (model/orbits/orbit_scheme.h): whose data come where, and what a unit is. */
#ifndef ARETE_CHECKPOINT_CAMPAIGN_CHECK_ORBITS_H
#define ARETE_CHECKPOINT_CAMPAIGN_CHECK_ORBITS_H

#include "base/error.h"
#include "checkpoint/campaign.h"

/* Every subject is there once, and somebody's data come to each under every shift; a unit has one orbit or
 * all targets. A campaign without orbits is right. */
int campaign_check_orbits(const struct campaign *campaign, const char *path, struct error *err);

#endif
