/* The DAG of permutations in orbits: arrange_targets -> orbit_batch of every band of frequencies ->
 * reduce_orbit of every group of columns -> save_block. In a pass that is not the first, load_sums brings
 * what the folds before add up to.
 *
 * With several ranks each block is computed and saved by its owner, and nothing travels. */
#ifndef ARETE_TASKS_ORBIT_GRAPH_H
#define ARETE_TASKS_ORBIT_GRAPH_H

#include "checkpoint/campaign.h"
#include "model/orbits/orbit_tiling.h"
#include "model/ridge/penalty_nodes.h"
#include "model/ridge/score.h"
#include "planning/placement.h"
#include "planning/unit_blocks.h"
#include "tasks/progress.h"
#include "tasks/runtime.h"
#include "tasks/study_forms.h"

#include <stddef.h>

struct orbit_graph_input {
    const struct study_forms *forms;   /* with the engine and so the scheme; of the folds of this pass */
    const struct campaign_units *from; /* the sums of the folds before them; NULL in the first pass */
    const struct penalty_nodes *nodes;
    const struct placement *placement; /* which rank owns which block */
    struct orbit_tiling tiling;
    const float *targets; /* n x T */
    enum score_kind score;
    /* Of the data as they are, in double (model/orbits/orbit_reduce.h). */
    const double *error, *baseline;
};

/* Computes and saves every unit that is not done, block by block, this rank its own blocks in `units`: those
 * of the campaign in the last pass, else those of the sums (checkpoint/fold_sums.h). As
 * permutation_graph_run. Collective. */
int orbit_graph_run(struct runtime *runtime, const struct orbit_graph_input *input,
                    struct campaign_units *units, struct unit_blocks *blocks,
                    const struct progress_sink *progress, struct error *err);

/* Buffers that the save of one unit takes, for unit_blocks_most. */
size_t orbit_graph_unit_pieces(const struct orbit_tiling *tiling);

#endif
