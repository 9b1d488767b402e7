#include "tasks/maximum_graph.h"

#include "base/memory.h"
#include "codelets/arrange_targets.h"
#include "codelets/correlate_tile.h"
#include "codelets/reduce_maximum.h"
#include "codelets/run_status.h"
#include "codelets/transform_tile.h"
#include "model/orbits/orbit_tile.h"
#include "tasks/maximum_buffers.h"
#include "tasks/maximum_part.h"

#include <stdlib.h>
#include <string.h>

/* Columns of one tile of units. */
struct column_tile {
    struct orbit_span span;
    size_t n_rows, n_columns, n_groups;
    size_t first_row, first_group; /* of the block */
};

struct maximum_run {
    struct runtime *runtime;
    const struct maximum_graph_input *input;
    struct campaign_units *units;
    const struct progress_sink *progress;
    struct maximum_buffers buffers;
    struct maximum_part part;
    struct column_tile *tiles; /* of the block: n_tiles */
    size_t n_tiles;
    int64_t n_columns_done;
};

static int submit_arrangement(const struct maximum_run *run, size_t k, struct error *err)
{
    const struct maximum_buffers *buffers = &run->buffers;
    struct arrange_targets_args args = {.status = run->runtime->status,
                                        .engine = run->input->engine,
                                        .tiling = &run->input->tiling,
                                        .span = run->tiles[k].span};
    return arrange_targets_submit(&args, buffers->targets, buffers->orders, buffers->arranging,
                                  buffers->column_handles[k], 0, err);
}

/* One tile of SNPs, for all columns of the block. */
static int submit_snps(const struct maximum_run *run, size_t number, struct error *err)
{
    const struct maximum_buffers *buffers = &run->buffers;
    size_t b = number % buffers->tiles.n_buffers;
    struct transform_tile_args transform = {run->runtime->status, run->input->engine,
                                            &buffers->tiles.tiles[b], &buffers->n_pairs[b]};
    if (snp_tiles_submit(&buffers->tiles, number, buffers->facts, err) != 0 ||
        transform_tile_submit(&transform, buffers->tiles.handles[b], buffers->workspace,
                              buffers->snp_handles[b], err) != 0)
        return err->code;
    for (size_t k = 0; k < run->n_tiles; k++) {
        struct correlate_tile_args args = {.status = run->runtime->status,
                                           .engine = run->input->engine,
                                           .n_pairs = &buffers->n_pairs[b],
                                           .n_groups = run->tiles[k].n_groups,
                                           .largest = buffers->largest,
                                           .first_group = run->tiles[k].first_group};
        if (correlate_tile_submit(&args, buffers->snp_handles[b], buffers->column_handles[k],
                                  buffers->workspace, err) != 0)
            return err->code;
    }
    return 0;
}

static int submit_reductions(const struct maximum_run *run, size_t k, struct error *err)
{
    const struct maximum_buffers *buffers = &run->buffers;
    const struct column_tile *tile = &run->tiles[k];
    size_t shifts = run->input->engine->scheme->choice.n_shifts;
    for (size_t group = 0; group * ORBIT_LANES < tile->n_rows; group++) {
        size_t first = group * ORBIT_LANES, left = tile->n_rows - first;
        size_t columns = tile->n_columns > first ? tile->n_columns - first : 0;
        struct reduce_maximum_args args = {.status = run->runtime->status,
                                           .engine = run->input->engine,
                                           .basis = buffers->basis,
                                           .n_basis = run->input->stream->covariates->c,
                                           .largest = buffers->largest,
                                           .n_workers = buffers->n_workers,
                                           .group = tile->first_group + group,
                                           .tile_group = group,
                                           .rows = buffers->rows + (tile->first_row + first) * shifts,
                                           .n_rows = left < ORBIT_LANES ? left : ORBIT_LANES,
                                           .n_columns = columns < ORBIT_LANES ? columns : ORBIT_LANES};
        if (reduce_maximum_submit(&args, buffers->column_handles[k], buffers->reducing, err) != 0)
            return err->code;
    }
    return 0;
}

