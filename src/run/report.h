/* From a campaign's numbers to results.tsv and to what a user sees at the end. */
#ifndef ARETE_RUN_REPORT_H
#define ARETE_RUN_REPORT_H

#include "base/error.h"
#include "checkpoint/campaign.h"
#include "images/regions.h"

#include <stdint.h>
#include <stdio.h>

/* Reads the first `n_permutations` null rows, writes `path` and prints the most significant targets to `out`
 * (NULL: to nobody). With regions (NULL: none) also the maps, to the folder maps beside `path`. */
int report_write(const struct campaign *campaign, const struct campaign_units *units, int64_t n_permutations,
                 const struct regions *regions, const char *path, FILE *out, struct error *err);

#endif
