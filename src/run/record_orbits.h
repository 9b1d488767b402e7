/* The campaign's content where permutations come in orbits. Part of record_content.h: these fields are filled
 * here and nowhere else. */
#ifndef ARETE_RUN_RECORD_ORBITS_H
#define ARETE_RUN_RECORD_ORBITS_H

#include "base/error.h"
#include "checkpoint/campaign.h"
#include "model/ridge/observed.h"
#include "model/ridge/penalty_nodes.h"
#include "model/stats/permutation.h"

/* Which orbits, drawn inside these exchangeability blocks, and how they are saved. */
int record_orbits_fill(struct campaign *campaign, const struct permutation_scheme *blocks, struct error *err);
/* The same of permutations drawn one by one, as orbits of one shift. */
int record_orbits_fill_single(struct campaign *campaign, const struct permutation_scheme *blocks,
                              struct error *err);

/* What single precision is compared with: errors of the targets as they are, at the nodes and of the
 * baseline. */
int record_orbits_fill_errors(struct campaign *campaign, const struct observed *observed,
                              const struct penalty_nodes *nodes, struct error *err);

#endif
