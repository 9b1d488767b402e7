/* The campaign's content from an analysis: names side by side, fingerprints, where the numbers stand. */
#ifndef ARETE_CLI_CAMPAIGN_FILL_H
#define ARETE_CLI_CAMPAIGN_FILL_H

#include "base/error.h"
#include "checkpoint/campaign.h"
#include "cli/analysis.h"
#include "cli/fingerprint.h"

#include <stdint.h>

/* A campaign that points into an analysis; only what it owns is released by campaign_content_free. */
struct campaign_content {
    struct campaign campaign; /* r2, r2_by_fold, penalty_by_fold, r and score are filled by the run */
    struct campaign_fingerprint fingerprints[FINGERPRINT_MOST];
    double *numbers; /* r2, r, r2_by_fold, penalty_by_fold */
};

int campaign_content_init(struct campaign_content *content, const struct analysis *analysis,
                          struct error *err);
void campaign_content_free(struct campaign_content *content);

#endif
