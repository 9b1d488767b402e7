#include "study/campaign_orbits.h"

#include "base/folder.h"

#include <stdio.h>
#include <stdlib.h>

int campaign_orbits_scheme(struct orbit_scheme *scheme, const struct campaign *campaign,
                           const struct permutation_scheme *blocks, struct error *err)
{
    struct orbit_scheme_known known = {campaign->n_shifts,     campaign->identity, campaign->n_sequences,
                                       campaign->n_places,     campaign->n_fixed,  campaign->place_subject,
                                       campaign->place_source, campaign->fixed};
    return orbit_scheme_init_known(scheme, blocks, &known, err);
}

/* Whether there is one, and in orbits. */
static bool find(const struct analysis *analysis, bool *orbits, struct error *err)
{
    struct error unread = {0};
    struct campaign campaign = {0};
    char *path = folder_path(analysis->study.output, "campaign.h5", err);
    bool found = path != NULL && campaign_read_fingerprints(&campaign, path, &unread) == 0;
    *orbits = found && campaign_has_orbits(&campaign);
    campaign_free(&campaign);
    free(path);
    return found;
}

int campaign_orbits_method(const struct analysis *analysis, struct analysis_spread *spread, char *why,
                           struct error *err)
{
    const struct study_permutations *asked = &analysis->study.permutations;
    bool orbits;
    if (asked->method != STUDY_METHOD_AUTO || !find(analysis, &orbits, err))
        return err->code != 0 ? err->code : analysis_choose_method(analysis, spread, why, err);
    double saving = orbits ? 0 : campaign_orbits_saving(analysis, spread->n_nodes, asked->count);
    int length = snprintf(why, COST_PLACEMENT_BYTES, "as the campaign that is there was begun");
    if (saving >= CAMPAIGN_ORBITS_MUCH)
        snprintf(why + length, COST_PLACEMENT_BYTES - (size_t)length,
                 "; orbits would take 1/%.0f of the work (--fresh, or another output folder)", saving);
    spread->orbits = orbits;
    return 0;
}

double campaign_orbits_saving(const struct analysis *analysis, int n_nodes, int64_t n_left)
{
    const struct analysis_spread spread = {
        .n_machines = 1, .ranks_per_machine = 1, .workers_per_rank = 1, .n_nodes = n_nodes, .orbits = true};
    struct cost_shape shape = analysis_cost_shape(analysis, &spread);
    return cost_orbits_saving(&shape, (double)n_left);
}
