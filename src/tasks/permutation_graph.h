/* The graph of tasks of the permutations drawn one by one:
 *
 *     gather_targets -> ridge_batch (each penalty), baseline_batch -> reduce -> save_block
 *
 * In a pass over some of the outer folds that is not the first, load_sums brings what the folds before add up
 * to. With several ranks, each block is computed by the ranks of its lane (planning/fold_chains.h). With
 * `replicate` that is one rank, and nothing travels. Else each has some of the folds, takes a tile's sums
 * from the rank before it and hands its own on, and the last one saves. All functions are collective. */
#ifndef ARETE_TASKS_PERMUTATION_GRAPH_H
#define ARETE_TASKS_PERMUTATION_GRAPH_H

#include "checkpoint/campaign.h"
#include "model/ridge/baseline.h"
#include "model/ridge/folds.h"
#include "model/ridge/penalty_nodes.h"
#include "model/ridge/ridge.h"
#include "model/ridge/score.h"
#include "model/stats/permutation.h"
#include "planning/fold_chains.h"
#include "planning/unit_blocks.h"
#include "tasks/operator_graph.h"
#include "tasks/progress.h"
#include "tasks/runtime.h"

#include <stddef.h>
#include <stdint.h>

struct permutation_graph_input {
    const struct folds *folds;
    const struct penalty_nodes *nodes;
    const struct shared_operators *operators; /* of the nodes, and of this machine's folds of the pass */
    const struct campaign_units *from; /* the sums of the folds before the pass; NULL in the first one */
    const struct fold_chains *chains;  /* of the pass: who computes and saves which block */
    const struct baseline *baseline;
    const struct permutation_scheme *scheme;
    const float *targets; /* n x T, row-major: residuals on the covariates */
    size_t n_targets;
    enum score_kind score;
};

/* Scores of permutation 0, the identity, in the same float32 arithmetic as all others: computed as the first
 * of a full unit, permutations 0 ... G-1. In rank 0 score, T floats, is filled in the last pass. Before, sums
 * are: permutation_graph_sums doubles, which the next pass takes up from there. */
int permutation_graph_observed(struct runtime *runtime, const struct permutation_graph_input *input,
                               double *sums, float *score, const struct progress_sink *progress,
                               struct error *err);
size_t permutation_graph_sums(const struct permutation_graph_input *input);

/* Computes and saves every unit that is not done, block by block, this rank what it saves in `units`: those
 * of the campaign in the last pass, else those of the sums (checkpoint/fold_sums.h). blocks are cut for the
 * lanes: unit_blocks_begin has been called, with the same arguments in all ranks. Memory does not grow with
 * the number of units.
 *
 * progress->update gets the units that are done, of all units of the study. When progress->stop_requested
 * says so, what is in flight is finished and saved, and the error is EXIT_CODE_STOPPED; where sums travel all
 * ranks stop at the same blocks. */
int permutation_graph_run(struct runtime *runtime, const struct permutation_graph_input *input,
                          struct campaign_units *units, struct unit_blocks *blocks,
                          const struct progress_sink *progress, struct error *err);

#endif
