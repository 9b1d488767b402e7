/* The campaign's content from an analysis: names side by side, fingerprints, where the numbers stand. */
#ifndef ARETE_RUN_RECORD_CONTENT_H
#define ARETE_RUN_RECORD_CONTENT_H

#include "base/error.h"
#include "checkpoint/campaign.h"
#include "model/ridge/penalty_nodes.h"
#include "study/analysis.h"
#include "study/fingerprint.h"

#include <stdint.h>

/* A campaign that points into an analysis; only what it owns is released by record_content_free. */
struct record_content {
    struct campaign campaign; /* r2, r2_by_fold, penalty_by_fold, r and score are filled by the run */
    struct campaign_fingerprint fingerprints[FINGERPRINT_MOST];
    char fingerprint_names[FINGERPRINT_MOST][FINGERPRINT_NAME_BYTES]; /* where another rank told them */
    int32_t *node;                                                    /* the penalty nodes' indexes */
    double *numbers;                                                  /* r2, r, r2_by_fold, penalty_by_fold */
};

int record_content_init(struct record_content *content, const struct analysis *analysis, struct error *err);
/* What permutations compute, once it is known: `nodes` must stay. */
int record_content_set_nodes(struct record_content *content, const struct penalty_nodes *nodes,
                             struct error *err);
void record_content_free(struct record_content *content);

#endif
