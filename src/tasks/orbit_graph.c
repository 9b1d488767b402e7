#include "tasks/orbit_graph.h"

#include "base/memory.h"
#include "codelets/arrange_targets.h"
#include "codelets/data_list.h"
#include "codelets/orbit_batch.h"
#include "codelets/reduce_orbit.h"
#include "planning/buffers.h"
#include "ranks/collectives.h"
#include "tasks/block_chain.h"
#include "tasks/handles.h"
#include "tasks/orbit_slots.h"

#include <stdbool.h>

struct orbit_run {
    struct block_chain chain;
    struct runtime *runtime;
    const struct orbit_graph_input *input;
    struct orbit_reduce reduce;
    size_t tile_rows, most_groups; /* of a full tile */
    struct orbit_tile_slots tiles;
    size_t next_tile; /* tiles submitted so far */
    struct orbit_block_slot blocks[BUFFERS_BLOCKS];
    size_t next_block; /* blocks, or parts of them, submitted so far */
    starpu_data_handle_t targets, orders, arranging, batch, reducing, doubles;
    struct orbit_block_shape shape;
};

static int allocate(struct orbit_run *run, struct error *err)
{
    const struct study_forms *forms = run->input->forms;
    size_t n_tiles = buffers_orbit_tiles(forms->n_bands, (size_t)run->runtime->n_workers);
    orbit_tile_slots_init(&run->tiles, forms, n_tiles, run->most_groups, err);
    for (size_t b = 0; err->code == 0 && b < BUFFERS_BLOCKS; b++)
        orbit_block_slot_init(&run->blocks[b], &run->shape, err);
    return err->code;
}

static void register_shared(struct orbit_run *run)
{
    const struct orbit_graph_input *input = run->input;
    const struct orbit_engine *engine = input->forms->engine;
    size_t n = engine->scheme->n, n_targets = input->tiling.n_targets;
    size_t columns = run->most_groups * ORBIT_LANES, n_forms = input->forms->forms.count;
    handles_register_matrix(&run->targets, input->targets, n, n_targets, n_targets, sizeof(float));
    handles_register_scratch(&run->orders, 2 * n, sizeof(uint32_t));
    handles_register_scratch(&run->arranging, arrange_targets_workspace(engine, columns), sizeof(float));
    handles_register_scratch(&run->batch, orbit_tile_workspace(engine, n_forms, run->most_groups),
                             sizeof(float));
    handles_register_scratch(&run->reducing, reduce_orbit_workspace(&run->reduce), sizeof(float));
    handles_register_scratch(&run->doubles, orbit_reduce_doubles(&run->reduce), sizeof(double));
}

static struct orbit_block_shape block_shape(const struct orbit_run *run, size_t n_units)
{
    const struct orbit_reduce *reduce = &run->reduce;
    const struct orbit_tiling *tiling = &run->input->tiling;
    size_t sums = orbit_reduce_sum_floats(reduce->kind, tiling->n_shifts),
           state = orbit_reduce_state_doubles(tiling->n_shifts);
    bool is_first = reduce->first_fold == 0, is_last = orbit_reduce_is_last(reduce);
    return (struct orbit_block_shape){.tiling = tiling,
                                      .n_units = n_units,
                                      .row = is_last ? tiling->n_shifts : sums,
                                      .state = is_last ? 1 : state,
                                      .from_row = is_first ? 0 : sums,
                                      .from_state = is_first ? 0 : state,
                                      .travels = block_chain_sends(&run->chain),
                                      .from_travels = block_chain_receives(&run->chain)};
}

static int run_init(struct orbit_run *run, struct runtime *runtime, const struct orbit_graph_input *input,
                    struct campaign_units *units, size_t block_units, struct error *err)
{
    *run = (struct orbit_run){
        .runtime = runtime, .input = input, .chain = {runtime, input->chains, input->from, units}};
    if (block_chain_init(&run->chain, err) != 0 || run->chain.link < 0)
        return err->code;
    run->reduce =
        (struct orbit_reduce){.engine = input->forms->engine,
                              .forms = &input->forms->forms,
                              .kind = input->score,
                              .nodes = input->nodes,
                              .first_fold = input->forms->first_outer,
                              .n_folds = input->forms->n_outer,
                              .error = input->error,
                              .baseline = input->baseline,
                              .scale = {input->forms->engine->scheme->blocks, input->outer, input->targets,
                                        input->tiling.n_targets, input->n_covariates}};
    run->tile_rows = orbit_slots_tile_rows(&input->tiling);
    run->most_groups = orbit_slots_groups(run->tile_rows);
    run->shape = block_shape(run, block_units);
    if (allocate(run, err) == 0)
        register_shared(run);
    return err->code;
}

