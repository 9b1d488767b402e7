#include "tasks/permutation_graph.h"

#include "base/memory.h"
#include "codelets/baseline_batch.h"
#include "codelets/data_list.h"
#include "codelets/gather_targets.h"
#include "codelets/reduce.h"
#include "codelets/ridge_batch.h"
#include "codelets/run_status.h"
#include "planning/buffers.h"
#include "ranks/collectives.h"
#include "tasks/block_chain.h"
#include "tasks/handles.h"
#include "tasks/tile_slots.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct permutation_run {
    struct block_chain chain;
    struct runtime *runtime;
    const struct permutation_graph_input *input;
    bool observes; /* permutation 0, of which nothing is read from a file or saved */
    struct ridge_tiling tiling;
    size_t *n_test; /* n_outer */
    struct tile_slots tiles;
    size_t next_tile; /* column tiles submitted so far */
    struct block_shape shape;
    struct block_slot blocks[BUFFERS_BLOCKS];
    size_t next_block; /* submitted so far: blocks, or pieces of them, in which this rank takes part */
    starpu_data_handle_t targets, orders, workspace;
};

/* The folds that this rank computes. */
static struct fold_span span_of(const struct permutation_run *run)
{
    return run->input->operators->span;
}

static struct block_shape block_shape(const struct permutation_run *run, size_t n_units)
{
    struct fold_span span = span_of(run);
    size_t sums = score_sum_doubles(run->input->score);
    bool is_last = span.first + span.count == run->input->folds->n_outer;
    return (struct block_shape){.tiling = &run->tiling,
                                .n_units = n_units,
                                .sums = is_last ? 0 : sums,
                                .from = span.first > 0 ? sums : 0,
                                .from_travels = block_chain_receives(&run->chain)};
}

static int allocate(struct permutation_run *run, size_t n_blocks, struct error *err)
{
    const struct folds *folds = run->input->folds;
    run->n_test = memory_zeroed(folds->n_outer, sizeof *run->n_test, "test set sizes", err);
    for (size_t o = 0; run->n_test != NULL && o < folds->n_outer; o++)
        run->n_test[o] = folds->rows[o].n_test;
    tile_slots_init(&run->tiles, (size_t)run->runtime->n_workers + BUFFERS_SPARE_COLUMN_TILES, folds->n,
                    span_of(run).count, run->input->operators->n_penalties,
                    ridge_tiling_most_columns(&run->tiling), err);
    for (size_t b = 0; err->code == 0 && b < n_blocks; b++)
        block_slot_init(&run->blocks[b], &run->shape, err);
    return err->code;
}

static void register_shared(struct permutation_run *run)
{
    const struct permutation_graph_input *input = run->input;
    size_t n = input->folds->n, columns = ridge_tiling_most_columns(&run->tiling);
    handles_register_matrix(&run->targets, input->targets, n, input->n_targets, input->n_targets,
                            sizeof *input->targets);
    handles_register_scratch(&run->workspace, ridge_workspace(input->folds, input->baseline->c, columns),
                             sizeof(float));
    handles_register_scratch(&run->orders, 2 * n, sizeof(uint32_t));
}

static int run_init(struct permutation_run *run, size_t block_units, size_t n_blocks, struct error *err)
{
    run->tiling = ridge_tiling_of(run->input->n_targets);
    run->chain.runtime = run->runtime;
    run->chain.chains = run->input->chains;
    run->chain.from = run->input->from;
    if (block_chain_init(&run->chain, err) != 0 || run->chain.link < 0)
        return err->code;
    run->shape = block_shape(run, block_units);
    if (allocate(run, n_blocks, err) == 0)
        register_shared(run);
    return err->code;
}

static void run_free(struct permutation_run *run)
{
    tile_slots_free(&run->tiles);
    for (size_t b = 0; b < BUFFERS_BLOCKS; b++)
        block_slot_free(&run->blocks[b]);
    handles_unregister(&run->targets, 1);
    handles_unregister(&run->workspace, 1);
    handles_unregister(&run->orders, 1);
    block_chain_free(&run->chain);
    free(run->n_test);
}

/* One column tile of a block: a unit of permutations of one slice of the targets. */
struct tile {
    const struct block_slot *block;
    int lane;
    uint64_t unit;
    size_t number, slice; /* in the block; in the unit */
};

