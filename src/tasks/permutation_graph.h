/* The graph of tasks of the permutations:
 *
 *     gather_targets -> ridge_batch (each penalty), baseline_batch -> reduce -> save_block
 *
 * With several ranks, each block is computed and saved by its owner (planning/placement.h), and nothing
 * travels. All functions are collective. */
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
#include "tasks/operator_graph.h"
#include "tasks/progress.h"
#include "tasks/runtime.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct permutation_graph_input {
    const struct folds *folds;
    const struct penalty_nodes *nodes;
    const struct shared_operators *operators; /* of the nodes */
    const struct placement *placement;
    const struct baseline *baseline;
    const struct permutation_scheme *scheme;
    const float *targets; /* n x T, row-major: residuals on the covariates */
    size_t n_targets;
    enum score_kind score;
};

/* Scores of permutation 0, the identity, in the same float32 arithmetic as all others: computed as the first
 * of a full unit, permutations 0 ... G-1. score: T floats, filled in rank 0. */
int permutation_graph_observed(struct runtime *runtime, const struct permutation_graph_input *input,
                               float *score, const struct progress_sink *progress, struct error *err);

/* Computes and saves every unit that is not done, block by block. A rank saves the blocks that it owns to its
 * `units`. blocks: unit_blocks_begin has been called, with the same arguments in all ranks. Memory does not
 * grow with the number of units.
 *
 * progress->update gets the units that are done, of all units of the study. When progress->stop_requested
 * says so, what is in flight is finished and saved, and the error is EXIT_CODE_STOPPED. */
int permutation_graph_run(struct runtime *runtime, const struct permutation_graph_input *input,
                          struct campaign_units *units, struct unit_blocks *blocks,
                          const struct progress_sink *progress, struct error *err);

#endif
