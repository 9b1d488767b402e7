/* The observed scores as the permutations compute theirs: what p compares. */
#ifndef ARETE_RUN_OBSERVE_SINGLE_H
#define ARETE_RUN_OBSERVE_SINGLE_H

#include "base/error.h"
#include "checkpoint/campaign.h"
#include "run/permute.h"
#include "run/session.h"

/* Permutation 0 in float32, into scores->score of rank 0, where scores->r2 (in double) is filled already: a
 * target that has no r2 gets no score either. Says in the log how far the two differ. Collective. */
int observe_single(struct session *session, struct permute_input *input, struct campaign *scores,
                   struct error *err);

#endif
