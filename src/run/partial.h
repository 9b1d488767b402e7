/* The table of a campaign that is not finished. */
#ifndef ARETE_RUN_PARTIAL_H
#define ARETE_RUN_PARTIAL_H

#include "base/error.h"
#include "checkpoint/campaign.h"

#include <stdbool.h>
#include <stdint.h>

/* Permutations that are done without a gap from the first one on; of orbits those of every one that is whole,
 * and none while the identity's is not. done: of every unit. */
int64_t partial_finished(const struct campaign *campaign, const bool *done);

/* Every target's note begins with "partial: n_finished of N permutations". */
int partial_mark(struct campaign *campaign, int64_t n_finished, struct error *err);

/* "<the campaign's folder>/results.tsv", or results.partial.tsv; the caller's to free. */
char *partial_path(const char *campaign_path, bool partial, struct error *err);

#endif
