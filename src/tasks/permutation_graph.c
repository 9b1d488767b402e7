#include "tasks/permutation_graph.h"

#include "base/memory.h"
#include "codelets/baseline_batch.h"
#include "codelets/data_list.h"
#include "codelets/gather_targets.h"
#include "codelets/reduce.h"
#include "codelets/ridge_batch.h"
#include "codelets/run_status.h"
#include "codelets/save_block.h"
#include "planning/buffers.h"
#include "ranks/collectives.h"
#include "tasks/block_loop.h"
#include "tasks/handles.h"
#include "tasks/in_flight.h"
#include "tasks/tile_slots.h"

#include <stdlib.h>
#include <string.h>

struct permutation_run {
    struct runtime *runtime;
    const struct permutation_graph_input *input;
    struct ridge_tiling tiling;
    size_t *n_test; /* n_outer */
    struct tile_slots tiles;
    size_t next_tile; /* column tiles submitted so far */
    struct block_slot blocks[BUFFERS_BLOCKS];
    size_t next_block; /* submitted so far: blocks, or pieces of them, that this rank saves */
    starpu_data_handle_t targets, orders, workspace, file;
    struct campaign_units *units; /* where blocks are saved */
    struct block_loop loop;
};

static int run_init(struct permutation_run *run, struct runtime *runtime,
                    const struct permutation_graph_input *input, size_t block_units, size_t n_blocks,
                    struct error *err)
{
    const struct folds *folds = input->folds;
    *run = (struct permutation_run){.runtime = runtime, .input = input, .loop = {.runtime = runtime}};
    run->tiling = ridge_tiling_of(input->n_targets);
    size_t columns = ridge_tiling_most_columns(&run->tiling);
    if (in_flight_init(&run->loop.in_flight, err) == 0)
        tile_slots_init(&run->tiles, (size_t)runtime->n_workers + BUFFERS_SPARE_COLUMN_TILES, folds->n,
                        folds->n_outer, input->operators->n_penalties, columns, err);
    run->n_test = memory_zeroed(folds->n_outer, sizeof *run->n_test, "test set sizes", err);
    for (size_t b = 0; err->code == 0 && b < n_blocks; b++)
        block_slot_init(&run->blocks[b], &run->tiling, block_units, err);
    if (err->code != 0)
        return err->code;
    for (size_t o = 0; o < folds->n_outer; o++)
        run->n_test[o] = folds->rows[o].n_test;
    handles_register_matrix(&run->targets, input->targets, folds->n, input->n_targets, input->n_targets,
                            sizeof *input->targets);
    handles_register_scratch(&run->workspace, ridge_workspace(folds, input->baseline->c, columns),
                             sizeof(float));
    handles_register_scratch(&run->orders, 2 * folds->n, sizeof(uint32_t));
    starpu_void_data_register(&run->file);
    return 0;
}

static void run_free(struct permutation_run *run)
{
    tile_slots_free(&run->tiles);
    for (size_t b = 0; b < BUFFERS_BLOCKS; b++)
        block_slot_free(&run->blocks[b]);
    handles_unregister(&run->targets, 1);
    handles_unregister(&run->workspace, 1);
    handles_unregister(&run->orders, 1);
    handles_unregister(&run->file, 1);
    free(run->n_test);
    in_flight_free(&run->loop.in_flight);
}

/* One column tile of a block: a unit of permutations of one slice of the targets. */
struct tile {
    size_t slice;
    uint64_t first_permutation; /* of the unit */
    starpu_data_handle_t scores;
};

static bool owns(const struct permutation_run *run, int64_t block)
{
    return placement_owner(run->input->placement, block) == run->runtime->ranks->rank;
}

/* The sums of one penalty. */
static int submit_penalty(struct permutation_run *run, const struct tile *tile, const struct tile_slot *slot,
                          size_t k, int priority, struct error *err)
{
    const struct shared_operators *shared = run->input->operators;
    struct ridge_batch_args ridge = {run->runtime->status, run->input->folds, shared->layouts,
                                     ridge_tiling_columns(&run->tiling, tile->slice)};
    const struct ridge_batch_data data = {
        .p = shared->p_handles[k],
        .fold_operators = shared->fold_handles + k * shared->n_outer,
        .gathered = slot->gathered_handle,
        .workspace = run->workspace,
        .sums = slot->sums_handles[k],
    };
    return ridge_batch_submit(&ridge, &data, priority, err);
}

