/* The campaign's content from an analysis, where a campaign begins; and back, where one goes on and in ranks
 * that were told (broadcast.h). A field of the campaign is filled here and nowhere else. */
#ifndef ARETE_RUN_RECORD_CONTENT_H
#define ARETE_RUN_RECORD_CONTENT_H

#include "base/error.h"
#include "checkpoint/campaign.h"
#include "model/ridge/penalty_nodes.h"
#include "study/analysis.h"

/* Copies all but K and the residuals, which are large and stay the analysis's (record_create): the rest is
 * the campaign's own, released by campaign_free. The observed numbers are there to be filled. */
int record_content_fill(struct campaign *campaign, const struct analysis *analysis, struct error *err);
/* What permutations compute, once it is known. */
int record_content_fill_nodes(struct campaign *campaign, const struct penalty_nodes *nodes,
                              struct error *err);
/* This program and its kernels, as the one that writes a file. */
int record_content_fill_program(struct campaign *campaign, struct error *err);

/* In a rank that has nothing of these yet: folds, covariates, penalties, exchangeability blocks, counts. */
int record_content_take(struct analysis *analysis, const struct campaign *campaign, struct error *err);
int record_content_take_nodes(struct penalty_nodes *nodes, const struct campaign *campaign,
                              struct error *err);

#endif
