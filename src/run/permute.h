/* The permutations that a campaign does not have yet. */
#ifndef ARETE_RUN_PERMUTE_H
#define ARETE_RUN_PERMUTE_H

#include "base/error.h"
#include "run/baselines.h"
#include "run/node_operators.h"
#include "run/record.h"
#include "run/session.h"
#include "study/analysis.h"
#include "tasks/orbit_graph.h"
#include "tasks/permutation_graph.h"

#include <stdint.h>

/* What the graph of permutations reads: of those in orbits, or of those drawn one by one. Forms or operators
 * are built pass after pass. */
struct permute_input {
    bool orbits;
    struct orbit_graph_input in_orbits;
    struct permutation_graph_input one_by_one;
    const struct analysis *analysis;
    const struct baselines *baselines;
    struct node_operators *operators;
};

/* All that is named must stay. targets: n x T floats of this machine. */
struct permute_input permute_input(const struct analysis *analysis, struct node_operators *operators,
                                   const struct campaign *campaign, const struct baselines *baselines,
                                   const float *targets);

/* Computes and saves all units of `record` that are not done. Collective. When the session is asked to stop,
 * what is in flight is saved, and the error is EXIT_CODE_STOPPED. */
int permute(struct session *session, struct permute_input *input, struct record *record, struct error *err);

#endif