/* Consecutive units, cut into tiles. */
static void cut_block(struct maximum_run *run, int64_t first, int64_t n_units)
{
    const struct orbit_tiling *tiling = &run->input->tiling;
    int64_t most = (int64_t)orbit_tiling_tile_units(tiling);
    size_t row = 0, group = 0;
    run->n_tiles = 0;
    for (int64_t unit = first; unit < first + n_units; unit += most) {
        int64_t left = first + n_units - unit;
        struct column_tile *tile = &run->tiles[run->n_tiles++];
        tile->span = (struct orbit_span){(uint64_t)unit, (size_t)(left < most ? left : most)};
        tile->first_row = row;
        tile->first_group = group;
        tile->n_rows = tile->span.n_units * orbit_tiling_unit_rows(tiling);
        tile->n_columns = orbit_tiling_columns(tiling, &tile->span);
        tile->n_groups = orbit_tile_groups(tile->n_columns);
        row += tile->n_rows;
        group += orbit_tile_groups(tile->n_rows);
    }
}

static int64_t block_columns(const struct maximum_run *run)
{
    size_t columns = 0;
    for (size_t k = 0; k < run->n_tiles; k++)
        columns += run->tiles[k].n_columns;
    return (int64_t)columns;
}

static void tell(const struct maximum_run *run, size_t submitted)
{
    double share = (double)submitted / (double)run->buffers.tiles.n_tiles;
    run->progress->update(run->progress->context,
                          run->n_columns_done + (int64_t)((double)block_columns(run) * share),
                          run->input->n_columns);
}

/* Tiles of SNPs from `begin` on, until all are submitted or the run stops or a save is due. Returns the next
 * one. */
static size_t submit_tiles(struct maximum_run *run, size_t begin, struct error *err)
{
    int most = (int)(run->buffers.tiles.n_buffers * (run->n_tiles + 2));
    size_t number = begin;
    while (err->code == 0 && number < run->buffers.tiles.n_tiles) {
        submit_snps(run, number++, err);
        runtime_wait_for_room(run->runtime, most, NULL, NULL);
        if (run_status_failed(run->runtime->status))
            break; /* runtime_wait reports it */
        tell(run, number);
        if (progress_stop_requested(run->progress) || maximum_part_is_due(&run->part))
            break;
    }
    return number;
}

static int stop(const struct maximum_run *run, struct error *err)
{
    if (run->progress->stopping != NULL)
        run->progress->stopping(run->progress->context, 0);
    return error_set(err, EXIT_CODE_STOPPED, "stopped on request");
}

/* All SNPs by the block's columns; when it returns without an error, all tasks are done. A stop waits for the
 * tasks that are submitted, a second's work at most, and keeps what they found. */
static int sweep(struct maximum_run *run, size_t begin, struct error *err)
{
    const struct maximum_buffers *buffers = &run->buffers;
    size_t n_snp_tiles = buffers->tiles.n_tiles;
    for (size_t k = 0; err->code == 0 && k < run->n_tiles; k++)
        submit_arrangement(run, k, err);
    for (size_t number = begin; err->code == 0 && number < n_snp_tiles;) {
        number = submit_tiles(run, number, err);
        if (runtime_wait(run->runtime, NULL, NULL, err) != 0)
            return err->code;
        if (number < n_snp_tiles &&
            maximum_part_save(&run->part, number, buffers->largest, buffers->n_workers, err) != 0)
            return err->code;
        if (number < n_snp_tiles && progress_stop_requested(run->progress))
            return stop(run, err);
    }
    for (size_t k = 0; err->code == 0 && k < run->n_tiles; k++)
        submit_reductions(run, k, err);
    return runtime_wait(run->runtime, NULL, NULL, err);
}