/* All tasks of one column tile, up to its scores. */
static int submit_tile(struct permutation_run *run, const struct tile *tile, struct error *err)
{
    const struct permutation_graph_input *input = run->input;
    struct run_status *status = run->runtime->status;
    const struct shared_operators *shared = input->operators;
    const struct tile_slot *slot = &run->tiles.slots[run->next_tile % run->tiles.n_slots];
    size_t columns = ridge_tiling_columns(&run->tiling, tile->slice);
    int priority = -(int)(run->next_tile++ % INT32_MAX); /* earlier tiles first: blocks finish in order */
    struct gather_targets_args gather = {status, input->scheme, &run->tiling, tile->first_permutation,
                                         tile->slice};
    struct baseline_batch_args baseline = {status, input->folds, input->baseline, columns};
    struct reduce_args reduce = {status,      input->score, input->nodes,
                                 run->n_test, columns,      &run->loop.n_reduced};
    if (gather_targets_submit(&gather, run->targets, run->orders, slot->gathered_handle, priority, err) != 0)
        return err->code;
    if (baseline_batch_submit(&baseline, slot->gathered_handle, run->workspace, slot->baseline_handle,
                              priority, err) != 0)
        return err->code;
    for (size_t k = 0; k < shared->n_penalties; k++)
        if (submit_penalty(run, tile, slot, k, priority, err) != 0)
            return err->code;
    return reduce_submit(&reduce, slot->sums_handles, slot->baseline_handle, tile->scores, 1, err);
}

int permutation_graph_observed(struct runtime *runtime, const struct permutation_graph_input *input,
                               float *score, const struct progress_sink *progress, struct error *err)
{
    const int64_t block = 0; /* rank 0 owns it */
    struct permutation_run run;
    run_init(&run, runtime, input, 1, 1, err);
    if (collectives_agree(runtime->ranks, err) == 0) {
        for (size_t s = 0; err->code == 0 && owns(&run, block) && s < run.tiling.n_slices; s++)
            submit_tile(&run, &(struct tile){.slice = s, .scores = run.blocks[0].tiles[s]}, err);
        runtime_wait(runtime, progress, "while computing the observed scores", err);
        if (err->code == 0 && owns(&run, block))
            memcpy(score, run.blocks[0].rows, input->n_targets * sizeof *score);
    }
    run_free(&run);
    return err->code;
}

static bool owns_block(const void *context, const struct unit_block *block)
{
    return owns(context, block->number);
}

static int submit_block(void *context, const struct unit_block *block, struct error *err)
{
    struct permutation_run *run = context;
    size_t n_slices = run->tiling.n_slices, n_tiles = (size_t)block->count * n_slices;
    const struct block_slot *slot = &run->blocks[run->next_block % BUFFERS_BLOCKS];
    for (size_t t = 0; t < n_tiles; t++) {
        size_t unit = (size_t)block->first + t / n_slices;
        struct tile tile = {.slice = t % n_slices,
                            .first_permutation = unit * run->tiling.unit_permutations + 1,
                            .scores = slot->tiles[t]};
        if (submit_tile(run, &tile, err) != 0)
            return err->code;
    }
    struct save_block_args save = {.status = run->runtime->status,
                                   .units = run->units,
                                   .first_unit = block->first,
                                   .n_units = block->count,
                                   .n_tiles = n_tiles,
                                   .rows = slot->rows,
                                   .done = {in_flight_block_saved, &run->loop.in_flight}};
    run->next_block++;
    run->loop.n_units_submitted += block->count;
    in_flight_add_block(&run->loop.in_flight);
    return save_block_submit(&save, slot->tiles, run->file, 2, err);
}

static void begin_loop(struct permutation_run *run, const struct progress_sink *progress)
{
    struct block_loop *loop = &run->loop;
    loop->progress = progress;
    loop->pieces_of_unit = (long long)run->tiling.n_slices;
    loop->most_blocks = BUFFERS_BLOCKS - 1;
    loop->context = run;
    loop->takes_part = owns_block;
    loop->submit = submit_block;
}

int permutation_graph_run(struct runtime *runtime, const struct permutation_graph_input *input,
                          struct campaign_units *units, struct unit_blocks *blocks,
                          const struct progress_sink *progress, struct error *err)
{
    _Static_assert((int)UNIT_BLOCKS_MOST_TILES < (int)DATA_LIST_MOST,
                   "save_block takes a buffer for each tile, and the file's");
    struct permutation_run run;
    run_init(&run, runtime, input, (size_t)blocks->largest, BUFFERS_BLOCKS, err);
    run.units = units;
    if (collectives_agree(runtime->ranks, err) == 0) {
        begin_loop(&run, progress);
        block_loop_run(&run.loop, blocks, err);
    }
    run_free(&run);
    return err->code;
}
