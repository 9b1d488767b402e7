/* What a rank does of blocks of units whose outer folds are spread over passes and machines, the same for
 * permutations drawn one by one and in orbits (permutation_graph.h, orbit_graph.h): which blocks it takes
 * part in, where it stands in their chain (planning/fold_chains.h), the sums over the folds before that it
 * reads or gets, and what it saves or hands on. */
#ifndef ARETE_TASKS_BLOCK_CHAIN_H
#define ARETE_TASKS_BLOCK_CHAIN_H

#include "base/error.h"
#include "checkpoint/campaign.h"
#include "codelets/save_block.h"
#include "planning/fold_chains.h"
#include "planning/unit_blocks.h"
#include "tasks/block_loop.h"
#include "tasks/common_stop.h"
#include "tasks/hand_on.h"
#include "tasks/progress.h"
#include "tasks/runtime.h"

#include <starpu.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

/* Nothing that a pointer names is owned. */
struct block_chain {
    struct runtime *runtime;
    const struct fold_chains *chains;
    const struct campaign_units *from; /* sums of the folds before the pass; NULL in the first one */
    struct campaign_units *units;      /* where blocks are saved */
    int link;                          /* of this rank; -1: it takes no part */
    starpu_data_handle_t file, from_file;
    struct common_stop common_stop;
    atomic_llong n_handed_on; /* pieces of units that others finish */
    struct block_loop loop;
    /* The graph's, for block_chain_run: all tasks of a block up to its save. */
    void *context;
    int (*submit)(void *context, const struct unit_block *block, struct error *err);
};

/* The first four members are the caller's to set. StarPU runs. Safe to free after a failure. */
int block_chain_init(struct block_chain *chain, struct error *err);
void block_chain_free(struct block_chain *chain);

/* Whether what this rank computes travels to another one, which saves it, or another one after that; whether
 * sums come from another rank. */
bool block_chain_sends(const struct block_chain *chain);
bool block_chain_receives(const struct block_chain *chain);

int block_chain_lane(const struct block_chain *chain, const struct unit_block *block);
struct hand_on block_chain_hand_on(struct block_chain *chain);
/* Where tasks count the pieces of units that they have finished. */
atomic_llong *block_chain_counter(struct block_chain *chain);

/* Reads what the folds before add up to for a block into arrays as campaign_units_load fills them; loaded: a
 * handle without data that guards both. */
int block_chain_load(struct block_chain *chain, const struct unit_block *block, float *rows, double *state,
                     starpu_data_handle_t loaded, struct error *err);
/* Saves a block, on the chain's last rank; elsewhere does nothing. rows, tolerance, and the handles that
 * guard them: as save_block has them. */
int block_chain_save(struct block_chain *chain, const struct unit_block *block, struct save_block_args save,
                     const starpu_data_handle_t *handles, struct error *err);

/* Submits and finishes all blocks in which this rank takes part (block_loop_run). pieces: of a unit, as the
 * tasks count them. most_messages: that are under way while another block is submitted. */
int block_chain_run(struct block_chain *chain, struct unit_blocks *blocks, long long pieces,
                    size_t most_messages, const struct progress_sink *progress, struct error *err);

#endif
