/* What permutations compute with: the penalties that they compute (the penalty nodes), and the operators of
 * these, with the machine on which each stands, or their forms. */
#ifndef ARETE_RUN_NODE_OPERATORS_H
#define ARETE_RUN_NODE_OPERATORS_H

#include "base/error.h"
#include "checkpoint/campaign.h"
#include "model/orbits/orbit_engine.h"
#include "model/orbits/orbit_tiling.h"
#include "model/ridge/penalty_nodes.h"
#include "planning/fold_chains.h"
#include "run/session.h"
#include "study/analysis.h"
#include "tasks/shared_operators.h"
#include "tasks/shared_svd.h"
#include "tasks/study_forms.h"

struct node_operators {
    enum placement_kind kind; /* how operators are placed, as far as it is known: node_operators_place */
    bool orbits;              /* whether permutations come in orbits, as far as it is known: likewise */
    bool orbits_are_known;    /* from an earlier campaign */
    int n_builders; /* ranks of a machine that build, as far as memory is known to allow: likewise */
    /* Of the campaign's file, and of what the ranks of a machine share, at least; before people are dropped
     * as relatives. */
    double campaign_bytes, window_bytes;
    struct penalty_nodes nodes;
    struct placement placement; /* of the nodes */
    size_t pass_folds;          /* outer folds of a pass, on all machines together; all of them: one pass */
    struct fold_chains chains;  /* who has which folds of this pass: node_operators_begin_pass */
    struct fold_span built;     /* the folds of the pass whose operators or forms are there */
    struct shared_svd svd;      /* from which those of the next pass are built */
    /* Of this machine's folds; where permutations are drawn one by one operators, else forms: */
    struct shared_operators shared;
    struct study_forms forms;
    struct orbit_tiling tiling;
    struct orbit_scheme scheme;
    struct orbit_engine engine;
};

/* Decides whether permutations come in orbits, and how operators are placed, so that each machine's part fits
 * into its memory: from the penalty nodes or, before they are known, from as few of them as there may be. In
 * rank 0. Refuses as analysis_choose_method and analysis_place do. */
int node_operators_place(struct node_operators *operators, struct session *session,
                         const struct analysis *analysis, struct error *err);

/* Rank 0's n_builders, to all. Collective. */
int node_operators_broadcast_builders(struct node_operators *operators, struct ranks *ranks,
                                      struct error *err);

/* Rank 0's nodes, and in which orbits permutations come, go into its campaign, if they are not there yet, and
 * from there into every rank's; then nodes are placed. Collective. */
int node_operators_settle(struct node_operators *operators, struct session *session,
                          const struct analysis *analysis, struct campaign *campaign, struct error *err);

/* The folds of the pass that comes next. */
void node_operators_begin_pass(struct node_operators *operators, struct fold_span folds);

/* Collective, before the workers stop. */
void node_operators_free(struct node_operators *operators, struct ranks *ranks);

#endif
