/* The DAG of permutations in orbits: arrange_targets -> orbit_batch of every band of frequencies ->
 * reduce_orbit of every group of columns -> save_block. In a pass that is not the first, load_sums brings
 * what the folds before add up to.
 *
 * With several ranks, each block is computed by the ranks of its lane (planning/fold_chains.h). With
 * `replicate` that is one rank, and nothing travels. Else each has some of the folds, takes the sums of a
 * group of columns from the rank before it and hands its own on, and the last one saves. */
#ifndef ARETE_TASKS_ORBIT_GRAPH_H
#define ARETE_TASKS_ORBIT_GRAPH_H

#include "checkpoint/campaign.h"
#include "model/orbits/orbit_tiling.h"
#include "model/ridge/penalty_nodes.h"
#include "model/ridge/score.h"
#include "planning/fold_chains.h"
#include "planning/unit_blocks.h"
#include "tasks/progress.h"
#include "tasks/runtime.h"
#include "tasks/study_forms.h"

#include <stddef.h>

struct orbit_graph_input {
    const struct study_forms *forms;   /* with the engine and so the scheme; of the folds of this pass */
    const struct campaign_units *from; /* the sums of the folds before the pass; NULL in the first one */
    const struct penalty_nodes *nodes;
    const struct fold_chains *chains; /* who computes and saves which block */
    struct orbit_tiling tiling;
    const float *targets; /* n x T */
    const int32_t *outer; /* n: each subject's outer fold */
    size_t n_covariates;  /* with the intercept */
    enum score_kind score;
    /* Of the data as they are, in double (model/orbits/orbit_reduce.h). */
    const double *error, *baseline;
};

/* Computes and saves every unit that is not done, block by block, this rank what it saves in `units`: those
 * of the campaign in the last pass, else those of the sums (checkpoint/fold_sums.h). blocks are cut for the
 * lanes. As permutation_graph_run; where sums travel all ranks stop at the same blocks. Collective. */
int orbit_graph_run(struct runtime *runtime, const struct orbit_graph_input *input,
                    struct campaign_units *units, struct unit_blocks *blocks,
                    const struct progress_sink *progress, struct error *err);

/* Buffers that the save of one unit takes, for unit_blocks_most. */
size_t orbit_graph_unit_pieces(const struct orbit_tiling *tiling);

#endif
