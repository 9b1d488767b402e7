/* The DAG of the permutations: gather_targets -> ridge_batch of every penalty, baseline_batch -> reduce ->
 * save_block.
 *
 * With several ranks each block is reduced and saved by its owner; a penalty's sums are computed where the
 * placement says and travel to the owner. All functions are collective then. */
#ifndef ARETE_TASKS_PERMUTATION_GRAPH_H
#define ARETE_TASKS_PERMUTATION_GRAPH_H

#include "checkpoint/campaign.h"
#include "model/ridge/baseline.h"
#include "model/ridge/folds.h"
#include "model/ridge/penalty_nodes.h"
#include "model/ridge/ridge.h"
#include "model/ridge/score.h"
#include "model/stats/permutation.h"
#include "planning/placement.h"
#include "planning/unit_blocks.h"
#include "tasks/factor_graph.h"
#include "tasks/progress.h"
#include "tasks/runtime.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct permutation_graph_input {
    const struct folds *folds;
    const struct penalty_nodes *nodes;
    const struct factors *factors; /* of the nodes */
    const struct placement *placement;
    const struct baseline *baseline;
    const struct permutation_scheme *scheme;
    const float *targets; /* n x T */
    size_t n_targets;
    enum score_kind score;
};

/* Scores of permutation 0 (float32 path): computed as the first of a full unit, permutations 0 ... G-1.
 * score: T floats, filled in rank 0. */
int permutation_graph_observed(struct runtime *runtime, const struct permutation_graph_input *input,
                               float *score, const struct progress_sink *progress, struct error *err);

/* Computes and saves every unit that is not done, block by block, this rank its own blocks in `units`. Memory
 * does not grow with the number of units. blocks: begun, the same in all ranks. progress counts the units
 * reduced in this rank, of all of them. When it asks to stop: what is in flight is finished and saved, and
 * the error is EXIT_CODE_STOPPED. */
int permutation_graph_run(struct runtime *runtime, const struct permutation_graph_input *input,
                          struct campaign_units *units, struct unit_blocks *blocks,
                          const struct progress_sink *progress, struct error *err);

#endif
