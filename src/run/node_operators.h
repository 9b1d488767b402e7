/* The penalties that permutations compute (the penalty nodes), their operators, and on which machine each
 * stands. */
#ifndef ARETE_RUN_NODE_OPERATORS_H
#define ARETE_RUN_NODE_OPERATORS_H

#include "base/error.h"
#include "checkpoint/campaign.h"
#include "model/ridge/penalty_nodes.h"
#include "planning/placement.h"
#include "run/session.h"
#include "study/analysis.h"
#include "tasks/shared_operators.h"

struct node_operators {
    enum placement_kind kind; /* how operators are placed, as far as it is known: node_operators_place */
    struct penalty_nodes nodes;
    struct placement placement; /* of the nodes */
    struct shared_operators shared;
};

/* Decides how operators are placed, so that each machine's part fits into its memory: from the penalty nodes
 * or, before they are known, from as few of them as there may be. In rank 0. Refuses as analysis_place. */
int node_operators_place(struct node_operators *operators, struct session *session,
                         const struct analysis *analysis, struct error *err);

/* Rank 0's nodes go into its campaign, if they are not there yet, and from there into every rank's; then they
 * are placed. Collective. */
int node_operators_settle(struct node_operators *operators, struct session *session,
                          const struct analysis *analysis, struct campaign *campaign, struct error *err);

/* Collective, before the workers stop. */
void node_operators_free(struct node_operators *operators, struct ranks *ranks);

#endif
