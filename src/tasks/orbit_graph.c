#include "tasks/orbit_graph.h"

#include "base/memory.h"
#include "codelets/arrange_targets.h"
#include "codelets/data_list.h"
#include "codelets/load_sums.h"
#include "codelets/orbit_batch.h"
#include "codelets/reduce_orbit.h"
#include "codelets/save_block.h"
#include "planning/buffers.h"
#include "ranks/collectives.h"
#include "tasks/block_loop.h"
#include "tasks/handles.h"
#include "tasks/orbit_slots.h"

#include <stdbool.h>

struct orbit_run {
    struct runtime *runtime;
    const struct orbit_graph_input *input;
    struct orbit_reduce reduce;
    size_t tile_rows, most_groups; /* of a full tile */
    struct orbit_tile_slots tiles;
    size_t next_tile; /* tiles submitted so far */
    struct orbit_block_slot blocks[BUFFERS_BLOCKS];
    size_t next_block; /* blocks, or parts of them, submitted so far */
    starpu_data_handle_t targets, orders, arranging, batch, reducing, doubles, file, from_file;
    struct orbit_block_shape shape;
    struct campaign_units *units;
    struct block_loop loop;
};

/* One tile's bands keep all workers busy while another's columns are reduced and a third's are arranged;
 * where there are few bands, a tile a worker. */
static size_t count_tiles(const struct orbit_run *run)
{
    const size_t in_turn = 3;
    size_t workers = (size_t)run->runtime->n_workers;
    return run->input->forms->n_bands >= 2 * workers ? in_turn : workers + BUFFERS_SPARE_COLUMN_TILES;
}

static int allocate(struct orbit_run *run, struct error *err)
{
    if (in_flight_init(&run->loop.in_flight, err) == 0)
        orbit_tile_slots_init(&run->tiles, run->input->forms, count_tiles(run), run->most_groups, err);
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
    starpu_void_data_register(&run->file);
    starpu_void_data_register(&run->from_file);
}

static struct orbit_block_shape block_shape(const struct orbit_reduce *reduce,
                                            const struct orbit_tiling *tiling, size_t n_units)
{
    size_t sums = orbit_reduce_sum_floats(reduce->kind, tiling->n_shifts),
           state = orbit_reduce_state_doubles(tiling->n_shifts);
    bool is_first = reduce->first_fold == 0, is_last = orbit_reduce_is_last(reduce);
    return (struct orbit_block_shape){.tiling = tiling,
                                      .n_units = n_units,
                                      .row = is_last ? tiling->n_shifts : sums,
                                      .state = is_last ? 1 : state,
                                      .from_row = is_first ? 0 : sums,
                                      .from_state = is_first ? 0 : state};
}

static int run_init(struct orbit_run *run, struct runtime *runtime, const struct orbit_graph_input *input,
                    size_t block_units, struct error *err)
{
    *run = (struct orbit_run){.runtime = runtime, .input = input};
    run->reduce = (struct orbit_reduce){.engine = input->forms->engine,
                                        .forms = &input->forms->forms,
                                        .kind = input->score,
                                        .nodes = input->nodes,
                                        .first_fold = input->forms->first_outer,
                                        .n_folds = input->forms->n_outer,
                                        .error = input->error,
                                        .baseline = input->baseline,
                                        .n_targets = input->tiling.n_targets};
    run->tile_rows = orbit_slots_tile_rows(&input->tiling);
    run->most_groups = orbit_slots_groups(run->tile_rows);
    run->shape = block_shape(&run->reduce, &input->tiling, block_units);
    if (allocate(run, err) == 0)
        register_shared(run);
    return err->code;
}

static void run_free(struct orbit_run *run)
{
    starpu_data_handle_t handles[] = {run->targets,  run->orders,  run->arranging, run->batch,
                                      run->reducing, run->doubles, run->file,      run->from_file};
    orbit_tile_slots_free(&run->tiles);
    for (size_t b = 0; b < BUFFERS_BLOCKS; b++)
        orbit_block_slot_free(&run->blocks[b]);
    handles_unregister(handles, sizeof handles / sizeof *handles);
    in_flight_free(&run->loop.in_flight);
}

