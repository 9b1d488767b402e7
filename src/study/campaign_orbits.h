/* How a campaign was begun, for the model and for a plan: its orbits, or none. */
#ifndef ARETE_STUDY_CAMPAIGN_ORBITS_H
#define ARETE_STUDY_CAMPAIGN_ORBITS_H

#include "base/error.h"
#include "checkpoint/campaign.h"
#include "model/orbits/orbit_scheme.h"
#include "study/analysis_cost.h"

/* Of a campaign that has orbits. blocks: its exchangeability blocks; they must stay. */
int campaign_orbits_scheme(struct orbit_scheme *scheme, const struct campaign *campaign,
                           const struct permutation_scheme *blocks, struct error *err);

/* As analysis_choose_method, for a plan: where a campaign stands in the output folder, `auto` goes on as it
 * was begun. One that cannot be read counts as none. */
int campaign_orbits_method(const struct analysis *analysis, struct analysis_spread *spread, char *why,
                           struct error *err);

/* A saving that is worth a word. */
enum { CAMPAIGN_ORBITS_MUCH = 2 };
/* How many times the work of all the study's permutations in orbits n_left drawn one by one take, at so many
 * penalty nodes; 0: there can be no orbits. */
double campaign_orbits_saving(const struct analysis *analysis, int n_nodes, int64_t n_left);

#endif
