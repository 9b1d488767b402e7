/* The operators of the penalty nodes, from the one SVD on; and what is computed on the way, while every
 * penalty of the grid is gone through: the observed scores in double, and the nodes themselves. */
#ifndef ARETE_RUN_BUILD_OPERATORS_H
#define ARETE_RUN_BUILD_OPERATORS_H

#include "base/error.h"
#include "checkpoint/campaign.h"
#include "run/baselines.h"
#include "run/node_operators.h"
#include "run/session.h"
#include "study/analysis.h"

/* Of a new campaign. targets: n x T of this rank's machine, in double. operators: its kind is known; nodes,
 * placement and operators are filled. campaign: in rank 0 r2, r2_by_fold, penalty_by_fold, r and the nodes
 * are filled. Needs K in rank 0. Collective. */
int build_operators_and_observe(struct session *session, const struct analysis *analysis,
                                const struct baselines *baselines, const double *targets,
                                struct node_operators *operators, struct campaign *campaign,
                                struct error *err);

/* Of an earlier campaign, whose nodes are taken (in rank 0): what its further permutations need, up to the
 * SVD. Needs K in rank 0. Collective. */
int build_operators_again(struct session *session, const struct analysis *analysis, struct campaign *campaign,
                          struct node_operators *operators, struct error *err);

/* The operators or forms of the folds of operators->chains, in place of others, if they are not there yet.
 * Collective. */
int build_operators_of_pass(struct session *session, const struct analysis *analysis,
                            const struct baselines *baselines, struct node_operators *operators,
                            struct error *err);

#endif