/* One tile of a block: its units, and where its rows stand. */
struct tile {
    const struct orbit_block_slot *block;
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

static int submit_groups(struct orbit_run *run, const struct tile *tile, const struct orbit_tile_slot *slot,
                         int priority, struct error *err)
{
    size_t n_rows = tile->span.n_units * orbit_tiling_unit_rows(&run->input->tiling);
    for (size_t g = 0; g < orbit_slots_groups(n_rows); g++) {
        const struct orbit_block_slot *block = tile->block;
        size_t first = g * ORBIT_LANES, left = n_rows - first, row = tile->first_row + first;
        struct reduce_orbit_args args = {.status = run->runtime->status,
                                         .reduce = &run->reduce,
                                         .tiling = &run->input->tiling,
                                         .span = tile->span,
                                         .group = g,
                                         .sums = slot->sums,
                                         .rows = block->rows + row * run->shape.row,
                                         .n_rows = left < ORBIT_LANES ? left : ORBIT_LANES,
                                         .state = block->state,
                                         .first_state = tile->first_state,
                                         .n_reduced = &run->loop.n_reduced};
        struct reduce_orbit_data data = {.bands = slot->bands,
                                         .n_bands = run->input->forms->n_bands,
                                         .from = block->from,
                                         .floats = run->reducing,
                                         .doubles = run->doubles,
                                         .rows = block->handles[tile->first_handle + g]};
        if (block->from != NULL) {
            args.from_rows = block->from_rows + row * run->shape.from_row;
            args.from_state = block->from_state;
        }
        if (reduce_orbit_submit(&args, &data, priority, err) != 0)
            return err->code;
    }
    return 0;
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
    return submit_groups(run, tile, slot, soon, err);
}

static bool owns(const void *context, const struct unit_block *block)
{
    const struct orbit_run *run = context;
    return placement_owner(run->input->placement, block->number) == run->runtime->ranks->rank;
}

static int submit_save(struct orbit_run *run, const struct orbit_block_slot *slot, size_t n_handles,
                       const struct unit_block *block, struct error *err)
{
    const int first_of_all = 2;
    struct save_block_args save = {.status = run->runtime->status,
                                   .units = run->units,
                                   .first_unit = block->first,
                                   .n_units = block->count,
                                   .n_tiles = n_handles,
                                   .rows = slot->rows,
                                   .tolerance = slot->state,
                                   .done = {in_flight_block_saved, &run->loop.in_flight}};
    run->next_block++;
    run->loop.n_units_submitted += block->count;
    in_flight_add_block(&run->loop.in_flight);
    return save_block_submit(&save, slot->handles, run->file, first_of_all, err);
}

/* Soon: it waits for the disk alone. */
static int submit_load(struct orbit_run *run, const struct orbit_block_slot *slot,
                       const struct unit_block *block, struct error *err)
{
    const int soon = 1;
    struct load_sums_args args = {.status = run->runtime->status,
                                  .units = run->input->from,
                                  .first_unit = block->first,
                                  .n_units = block->count,
                                  .rows = slot->from_rows,
                                  .state = slot->from_state};
    return slot->from == NULL ? 0 : load_sums_submit(&args, slot->from, run->from_file, soon, err);
}

static int submit_block(void *context, const struct unit_block *block, struct error *err)
{
    struct orbit_run *run = context;
    const struct orbit_tiling *tiling = &run->input->tiling;
    const struct orbit_block_slot *slot = &run->blocks[run->next_block % BUFFERS_BLOCKS];
    size_t most = orbit_tiling_tile_units(tiling), n_units = (size_t)block->count, n_handles = 0;
    if (submit_load(run, slot, block, err) != 0)
        return err->code;
    for (size_t unit = 0; unit < n_units; unit += most) {
        size_t here = n_units - unit < most ? n_units - unit : most;
        struct tile tile = {.block = slot,
                            .span = {(uint64_t)block->first + unit, here},
                            .first_row = unit * orbit_tiling_unit_rows(tiling),
                            .first_handle = n_handles,
                            .first_state = (size_t)block->first * tiling->slice_targets};
        n_handles += orbit_slots_groups(here * orbit_tiling_unit_rows(tiling));
        if (submit_tile(run, &tile, err) != 0)
            return err->code;
    }
    return submit_save(run, slot, n_handles, block, err);
}

static void begin_loop(struct orbit_run *run, const struct progress_sink *progress)
{
    struct block_loop *loop = &run->loop;
    loop->runtime = run->runtime;
    loop->progress = progress;
    loop->pieces_of_unit = (long long)orbit_tiling_unit_rows(&run->input->tiling);
    loop->most_blocks = BUFFERS_BLOCKS - 1;
    loop->context = run;
    loop->takes_part = owns;
    loop->submit = submit_block;
}

int orbit_graph_run(struct runtime *runtime, const struct orbit_graph_input *input,
                    struct campaign_units *units, struct unit_blocks *blocks,
                    const struct progress_sink *progress, struct error *err)
{
    struct orbit_run run;
    run_init(&run, runtime, input, (size_t)blocks->largest, err);
    run.units = units;
    if (collectives_agree(runtime->ranks, err) == 0) {
        begin_loop(&run, progress);
        block_loop_run(&run.loop, blocks, err);
    }
    run_free(&run);
    return err->code;
}

/* A tile of several units has as many groups or fewer for each. */
size_t orbit_graph_unit_pieces(const struct orbit_tiling *tiling)
{
    return orbit_slots_groups(orbit_tiling_unit_rows(tiling));
}
