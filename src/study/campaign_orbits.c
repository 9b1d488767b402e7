#include "study/campaign_orbits.h"

int campaign_orbits_scheme(struct orbit_scheme *scheme, const struct campaign *campaign,
                           const struct permutation_scheme *blocks, struct error *err)
{
    struct orbit_scheme_known known = {campaign->n_shifts,     campaign->identity, campaign->n_sequences,
                                       campaign->n_places,     campaign->n_fixed,  campaign->place_subject,
                                       campaign->place_source, campaign->fixed};
    return orbit_scheme_init_known(scheme, blocks, &known, err);
}