/* Of the places of orbit 0 that a block has, whose first units they are: from the data as they are. */
static void set_tolerance(const struct maximum_run *run, int64_t first, int64_t n_units)
{
    const struct orbit_tiling *tiling = &run->input->tiling;
    const struct orbit_scheme *scheme = run->input->engine->scheme;
    int64_t of_orbit_0 = (int64_t)tiling->n_slices - first;
    int64_t units = n_units < of_orbit_0 ? n_units : of_orbit_0;
    size_t places = units > 0 ? (size_t)units * tiling->slice_targets : 0;
    for (size_t k = 0; k < places; k++) {
        const float *row = run->buffers.rows + k * scheme->choice.n_shifts;
        run->buffers.tolerance[k] = orbit_maxima_tie(run->input->engine, (double)row[scheme->identity]);
    }
}

/* path: where it is kept meanwhile, and may have been begun. */
static int run_block(struct maximum_run *run, const char *path, int64_t first, int64_t n_units,
                     struct error *err)
{
    const struct maximum_buffers *buffers = &run->buffers;
    if (progress_stop_requested(run->progress))
        return stop(run, err);
    cut_block(run, first, n_units);
    const struct column_tile *last = &run->tiles[run->n_tiles - 1];
    size_t n_floats =
        (last->first_group + orbit_tile_groups(last->n_rows)) * maximum_buffers_group_floats(run->input);
    for (size_t w = 0; w < buffers->n_workers; w++)
        memset(buffers->largest[w], 0, n_floats * sizeof(float));
    if (maximum_part_init(&run->part, path, run->input->study, err) != 0)
        return err->code;
    size_t begin =
        maximum_part_begin(&run->part, first, n_units, buffers->tiles.n_tiles, n_floats, buffers->largest[0]);
    if (sweep(run, begin, err) != 0)
        return err->code;
    set_tolerance(run, first, n_units);
    if (campaign_units_save(run->units, first, n_units, buffers->rows, buffers->tolerance, err) != 0 ||
        maximum_part_end(&run->part, err) != 0)
        return err->code;
    run->n_columns_done += block_columns(run);
    return 0;
}

static int run_blocks(struct maximum_run *run, struct unit_blocks *blocks, struct error *err)
{
    const struct ranks *ranks = run->runtime->ranks;
    const struct maximum_graph_input *input = run->input;
    struct unit_block block;
    for (size_t k = 0; err->code == 0 && k < input->n_begun; k++)
        run_block(run, input->begun[k].path, input->begun[k].first_unit, input->begun[k].n_units, err);
    while (err->code == 0 && unit_blocks_next(blocks, &block))
        if (block.number % ranks->size == ranks->rank)
            run_block(run, input->path, block.first, block.count, err);
    return err->code;
}

static size_t most_tiles(const struct maximum_graph_input *input, const struct unit_blocks *blocks)
{
    size_t most = (size_t)blocks->largest, units = orbit_tiling_tile_units(&input->tiling);
    for (size_t k = 0; k < input->n_begun; k++)
        most = (size_t)input->begun[k].n_units > most ? (size_t)input->begun[k].n_units : most;
    return (most + units - 1) / units;
}

int maximum_graph_run(struct runtime *runtime, const struct maximum_graph_input *input,
                      struct campaign_units *units, struct unit_blocks *blocks,
                      const struct progress_sink *progress, struct error *err)
{
    struct maximum_run run = {.runtime = runtime, .input = input, .units = units, .progress = progress};
    size_t most = most_tiles(input, blocks);
    run.tiles = memory_zeroed(most, sizeof *run.tiles, "the columns", err);
    if (run.tiles != NULL && maximum_buffers_init(&run.buffers, runtime, input, most, err) == 0)
        run_blocks(&run, blocks, err);
    if (err->code != 0 && err->code != EXIT_CODE_STOPPED)
        runtime_wait(runtime, NULL, NULL, err); /* other ranks hear of it */
    maximum_buffers_free(&run.buffers);
    free(run.tiles);
    return err->code;
}