static void run_free(struct orbit_run *run)
{
    starpu_data_handle_t handles[] = {run->targets, run->orders,   run->arranging,
                                      run->batch,   run->reducing, run->doubles};
    orbit_tile_slots_free(&run->tiles);
    for (size_t b = 0; b < BUFFERS_BLOCKS; b++)
        orbit_block_slot_free(&run->blocks[b]);
    handles_unregister(handles, sizeof handles / sizeof *handles);
    block_chain_free(&run->chain);
}

/* One tile of a block: its units, and where its rows stand. */
struct tile {
    const struct orbit_block_slot *block;
    int lane;
    struct orbit_span span;
    size_t first_row, first_handle; /* in the block */
    size_t first_state;             /* of the block */
};

static int submit_bands(struct orbit_run *run, const struct tile *tile, const struct orbit_tile_slot *slot,
                        int priority, struct error *err)
{
    const struct study_forms *forms = run->input->forms;
    for (size_t b = 0; b < forms->n_bands; b++) {
        struct orbit_batch_args args = {
            .status = run->runtime->status,
            .engine = forms->engine,
            .forms = &forms->forms,
            .band = {forms->first[b], forms->first[b + 1] - forms->first[b]},
            .n_groups = orbit_tile_groups(orbit_tiling_columns(&run->input->tiling, &tile->span)),
            .sums = slot->sums};
        if (orbit_batch_submit(&args, forms->bands[b], slot->spectra_handle, run->batch, slot->bands[b],
                               priority, err) != 0)
            return err->code;
    }
    return 0;
}

/* Whether any column of the group is of the identity's orbit, and so has a state. */
static bool has_states(const struct orbit_run *run, const struct tile *tile, size_t group)
{
    const struct orbit_tiling *tiling = &run->input->tiling;
    return (size_t)tile->span.first_unit * orbit_tiling_unit_rows(tiling) + group * ORBIT_LANES <
           tiling->n_slices * tiling->slice_targets;
}

/* A group of a tile: the handles that it has of a part of the block, NULL where there are none. */
static struct hand_on_group group_of(const struct orbit_run *run, const struct tile *tile,
                                     const struct orbit_block_part *part, size_t group)
{
    size_t rows = orbit_tiling_unit_rows(&run->input->tiling), h = tile->first_handle + group;
    bool has_state = part->state_handles != NULL && has_states(run, tile, group);
    return (struct hand_on_group){.lane = tile->lane,
                                  .row = (int64_t)(tile->span.first_unit * rows + group * ORBIT_LANES),
                                  .rows = part->row_handles != NULL ? part->row_handles[h] : NULL,
                                  .state = has_state ? part->state_handles[h] : NULL};
}

static int submit_reduce(struct orbit_run *run, const struct tile *tile, const struct reduce_orbit_data *data,
                         const float *sums, size_t group, struct error *err)
{
    const int soon = 1;
    const struct orbit_block_slot *block = tile->block;
    size_t n_rows = tile->span.n_units * orbit_tiling_unit_rows(&run->input->tiling);
    size_t left = n_rows - group * ORBIT_LANES, row = tile->first_row + group * ORBIT_LANES;
    struct reduce_orbit_args args = {.status = run->runtime->status,
                                     .reduce = &run->reduce,
                                     .tiling = &run->input->tiling,
                                     .span = tile->span,
                                     .group = group,
                                     .sums = sums,
                                     .rows = block->own.rows + row * run->shape.row,
                                     .n_rows = left < ORBIT_LANES ? left : ORBIT_LANES,
                                     .state = block->own.state,
                                     .first_state = tile->first_state,
                                     .n_reduced = block_chain_counter(&run->chain)};
    if (run->shape.from_row > 0) {
        args.from_rows = block->from.rows + row * run->shape.from_row;
        args.from_state = block->from.state;
    }
    return reduce_orbit_submit(&args, data, soon, err);
}