/* The sums of one penalty. */
static int submit_penalty(struct permutation_run *run, size_t columns, const struct tile_slot *slot, size_t k,
                          int priority, struct error *err)
{
    const struct shared_operators *shared = run->input->operators;
    struct ridge_batch_args ridge = {run->runtime->status, run->input->folds, shared->span, shared->layouts,
                                     columns};
    const struct ridge_batch_data data = {
        .p = shared->p_handles[k],
        .fold_operators = shared->fold_handles + k * shared->span.count,
        .gathered = slot->gathered_handle,
        .workspace = run->workspace,
        .sums = slot->sums_handles[k],
    };
    return ridge_batch_submit(&ridge, &data, priority, err);
}

static int submit_gather(struct permutation_run *run, const struct tile *tile, const struct tile_slot *slot,
                         int priority, struct error *err)
{
    const struct permutation_graph_input *input = run->input;
    struct run_status *status = run->runtime->status;
    size_t columns = ridge_tiling_columns(&run->tiling, tile->slice);
    struct gather_targets_args gather = {status, input->scheme, &run->tiling,
                                         run->observes ? 0 : tile->unit * run->tiling.unit_permutations + 1,
                                         tile->slice};
    struct baseline_batch_args baseline = {status, input->folds, span_of(run), input->baseline, columns};
    if (gather_targets_submit(&gather, run->targets, run->orders, slot->gathered_handle, priority, err) != 0)
        return err->code;
    return baseline_batch_submit(&baseline, slot->gathered_handle, run->workspace, slot->baseline_handle,
                                 priority, err);
}

static int submit_reduce(struct permutation_run *run, const struct tile *tile, const struct tile_slot *slot,
                         struct error *err)
{
    const int soon = 1;
    const struct permutation_graph_input *input = run->input;
    const struct block_slot *block = tile->block;
    size_t first = block_slot_first_column(&run->tiling, tile->number);
    struct reduce_args reduce = {.status = run->runtime->status,
                                 .kind = input->score,
                                 .nodes = input->nodes,
                                 .n_test = run->n_test,
                                 .span = span_of(run),
                                 .columns = ridge_tiling_columns(&run->tiling, tile->slice),
                                 .from = block->from != NULL ? block->from + first * run->shape.from : NULL,
                                 .n_reduced = block_chain_counter(&run->chain)};
    const struct reduce_data data = {.sums = slot->sums_handles,
                                     .baseline = slot->baseline_handle,
                                     .from = run->shape.from_travels ? block->from_tiles[tile->number]
                                             : run->observes         ? NULL
                                                                     : block->loaded,
                                     .to = block->tiles[tile->number]};
    return reduce_submit(&reduce, &data, soon, err);
}

/* What travels of a tile. */
static struct hand_on_group group_of(const struct permutation_run *run, const struct tile *tile,
                                     starpu_data_handle_t handle)
{
    return (struct hand_on_group){.lane = tile->lane,
                                  .row = (int64_t)(tile->unit * run->tiling.n_slices + tile->slice),
                                  .rows = handle};
}

/* All tasks of one column tile, up to its scores. Earlier tiles come first: blocks finish in order. */
static int submit_tile(struct permutation_run *run, const struct tile *tile, struct error *err)
{
    const struct hand_on hand_on = block_chain_hand_on(&run->chain);
    const struct tile_slot *slot = &run->tiles.slots[run->next_tile % run->tiles.n_slots];
    size_t columns = ridge_tiling_columns(&run->tiling, tile->slice);
    int priority = -(int)(run->next_tile++ % INT32_MAX);
    submit_gather(run, tile, slot, priority, err);
    for (size_t k = 0; err->code == 0 && k < run->input->operators->n_penalties; k++)
        submit_penalty(run, columns, slot, k, priority, err);
    if (err->code == 0 && run->shape.from_travels) {
        struct hand_on_group from = group_of(run, tile, tile->block->from_tiles[tile->number]);
        hand_on_receive(&hand_on, &from, err);
    }
    if (err->code != 0 || submit_reduce(run, tile, slot, err) != 0 || !block_chain_sends(&run->chain))
        return err->code;
    struct hand_on_group own = group_of(run, tile, tile->block->tiles[tile->number]);
    return hand_on_send(&hand_on, &own, err);
}

