/* The permutations that a campaign does not have yet. */
#ifndef ARETE_RUN_PERMUTE_H
#define ARETE_RUN_PERMUTE_H

#include "base/error.h"
#include "run/node_operators.h"
#include "run/record.h"
#include "run/session.h"
#include "study/analysis.h"
#include "tasks/permutation_graph.h"

#include <stdint.h>

/* What the graph of permutations reads; all of it must stay. targets: n x T floats of this machine. */
struct permutation_graph_input permute_input(const struct analysis *analysis,
                                             const struct node_operators *operators,
                                             const struct baseline *scored, const float *targets);

/* Computes and saves all units of `record` that are not done. n_permutations: the study's. asked:
 * permutations a block at most, as the study file has it (0 = as this rank's workers would have it).
 * Collective. When the session is asked to stop, what is in flight is saved, and the error is
 * EXIT_CODE_STOPPED. */
int permute(struct session *session, const struct permutation_graph_input *input, struct record *record,
            int64_t n_permutations, int64_t asked, struct error *err);

/* Units a block at most: those that hold the permutations asked for, or, where none are (0), by_default; not
 * more than a block's save has room for (UNIT_BLOCKS_MOST_TILES column tiles, unit_tiles a unit). */
int64_t permute_units_per_block(int64_t asked, int64_t unit_permutations, int64_t unit_tiles,
                                int64_t by_default);

#endif