static int submit_group(struct orbit_run *run, const struct tile *tile, const struct orbit_tile_slot *slot,
                        size_t group, struct error *err)
{
    const struct orbit_block_slot *block = tile->block;
    const struct hand_on hand_on = block_chain_hand_on(&run->chain);
    struct hand_on_group own = group_of(run, tile, &block->own, group),
                         from = group_of(run, tile, &block->from, group);
    struct reduce_orbit_data data = {.bands = slot->bands,
                                     .n_bands = run->input->forms->n_bands,
                                     .from = run->shape.from_travels ? from.rows : block->loaded,
                                     .from_state = from.state,
                                     .floats = run->reducing,
                                     .doubles = run->doubles,
                                     .rows = own.rows,
                                     .state = own.state};
    if (run->shape.from_travels && hand_on_receive(&hand_on, &from, err) != 0)
        return err->code;
    if (submit_reduce(run, tile, &data, slot->sums, group, err) != 0 || !run->shape.travels)
        return err->code;
    return hand_on_send(&hand_on, &own, err);
}

static int submit_groups(struct orbit_run *run, const struct tile *tile, const struct orbit_tile_slot *slot,
                         struct error *err)
{
    size_t n_rows = tile->span.n_units * orbit_tiling_unit_rows(&run->input->tiling);
    for (size_t g = 0; err->code == 0 && g < orbit_slots_groups(n_rows); g++)
        submit_group(run, tile, slot, g, err);
    return err->code;
}

/* Earlier tiles come first, so that blocks finish in order; what frees room or makes work, before all. */
static int submit_tile(struct orbit_run *run, const struct tile *tile, struct error *err)
{
    const int soon = 1;
    const struct orbit_tile_slot *slot = &run->tiles.slots[run->next_tile % run->tiles.count];
    int priority = -(int)(run->next_tile++ % INT32_MAX);
    struct arrange_targets_args arrange = {.status = run->runtime->status,
                                           .engine = run->input->forms->engine,
                                           .tiling = &run->input->tiling,
                                           .span = tile->span};
    if (arrange_targets_submit(&arrange, run->targets, run->orders, run->arranging, slot->spectra_handle,
                               soon, err) != 0 ||
        submit_bands(run, tile, slot, priority, err) != 0)
        return err->code;
    return submit_groups(run, tile, slot, err);
}

static int submit_block(void *context, const struct unit_block *block, struct error *err)
{
    struct orbit_run *run = context;
    const struct orbit_tiling *tiling = &run->input->tiling;
    const struct orbit_block_slot *slot = &run->blocks[run->next_block++ % BUFFERS_BLOCKS];
    size_t most = orbit_tiling_tile_units(tiling), n_units = (size_t)block->count, n_handles = 0;
    if (slot->loaded != NULL &&
        block_chain_load(&run->chain, block, slot->from.rows, slot->from.state, slot->loaded, err) != 0)
        return err->code;
    for (size_t unit = 0; unit < n_units; unit += most) {
        size_t here = n_units - unit < most ? n_units - unit : most;
        struct tile tile = {.block = slot,
                            .lane = block_chain_lane(&run->chain, block),
                            .span = {(uint64_t)block->first + unit, here},
                            .first_row = unit * orbit_tiling_unit_rows(tiling),
                            .first_handle = n_handles,
                            .first_state = (size_t)block->first * tiling->slice_targets};
        n_handles += orbit_slots_groups(here * orbit_tiling_unit_rows(tiling));
        if (submit_tile(run, &tile, err) != 0)
            return err->code;
    }
    const struct save_block_args save = {
        .n_tiles = n_handles, .rows = slot->own.rows, .tolerance = slot->own.state};
    return block_chain_save(&run->chain, block, save, slot->own.row_handles, err);
}

int orbit_graph_run(struct runtime *runtime, const struct orbit_graph_input *input,
                    struct campaign_units *units, struct unit_blocks *blocks,
                    const struct progress_sink *progress, struct error *err)
{
    struct orbit_run run;
    run_init(&run, runtime, input, units, (size_t)blocks->largest, err);
    run.chain.context = &run;
    run.chain.submit = submit_block;
    if (collectives_agree(runtime->ranks, err) == 0)
        block_chain_run(&run.chain, blocks, (long long)orbit_tiling_unit_rows(&input->tiling),
                        2 * run.blocks[0].n_handles, progress, err);
    run_free(&run);
    return err->code;
}

/* A tile of several units has as many groups or fewer for each. */
size_t orbit_graph_unit_pieces(const struct orbit_tiling *tiling)
{
    return orbit_slots_groups(orbit_tiling_unit_rows(tiling));
}