static int submit_block(void *context, const struct unit_block *block, struct error *err)
{
    struct permutation_run *run = context;
    size_t n_slices = run->tiling.n_slices, n_tiles = (size_t)block->count * n_slices;
    const struct block_slot *slot = &run->blocks[run->next_block++ % BUFFERS_BLOCKS];
    if (slot->loaded != NULL && !run->observes &&
        block_chain_load(&run->chain, block, NULL, slot->from, slot->loaded, err) != 0)
        return err->code;
    for (size_t t = 0; err->code == 0 && t < n_tiles; t++)
        submit_tile(run,
                    &(struct tile){.block = slot,
                                   .lane = block_chain_lane(&run->chain, block),
                                   .unit = (uint64_t)block->first + t / n_slices,
                                   .number = t,
                                   .slice = t % n_slices},
                    err);
    if (err->code != 0 || run->observes)
        return err->code;
    const struct save_block_args save = {.n_tiles = n_tiles, .rows = slot->rows, .tolerance = slot->sums};
    return block_chain_save(&run->chain, block, save, slot->tiles, err);
}

size_t permutation_graph_sums(const struct permutation_graph_input *input)
{
    struct ridge_tiling tiling = ridge_tiling_of(input->n_targets);
    return tiling.unit_permutations * input->n_targets * score_sum_doubles(input->score);
}

/* From the last rank of the chain to rank 0, which begins the next pass or keeps the scores. */
static int collect_observed(const struct permutation_run *run, double *sums, float *score, struct error *err)
{
    const struct fold_chains *chains = run->input->chains;
    struct ranks *ranks = run->runtime->ranks;
    const struct block_slot *block = &run->blocks[0];
    bool is_last = chains->folds.first + chains->folds.count == run->input->folds->n_outer;
    size_t bytes =
        is_last ? run->input->n_targets * sizeof *score : permutation_graph_sums(run->input) * sizeof *sums;
    int owner = fold_chains_rank(chains, 0, chains->n_links - 1);
    void *own = is_last ? (void *)block->rows : block->sums, *wanted = is_last ? (void *)score : sums;
    if (owner != 0)
        return collectives_copy(ranks, ranks->rank == owner ? own : wanted, bytes, owner, 0, err);
    if (ranks->rank == 0)
        memcpy(wanted, own, bytes);
    return 0;
}

/* The one block, until its sums have left. */
static void observe(struct permutation_run *run, const struct progress_sink *progress, struct error *err)
{
    static const char interrupted[] = "while computing the observed scores";
    const struct unit_block block = {.number = 0, .first = 0, .count = 1};
    struct runtime *runtime = run->runtime;
    if (fold_chains_link(run->input->chains, block_chain_lane(&run->chain, &block), runtime->ranks->rank) >=
        0)
        submit_block(run, &block, err);
    while (err->code == 0 && !run_status_failed(runtime->status) &&
           !in_flight_has_room(&run->chain.loop.in_flight, 0, 0)) {
        runtime_adopt_failure(runtime);
        runtime_heed_stop(runtime, progress, interrupted);
    }
    runtime_wait(runtime, progress, interrupted, err);
}

/* Block 0 is lane 0's, whose first link is rank 0. */
int permutation_graph_observed(struct runtime *runtime, const struct permutation_graph_input *input,
                               double *sums, float *score, const struct progress_sink *progress,
                               struct error *err)
{
    struct permutation_run run = {.runtime = runtime, .input = input, .observes = true};
    run_init(&run, 1, 1, err);
    if (collectives_agree(runtime->ranks, err) == 0) {
        if (run.blocks[0].loaded != NULL && runtime->ranks->rank == 0)
            memcpy(run.blocks[0].from, sums, permutation_graph_sums(input) * sizeof *sums);
        observe(&run, progress, err);
    }
    if (collectives_agree(runtime->ranks, err) == 0)
        collect_observed(&run, sums, score, err);
    run_free(&run);
    return collectives_agree(runtime->ranks, err);
}

int permutation_graph_run(struct runtime *runtime, const struct permutation_graph_input *input,
                          struct campaign_units *units, struct unit_blocks *blocks,
                          const struct progress_sink *progress, struct error *err)
{
    _Static_assert((int)UNIT_BLOCKS_MOST_TILES < (int)DATA_LIST_MOST,
                   "save_block takes a buffer for each tile, and the file's");
    struct permutation_run run = {.runtime = runtime, .input = input, .chain = {.units = units}};
    run_init(&run, (size_t)blocks->largest, BUFFERS_BLOCKS, err);
    run.chain.context = &run;
    run.chain.submit = submit_block;
    if (collectives_agree(runtime->ranks, err) == 0)
        block_chain_run(&run.chain, blocks, (long long)run.tiling.n_slices, 2 * run.blocks[0].n_tiles,
                        progress, err);
    run_free(&run);
    return err->code;
}
