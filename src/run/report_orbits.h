/* p-values of a campaign whose permutations come in orbits, from the orbits that are whole. */
#ifndef ARETE_RUN_REPORT_ORBITS_H
#define ARETE_RUN_REPORT_ORBITS_H

#include "base/error.h"
#include "checkpoint/campaign.h"
#include "model/orbits/orbit_significance.h"
#include "run/report_rows.h"

/* Fills T values of each of p, from the orbits of `extent`.
 * A target's own p is of the orbits in which its slice is done; p_fwer of those in which all are. Targets
 * whose slice of the identity's orbit is not done have none. */
int report_orbits_significance(const struct campaign *campaign, const struct campaign_units *units,
                               const struct report_extent *extent, const struct orbit_p *p,
                               struct error *err);

#endif
