/* What rank 0 knows and the other ranks need: fields of the campaign, as its schema says
 * (checkpoint/campaign_schema.c), and a few numbers of this run. All are collective, and do nothing with one
 * rank. */
#ifndef ARETE_RUN_BROADCAST_H
#define ARETE_RUN_BROADCAST_H

#include "base/error.h"
#include "planning/placement.h"
#include "ranks/ranks.h"
#include "run/record.h"
#include "run/session.h"
#include "study/analysis.h"

#include <stdbool.h>

/* Whose genotypes are read, where no earlier campaign has K: the ranks that read SNPs have opened the same
 * files and kept the same subjects afterwards. In others of `analysis` only the study need be loaded. */
int broadcast_subjects(struct ranks *ranks, struct analysis *analysis, bool *resumed, struct error *err);

/* Everybody as K has left them, in their final order: the genotypes of every rank are those of these people
 * afterwards, and are opened where they were not. After K. */
int broadcast_people(struct ranks *ranks, struct analysis *analysis, struct error *err);

/* Says in the log when a rank's BLAS kernels are others than rank 0's. */
int broadcast_kernels(struct session *session, struct error *err);

/* Folds, covariates, penalties, exchangeability blocks and counts, into the campaign and the analysis of each
 * rank; and how operators are placed. Says in the log when a rank's BLAS kernels are others than rank 0's. */
int broadcast_study(struct session *session, struct analysis *analysis, struct campaign *campaign,
                    enum placement_kind *placement, struct error *err);

/* The penalty nodes and how permutations are made, into the campaign, and how operators are placed. */
int broadcast_nodes(struct ranks *ranks, struct campaign *campaign, enum placement_kind *placement,
                    struct error *err);

/* Of a campaign that is made or read: exchangeability blocks and how permutations are made, into the campaign
 * of each rank. */
int broadcast_permutations(struct ranks *ranks, struct campaign *campaign, struct error *err);

/* What part files say of their campaign, and which units are done. */
int broadcast_units(struct ranks *ranks, struct record *record, struct error *err);

#endif
