/* One permutation of a campaign, as it was computed. */
#ifndef ARETE_RUN_PERMUTATION_ORDER_H
#define ARETE_RUN_PERMUTATION_ORDER_H

#include "base/error.h"
#include "checkpoint/campaign.h"

#include <stdbool.h>
#include <stdint.h>

/* Which one: of permutations drawn one by one its number, 0 being the identity; of those in orbits the orbit,
 * and which of its shifts. */
struct permutation_name {
    int64_t number, shift;
    bool has_shift;
};

/* order[i]: the subject whose targets stand at subject i. n words, the caller's to free; NULL and an error
 * for one that the campaign does not have. */
uint32_t *permutation_order(const struct campaign *campaign, const char *campaign_path,
                            const struct permutation_name *name, struct error *err);

#endif
